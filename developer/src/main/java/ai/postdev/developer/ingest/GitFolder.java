package ai.postdev.developer.ingest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The administrative folder of a work tree and its references, read straight from the files: a few small reads, no
 * process, nothing written. Knows plain repositories, linked work trees and submodules. Blocking.
 *
 * @param workTree the folder that is checked out
 * @param gitDir of this work tree: HEAD, index, logs/HEAD, operations in progress
 * @param commonDir shared by all work trees: refs, packed-refs, objects, config
 */
public record GitFolder(Path workTree, Path gitDir, Path commonDir) {
    private static final int SYMBOLIC_DEPTH_MAX = 5;
    private static final int WORK_TREES_MAX = 64;

    /** The repository whose work tree's top is exactly {@code folder}; empty if there is none. */
    public static Optional<GitFolder> at(Path folder) throws IOException {
        Path dotGit = folder.resolve(".git");
        Optional<Path> named = Files.isDirectory(dotGit) ? Optional.of(dotGit) : named(folder);
        if (named.isEmpty() || !Files.exists(named.get().resolve("HEAD"))) {
            return Optional.empty();
        }
        Path gitDir = named.get();
        Path common = firstLine(gitDir.resolve("commondir"))
                .map(line -> gitDir.resolve(line).normalize())
                .orElse(gitDir);
        return Optional.of(new GitFolder(folder, gitDir, common));
    }

    /** What the file {@code .git} of a folder names, whether it is there or not; empty if there is no such file. */
    private static Optional<Path> named(Path folder) throws IOException {
        return firstLine(folder.resolve(".git"))
                .filter(line -> line.startsWith("gitdir:"))
                .map(line -> folder.resolve(line.substring("gitdir:".length()).strip())
                        .normalize());
    }

    /**
     * Why {@code folder} has no repository although it has a file {@code .git}, as a work tree has whose repository was
     * deleted or moved: to git it is no repository. Empty if it has one, or no such file.
     */
    public static Optional<String> broken(Path folder) throws IOException {
        Path dotGit = folder.resolve(".git");
        if (!Files.isRegularFile(dotGit) || at(folder).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(named(folder)
                .map(target -> "its file .git names " + target + ", where no repository is")
                .orElse("its file .git does not begin with 'gitdir:'"));
    }

    /** The commit that {@code HEAD} names; empty before the first commit. */
    public Optional<String> head() throws IOException {
        return resolve("HEAD");
    }

    /** The short name of the branch that is checked out; empty when HEAD is detached. */
    public Optional<String> branch() throws IOException {
        return firstLine(gitDir.resolve("HEAD"))
                .filter(line -> line.startsWith("ref: refs/heads/"))
                .map(line -> line.substring("ref: refs/heads/".length()));
    }

    /** The commit that a full reference name stands for; empty if there is no such reference. */
    public Optional<String> resolve(String reference) throws IOException {
        String name = reference;
        for (int depth = 0; depth < SYMBOLIC_DEPTH_MAX; depth++) {
            Path base = name.startsWith("refs/") && !name.startsWith("refs/bisect/") ? commonDir : gitDir;
            Optional<String> line = firstLine(base.resolve(name));
            if (line.isEmpty()) {
                return packed(name);
            }
            if (!line.get().startsWith("ref:")) {
                return line.filter(GitFolder::isCommitId);
            }
            name = line.get().substring("ref:".length()).strip();
        }
        return Optional.empty();
    }

    /**
     * The commits from which history is remembered: what is checked out here, the main line, and what is checked out in
     * other work trees of the same repository.
     */
    public List<String> tips() throws IOException {
        List<String> tips = new ArrayList<>();
        head().ifPresent(tips::add);
        for (String reference : MAIN_LINE) {
            resolve(reference).ifPresent(tips::add);
        }
        if (!gitDir.equals(commonDir)) {
            new GitFolder(workTree, commonDir, commonDir).head().ifPresent(tips::add);
        }
        for (Path other : linkedWorkTrees()) {
            new GitFolder(workTree, other, commonDir).head().ifPresent(tips::add);
        }
        return tips.stream().distinct().toList();
    }

    /** The best known tip of the project's main line, else HEAD: where its root commit is looked for. */
    public Optional<String> mainTip() throws IOException {
        for (String reference : MAIN_LINE) {
            Optional<String> tip = resolve(reference);
            if (tip.isPresent()) {
                return tip;
            }
        }
        return head();
    }

    /** Whether old history was left out when this repository was cloned. */
    public boolean shallow() {
        return Files.exists(commonDir.resolve("shallow"));
    }

    private static final List<String> MAIN_LINE = List.of(
            "refs/remotes/origin/HEAD",
            "refs/remotes/origin/main",
            "refs/remotes/origin/master",
            "refs/heads/main",
            "refs/heads/master");

    private List<Path> linkedWorkTrees() throws IOException {
        List<Path> found = new ArrayList<>();
        Path folder = commonDir.resolve("worktrees");
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
                for (Path child : children) {
                    if (found.size() < WORK_TREES_MAX && !child.equals(gitDir)) {
                        found.add(child);
                    }
                }
            }
        }
        return found;
    }

    private Optional<String> packed(String name) throws IOException {
        Path file = commonDir.resolve("packed-refs");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n")) {
            int space = line.indexOf(' ');
            if (space > 0 && line.substring(space + 1).equals(name) && isCommitId(line.substring(0, space))) {
                return Optional.of(line.substring(0, space));
            }
        }
        return Optional.empty();
    }

    /** Whether {@code text} is a full commit id of either hash that git knows. */
    static boolean isCommitId(String text) {
        return text.matches("[0-9a-f]{40}|[0-9a-f]{64}");
    }

    static Optional<String> firstLine(Path file) throws IOException {
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return text.lines().findFirst().map(String::strip);
        } catch (NoSuchFileException e) {
            // replaced or removed since the check: as good as never there
            return Optional.empty();
        }
    }
}
