package ai.postdev.dragon.lake.code;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.syntax.SyntaxCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a text's syntax in one language: how often parsing was begun, or what it found. The note of an attempt is written
 * before the parser runs, so that a text that ends the process is known after the restart.
 */
sealed interface SyntaxRecord {
    byte ATTEMPTS = 1;
    byte FOUND = 2;

    /** Parsing was begun so often and did not end. */
    record Attempts(int count) implements SyntaxRecord {}

    /** What the parser found, with the hashes of the chunks in their order. */
    record Found(Syntax syntax, List<ContentHash> chunkHashes) implements SyntaxRecord {}

    static byte[] attempts(Language language, int count) {
        return begun(ATTEMPTS, language, 1)
                .put((byte) Math.min(count, Byte.MAX_VALUE))
                .array();
    }

    private static ByteBuffer begun(byte kind, Language language, int more) {
        byte[] id = language.id().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(3 + id.length + more)
                .put(kind)
                .put((byte) SyntaxCodec.ANALYSER)
                .put((byte) id.length)
                .put(id);
    }

    static byte[] found(Language language, Syntax syntax, List<ContentHash> chunkHashes) {
        byte[] encoded = SyntaxCodec.encode(syntax);
        ByteBuffer record =
                begun(FOUND, language, Integer.BYTES + chunkHashes.size() * ContentHash.BYTES + encoded.length);
        record.putInt(chunkHashes.size());
        chunkHashes.forEach(hash -> record.put(hash.toBytes()));
        return record.put(encoded).array();
    }

    /** Reads a record; empty if it is of another language, of other rules or none: the text is then parsed anew. */
    static Optional<SyntaxRecord> read(byte[] bytes, Language language) {
        byte[] begin =
                bytes.length < 1 ? new byte[0] : begun(bytes[0], language, 0).array();
        if (bytes.length <= begin.length || !Arrays.equals(begin, Arrays.copyOf(bytes, begin.length))) {
            return Optional.empty();
        }
        return switch (bytes[0]) {
            case ATTEMPTS -> Optional.of(new Attempts(bytes[begin.length]));
            case FOUND -> readFound(ByteBuffer.wrap(bytes, begin.length, bytes.length - begin.length));
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
