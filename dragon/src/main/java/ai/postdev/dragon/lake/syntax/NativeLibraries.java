package ai.postdev.dragon.lake.syntax;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * Finds tree-sitter's native libraries: first optimised builds of our own, made by {@code native/tree-sitter/build}, in the
 * folder that the system property {@value #FOLDER_PROPERTY} names or in {@code tree-sitter} beside the folder of this
 * program's jars; else inside the packaged jars. A packaged library is unpacked to a temporary file that is
 * deleted as soon as it is loaded, so that a killed process leaves nothing behind.
 */
final class NativeLibraries {
    /** System property with a folder of libraries that are preferred to the packaged ones. */
    static final String FOLDER_PROPERTY = "tree-sitter-lib";

    private static final Path FOLDER = folder();

    private NativeLibraries() {}

    /** Whether there is a library of this name, packaged or built here. */
    static boolean exists(String name) {
        String file = platform() + "-" + name + suffix();
        return FOLDER != null && Files.exists(FOLDER.resolve(file))
                || NativeLibraries.class.getClassLoader().getResource("lib/" + file) != null;
    }

    /** The folder of own builds, which need not exist; null if nothing says where it would be. */
    private static Path folder() {
        String named = System.getProperty(FOLDER_PROPERTY);
        if (named != null) {
            return Path.of(named).toAbsolutePath();
        }
        try {
            Path code = Path.of(NativeLibraries.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path jars = code.getParent();
            return Files.isRegularFile(code) && jars.getParent() != null ? jars.resolveSibling("tree-sitter") : null;
        } catch (URISyntaxException | RuntimeException _) {
            // Run from somewhere without a folder of its own: the packaged libraries serve.
            return null;
        }
    }

    /**
     * Loads a library for the life of the process.
     *
     * @param name {@code tree-sitter} or {@code tree-sitter-java} and the like
     * @throws UncheckedIOException if it exists nowhere for this platform
     * @throws IllegalArgumentException if the system cannot load it
     */
    static SymbolLookup load(String name) {
        String file = platform() + "-" + name + suffix();
        Path own = FOLDER == null ? null : FOLDER.resolve(file);
        if (own != null && Files.exists(own)) {
            return SymbolLookup.libraryLookup(own, Arena.global());
        }
        try (InputStream in = NativeLibraries.class.getClassLoader().getResourceAsStream("lib/" + file)) {
            if (in == null) {
                throw new IOException("no library " + file + " on the class path: tree-sitter has none for "
                        + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
            }
            Path copy = Files.createTempFile("postdevai-", suffix());
            try {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                return SymbolLookup.libraryLookup(copy, Arena.global());
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String platform() {
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String cpu = arch.equals("aarch64") || arch.equals("arm64") ? "aarch64" : "x86_64";
        return cpu + (isMac() ? "-macos" : "-linux-gnu");
    }

    private static String suffix() {
        return isMac() ? ".dylib" : ".so";
    }

    private static boolean isMac() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
    }
}
