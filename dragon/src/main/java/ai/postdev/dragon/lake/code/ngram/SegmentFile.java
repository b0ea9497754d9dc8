package ai.postdev.dragon.lake.code.ngram;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.zip.CRC32C;

/**
 * A segment as a file, which only spares deriving it again: what cannot be read is made anew. Big-endian.
 *
 * <pre>
 * int      {@value #MAGIC}, "PDGR"
 * int      format, {@value #FORMAT}
 * int      texts T, int units U, int grams G, int bytes of sets D
 * long     bytes of the texts
 * T times  32 bytes SHA-256 of the text, byte length of the language's id, its ASCII, int units of this text
 * U ints   where each unit starts, U ints its first line
 * G ints   the grams, G + 1 ints where the set of each begins
 * D bytes  the sets, see {@link Postings}
 * int      CRC-32C of all before
 * </pre>
 */
public final class SegmentFile {
    static final int MAGIC = 0x50444752;
    static final int FORMAT = 1;

    private static final int HEAD = 6 * Integer.BYTES + Long.BYTES;
    private static final int TAIL = Integer.BYTES;

    private SegmentFile() {}

    /**
     * Writes a segment to a new file.
     *
     * @param keys what the text with a number is called
     */
    public static void write(Path file, Segment segment, IntFunction<TextKey> keys) throws IOException {
        ByteBuffer bytes = bytes(segment, keys);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    static ByteBuffer bytes(Segment segment, IntFunction<TextKey> keys) throws IOException {
        List<byte[]> texts = new ArrayList<>();
        long size = HEAD + TAIL;
        for (int unit = 0; unit < segment.units(); unit = segment.textEnd(unit)) {
            byte[] text = text(keys.apply(segment.blobs[unit]), segment.textEnd(unit) - unit);
            texts.add(text);
            size += text.length;
        }
        size += 4L * (segment.starts.length + segment.lines.length + segment.grams.length + segment.offsets.length)
                + segment.data.length;
        if (size > Integer.MAX_VALUE) {
            throw new IOException("a segment of " + size + " bytes is too large for a file");
        }
        ByteBuffer out = ByteBuffer.allocate((int) size);
        out.putInt(MAGIC).putInt(FORMAT);
        out.putInt(texts.size())
                .putInt(segment.units())
                .putInt(segment.grams.length)
                .putInt(segment.data.length);
        out.putLong(segment.textBytes());
        texts.forEach(out::put);
        putInts(out, segment.starts);
        putInts(out, segment.lines);
        putInts(out, segment.grams);
        putInts(out, segment.offsets);
        out.put(segment.data);
        out.putInt(crc(out.duplicate().flip()));
        return out.flip();
    }

    private static byte[] text(TextKey key, int units) {
        byte[] language = key.language().id().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(ContentHash.BYTES + 1 + language.length + Integer.BYTES)
                .put(key.hash().toBytes())
                .put((byte) language.length)
                .put(language)
                .putInt(units)
                .array();
    }

    private static void putInts(ByteBuffer out, int[] values) {
        out.asIntBuffer().put(values);
        out.position(out.position() + Integer.BYTES * values.length);
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /**
     * Reads a segment.
     *
     * @param numbers the number of a text here; negative if it is not known or must not be added
     * @throws IOException if the file is not one, of another format, damaged, or holds a text without a number
     */
    public static Segment read(Path file, ToIntFunction<TextKey> numbers) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new IOException("it has " + channel.size() + " bytes, more than a segment can have");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new EOFException("it became shorter while it was read");
                }
            }
            return segment(bytes.flip(), numbers);
        }
    }

    static Segment segment(ByteBuffer bytes, ToIntFunction<TextKey> numbers) throws IOException {
        ByteBuffer in = bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
        if (in.limit() < HEAD + TAIL || in.getInt() != MAGIC) {
            throw new IOException("it is no segment of the index of grams");
        }
        int format = in.getInt();
        if (format != FORMAT) {
            throw new IOException("it has format " + format + ", this version reads " + FORMAT);
        }
        int end = in.limit() - TAIL;
        if (in.getInt(end) != crc(in.duplicate().position(0).limit(end))) {
            throw new IOException("its checksum does not match");
        }
        try {
            return whole(in.limit(end), numbers);
        } catch (BufferUnderflowException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NegativeArraySizeException e) {
            throw new IOException("its parts do not fit its length", e);
        }
    }

    private static Segment whole(ByteBuffer in, ToIntFunction<TextKey> numbers) throws IOException {
        int texts = in.getInt();
        int[] blobs = new int[in.getInt()];
        int[] grams = new int[in.getInt()];
        byte[] data = new byte[in.getInt()];
        long textBytes = in.getLong();
        int unit = 0;
        for (int t = 0; t < texts; t++) {
            byte[] hash = new byte[ContentHash.BYTES];
            in.get(hash);
            byte[] id = new byte[in.get()];
            in.get(id);
            Language language = Language.byId(new String(id, StandardCharsets.US_ASCII));
            int number = numbers.applyAsInt(new TextKey(ContentHash.fromBytes(hash), language));
            if (number < 0) {
                throw new IOException("it holds a text that is not to be added");
            }
            for (int units = in.getInt(); units > 0; units--) {
                blobs[unit++] = number;
            }
        }
        int[] starts = ints(in, blobs.length);
        int[] lines = ints(in, blobs.length);
        getInts(in, grams);
        int[] offsets = ints(in, grams.length + 1);
        in.get(data);
        return new Segment(blobs, starts, lines, grams, offsets, data, textBytes);
    }

    private static int[] ints(ByteBuffer in, int count) {
        int[] values = new int[count];
        getInts(in, values);
        return values;
    }

    private static void getInts(ByteBuffer in, int[] values) {
        in.asIntBuffer().get(values);
        in.position(in.position() + Integer.BYTES * values.length);
    }
}
