package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.op.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of a file. */
final class FileHash {
    private static final int STEP = 1 << 20;

    private FileHash() {}

    /** Is told how many bytes were hashed since the last call. */
    @FunctionalInterface
    interface Step {
        void hashed(long bytes) throws IOException;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static ContentHash of(Path file, Step step) throws IOException {
        MessageDigest digest = sha256();
        byte[] bytes = new byte[STEP];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                digest.update(bytes, 0, read);
                step.hashed(read);
            }
        }
        return ContentHash.fromBytes(digest.digest());
    }
}
