package ai.postdev.actors.door;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads and writes frames: four bytes of payload length (big-endian), one byte of kind, the payload. A length above the
 * reader's bound, a kind it does not know or a payload that does not parse is a {@link BadFrame}; after one, the
 * connection has lost its place and must be closed. Blocking; one reader and one writer per channel.
 */
public final class Frames {
    /** Bytes before the payload. */
    public static final int HEADER_BYTES = 5;

    /** The longest name of a method, in bytes. */
    public static final int METHOD_BYTES_MAX = 100;

    private static final byte REQUEST = 1;
    private static final byte DATA = 2;
    private static final byte END = 3;

    private Frames() {}

    /** What came in is no frame, or one above the bound. */
    public static final class BadFrame extends IOException {
        private static final long serialVersionUID = 1L;

        BadFrame(String message) {
            super(message);
        }
    }

    /** The bytes of {@code frame}, ready to be written. */
    public static ByteBuffer encode(Frame frame) {
        // Not a pattern switch: its bootstrap would cost the command line several milliseconds on every call.
        if (frame instanceof Frame.Request request) {
            byte[] name = request.method().getBytes(StandardCharsets.UTF_8);
            if (name.length == 0 || name.length > METHOD_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "method name has " + name.length + " bytes, expected 1 to " + METHOD_BYTES_MAX);
            }
            return header(REQUEST, 1 + name.length + Long.BYTES + request.message().length)
                    .put((byte) name.length)
                    .put(name)
                    .putLong(request.deadlineMillis())
                    .put(request.message())
                    .flip();
        }
        if (frame instanceof Frame.Data data) {
            return header(DATA, data.message().length).put(data.message()).flip();
        }
        Frame.End end = (Frame.End) frame;
        byte[] text = end.message().getBytes(StandardCharsets.UTF_8);
        return header(END, 1 + text.length)
                .put((byte) end.code().number())
                .put(text)
                .flip();
    }

    private static ByteBuffer header(byte kind, int payload) {
        return ByteBuffer.allocate(Math.addExact(HEADER_BYTES, payload))
                .putInt(payload)
                .put(kind);
    }

    /** Writes {@code frame} whole. */
    public static void write(WritableByteChannel channel, Frame frame) throws IOException {
        ByteBuffer bytes = encode(frame);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Reads the next frame.
     *
     * @param payloadMax bound on the payload, in bytes
     * @return empty if the other end closed between two frames
     * @throws BadFrame if the bytes are no frame or one above the bound
     * @throws EOFException if the other end closed inside a frame
     */
    public static Optional<Frame> read(ReadableByteChannel channel, int payloadMax) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        if (!fill(channel, header, true)) {
            return Optional.empty();
        }
        int length = header.getInt(0);
        byte kind = header.get(Integer.BYTES);
        if (length < 0 || length > payloadMax) {
            throw new BadFrame("frame announces " + Integer.toUnsignedLong(length) + " bytes, at most " + payloadMax
                    + " are allowed");
        }
        if (kind != REQUEST && kind != DATA && kind != END) {
            throw new BadFrame("frame has kind " + kind + ", expected 1 (request), 2 (data) or 3 (end)");
        }
        ByteBuffer payload = ByteBuffer.allocate(length);
        fill(channel, payload, false);
        return Optional.of(decode(kind, payload.flip()));
    }

    private static boolean fill(ReadableByteChannel channel, ByteBuffer buffer, boolean endAllowed) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                if (endAllowed && buffer.position() == 0) {
                    return false;
                }
                throw new EOFException("the other end closed inside a frame, " + buffer.remaining() + " bytes missing");
            }
        }
        return true;
    }

    private static Frame decode(byte kind, ByteBuffer payload) throws BadFrame {
        return switch (kind) {
            case REQUEST -> {
                int name = payload.hasRemaining() ? Byte.toUnsignedInt(payload.get()) : 0;
                if (name == 0 || name > METHOD_BYTES_MAX || payload.remaining() < name + Long.BYTES) {
                    throw new BadFrame(
                            "request frame of " + payload.capacity() + " bytes holds no method and deadline");
                }
                String method = text(payload, name);
                long deadlineMillis = payload.getLong();
                yield new Frame.Request(method, deadlineMillis, rest(payload));
            }
            case DATA -> new Frame.Data(rest(payload));
            case END -> {
                if (!payload.hasRemaining()) {
                    throw new BadFrame("end frame holds no code");
                }
                FaultCode code = FaultCode.ofNumber(payload.get());
                yield new Frame.End(code, text(payload, payload.remaining()));
            }
            default -> throw new IllegalStateException("kind " + kind + " was checked before");
        };
    }

    private static String text(ByteBuffer payload, int length) {
        byte[] bytes = new byte[length];
        payload.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] rest(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return bytes;
    }
}
