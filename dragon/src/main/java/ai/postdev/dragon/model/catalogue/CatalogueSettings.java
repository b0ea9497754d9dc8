package ai.postdev.dragon.model.catalogue;

import com.typesafe.config.Config;
import java.net.URI;
import java.time.Duration;

/**
 * Bounds of the catalogue, read once from {@code postdevai.models.catalogue}.
 *
 * @param bytesMax of one model; a larger one is refused before it is fetched
 * @param diskFreeMin bytes that stay free on the disk beside a model
 * @param partialKeep how long a pull that was cut may be gone on from; then its files are removed
 * @param hashAtLoad whether every load computes the hashes, and not only one after a file was touched
 * @param python command that runs Python with pip
 * @param hub address of the model hub or of a mirror
 * @param tokenFile that holds the hub's token; empty: only the environment is looked at
 * @param connectTimeout longest wait for a connection
 * @param idleTimeout longest wait for the next byte
 * @param attempts of a transfer that makes no progress between them
 * @param retryAfterMax longest wait that a server may ask for
 * @param pulls that run at once
 * @param pullsWaiting that may wait for their turn
 */
public record CatalogueSettings(
        long bytesMax,
        long diskFreeMin,
        Duration partialKeep,
        boolean hashAtLoad,
        String python,
        URI hub,
        String tokenFile,
        Duration connectTimeout,
        Duration idleTimeout,
        int attempts,
        Duration retryAfterMax,
        int pulls,
        int pullsWaiting) {
    public CatalogueSettings {
        if (attempts < 1 || pulls < 1 || pullsWaiting < 0) {
            throw new IllegalArgumentException("attempts and pulls of postdevai.models.catalogue must be at least 1,"
                    + " pulls-waiting-max at least 0, found " + attempts + ", " + pulls + ", " + pullsWaiting);
        }
        if (hub.getHost() == null
                || !(hub.getScheme().equals("https") || hub.getScheme().equals("http"))) {
            throw new IllegalArgumentException("postdevai.models.catalogue.hub must be an address that begins with"
                    + " https:// or http://, found " + hub);
        }
    }

    /** Reads the settings from the whole configuration. */
    public static CatalogueSettings from(Config root) {
        Config config = root.getConfig("postdevai.models.catalogue");
        return new CatalogueSettings(
                config.getBytes("bytes-max"),
                config.getBytes("disk-free-min"),
                config.getDuration("partial-keep"),
                config.getBoolean("hash-at-load"),
                config.getString("python"),
                URI.create(config.getString("hub")),
                config.getString("token-file"),
                config.getDuration("connect-timeout"),
                config.getDuration("idle-timeout"),
                config.getInt("attempts"),
                config.getDuration("retry-after-max"),
                config.getInt("pulls-max"),
                config.getInt("pulls-waiting-max"));
    }
}
