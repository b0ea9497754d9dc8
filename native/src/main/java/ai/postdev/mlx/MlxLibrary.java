package ai.postdev.mlx;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds and loads the native library, once in a process. It comes as resources of this module, made for one platform
 * when the module was built; from a jar it is extracted to a folder of its own version first.
 *
 * <p>System properties: {@code ai.postdev.mlx.home} names a folder that holds {@code mlx/lib} and is used as it is;
 * {@code ai.postdev.mlx.cache} names the folder to extract to (default: the user's cache folder).
 */
public final class MlxLibrary {
    /** The version of MLX that this module is written for; its C++ interface changes within patch releases. */
    public static final String MLX_VERSION = "0.32.4";

    private static final String ROOT = "/ai/postdev/mlx/native/";
    private static boolean loaded;
    private static MlxUnavailableException failure;

    private MlxLibrary() {}

    /** This platform as the resources name it, for instance {@code linux-x86_64} or {@code macos-aarch64}. */
    public static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String cpu = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String system = os.contains("mac") ? "macos" : os.contains("linux") ? "linux" : os.replaceAll("\\W+", "");
        return system + "-"
                + switch (cpu) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "arm64", "aarch64" -> "aarch64";
                    default -> cpu;
                };
    }

    /** Why this build has no library for this platform; empty: it has one. Loads nothing. */
    public static Optional<String> absent() {
        try {
            return System.getProperty("ai.postdev.mlx.home") != null
                            || MlxLibrary.class.getResource(ROOT + platform() + "/files") != null
                    ? Optional.empty()
                    : Optional.of(reason());
        } catch (IOException e) {
            return Optional.of("what this build holds of MLX cannot be read: " + e);
        }
    }

    /**
     * Why MLX cannot be used here, or empty when it can.
     */
    public static Optional<String> unavailable() {
        try {
            load();
            return Optional.empty();
        } catch (MlxUnavailableException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * Loads the library if that was not done yet.
     *
     * @throws MlxUnavailableException with the reason when it cannot be used here; the same each time
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        if (failure != null) {
            throw new MlxUnavailableException(failure.getMessage(), failure);
        }
        try {
            Path library = home().resolve("mlx").resolve("lib").resolve(System.mapLibraryName("postdevai_mlx"));
            System.load(library.toAbsolutePath().toString());
            String version = Native.version();
            if (!version.equals(MLX_VERSION)) {
                throw new MlxUnavailableException("MLX " + version + " was loaded from " + library + ", but "
                        + MLX_VERSION + " is expected; build the module native again");
            }
            loaded = true;
        } catch (IOException | UnsatisfiedLinkError e) {
            failure = new MlxUnavailableException(
                    "the native library of MLX cannot be loaded: " + e.getMessage()
                            + (platform().startsWith("linux") ? " (it needs glibc 2.35 or newer)" : ""),
                    e);
            throw failure;
        } catch (MlxUnavailableException e) {
            failure = e;
            throw e;
        }
    }

    private static Path home() throws IOException {
        String named = System.getProperty("ai.postdev.mlx.home");
        if (named != null) {
            return Path.of(named);
        }
        String root = ROOT + platform() + "/";
        URL list = MlxLibrary.class.getResource(root + "files");
        if (list == null) {
            throw new MlxUnavailableException(reason());
        }
        if (list.getProtocol().equals("file") && System.getProperty("ai.postdev.mlx.cache") == null) {
            try {
                return Path.of(list.toURI()).getParent();
            } catch (URISyntaxException e) {
                throw new IOException(e);
            }
        }
        return Extraction.extract(root, cache());
    }

    private static String reason() throws IOException {
        try (InputStream missing = MlxLibrary.class.getResourceAsStream(ROOT + "missing")) {
            return missing == null
                    ? "this build holds no MLX for " + platform() + "; it exists for linux-x86_64, linux-aarch64 and"
                            + " macos-aarch64 and is made where the module native is built"
                    : "this build was made without MLX: "
                            + new String(missing.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private static Path cache() throws IOException {
        String named = System.getProperty("ai.postdev.mlx.cache");
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(System.getProperty("user.home"));
        Path cache = named != null
                ? Path.of(named)
                : platform().startsWith("macos")
                        ? home.resolve("Library/Caches/postdevai/mlx")
                        : (xdg == null || xdg.isBlank() ? home.resolve(".cache") : Path.of(xdg))
                                .resolve("postdevai/mlx");
        return Files.createDirectories(cache);
    }
}
