package ai.postdev.mlx.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The beginning of a GGUF file, byte by byte, never past the file's end nor past a bound: the file may come from
 * anywhere. Nothing is allocated by a length in the file before it is known that so many bytes are there. One thread.
 */
final class GgufBytes {
    /** Most bytes before the weights: vocabularies take some ten megabytes. */
    static final long HEADER_BYTES_MAX = 512L << 20;

    private final InputStream in;
    private final long end;
    private final byte[] small = new byte[8];
    private final ByteBuffer number = ByteBuffer.wrap(small).order(ByteOrder.LITTLE_ENDIAN);
    private long position;

    /** @param size of the whole file */
    GgufBytes(InputStream in, long size) {
        this.in = in;
        this.end = Math.min(size, HEADER_BYTES_MAX);
    }

    long position() {
        return position;
    }

    ModelFileException damaged(String found) {
        return new ModelFileException(
                "no whole GGUF file: " + found + " (at byte " + position + "); fetch it again, or give another file");
    }

    /** Says that {@code bytes} more are needed. */
    void need(long bytes) throws ModelFileException {
        if (bytes < 0 || bytes > end - position) {
            throw damaged(
                    end == HEADER_BYTES_MAX
                            ? "its header takes more than " + HEADER_BYTES_MAX + " bytes"
                            : Long.toUnsignedString(bytes) + " more bytes are announced, " + (end - position)
                                    + " are left");
        }
    }

    private void fill(byte[] into, int length) throws IOException {
        need(length);
        if (in.readNBytes(into, 0, length) < length) {
            throw new EOFException("the file became shorter while it was read");
        }
        position += length;
    }

    int u8() throws IOException {
        fill(small, 1);
        return small[0] & 0xff;
    }

    int u16() throws IOException {
        fill(small, 2);
        return number.getShort(0) & 0xffff;
    }

    long u32() throws IOException {
        fill(small, 4);
        return number.getInt(0) & 0xffff_ffffL;
    }

    long i64() throws IOException {
        fill(small, 8);
        return number.getLong(0);
    }

    /** A count or length that must be at most {@code max}. */
    long count(long max, String what) throws IOException {
        long count = i64();
        if (count < 0 || count > max) {
            throw damaged(Long.toUnsignedString(count) + " " + what + ", at most " + max + " are read");
        }
        return count;
    }

    private byte[] bytes(int max, String what) throws IOException {
        int length = (int) count(max, "bytes of " + what);
        need(length);
        byte[] bytes = new byte[length];
        fill(bytes, length);
        return bytes;
    }

    /** A text of which what is no UTF-8 becomes U+FFFD: tokens may be parts of characters. */
    String token(int max) throws IOException {
        return new String(bytes(max, "a token"), StandardCharsets.UTF_8);
    }

    String text(int max, String what) throws IOException {
        byte[] bytes = bytes(max, what);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw damaged("the " + what + " is not UTF-8");
        }
    }

    void skip(long bytes) throws IOException {
        need(bytes);
        try {
            in.skipNBytes(bytes);
        } catch (EOFException e) {
            throw new EOFException("the file became shorter while it was read");
        }
        position += bytes;
    }
}
