package ai.postdev.dragon.lake.portable;

import com.typesafe.config.Config;

/**
 * Bounds of portable streams, read once from {@code postdevai.portable}.
 *
 * @param zstdLevel of what is written, 1 (fastest) to 19 (smallest)
 * @param lineBytesMax longest line that is read, uncompressed: what a reader holds in memory at once
 */
public record PortableSettings(int zstdLevel, int lineBytesMax) {
    /** Reads the settings from the whole configuration. */
    public static PortableSettings from(Config root) {
        Config config = root.getConfig("postdevai.portable");
        return new PortableSettings(config.getInt("zstd-level"), Math.toIntExact(config.getBytes("line-bytes-max")));
    }
}
