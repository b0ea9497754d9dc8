package ai.postdev.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.server.directives.SecurityDirectives.ProvidedCredentials;
import org.apache.pekko.management.javadsl.PekkoManagement;

/** HTTP for operators: membership, shards, health. Read-only, on loopback, behind a password. */
final class ManagementPort {
    private static final SecureRandom RANDOM = new SecureRandom();

    private ManagementPort() {}

    /** Opens the port and returns its base address. */
    static String open(ActorSystem<?> system, Credentials credentials) {
        try {
            Uri uri = PekkoManagement.get(system)
                    .start(settings -> settings.withReadOnly(true).withAuth(credentials::check))
                    .toCompletableFuture()
                    .join();
            return uri.toString().replaceAll("/$", "");
        } catch (CompletionException e) {
            throw new NodeRefused(
                    "the management port cannot be opened: " + e.getCause().getMessage()
                            + "; set postdevai.management.port to another (0: any)",
                    e);
        }
    }

    /**
     * Who may ask.
     *
     * @param file where both stand as {@code user:password}, mode 600
     */
    record Credentials(Path file, String user, String password) {
        private static final int PASSWORD_BYTES = 24;

        /** The credentials of a home, made on first use. */
        static Credentials of(Home home) {
            Path file = home.keys().resolve("management");
            try {
                if (!Files.exists(file)) {
                    byte[] random = new byte[PASSWORD_BYTES];
                    RANDOM.nextBytes(random);
                    PrivateFiles.write(file, "postdevai:" + HexFormat.of().formatHex(random) + "\n");
                }
                if (PrivateFiles.isOpenToOthers(file)) {
                    throw new NodeRefused("the password file " + file
                            + " can be read by others; remove it, the node makes " + "a new one at its next start");
                }
                String[] parts = Files.readString(file).strip().split(":", 2);
                if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
                    throw new NodeRefused(
                            file + " is not of the form user:password; remove it, the node makes a new one");
                }
                return new Credentials(file, parts[0], parts[1]);
            } catch (IOException e) {
                throw home.cannotWrite(e);
            }
        }

        /** The user, if what was sent is right. The comparison takes the same time wherever the first wrong letter is. */
        private CompletionStage<Optional<String>> check(Optional<ProvidedCredentials> sent) {
            return CompletableFuture.completedFuture(
                    sent.filter(found -> found.identifier().equals(user) && found.verify(password))
                            .map(ProvidedCredentials::identifier));
        }

        @Override
        public String toString() {
            return "Credentials[" + file + "]";
        }
    }
}
