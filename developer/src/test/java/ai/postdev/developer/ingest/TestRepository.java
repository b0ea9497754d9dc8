package ai.postdev.developer.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A real git repository that a test drives through the git program, apart from the machine's own configuration. */
public record TestRepository(Path root) {
    /** Makes an empty repository with branch main. */
    public static TestRepository create(Path root) {
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestRepository repository = new TestRepository(root);
        repository.git("init", "-q", "-b", "main");
        repository.git("config", "user.name", "Test Person");
        repository.git("config", "user.email", "test@example.org");
        repository.git("config", "commit.gpgsign", "false");
        repository.git("config", "gc.auto", "0");
        return repository;
    }

    /** Runs git; the answer is what it prints. Fails on an error of git. */
    public String git(String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of("git"));
            command.addAll(List.of(arguments));
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
            builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
            builder.environment().put("GIT_CONFIG_SYSTEM", "/dev/null");
            builder.environment().put("GIT_EDITOR", "true");
            Process process = builder.start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(
                        "git " + String.join(" ", arguments) + " ended with " + code + ": " + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Writes a file, with its folders. */
    public TestRepository write(String path, String text) {
        try {
            Path file = PathNames.resolve(root, path);
            Files.createDirectories(file.getParent());
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds everything and commits. */
    public TestRepository commit(String message) {
        git("add", "-A");
        git("commit", "-q", "--allow-empty", "-m", message);
        return this;
    }

    /** The regular files that git would show: tracked or untracked, not ignored, on the disk. */
    public Set<String> shownFiles() {
        Set<String> files = new TreeSet<>();
        for (String path : git("ls-files", "-z", "-co", "--exclude-standard").split("\0")) {
            Path file = PathNames.resolve(root, path);
            if (!path.isEmpty() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                files.add(path);
            }
        }
        return files;
    }
}
