package ai.postdev.actors.op;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of content, as four big-endian words so that it can be a map key without an array behind it. */
public record ContentHash(long a, long b, long c, long d) implements Comparable<ContentHash> {
    /** Length of the hash in bytes. */
    public static final int BYTES = 32;

    /** Hashes {@code content}. */
    public static ContentHash of(byte[] content) {
        return of(content, 0, content.length);
    }

    /** Hashes {@code length} bytes of {@code content} from {@code offset}. */
    public static ContentHash of(byte[] content, int offset, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content, offset, length);
            return fromBytes(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Hashes the UTF-8 bytes of {@code text}. */
    public static ContentHash of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a hash from its {@value #BYTES} bytes. */
    public static ContentHash fromBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("content hash has " + bytes.length + " bytes, expected " + BYTES);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new ContentHash(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    /** Reads a hash from 64 hexadecimal digits. */
    public static ContentHash fromHex(String hex) {
        return fromBytes(HexFormat.of().parseHex(hex));
    }

    /** The {@value #BYTES} bytes of this hash. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(a)
                .putLong(b)
                .putLong(c)
                .putLong(d)
                .array();
    }

    /** 64 hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(toBytes());
    }

    @Override
    public int compareTo(ContentHash other) {
        int byA = Long.compareUnsigned(a, other.a);
        int byB = byA != 0 ? byA : Long.compareUnsigned(b, other.b);
        int byC = byB != 0 ? byB : Long.compareUnsigned(c, other.c);
        return byC != 0 ? byC : Long.compareUnsigned(d, other.d);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }

    @Override
    public String toString() {
        return hex();
    }
}
