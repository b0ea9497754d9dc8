package ai.postdev.dragon.lake.syntax;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Bounds of the syntax reader, from {@code postdevai.syntax}.
 *
 * @param chunkBytes a chunk grows to this many bytes at most; one longer line is a chunk of its own
 * @param chunkLines a chunk grows to this many lines at most
 * @param smallBytes neighbours smaller than this are merged
 * @param overlongBytes of a line longer than this only so many bytes belong to its chunk
 * @param parseBytes a longer text is not parsed: it gets line windows only
 * @param parseTime a parse that takes longer is given up: the text gets line windows only
 * @param recentFromBytes the tree of a text of at least so many bytes is kept, so that its next version is parsed only where it
 *     differs; smaller ones are parsed as fast as a whole
 * @param recentBytes texts whose trees are kept, all together; a tree takes 10 to 40 times its text
 * @param symbols the first so many definitions of a text are kept
 * @param imports the first so many imports of a text are kept
 * @param depth how deep under the root definitions and places to cut are looked for
 */
public record SyntaxSettings(
        int chunkBytes,
        int chunkLines,
        int smallBytes,
        int overlongBytes,
        int parseBytes,
        Duration parseTime,
        int recentFromBytes,
        int recentBytes,
        int symbols,
        int imports,
        int depth) {
    public SyntaxSettings {
        if (chunkBytes < 64 || chunkLines < 1 || overlongBytes < chunkBytes || depth < 1) {
            throw new IllegalArgumentException(
                    "postdevai.syntax: chunk-bytes is " + chunkBytes + " (at least 64), chunk-lines "
                            + chunkLines + " (at least 1), overlong-bytes " + overlongBytes
                            + " (at least chunk-bytes), depth " + depth + " (at least 1)");
        }
    }

    /** The values that reference.conf has. */
    public static SyntaxSettings defaults() {
        return new SyntaxSettings(
                1500, 60, 500, 16_384, 4 << 20, Duration.ofSeconds(4), 8 << 10, 512 << 10, 20_000, 2_000, 120);
    }

    /** Reads {@code postdevai.syntax} of {@code config}. */
    public static SyntaxSettings from(Config config) {
        Config c = config.getConfig("postdevai.syntax");
        return new SyntaxSettings(
                bytes(c, "chunk-bytes"),
                c.getInt("chunk-lines"),
                bytes(c, "small-bytes"),
                bytes(c, "overlong-bytes"),
                bytes(c, "parse-bytes"),
                c.getDuration("parse-time"),
                bytes(c, "recent-from-bytes"),
                bytes(c, "recent-bytes"),
                c.getInt("symbols"),
                c.getInt("imports"),
                c.getInt("depth"));
    }

    private static int bytes(Config config, String key) {
        return Math.toIntExact(config.getBytes(key));
    }
}
