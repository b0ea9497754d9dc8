package ai.postdev.developer.watch;

import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.developer.ingest.GitFolder;
import ai.postdev.developer.ingest.GitLog;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The children of one opening of a workspace: file watcher, git watcher, history feed, inventory. */
final class WorkspaceWatchers {
    private static final DispatcherSelector BLOCKING = DispatcherSelector.fromConfig(WatchSettings.DISPATCHER);

    private final ActorContext<?> context;
    private final WorkspaceLife<?> life;
    private final WorkspaceSeat seat;
    private final RecipientRef<LakeProtocol.Command> lake;
    /** From which history is wanted; each opening has its own, which its feed reads when it begins anew. */
    private AtomicReference<List<String>> tips = new AtomicReference<>(List.of());

    private Optional<ActorRef<FileWatcher.Command>> files = Optional.empty();
    private Optional<ActorRef<GitWatcher.Command>> git = Optional.empty();
    private Optional<ActorRef<HistoryFeed.Command>> history = Optional.empty();
    private Optional<ActorRef<LakeInventory.Command>> inventory = Optional.empty();

    /** What the children tell comes into {@code life}. */
    WorkspaceWatchers(
            ActorContext<?> context,
            WorkspaceLife<?> life,
            WorkspaceSeat seat,
            RecipientRef<LakeProtocol.Command> lake) {
        this.context = context;
        this.life = life;
        this.seat = seat;
        this.lake = lake;
    }

    void watchFiles(WorkspaceDisk disk) {
        files = Optional.of(context.spawnAnonymous(kept(FileWatcher.create(
                seat.settings(), disk.identity().root(), life.telling(WorkspaceEvent.FilesReported::new)))));
    }

    /** A child that fails begins anew: a watcher then tells its state once more, which costs a comparison at most. */
    private <T> Behavior<T> kept(Behavior<T> child) {
        return Behaviors.supervise(child).onFailure(seat.settings().restart());
    }

    void takeInventory() {
        inventory.ifPresent(context::stop);
        inventory = Optional.of(context.spawnAnonymous(LakeInventory.create(
                seat.settings(),
                lake,
                seat.identity().workspace(),
                life.telling(WorkspaceEvent.InventoryReported::new))));
    }

    /** Follows git, if the folder has it and it is not followed yet. */
    void watchGit(WorkspaceDisk disk, String reflogMarker) {
        Optional<GitFolder> folder = disk.identity().git();
        if (folder.isEmpty() || git.isPresent()) {
            return;
        }
        GitLog log = GitLog.of(folder.get(), seat.gitInstalled());
        GitEvents events = new GitEvents(seat.identity().workspace(), seat.intake()::redact);
        history = Optional.of(context.spawnAnonymous(
                kept(HistoryFeed.create(
                        seat.settings(),
                        log,
                        seat.intake()::redact,
                        lake,
                        tips::get,
                        life.telling(WorkspaceEvent.HistoryMoved::new))),
                BLOCKING));
        git = Optional.of(context.spawnAnonymous(
                kept(GitWatcher.create(
                        seat.settings(),
                        folder.get(),
                        events,
                        disk.excludesFile(),
                        reflogMarker,
                        life.telling(WorkspaceEvent.GitMoved::new))),
                BLOCKING));
    }

    /** Remembers the commits that can be reached from {@code tips}. */
    void advanceHistory(List<String> tips) {
        this.tips.set(List.copyOf(tips));
        history.ifPresent(feed -> feed.tell(new HistoryFeed.Advance(tips)));
    }

    void stop() {
        files.ifPresent(context::stop);
        git.ifPresent(context::stop);
        history.ifPresent(context::stop);
        inventory.ifPresent(context::stop);
        tips = new AtomicReference<>(List.of());
        files = Optional.empty();
        git = Optional.empty();
        history = Optional.empty();
        inventory = Optional.empty();
    }
}
