package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The secret by which a hub knows this user. It is shown to nobody: not in messages, not to another host. */
final class HubToken {
    /** The environment variable that holds it. */
    static final String VARIABLE = "HF_TOKEN";

    private static final long FILE_BYTES_MAX = 4_096;

    private HubToken() {}

    /**
     * The token; empty: there is none.
     *
     * @param file that holds it in its first line, if the environment does not; empty: none
     * @throws CatalogueRefused if there is one that cannot be read or cannot be one
     */
    static Optional<String> read(Map<String, String> environment, String file) throws CatalogueRefused {
        String set = environment.getOrDefault(VARIABLE, "").strip();
        if (!set.isEmpty()) {
            return Optional.of(checked(set, "the variable " + VARIABLE));
        }
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Path path = Path.of(file);
        try {
            if (Files.size(path) > FILE_BYTES_MAX) {
                throw new IOException("it has " + Files.size(path) + " bytes");
            }
            String line = Files.readString(path).lines().findFirst().orElse("").strip();
            return line.isEmpty() ? Optional.empty() : Optional.of(checked(line, path.toString()));
        } catch (CatalogueRefused e) {
            throw e;
        } catch (IOException e) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    "the hub's token cannot be read from " + path + " (postdevai.models.catalogue.token-file): "
                            + e.getMessage(),
                    e);
        }
    }

    private static String checked(String token, String where) throws CatalogueRefused {
        if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION, where + " holds no token: expected letters, digits and signs only");
        }
        return token;
    }
}
