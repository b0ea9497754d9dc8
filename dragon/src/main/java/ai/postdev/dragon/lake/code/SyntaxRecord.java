package ai.postdev.dragon.lake.code;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.syntax.SyntaxCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a text's syntax: how often parsing was begun, or what it found. The note of an attempt is written
 * before the parser runs, so that a text that ends the process is known after the restart.
 */
sealed interface SyntaxRecord {
    byte ATTEMPTS = 1;
    byte FOUND = 2;

    /** Parsing was begun so often and did not end. */
    record Attempts(int count) implements SyntaxRecord {}

    /** What the parser found, with the hashes of the chunks in their order. */
    record Found(Syntax syntax, List<ContentHash> chunkHashes) implements SyntaxRecord {}

    static byte[] attempts(int count) {
        return new byte[] {ATTEMPTS, SyntaxCodec.ANALYSER, (byte) Math.min(count, Byte.MAX_VALUE)};
    }

    static byte[] found(Syntax syntax, List<ContentHash> chunkHashes) {
        byte[] encoded = SyntaxCodec.encode(syntax);
        ByteBuffer record =
                ByteBuffer.allocate(2 + Integer.BYTES + chunkHashes.size() * ContentHash.BYTES + encoded.length);
        record.put(FOUND).put((byte) SyntaxCodec.ANALYSER).putInt(chunkHashes.size());
        chunkHashes.forEach(hash -> record.put(hash.toBytes()));
        return record.put(encoded).array();
    }

    /** Reads a record; empty if other rules wrote it or it is no record: the text is then parsed anew. */
    static Optional<SyntaxRecord> read(byte[] bytes) {
        if (bytes.length < 3 || bytes[1] != (byte) SyntaxCodec.ANALYSER) {
            return Optional.empty();
        }
        return switch (bytes[0]) {
            case ATTEMPTS -> Optional.of(new Attempts(bytes[2]));
            case FOUND -> readFound(ByteBuffer.wrap(bytes, 2, bytes.length - 2));
            default -> Optional.empty();
        };
    }

    private static Optional<SyntaxRecord> readFound(ByteBuffer record) {
        if (record.remaining() < Integer.BYTES) {
            return Optional.empty();
        }
        int count = record.getInt();
        if (count < 0 || (long) count * ContentHash.BYTES > record.remaining()) {
            return Optional.empty();
        }
        List<ContentHash> hashes = new ArrayList<>(count);
        byte[] hash = new byte[ContentHash.BYTES];
        for (int i = 0; i < count; i++) {
            record.get(hash);
            hashes.add(ContentHash.fromBytes(hash));
        }
        byte[] encoded = new byte[record.remaining()];
        record.get(encoded);
        try {
            Syntax syntax = SyntaxCodec.decode(encoded);
            return syntax.chunks().size() == count ? Optional.of(new Found(syntax, hashes)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // damaged or of another format: derived data is made again
        }
    }
}
