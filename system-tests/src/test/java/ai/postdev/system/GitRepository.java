package ai.postdev.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A git repository made by the git program, with nothing of the machine's own configuration. */
final class GitRepository {
    private static final int NOTHING_FOUND = 1;

    private final Path root;
    private long seconds = 1_500_000_000L;

    private GitRepository(Path root) {
        this.root = root;
    }

    static GitRepository create(Path root) throws IOException {
        Files.createDirectories(root);
        GitRepository repository = new GitRepository(root);
        repository.git("init", "-q", "-b", "main");
        return repository;
    }

    Path root() {
        return root;
    }

    GitRepository write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    /** Commits everything, one day after the commit before, and tells its id. */
    String commit(String message) throws IOException {
        seconds += TimeUnit.DAYS.toSeconds(1);
        git("add", "-A");
        git("commit", "-q", "--allow-empty", "-m", message);
        return git("rev-parse", "HEAD").strip();
    }

    /** The files in which {@code git grep} finds it; {@code arguments} end with the commit. */
    List<String> grep(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("grep", "-I", "-l", "--no-color"));
        command.addAll(List.of(arguments));
        String prefix = arguments[arguments.length - 1] + ":";
        return git(NOTHING_FOUND, command)
                .lines()
                .map(line -> line.substring(prefix.length()))
                .sorted()
                .toList();
    }

    String git(String... arguments) throws IOException {
        return git(0, Arrays.asList(arguments));
    }

    private String git(int alsoGood, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment()
                .putAll(Map.of(
                        "GIT_CONFIG_GLOBAL", "/dev/null",
                        "GIT_CONFIG_NOSYSTEM", "1",
                        "GIT_AUTHOR_NAME", "A",
                        "GIT_AUTHOR_EMAIL", "a@example.org",
                        "GIT_COMMITTER_NAME", "A",
                        "GIT_COMMITTER_EMAIL", "a@example.org",
                        "GIT_AUTHOR_DATE", seconds + " +0000",
                        "GIT_COMMITTER_DATE", seconds + " +0000"));
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int code = process.waitFor();
            if (code != 0 && code != alsoGood) {
                throw new IllegalStateException(command + " ended with " + code + ": " + printed);
            }
            return printed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
