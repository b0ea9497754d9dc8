package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.OperationCodec;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What stands under the keys. Every record is a CRC32C (4 bytes, big-endian, over all that follows), a format byte, and
 * what the format says. A format byte is never reused.
 */
final class Records {
    /** Header of every record: checksum and format. */
    static final int HEADER = Integer.BYTES + 1;

    private static final byte LOST = 0;
    private static final byte OPERATION = 1;
    private static final byte BLOB_PLAIN = 2;
    private static final byte BLOB_ZSTD = 3;
    private static final byte DERIVED = 4;
    private static final byte DROPPED = 5;
    private static final byte BLOB_VERSION = 6;
    /** Bytes before the frame of a version: base, number, length of the text. */
    private static final int VERSION_HEAD = ContentHash.BYTES + 1 + Integer.BYTES;

    private Records() {}

    /** What an operation's record turned out to hold. */
    sealed interface Found {}

    /** The operation. */
    record Good(Operation operation) implements Found {}

    /** A repair put this in the place of an operation that could not be read. */
    record Lost(String why) implements Found {}

    /**
     * An event stood here that the rules of retention dropped.
     *
     * @param digest the first eight bytes of the SHA-256 of the operation
     */
    record Dropped(long digest) implements Found {}

    /**
     * A text is kept as what is new in it.
     *
     * @param base the text, kept in full, that it is a version of
     * @param number of the version: 1, 2 …, at most 255
     */
    record Version(ContentHash base, int number) {}

    /** The bytes are not what was written. */
    record Unreadable(String why) implements Found {}

    /** The bytes are what was written, by a version that knows more than this one. */
    record Newer(String why) implements Found {}

    static byte[] operation(Operation operation) {
        return sealed(OPERATION, OperationCodec.encode(operation));
    }

    static byte[] lost(String why) {
        return sealed(LOST, why.getBytes(StandardCharsets.UTF_8));
    }

    /** What stands in the place of a dropped event, so that it is known which one it was. */
    static byte[] dropped(long digest) {
        return sealed(DROPPED, ByteBuffer.allocate(Long.BYTES).putLong(digest).array());
    }

    /** What {@link Dropped} keeps of an operation. */
    static long digest(ContentHash operation) {
        return ByteBuffer.wrap(operation.toBytes()).getLong();
    }

    static byte[] derived(byte[] bytes) {
        return sealed(DERIVED, bytes);
    }

    /** Reads the record that stands at {@code slot}. */
    static Found operation(JournalKeys.Slot slot, byte[] record) {
        String damage = damage(record);
        if (damage != null) {
            return new Unreadable(damage);
        }
        int length = record.length - HEADER;
        return switch (record[Integer.BYTES]) {
            case LOST -> new Lost(new String(record, HEADER, length, StandardCharsets.UTF_8));
            case OPERATION -> decoded(slot, record);
            case DROPPED ->
                length == Long.BYTES
                        ? new Dropped(ByteBuffer.wrap(record).getLong(HEADER))
                        : new Unreadable("a dropped event's mark of " + length + " bytes");
            default -> new Newer("record format " + record[Integer.BYTES]);
        };
    }

    private static Found decoded(JournalKeys.Slot slot, byte[] record) {
        Operation operation;
        try {
            operation = OperationCodec.decode(record, HEADER);
        } catch (IllegalArgumentException e) {
            // The checksum is right, so this is what some version wrote.
            return new Newer(e.getMessage());
        }
        if (operation.sequence() != slot.sequence()
                || !operation.project().equals(slot.project())
                || !operation.origin().equals(slot.origin())) {
            return new Unreadable("holds operation " + operation.sequence() + " of origin " + operation.origin()
                    + " in project " + operation.project());
        }
        return new Good(operation);
    }

    /** A text's record: compressed when that makes it smaller. */
    static byte[] blob(byte[] text, ZstdCompressCtx zstd) {
        byte[] record = new byte[HEADER + Integer.BYTES + (int) Zstd.compressBound(text.length)];
        int size = text.length == 0
                ? 0
                : zstd.compressByteArray(
                        record, HEADER + Integer.BYTES, record.length - HEADER - Integer.BYTES, text, 0, text.length);
        if (size == 0 || size + Integer.BYTES >= text.length) {
            return sealed(BLOB_PLAIN, text);
        }
        ByteBuffer.wrap(record).put(Integer.BYTES, BLOB_ZSTD).putInt(HEADER, text.length);
        return sealed(Arrays.copyOf(record, HEADER + Integer.BYTES + size));
    }

    /**
     * The record of a version.
     *
     * @param length bytes of the text
     * @param frame the text, compressed with its base as dictionary
     */
    static byte[] version(Version of, int length, byte[] frame) {
        byte[] record = new byte[HEADER + VERSION_HEAD + frame.length];
        ByteBuffer.wrap(record)
                .put(Integer.BYTES, BLOB_VERSION)
                .position(HEADER)
                .put(of.base().toBytes())
                .put((byte) of.number())
                .putInt(length)
                .put(frame);
        return sealed(record);
    }

    /** What a blob's record is a version of; empty if it holds a text in full, or nothing that can be told. */
    static Optional<Version> version(byte[] record) {
        return record.length < HEADER + VERSION_HEAD || record[Integer.BYTES] != BLOB_VERSION
                ? Optional.empty()
                : Optional.of(new Version(
                        ContentHash.fromBytes(Arrays.copyOfRange(record, HEADER, HEADER + ContentHash.BYTES)),
                        record[HEADER + ContentHash.BYTES] & 0xff));
    }

    /** The text in a blob's record that holds a version of {@code base}. */
    static byte[] text(byte[] record, byte[] base) throws IOException {
        String damage = damage(record);
        if (damage != null) {
            throw new IOException(damage);
        }
        byte[] text = new byte[textLength(record)];
        int from = HEADER + VERSION_HEAD;
        long size = Zstd.decompressUsingDict(text, 0, record, from, record.length - from, base);
        if (size != text.length) {
            throw new IOException("decompresses to " + size + " bytes, expected " + text.length);
        }
        return text;
    }

    /** The text in a blob's record that holds it in full. */
    static byte[] text(byte[] record) throws IOException {
        String damage = damage(record);
        if (damage != null) {
            throw new IOException(damage);
        }
        return switch (record[Integer.BYTES]) {
            case BLOB_PLAIN -> Arrays.copyOfRange(record, HEADER, record.length);
            case BLOB_ZSTD -> {
                byte[] text = new byte[textLength(record)];
                long size = Zstd.decompressByteArray(
                        text, 0, text.length, record, HEADER + Integer.BYTES, record.length - HEADER - Integer.BYTES);
                if (size != text.length) {
                    throw new IOException("decompresses to " + size + " bytes, expected " + text.length);
                }
                yield text;
            }
            default ->
                throw new IOException("record format " + record[Integer.BYTES] + ", which a newer version wrote");
        };
    }

    /** Bytes of the text in a blob's record; 0 if the record is too short to say. */
    static int textLength(byte[] record) {
        if (record.length < HEADER + Integer.BYTES) {
            return Math.max(0, record.length - HEADER);
        }
        return switch (record[Integer.BYTES]) {
            case BLOB_ZSTD -> ByteBuffer.wrap(record).getInt(HEADER);
            case BLOB_VERSION ->
                record.length < HEADER + VERSION_HEAD
                        ? 0
                        : ByteBuffer.wrap(record).getInt(HEADER + VERSION_HEAD - Integer.BYTES);
            default -> record.length - HEADER;
        };
    }

    /** The bytes in a derived record; empty if they are not what was written: they are computed again. */
    static Optional<byte[]> derivedBytes(byte[] record) {
        return damage(record) == null && record[Integer.BYTES] == DERIVED
                ? Optional.of(Arrays.copyOfRange(record, HEADER, record.length))
                : Optional.empty();
    }

    /** What is wrong with the record's envelope; null if nothing is. */
    private static String damage(byte[] record) {
        if (record.length < HEADER) {
            return "record of " + record.length + " bytes, expected at least " + HEADER;
        }
        int expected = ByteBuffer.wrap(record).getInt();
        int found = checksum(record);
        return expected == found
                ? null
                : "checksum is " + Integer.toHexString(found) + ", expected " + Integer.toHexString(expected);
    }

    private static byte[] sealed(byte format, byte[] body) {
        byte[] record = new byte[HEADER + body.length];
        record[Integer.BYTES] = format;
        System.arraycopy(body, 0, record, HEADER, body.length);
        return sealed(record);
    }

    private static byte[] sealed(byte[] record) {
        ByteBuffer.wrap(record).putInt(0, checksum(record));
        return record;
    }

    private static int checksum(byte[] record) {
        CRC32C crc = new CRC32C();
        crc.update(record, Integer.BYTES, record.length - Integer.BYTES);
        return (int) crc.getValue();
    }
}
