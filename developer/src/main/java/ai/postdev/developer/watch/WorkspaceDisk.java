package ai.postdev.developer.watch;

import ai.postdev.developer.ingest.FileReader;
import ai.postdev.developer.ingest.GitCommand;
import ai.postdev.developer.ingest.GitFolder;
import ai.postdev.developer.ingest.IgnoreRules;
import ai.postdev.developer.ingest.PathNames;
import ai.postdev.developer.ingest.ProjectIdentity;
import ai.postdev.developer.ingest.Skip;
import ai.postdev.developer.ingest.TextIntake;
import ai.postdev.developer.ingest.TrackedFiles;
import ai.postdev.developer.ingest.TreeScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one workspace as the watch dispatcher's threads see it: rules, index, walking and reading. Everything
 * here blocks. Safe on many threads; rules and index are replaced as one.
 */
final class WorkspaceDisk {
    /** What a look at one path found. */
    sealed interface Sight {
        String path();
    }

    /** A document is there. */
    record Document(String path, FileReader.Document read, long readAtNanos) implements Sight {}

    /** Something is there that stays out, itself and all below it. */
    record LeftOut(String path, FileReader.Skipped why, long readAtNanos) implements Sight {}

    /** Nothing is there. */
    record Gone(String path) implements Sight {}

    /** A folder is there, and this is in it. */
    record Folder(String path, TreeScan.Result walked) implements Sight {}

    private static final Logger LOG = LoggerFactory.getLogger(WorkspaceDisk.class);

    private final ProjectIdentity identity;
    private final WatchSettings settings;
    private final FileReader reader;
    private final Set<Path> excluded;
    private final boolean gitInstalled;
    private final Object rootKey;
    private volatile TrackedFiles tracked = TrackedFiles.NONE;
    private volatile TreeScan scan;
    private final String gitProblem;
    private volatile long generation;
    private volatile Optional<Path> excludesFile = Optional.empty();

    private WorkspaceDisk(
            ProjectIdentity identity, WatchSettings settings, TextIntake intake, Path home, boolean gitInstalled)
            throws IOException {
        this.identity = identity;
        this.settings = settings;
        this.reader = new FileReader(identity.workspace(), intake, settings.fileBytesMax());
        this.excluded = Set.of(home);
        this.gitInstalled = gitInstalled;
        this.rootKey = rootKey();
        this.gitProblem = GitFolder.broken(identity.root())
                .map(why -> "watched without git: " + why)
                .orElse("");
        this.scan = load();
    }

    /** Opens the folder: reads its rules and git's index. */
    static WorkspaceDisk open(
            ProjectIdentity identity, WatchSettings settings, TextIntake intake, Path home, boolean gitInstalled)
            throws IOException {
        return new WorkspaceDisk(identity, settings, intake, home, gitInstalled);
    }

    ProjectIdentity identity() {
        return identity;
    }

    /** Whether the folder is still there, and still the same. */
    boolean present() {
        try {
            return rootKey.equals(rootKey())
                    && GitFolder.at(identity.root()).isPresent()
                            == identity.git().isPresent();
        } catch (IOException e) {
            // whatever the reason, the folder cannot be read now: that is what the question is about
            return false;
        }
    }

    private Object rootKey() throws IOException {
        Object key =
                Files.readAttributes(identity.root(), BasicFileAttributes.class).fileKey();
        return key == null ? identity.root() : key;
    }

    /**
     * Reads ignore files and index again. One after the other: of two that read at the same time, the one that read
     * first could be the one that is kept.
     */
    synchronized void reload() throws IOException {
        scan = load();
        generation++;
    }

    /** Counts the reloads: what was seen before the last one may be seen otherwise now. */
    long generation() {
        return generation;
    }

    private TreeScan load() throws IOException {
        List<Path> outer = new ArrayList<>();
        boolean caseless = false;
        if (identity.git().isPresent()) {
            GitFolder git = identity.git().get();
            tracked = TrackedFiles.of(git, gitInstalled);
            outer.add(git.commonDir().resolve("info/exclude"));
            GitConfig config = GitConfig.read(git, gitInstalled);
            excludesFile = config.excludesFile();
            excludesFile.ifPresent(outer::add);
            caseless = config.ignoreCase();
        }
        IgnoreRules rules = IgnoreRules.of(identity.root(), outer, caseless);
        return new TreeScan(identity.root(), rules, tracked, excluded, settings.filesMax());
    }

    /** Why the folder is watched without git although it has a file {@code .git}; empty: it is as it seems. */
    String gitProblem() {
        return gitProblem;
    }

    /** The global excludes, whose changes matter here too. */
    Optional<Path> excludesFile() {
        return excludesFile;
    }

    /** Reads the index again; the answer is every path that became tracked or is no longer. */
    synchronized List<String> reloadTracked() throws IOException {
        TrackedFiles before = tracked;
        reload();
        Set<String> changed = new HashSet<>();
        addDifference(before.files(), tracked.files(), changed);
        addDifference(tracked.files(), before.files(), changed);
        addDifference(before.submodules(), tracked.submodules(), changed);
        addDifference(tracked.submodules(), before.submodules(), changed);
        return List.copyOf(changed);
    }

    private static void addDifference(Set<String> from, Set<String> without, Set<String> into) {
        for (String path : from) {
            if (!without.contains(path)) {
                into.add(path);
            }
        }
    }

    /** Walks the whole folder; each folder entered is told first, and what was watched besides is let go. */
    TreeScan.Result walk(FolderWatch watch) {
        long mark = watch.mark();
        TreeScan.Result result = scan.walk("", watch);
        if (!result.skipped().containsValue(Skip.UNREADABLE)) {
            watch.left("", mark);
        }
        return result;
    }

    /** Looks at paths. A look that finds the whole workspace gone finds nothing. */
    List<Sight> look(List<LookQueue.Look> looks, FolderWatch entered) {
        List<Sight> sights = new ArrayList<>();
        Map<String, Optional<Skip>> folders = new HashMap<>();
        for (LookQueue.Look look : looks) {
            sights.add(guarded(look, entered, folders));
        }
        boolean anyGone = sights.stream().anyMatch(sight -> sight instanceof Gone);
        return anyGone && !present() ? List.of() : sights;
    }

    /** One file that trips a decoder or redactor must not hold up the others. */
    private Sight guarded(LookQueue.Look look, FolderWatch entered, Map<String, Optional<Skip>> folders) {
        try {
            return look(look, entered, folders);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("reading {} in {} failed; it is left out", look.path(), identity.root(), e);
            return new LeftOut(look.path(), new FileReader.Skipped(Skip.UNREADABLE, Optional.empty()), 0);
        }
    }

    /**
     * Looks at one path.
     *
     * @param folders what was found out about folders, in this portion of looks; nobody looks at them meanwhile, so a
     *     change of them is seen and applied later
     */
    private Sight look(LookQueue.Look look, FolderWatch entered, Map<String, Optional<Skip>> folders) {
        String path = look.path();
        TreeScan current = scan;
        if (path.isEmpty()) {
            return new Folder(path, current.walk(path, entered));
        }
        Optional<Skip> above = outAbove(path, folders);
        Optional<Skip> skip = above.isPresent() ? above : current.leftOut(path, false);
        Path file = PathNames.resolve(identity.root(), path);
        if (skip.isPresent() && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            return leftOut(path, skip.get(), file);
        }
        long now = nowNanos();
        return switch (reader.read(path, file)) {
            case FileReader.Gone _ -> new Gone(path);
            case FileReader.Skipped skipped -> new LeftOut(path, skipped, now);
            case FileReader.Document document -> new Document(path, document, now);
            case FileReader.Folder _ -> {
                Optional<Skip> folderSkip = above.or(() -> folderOut(path, file));
                if (folderSkip.isPresent()) {
                    yield leftOut(path, folderSkip.get(), file);
                }
                TreeScan.Result walked = current.walk(path, entered);
                yield walked.skipped().get(path + "/") == Skip.SUBMODULE
                        ? leftOut(path, Skip.SUBMODULE, file)
                        : new Folder(path, walked);
            }
        };
    }

    private static Sight leftOut(String path, Skip skip, Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                ? new LeftOut(path, new FileReader.Skipped(skip, Optional.empty()), 0)
                : new Gone(path);
    }

    private Optional<Skip> folderOut(String path, Path folder) {
        return excluded.contains(folder) ? Optional.of(Skip.IGNORED) : scan.leftOut(path, true);
    }

    /** Whether a folder above {@code path} is no part of the workspace. */
    private Optional<Skip> outAbove(String path, Map<String, Optional<Skip>> folders) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            Optional<Skip> out = folders.computeIfAbsent(path.substring(0, slash), this::standing);
            boolean tracked = scan.isTracked(path, false) || scan.isTracked(path, true);
            if (out.isPresent() && !(out.get() == Skip.SUBMODULE && tracked)) {
                return out;
            }
        }
        return Optional.empty();
    }

    /** Whether the owner's rules, as they are now, leave {@code path} out, today and in the past. */
    boolean ignoredByOwner(String path) {
        return scan.ignoredByOwner(path);
    }

    /** Why what is in the folder {@code name} is no part of the workspace; in a repository, unless git tracks it here. */
    private Optional<Skip> standing(String name) {
        Path folder = PathNames.resolve(identity.root(), name);
        if (Files.isSymbolicLink(folder)) {
            return Optional.of(Skip.SYMLINK);
        }
        if (excluded.contains(folder)) {
            return Optional.of(Skip.IGNORED);
        }
        return TreeScan.isRepository(folder) ? Optional.of(Skip.SUBMODULE) : Optional.empty();
    }

    static long nowNanos() {
        return System.currentTimeMillis() * 1_000_000L;
    }

    /** Whether a git program is there and may be used. */
    static boolean gitUsable(WatchSettings settings) {
        return settings.gitAllowed() && GitCommand.installed();
    }
}
