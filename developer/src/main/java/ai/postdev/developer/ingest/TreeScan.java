package ai.postdev.developer.ingest;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks a folder once and lists what belongs to the workspace. Never enters ignored folders (unless git tracks files in
 * them), {@code .git}, other repositories, symbolic links, or folders left out by the caller. Blocking; one instance
 * may be used by many threads.
 */
public final class TreeScan {
    private final Path root;
    private final IgnoreRules rules;
    private final TrackedFiles tracked;
    private final Set<Path> excluded;
    private final int filesMax;

    /** Told of every folder before it is listed, so that a watch set there misses nothing. */
    @FunctionalInterface
    public interface FolderEntered {
        /** @param folder path relative to the root, empty for the root */
        void entered(String folder, Path path);

        /**
         * Told of a folder of which only one child matters: when it comes or goes, the repository around it begins or
         * ceases to be one, and must be looked at again. So of the top of a repository that is not entered, and of a
         * {@code .git} without HEAD. A folder told as entered before is from now on no more than this.
         */
        default void awaits(String folder, Path path, String child) {}
    }

    /**
     * What a walk found.
     *
     * @param files path to what the file system says of it
     * @param skipped path to the reason why it is left out; a folder's path ends in {@code /}
     */
    public record Result(Map<String, Stat> files, Map<String, Skip> skipped) {}

    /**
     * A scan of {@code root}.
     *
     * @param excluded folders that are never entered, for example the node's own home
     * @param filesMax files beyond this number are skipped as {@link Skip#TOO_MANY}
     */
    public TreeScan(Path root, IgnoreRules rules, TrackedFiles tracked, Set<Path> excluded, int filesMax) {
        this.root = root;
        this.rules = rules;
        this.tracked = tracked;
        this.excluded = Set.copyOf(excluded);
        this.filesMax = filesMax;
    }

    /**
     * A folder to list.
     *
     * @param foreign it is part of a repository inside this one: only what git tracks here belongs to the workspace
     */
    private record Open(String folder, boolean foreign) {}

    /** Walks the folder {@code under} (relative, empty for the whole root). A folder that is gone gives no files. */
    public Result walk(String under, FolderEntered folderEntered) {
        Result result = new Result(new HashMap<>(), new HashMap<>());
        ArrayDeque<Open> open = new ArrayDeque<>();
        open.add(new Open(under, belowRepository(under)));
        while (!open.isEmpty()) {
            list(open.poll(), result, open, folderEntered);
        }
        return result;
    }

    /**
     * Whether {@code path} belongs to the workspace as far as names and rules tell.
     *
     * @return why not; empty if it does
     */
    public Optional<Skip> leftOut(String path, boolean folder) {
        if (path.equals(".git") || path.endsWith("/.git") || path.startsWith(".git/") || path.contains("/.git/")) {
            return Optional.of(Skip.IGNORED);
        }
        if (tracked.submodules().contains(path)) {
            return Optional.of(Skip.SUBMODULE);
        }
        if ((!isTracked(path, folder) && rules.ignoredByGit(path, folder)) || rules.ignoredByOwner(path, folder)) {
            return Optional.of(Skip.IGNORED);
        }
        return Optional.empty();
    }

    /** Whether the owner wants {@code path} left out although git tracks it. */
    public boolean ignoredByOwner(String path) {
        return rules.ignoredByOwner(path, false);
    }

    /** Whether git tracks the file at {@code path}, or a file in the folder at {@code path}. */
    public boolean isTracked(String path, boolean folder) {
        return folder ? tracked.folders().contains(path) : tracked.files().contains(path);
    }

    /** Whether a folder above {@code path} is a repository inside this one. */
    private boolean belowRepository(String path) {
        for (int end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
            if (isRepository(PathNames.resolve(root, path.substring(0, end)))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the folder at {@code path} is the top of a repository of its own. As to git, a file {@code .git} that
     * names none makes no repository, and one that cannot be read does.
     */
    public static boolean isRepository(Path path) {
        Path dotGit = path.resolve(".git");
        if (!Files.isRegularFile(dotGit, LinkOption.NOFOLLOW_LINKS)) {
            return Files.exists(dotGit.resolve("HEAD"));
        }
        try {
            return GitFolder.at(path).isPresent();
        } catch (IOException e) {
            // nobody knows whose the folder is: rather leave it out than mix another project's files into this one
            return true;
        }
    }

    /** As above; of a repository that is just being made, its completion is awaited. The folder is watched by now. */
    private static boolean isRepository(String folder, Path path, FolderEntered folderEntered) {
        Path dotGit = path.resolve(".git");
        if (!Files.exists(dotGit, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (!isRepository(path) && Files.isDirectory(dotGit, LinkOption.NOFOLLOW_LINKS)) {
            folderEntered.awaits(folder + "/.git", dotGit, "HEAD");
        }
        return isRepository(path);
    }

    private void list(Open opened, Result result, ArrayDeque<Open> open, FolderEntered folderEntered) {
        String folder = opened.folder();
        Path path = PathNames.resolve(root, folder);
        folderEntered.entered(folder, path);
        boolean top = !folder.isEmpty() && isRepository(folder, path, folderEntered);
        if (top && !isTracked(folder, true)) {
            folderEntered.awaits(folder, path, ".git");
            result.skipped().put(folder + "/", Skip.SUBMODULE);
            return;
        }
        Open within = new Open(folder, opened.foreign() || top);
        try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
            for (Path child : children) {
                see(within, child, result, open);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // gone since it was listed: nothing of it belongs to the result
            return;
        } catch (DirectoryIteratorException | IOException e) {
            result.skipped().put(folder + "/", Skip.UNREADABLE);
        }
    }

    private void see(Open opened, Path child, Result result, ArrayDeque<Open> open) {
        String folder = opened.folder();
        String prefix = folder.isEmpty() ? "" : folder + "/";
        Optional<String> name = PathNames.name(child);
        if (name.isEmpty()) {
            result.skipped().put(prefix + child.getFileName(), Skip.UNDECODABLE_NAME);
            return;
        }
        if (name.get().equals(".git")) {
            return;
        }
        String path = prefix + name.get();
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            // gone since it was listed
            return;
        } catch (IOException e) {
            result.skipped().put(path, Skip.UNREADABLE);
            return;
        }
        boolean isFolder = attributes.isDirectory();
        Optional<Skip> skip = leftOut(path, isFolder);
        if (skip.isEmpty() && isFolder && excluded.contains(child)) {
            skip = Optional.of(Skip.IGNORED);
        }
        if (skip.isEmpty() && opened.foreign() && !isTracked(path, isFolder)) {
            skip = Optional.of(Skip.SUBMODULE);
        }
        if (skip.isPresent()) {
            result.skipped().put(isFolder ? path + "/" : path, skip.get());
        } else if (isFolder) {
            open.add(new Open(path, opened.foreign()));
        } else if (attributes.isSymbolicLink()) {
            result.skipped().put(path, Skip.SYMLINK);
        } else if (!attributes.isRegularFile()) {
            result.skipped().put(path, Skip.SPECIAL);
        } else if (result.files().size() >= filesMax) {
            result.skipped().put(path, Skip.TOO_MANY);
        } else {
            result.files().put(path, Stat.of(attributes));
        }
    }
}
