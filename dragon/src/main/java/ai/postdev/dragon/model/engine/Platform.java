package ai.postdev.dragon.model.engine;

import ai.postdev.mlx.MlxLibrary;
import java.util.Locale;
import java.util.Optional;

/**
 * What of a machine decides which engines run on it.
 *
 * @param system {@code linux}, {@code macos} or another name
 * @param processor {@code x86_64}, {@code aarch64} or another name
 * @param noMlx why this build has no MLX for it; empty: it has
 */
public record Platform(String system, String processor, Optional<String> noMlx) {
    /** This one. Loads no native library: a library that is here and does not load is told when a model is loaded. */
    public static Platform here() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String cpu = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return new Platform(
                os.contains("mac") ? "macos" : os.contains("linux") ? "linux" : os,
                switch (cpu) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "arm64", "aarch64" -> "aarch64";
                    default -> cpu;
                },
                MlxLibrary.absent());
    }

    /** Whether MLX finds a GPU of Apple here. */
    boolean appleSilicon() {
        return system.equals("macos") && processor.equals("aarch64");
    }

    @Override
    public String toString() {
        return system + " on " + processor;
    }
}
