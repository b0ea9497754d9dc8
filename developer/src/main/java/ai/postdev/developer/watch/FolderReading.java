package ai.postdev.developer.watch;

import ai.postdev.developer.watch.LookQueue.Look;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Walks the folder of one workspace and reads what {@link WorkspaceSync} wants read, as many at a time as the bounds
 * allow: starts that work elsewhere and takes in what it found. Used on its actor's thread only.
 */
final class FolderReading {
    private final WorkspaceLife<?> life;
    private final WorkspaceSeat seat;
    private final WorkspaceSync sync;

    private Optional<WorkspaceDisk> disk = Optional.empty();
    private FolderWatch watch = FolderWatch.NONE;
    private boolean walking;
    /** Another walk was asked for meanwhile, and whether with rules and index read again. */
    private Optional<Boolean> walkAgain = Optional.empty();

    private int readers;

    FolderReading(WorkspaceLife<?> life, WorkspaceSeat seat, WorkspaceSync sync) {
        this.life = life;
        this.seat = seat;
        this.sync = sync;
    }

    /** The folder is opened anew: walks and readers under way end unheard. */
    void begin() {
        watch = FolderWatch.NONE;
        walking = false;
        walkAgain = Optional.empty();
        readers = 0;
        sync.forgetReaders();
    }

    void opened(WorkspaceDisk opened) {
        disk = Optional.of(opened);
    }

    /** Folders that are entered from now on are told to {@code watcher}. */
    void watchedBy(FolderWatch watcher) {
        watch = watcher;
    }

    /** The open folder, if nothing watches it at all. */
    Optional<WorkspaceDisk> unwatched() {
        return watch == FolderWatch.NONE ? disk : Optional.empty();
    }

    /** The folder as it was opened last; empty: it never was. */
    Optional<WorkspaceDisk> disk() {
        return disk;
    }

    boolean isWalking() {
        return walking;
    }

    /**
     * Walks the whole folder, once more if a walk is under way.
     *
     * @param reload with rules and index read again
     * @param first the first walk, which orders what is to be read by how much it matters
     * @return whether a walk begins now
     */
    boolean walk(boolean reload, boolean first) {
        if (disk.isEmpty()) {
            return false;
        }
        if (walking) {
            walkAgain = Optional.of(reload || walkAgain.orElse(false));
            return false;
        }
        walking = true;
        WorkspaceDisk on = disk.get();
        FolderWatch entered = watch;
        life.background(
                () -> {
                    if (reload) {
                        on.reload();
                    }
                    ReadingOrder order =
                            first ? ReadingOrder.of(on.identity().git(), seat.gitInstalled()) : ReadingOrder.BY_TIME;
                    return new WorkspaceEvent.Walked(on.walk(entered), order);
                },
                WorkspaceEvent.WalkFailed::new);
        return true;
    }

    /** A walk is done; the answer is whether another was asked for, and with {@code reload} or not. */
    Optional<Boolean> walked(WorkspaceEvent.Walked walked) {
        walking = false;
        sync.walked("", walked.result(), walked.order());
        Optional<Boolean> again = walkAgain;
        walkAgain = Optional.empty();
        return again;
    }

    void walkFailed() {
        walking = false;
        walkAgain = Optional.empty();
    }

    /** Reads the index again, and looks at what became tracked or is no longer. */
    void reloadTracked() {
        disk.ifPresent(on ->
                life.background(() -> new WorkspaceEvent.Touched(on.reloadTracked()), WorkspaceEvent.WalkFailed::new));
    }

    /** Finds out whether the folder is there, and still the same unless it was {@code missing}. */
    void checkRoot(Path root, boolean missing) {
        Optional<WorkspaceDisk> on = missing ? Optional.empty() : disk;
        life.background(
                () -> new WorkspaceEvent.RootChecked(
                        on.isPresent() ? on.get().present() : root.toFile().isDirectory()),
                _ -> new WorkspaceEvent.RootChecked(false));
    }

    /** Starts as many readers as the bounds allow and looks wait for. */
    void read() {
        while (readers < seat.settings().readers() && disk.isPresent()) {
            List<Look> looks = sync.nextLooks();
            if (looks.isEmpty()) {
                break;
            }
            readers++;
            WorkspaceDisk on = disk.get();
            FolderWatch entered = watch;
            long mark = entered.mark();
            long generation = on.generation();
            life.background(
                    () -> new WorkspaceEvent.Looked(looks, on.look(looks, entered), mark, generation),
                    why -> new WorkspaceEvent.LooksFailed(looks, why));
        }
    }

    /**
     * A reader is done.
     *
     * @param watching whether the folder was read to its end before, so that this is news
     * @return paths to look at once more after a moment
     */
    List<String> looked(WorkspaceEvent.Looked looked, boolean watching) {
        readers--;
        if (disk.isPresent() && disk.get().generation() != looked.generation()) {
            // by rules or an index that were replaced meanwhile; a scan by the new ones may have gone by already
            sync.abandoned(looked.looks());
            return List.of();
        }
        WorkspaceSync.Rest rest = sync.looked(looked.looks(), looked.sights(), watching);
        rest.unwatch().forEach(folder -> watch.left(folder, looked.mark()));
        return rest.again();
    }

    /** A reader failed; what it looked at is looked at again. */
    void looksFailed(WorkspaceEvent.LooksFailed failed) {
        readers--;
        sync.abandoned(failed.looks());
    }
}
