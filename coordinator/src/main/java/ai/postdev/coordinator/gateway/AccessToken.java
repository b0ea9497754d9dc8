package ai.postdev.coordinator.gateway;

import ai.postdev.cluster.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** The secret that opens the gRPC door: whoever can read the file may call. Compared in constant time. */
public final class AccessToken {
    /** Random bytes of a token. */
    static final int BYTES = 32;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final String SCHEME = "Bearer ";

    private final byte[] token;

    private AccessToken(byte[] token) {
        this.token = token;
    }

    /**
     * Reads the token from {@code file}, or makes one there with mode 600.
     *
     * @throws IOException if the file cannot be read or written, or if others may read it
     */
    public static AccessToken in(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new IOException("token file " + file + " has mode " + PosixFilePermissions.toString(permissions)
                    + ", expected rw-------: others may have read it; delete it to get a new one");
        }
        String text = Files.readString(file).strip();
        if (text.length() < BYTES) {
            throw new IOException("token file " + file + " holds " + text.length() + " characters, expected "
                    + 2 * BYTES + "; delete it to get a new one");
        }
        return new AccessToken(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void create(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        PrivateFiles.write(file, HexFormat.of().formatHex(random) + "\n");
    }

    /** Whether the value of an {@code authorization} header holds this token. */
    public boolean opens(String authorization) {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        token, authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
    }
}
