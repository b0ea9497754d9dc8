package ai.postdev.developer.watch;

import ai.postdev.developer.ingest.GitCommand;
import ai.postdev.developer.ingest.GitFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;

/**
 * The two settings of git that decide what is ignored.
 *
 * @param excludesFile the global excludes
 */
record GitConfig(Optional<Path> excludesFile, boolean ignoreCase) {
    /** Asks git; without it, reads the repository's and the person's configuration (without conditional includes). */
    static GitConfig read(GitFolder folder, boolean gitInstalled) throws IOException {
        if (gitInstalled) {
            try {
                String listed = new String(
                        new GitCommand(folder.workTree())
                                .run(new byte[0], in -> in.readAllBytes(), "config", "--list", "-z"),
                        StandardCharsets.UTF_8);
                Optional<String> excludes = Optional.empty();
                boolean ignoreCase = false;
                for (String row : listed.split("\0")) {
                    int end = row.indexOf('\n');
                    String value = end < 0 ? "true" : row.substring(end + 1);
                    switch (end < 0 ? row : row.substring(0, end)) {
                        case "core.excludesfile" -> excludes = Optional.of(value);
                        case "core.ignorecase" -> ignoreCase = value.equals("true");
                        default -> {}
                    }
                }
                return new GitConfig(Optional.of(excludes.map(GitConfig::path).orElse(standardExcludes())), ignoreCase);
            } catch (IOException e) {
                // git may refuse a folder of another user; the files can still be read
                return fromFiles(folder);
            }
        }
        return fromFiles(folder);
    }

    private static GitConfig fromFiles(GitFolder folder) throws IOException {
        Path home = Path.of(System.getProperty("user.home"));
        Config config = new Config();
        for (Path file : new Path[] {
            home.resolve(".config/git/config"),
            home.resolve(".gitconfig"),
            folder.commonDir().resolve("config")
        }) {
            if (Files.isReadable(file)) {
                Config next = new Config(config);
                try {
                    next.fromText(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                } catch (ConfigInvalidException e) {
                    throw new IOException(file + " is no git configuration: " + e.getMessage(), e);
                }
                config = next;
            }
        }
        String excludes = config.getString("core", null, "excludesfile");
        return new GitConfig(
                Optional.of(excludes == null ? standardExcludes() : path(excludes)),
                config.getBoolean("core", "ignorecase", false));
    }

    private static Path path(String written) {
        return written.startsWith("~/")
                ? Path.of(System.getProperty("user.home")).resolve(written.substring(2))
                : Path.of(written);
    }

    private static Path standardExcludes() {
        String config = System.getenv("XDG_CONFIG_HOME");
        Path base = config == null || config.isEmpty()
                ? Path.of(System.getProperty("user.home")).resolve(".config")
                : Path.of(config);
        return base.resolve("git/ignore");
    }
}
