package ai.postdev.developer.watch;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.developer.ingest.IgnoreRules;
import ai.postdev.developer.ingest.ProjectIdentity;
import ai.postdev.developer.watch.LookQueue.Look;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One watched folder: keeps the lake equal to the disk. Everything that changes ends in a look at a path, and a look
 * makes ledger and lake agree with what is there; so events may come twice, late or in any order, and a scan mends
 * what they missed. Decides through {@link WorkspaceSync}; never blocks: looks, walks and git run on
 * {@link WatchSettings#DISPATCHER}.
 */
final class Workspace extends AbstractBehavior<Workspace.Command> {
    /** What a workspace understands; local to the node. */
    sealed interface Command {}

    /** What is known of this workspace. */
    record Status(ActorRef<ProjectStatus> replyTo) implements Command {}

    /** Tells progress until the folder is searchable, or why it is not. */
    record Follow(ActorRef<WorkspaceProtocol.UpEvent> replyTo) implements Command {}

    /** Compares disk and lake from the beginning; the answer is how many documents differed. */
    record Rescan(ActorRef<Reply<Integer>> replyTo) implements Command {}

    /** A file of a past commit. */
    record FileAt(String path, String revision, ActorRef<Reply<WorkspaceProtocol.RevisionFile>> replyTo)
            implements Command {}

    /** Searches a past commit. */
    record SearchAt(SearchRequest request, ActorRef<Reply<SearchAnswer>> replyTo) implements Command {}

    /** Something that belongs to one opening of the folder; passed over after the next opening. */
    private record InLife(int life, WorkspaceEvent event) implements Command {}

    private record Written(long batch, Reply<LakeProtocol.Appended> reply) implements Command {}

    private record WriteFailed(long batch, String why) implements Command {}

    private enum Timer implements Command {
        PUMP,
        EDITS,
        ROOT,
        POLL,
        PROGRESS,
        REOPEN
    }

    /** Files read within their tick are read once more after this time. */
    private static final Duration SETTLE_DELAY = Duration.ofNanos(2 * Ledger.COARSE_TICK_NANOS);

    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(200);

    private final TimerScheduler<Command> timers;
    private final WorkspaceSeat seat;
    private final WatchSettings settings;
    private final RecipientRef<LakeProtocol.Command> lake;
    private final WorkspaceSync sync;
    private final WorkspaceProgress progress = new WorkspaceProgress();
    private final List<ActorRef<Reply<Integer>>> rescans = new ArrayList<>();
    private final Map<String, String> settingsDue = new TreeMap<>();
    private final WorkspaceWatchers watchers;
    private final WorkspacePast past;
    private final WorkspaceLife<Command> life;

    private ProjectIdentity identity;
    private WorkspacePhase phase = WorkspacePhase.OPENING;
    private Optional<WorkspaceDisk> disk = Optional.empty();
    private FolderWatch watch = FolderWatch.NONE;
    private Optional<List<String>> tips = Optional.empty();
    /** Git changed the files: until disk and lake agree again, changes are not a person's edits. */
    private boolean switching;
    /** At the next quiet moment {@link LakeInventory#SETTLED} is due. */
    private boolean settling;

    /** Everything is read; that it is searchable is said when the lake knows so too. */
    private boolean announcing;

    private boolean walking;
    private Optional<Boolean> walkAgain = Optional.empty();
    private int readers;

    /** Keeps {@code lake} equal to the folder of {@code seat}. */
    static Behavior<Command> create(WorkspaceSeat seat, RecipientRef<LakeProtocol.Command> lake) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Workspace(context, timers, seat, lake)));
    }

    private Workspace(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            WorkspaceSeat seat,
            RecipientRef<LakeProtocol.Command> lake) {
        super(context);
        this.timers = timers;
        this.seat = seat;
        this.settings = seat.settings();
        this.identity = seat.identity();
        this.lake = lake;
        Executor blocking =
                context.getSystem().dispatchers().lookup(DispatcherSelector.fromConfig(WatchSettings.DISPATCHER));
        this.life = new WorkspaceLife<>(context, blocking, InLife::new);
        this.watchers = new WorkspaceWatchers(context, seat, lake);
        this.past = new WorkspacePast(seat, lake, context.getSystem().scheduler(), blocking);
        this.sync = new WorkspaceSync(settings, identity.workspace());
        timers.startTimerWithFixedDelay(Timer.ROOT, Timer.ROOT, settings.rootCheckInterval());
        open();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::onCommand).build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Status status -> status.replyTo().tell(progress.status(identity, sync, phase.state(), isIndexed()));
            case Follow follow -> onFollow(follow.replyTo());
            case Rescan rescan -> onRescan(rescan.replyTo());
            case FileAt ask -> onFileAt(ask);
            case SearchAt ask -> onSearchAt(ask);
            case InLife in when life.isPresent(in.life()) -> onEvent(in.event());
            case InLife old ->
                getContext().getLog().debug("passed over {}", old.event().getClass());
            case Written written -> onWritten(written);
            case WriteFailed failed -> writeLater(failed.batch(), failed.why());
            case Timer timer -> onTimer(timer);
        }
        return this;
    }

    private void onEvent(WorkspaceEvent event) {
        switch (event) {
            case WorkspaceEvent.Opened opened -> onOpened(opened.disk());
            case WorkspaceEvent.NotOpened not -> onNotOpened(not);
            case WorkspaceEvent.FilesReported reported -> onFiles(reported.report());
            case WorkspaceEvent.InventoryReported reported -> onInventory(reported.report());
            case WorkspaceEvent.Walked walked -> onWalked(walked);
            case WorkspaceEvent.WalkFailed failed -> onWalkFailed(failed.why());
            case WorkspaceEvent.Looked looked -> onLooked(looked);
            case WorkspaceEvent.LooksFailed failed -> onLooksFailed(failed);
            case WorkspaceEvent.Touched touched -> onTouched(touched.paths());
            case WorkspaceEvent.GitMoved moved -> onGitMoved(moved.moved());
            case WorkspaceEvent.HistoryMoved moved -> progress.history(moved.progress());
            case WorkspaceEvent.SettleDue _ -> onSettleDue();
            case WorkspaceEvent.RootChecked checked -> onRootChecked(checked.present());
        }
    }

    private void onTimer(Timer timer) {
        switch (timer) {
            case PUMP -> pump();
            case EDITS -> flushEdits();
            case ROOT -> checkRoot();
            case POLL -> walk(false);
            case PROGRESS -> progress.tell(progress.line(identity, sync, phase.shown()), false);
            case REOPEN -> open();
        }
    }

    // ---- opening: folder, watcher, what the lake holds, first walk ----

    private void open() {
        life.begin();
        phase = WorkspacePhase.OPENING;
        walking = false;
        walkAgain = Optional.empty();
        readers = 0;
        sync.forgetReaders();
        tips = Optional.empty();
        timers.cancel(Timer.POLL);
        progress.allWatchable();
        watchers.stop();
        watch = FolderWatch.NONE;
        life.background(
                () -> new WorkspaceEvent.Opened(seat.open()),
                why -> new WorkspaceEvent.NotOpened(why, !Files.isDirectory(identity.root())));
    }

    private void onOpened(WorkspaceDisk opened) {
        disk = Optional.of(opened);
        identity = opened.identity();
        progress.problem("");
        watchers.watchFiles(opened, life.telling(WorkspaceEvent.FilesReported::new));
    }

    private void onNotOpened(WorkspaceEvent.NotOpened not) {
        phase = not.gone() ? WorkspacePhase.MISSING : WorkspacePhase.FAILED;
        progress.problem(not.why());
        watchers.stop();
        rescans.forEach(waiting -> waiting.tell(new Reply.Refused<>(Reply.Reason.UNAVAILABLE, not.why())));
        rescans.clear();
        endFollowing("failed");
        if (!not.gone()) {
            timers.startSingleTimer(Timer.REOPEN, Timer.REOPEN, settings.retryMax());
        }
    }

    private void onFiles(FileWatcher.Report report) {
        switch (report) {
            case FileWatcher.Opened opened -> {
                watch = opened.watch();
                compare();
            }
            case FileWatcher.NotOpened not -> {
                progress.unwatchable("", not.why());
                pollFromNow();
                compare();
            }
            case FileWatcher.Touched touched -> onTouched(touched.paths());
            case FileWatcher.Lost _ -> walk(false);
            case FileWatcher.Unwatchable folder -> {
                progress.unwatchable(folder.folder(), folder.why());
                pollFromNow();
            }
        }
    }

    private void pollFromNow() {
        if (!timers.isTimerActive(Timer.POLL)) {
            timers.startTimerWithFixedDelay(Timer.POLL, Timer.POLL, settings.pollInterval());
        }
    }

    private void compare() {
        phase = WorkspacePhase.COMPARING;
        watchers.takeInventory(life.telling(WorkspaceEvent.InventoryReported::new));
    }

    private void onInventory(LakeInventory.Report report) {
        switch (report) {
            case LakeInventory.Silent silent -> progress.problem("the lake does not answer: " + silent.why());
            case LakeInventory.Complete complete -> {
                progress.problem("");
                sync.reset(complete.documents(), complete.settledMillis());
                due("root", identity.root().toString());
                due("name", identity.name());
                disk.ifPresent(on -> watchers.watchGit(
                        on,
                        complete.reflogMarker(),
                        life.telling(WorkspaceEvent.GitMoved::new),
                        life.telling(WorkspaceEvent.HistoryMoved::new)));
                phase = WorkspacePhase.READING;
                walk(false);
            }
        }
    }

    // ---- walking and looking ----

    /** Walks the whole folder, once more if a walk is under way; {@code reload}: with rules and index read again. */
    private void walk(boolean reload) {
        if (disk.isEmpty() || phase.isClosed()) {
            return;
        }
        if (walking) {
            walkAgain = Optional.of(reload || walkAgain.orElse(false));
            return;
        }
        walking = true;
        WorkspaceDisk on = disk.get();
        FolderWatch entered = watch;
        boolean first = phase == WorkspacePhase.READING;
        progress.allWatchable();
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
    }

    private void onWalked(WorkspaceEvent.Walked walked) {
        walking = false;
        sync.walked("", walked.result(), walked.order());
        againIfAsked();
        pump();
    }

    private void onWalkFailed(String why) {
        walking = false;
        progress.problem("scan failed: " + why);
        walkAgain = Optional.empty();
        pollFromNow();
    }

    private void againIfAsked() {
        walkAgain.ifPresent(reload -> {
            walkAgain = Optional.empty();
            walk(reload);
        });
    }

    private void onTouched(List<String> paths) {
        if (paths.stream().anyMatch(IgnoreRules::isRuleFile)) {
            past.rulesChanged();
            walk(true);
        }
        if (!sync.touched(paths)) {
            walk(false);
        }
        pump();
    }

    private void onLooked(WorkspaceEvent.Looked looked) {
        readers--;
        if (disk.isPresent() && disk.get().generation() != looked.generation()) {
            // by rules or an index that were replaced meanwhile; a scan by the new ones may have gone by already
            sync.abandoned(looked.looks());
            pump();
            return;
        }
        WorkspaceSync.Rest rest = sync.looked(looked.looks(), looked.sights(), phase == WorkspacePhase.WATCHING);
        for (String path : rest.again()) {
            life.later(settings.settle(), new WorkspaceEvent.Touched(List.of(path)));
        }
        rest.unwatch().forEach(folder -> watch.left(folder, looked.mark()));
        if (phase != WorkspacePhase.WATCHING || switching) {
            sync.edits().clear();
        } else if (!sync.edits().isEmpty()) {
            timers.startSingleTimer(Timer.EDITS, Timer.EDITS, settings.editQuiet());
        }
        pump();
    }

    private void onLooksFailed(WorkspaceEvent.LooksFailed failed) {
        readers--;
        sync.abandoned(failed.looks());
        progress.problem("reading failed and is tried again: " + failed.why());
        timers.startSingleTimer(Timer.PUMP, Timer.PUMP, settings.retryMax());
    }

    /** Starts whatever reading and writing the bounds allow. */
    private void pump() {
        while (readers < settings.readers() && disk.isPresent() && !phase.isClosed()) {
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
        long now = System.nanoTime();
        Optional<Outbox.Batch> batch = sync.outbox().next(now);
        while (batch.isPresent()) {
            write(batch.get());
            batch = sync.outbox().next(now);
        }
        long wait = sync.outbox().waitNanos(now);
        if (wait > 0 && !timers.isTimerActive(Timer.PUMP)) {
            timers.startSingleTimer(Timer.PUMP, Timer.PUMP, Duration.ofNanos(wait));
        }
        boolean settled = phase == WorkspacePhase.READING || phase == WorkspacePhase.WATCHING;
        if (settled && !walking && sync.isQuiet()) {
            onQuiet();
        }
    }

    /** Disk and lake agree. */
    private void onQuiet() {
        switching = false;
        if (phase == WorkspacePhase.READING) {
            phase = WorkspacePhase.WATCHING;
            announcing = true;
            tips.ifPresent(watchers::advanceHistory);
            settling = true;
        }
        if (settling) {
            settle();
        }
        rescans.forEach(waiting -> waiting.tell(new Reply.Answered<>(sync.changes())));
        rescans.clear();
        if (!settingsDue.isEmpty()) {
            settingsDue.forEach(sync::setting);
            settingsDue.clear();
            pump();
        } else if (announcing) {
            // Only now: what the lake knows of a folder that was read to its end is part of its being searchable.
            announcing = false;
            endFollowing("searchable");
        }
    }

    /** After a first comparison: remembers that all was read for certain, so that the next start need not read it. */
    private void settle() {
        settling = false;
        if (sync.ledger().unsure(WorkspaceDisk.nowNanos()).isEmpty()) {
            due(LakeInventory.SETTLED, Long.toString(System.currentTimeMillis()));
        } else {
            life.later(SETTLE_DELAY, new WorkspaceEvent.SettleDue());
        }
    }

    private void onSettleDue() {
        settling = sync.touched(sync.ledger().unsure(WorkspaceDisk.nowNanos()));
        pump();
    }

    // ---- writing ----

    private void write(Outbox.Batch batch) {
        List<Body> bodies = batch.items().stream().map(Outbox.Item::body).toList();
        List<LakeProtocol.Blob> blobs =
                batch.items().stream().flatMap(item -> item.blob().stream()).toList();
        getContext()
                .ask(
                        Replies.<LakeProtocol.Appended>type(),
                        lake,
                        settings.askTimeout(),
                        replyTo -> new LakeProtocol.Append(bodies, blobs, replyTo),
                        (reply, failure) -> failure == null
                                ? new Written(batch.id(), reply)
                                : new WriteFailed(batch.id(), "no answer to a write"));
    }

    private void onWritten(Written written) {
        switch (written.reply()) {
            case Reply.Answered<LakeProtocol.Appended> _ -> {
                sync.outbox().acknowledged(written.batch());
                pump();
            }
            case Reply.Refused<LakeProtocol.Appended> refused -> {
                if (refused.reason() == Reply.Reason.INVALID) {
                    sync.outbox().refused(written.batch()).ifPresent(item -> {
                        getContext().getLog().error("the lake refused {}: {}", item.key(), refused.message());
                        progress.problem("the lake refused " + item.key() + ": " + refused.message());
                    });
                    pump();
                } else {
                    writeLater(written.batch(), refused.message());
                }
            }
        }
    }

    private void writeLater(long batch, String why) {
        getContext().getLog().debug("a write to the lake is sent again: {}", why);
        sync.outbox().failed(batch, System.nanoTime());
        pump();
    }

    private void flushEdits() {
        if (!sync.edits().isEmpty()) {
            sync.event(sync.edits().take(identity.workspace(), progress.branch(), System.currentTimeMillis()));
            pump();
        }
    }

    // ---- git ----

    private void onGitMoved(GitWatcher.Moved moved) {
        GitState now = moved.now();
        progress.git(now.head(), now.branch());
        GitTurn turn = GitTurn.of(moved.before(), now, moved.events());
        switch (turn.edits()) {
            case KEEP -> {}
            case TELL -> flushEdits();
            case DROP -> {
                sync.edits().clear();
                switching = true;
            }
        }
        moved.events().forEach(sync::event);
        due("commit", now.head().orElse(""));
        due("branch", now.branch().orElse(""));
        if (!moved.marker().isEmpty()) {
            due(LakeInventory.REFLOG, moved.marker());
        }
        if (turn.rules()) {
            walk(true);
        }
        if (turn.index()) {
            disk.ifPresent(on -> life.background(
                    () -> new WorkspaceEvent.Touched(on.reloadTracked()), WorkspaceEvent.WalkFailed::new));
        }
        if (turn.walk()) {
            walk(false);
        }
        if (tips.isEmpty() || !tips.get().equals(now.tips())) {
            tips = Optional.of(now.tips());
            if (phase == WorkspacePhase.WATCHING) {
                watchers.advanceHistory(now.tips());
            }
        }
        pump();
    }

    // ---- being there, being asked ----

    private void checkRoot() {
        boolean opening = phase == WorkspacePhase.OPENING || phase == WorkspacePhase.FAILED;
        if (!opening) {
            Optional<WorkspaceDisk> on = phase == WorkspacePhase.MISSING ? Optional.empty() : disk;
            life.background(
                    () -> new WorkspaceEvent.RootChecked(
                            on.isPresent()
                                    ? on.get().present()
                                    : identity.root().toFile().isDirectory()),
                    _ -> new WorkspaceEvent.RootChecked(false));
        }
    }

    private void onRootChecked(boolean present) {
        if (present == (phase == WorkspacePhase.MISSING)) {
            open();
        }
    }

    private void onFollow(ActorRef<WorkspaceProtocol.UpEvent> follower) {
        progress.follow(follower);
        switch (phase) {
            case WATCHING -> {
                if (announcing) {
                    showProgress();
                } else {
                    endFollowing("searchable");
                }
            }
            case MISSING, FAILED -> endFollowing("failed");
            case OPENING, COMPARING, READING -> showProgress();
        }
    }

    private void showProgress() {
        timers.startTimerWithFixedDelay(Timer.PROGRESS, Timer.PROGRESS, PROGRESS_INTERVAL);
    }

    private void endFollowing(String shown) {
        timers.cancel(Timer.PROGRESS);
        progress.tell(progress.line(identity, sync, shown), true);
    }

    private void onRescan(ActorRef<Reply<Integer>> replyTo) {
        if (phase.isClosed()) {
            replyTo.tell(new Reply.Refused<>(Reply.Reason.UNAVAILABLE, progress.problem()));
            return;
        }
        rescans.add(replyTo);
        if (phase == WorkspacePhase.WATCHING) {
            compare();
        }
    }

    private void onFileAt(FileAt ask) {
        if (disk.isEmpty()) {
            ask.replyTo().tell(new Reply.Refused<>(Reply.Reason.UNAVAILABLE, progress.problem()));
            return;
        }
        past.file(disk.get(), ask.path(), ask.revision(), ask.replyTo());
    }

    private void onSearchAt(SearchAt ask) {
        if (disk.isEmpty()) {
            ask.replyTo().tell(new Reply.Refused<>(Reply.Reason.UNAVAILABLE, progress.problem()));
            return;
        }
        past.search(disk.get(), ask.request(), ask.replyTo());
    }

    private boolean isIndexed() {
        return phase == WorkspacePhase.WATCHING && !walking && sync.isQuiet();
    }

    /** A setting of the lake, to be written as soon as disk and lake agree. */
    private void due(String name, String value) {
        settingsDue.put(LakeInventory.settingKey(identity.workspace(), name), value);
    }
}
