package ai.postdev.developer.ingest;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.cluster.CheckedText;
import ai.postdev.cluster.SafeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Who a watched folder is. A project with a known beginning is named by its root commit, so that all machines agree; a
 * folder without git, without a commit yet, or with a shallow history gets a random id that is kept under the node's
 * home, under the folder's real path.
 *
 * @param root real path of the folder
 * @param git its repository, if the folder is the top of a work tree
 */
public record ProjectIdentity(
        ProjectId project, WorkspaceId workspace, String name, Path root, Optional<GitFolder> git) {
    private static final String LOCAL_PREFIX = "local-";
    private static final int HASH_DIGITS = 24;

    /**
     * Tells who {@code root} is. Blocking.
     *
     * @param home of the node: made-up ids are kept in its folder {@code projects}
     */
    public static ProjectIdentity of(Path root, Path home, Origin origin, boolean gitInstalled) throws IOException {
        Path real = root.toRealPath();
        String pathHash = ContentHash.of(real.toString()).hex().substring(0, HASH_DIGITS);
        Optional<GitFolder> git = GitFolder.at(real);
        Path kept = home.resolve("projects").resolve(pathHash + ".id");
        Optional<String> made = kept(kept);
        // An id that was made up once stays: the memory under it must not be lost with the first commit.
        Optional<String> fromGit = made.isPresent() ? Optional.empty() : rootCommit(git, gitInstalled);
        String id = fromGit.or(() -> made).orElse(null);
        if (id == null) {
            id = LOCAL_PREFIX + UUID.randomUUID().toString().replace("-", "");
            keep(kept, id);
        }
        WorkspaceId workspace = new WorkspaceId(
                ContentHash.of(origin.value() + "\n" + real).hex().substring(0, HASH_DIGITS));
        Path last = real.getFileName();
        return new ProjectIdentity(
                new ProjectId(id), workspace, last == null ? real.toString() : last.toString(), real, git);
    }

    /** Whether the project's id was made up, since git names none. */
    public boolean isMadeUp() {
        return project.value().startsWith(LOCAL_PREFIX);
    }

    /** Forgets the made-up id of {@code root}, if it has one: after this, git may name the project. */
    public static void forget(Path root, Path home) throws IOException {
        String pathHash = ContentHash.of(root.toString()).hex().substring(0, HASH_DIGITS);
        Files.deleteIfExists(home.resolve("projects").resolve(pathHash + ".id"));
    }

    /** The same under the name of another workspace. */
    public ProjectIdentity of(WorkspaceId other) {
        return new ProjectIdentity(project, other, name, root, git);
    }

    /**
     * Makes {@code root} a folder of {@code project}, which may have been named on another machine. Blocking.
     *
     * @return empty, or why it cannot be: the folder is no repository of that project
     */
    public static Optional<String> settle(Path root, Path home, ProjectId project) throws IOException {
        Path real = root.toRealPath();
        if (project.value().startsWith(LOCAL_PREFIX)) {
            String pathHash = ContentHash.of(real.toString()).hex().substring(0, HASH_DIGITS);
            keep(home.resolve("projects").resolve(pathHash + ".id"), project.value());
            return Optional.empty();
        }
        Optional<String> commit = rootCommit(GitFolder.at(real), false);
        return commit.isPresent() && commit.get().equals(project.value())
                ? Optional.empty()
                : Optional.of(root + " is "
                        + commit.map(id -> "a repository of the project " + id)
                                .orElse("no repository with a whole history")
                        + ", expected one of the project " + project);
    }

    private static Optional<String> rootCommit(Optional<GitFolder> git, boolean gitInstalled) throws IOException {
        if (git.isEmpty() || git.get().shallow()) {
            return Optional.empty();
        }
        Optional<String> tip = git.get().mainTip();
        return tip.isEmpty()
                ? Optional.empty()
                : GitLog.of(git.get(), gitInstalled).root(tip.get());
    }

    private static void keep(Path file, String id) throws IOException {
        SafeFiles.createFolders(file.getParent());
        SafeFiles.write(file, CheckedText.with(id + "\n"));
    }

    /** The id in a file; empty if there is no such file. */
    private static Optional<String> kept(Path file) throws IOException {
        return Files.exists(file)
                ? CheckedText.of(file, Files.readString(file)).lines().findFirst()
                : Optional.empty();
    }
}
