package ai.postdev.developer.watch;

import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.developer.ingest.IgnoreRules;
import ai.postdev.developer.ingest.ProjectIdentity;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
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

    private record WriteEnded(long batch, LakeWriting.End end) implements Command {}

    private enum Timer implements Command {
        PUMP,
        EDITS,
        ROOT,
        POLL,
        PROGRESS,
        REOPEN
    }

    private final TimerScheduler<Command> timers;
    private final WorkspaceSeat seat;
    private final WatchSettings settings;
    private final WorkspaceSync sync;
    private final WorkspaceProgress progress = new WorkspaceProgress();
    private final WorkspaceAudience audience = new WorkspaceAudience();
    private final WorkspaceWatchers watchers;
    private final WorkspacePast past;
    private final WorkspaceLife<Command> life;
    private final FolderReading reading;
    private final LakeWriting writing;
    private final WorkspaceGit git;
    private final Settling settling;
    private final Polling<Command> polling;
    private ProjectIdentity identity;
    private WorkspacePhase phase = WorkspacePhase.OPENING;
    /** Everything is read; that it is searchable is said when the lake knows so too. */
    private boolean announcing;

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
        this.life = new WorkspaceLife<>(context, InLife::new);
        this.watchers = new WorkspaceWatchers(context, life, seat, lake);
        this.past = new WorkspacePast(seat, lake, context.getSystem().scheduler(), life.blocking());
        this.sync = new WorkspaceSync(settings, identity.workspace());
        this.reading = new FolderReading(life, seat, sync);
        this.writing = new LakeWriting(
                sync.outbox(),
                identity.workspace(),
                new LakeCourier<>(context, lake, settings.askTimeout(), WriteEnded::new));
        this.polling = new Polling<>(context, timers, Timer.POLL, settings.pollInterval(), identity.root(), progress);
        this.settling = new Settling(sync, writing);
        this.git = new WorkspaceGit(sync, writing, identity.workspace());
        timers.startTimerWithFixedDelay(Timer.ROOT, Timer.ROOT, settings.rootCheckInterval());
        open();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::onCommand).build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Status status ->
                status.replyTo()
                        .tell(progress.status(
                                identity, sync, phase.state(), phase == WorkspacePhase.WATCHING && isQuiet()));
            case Follow follow -> onFollow(follow.replyTo());
            case Rescan rescan -> onRescan(rescan.replyTo());
            case FileAt ask -> past.file(reading.disk(), ask, progress.problem());
            case SearchAt ask -> past.search(reading.disk(), ask, progress.problem());
            case InLife in when life.isPresent(in.life()) -> onEvent(in.event());
            case InLife old ->
                getContext().getLog().debug("passed over {}", old.event().getClass());
            case WriteEnded ended -> onWriteEnded(ended);
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
            case WorkspaceEvent.SettleDue _ -> {
                settling.readAgain();
                pump();
            }
            case WorkspaceEvent.RootChecked checked -> {
                if (checked.present() == (phase == WorkspacePhase.MISSING)) {
                    open();
                }
            }
        }
    }

    private void onTimer(Timer timer) {
        switch (timer) {
            case PUMP -> pump();
            case EDITS -> {
                git.tellEdits();
                pump();
            }
            case ROOT -> checkRoot();
            case POLL -> {
                if (polling.due(reading.unwatched().isEmpty())) {
                    reading.unwatched().ifPresentOrElse(watchers::watchFiles, () -> walk(false));
                }
            }
            case PROGRESS -> audience.tell(progress.line(identity, sync, phase.shown()), false);
            case REOPEN -> open();
        }
    }

    private void open() {
        life.begin();
        phase = WorkspacePhase.OPENING;
        reading.begin();
        git.begin();
        announcing = false;
        polling.begin();
        watchers.stop();
        life.background(
                () -> new WorkspaceEvent.Opened(seat.open()),
                why -> new WorkspaceEvent.NotOpened(why, !Files.isDirectory(identity.root())));
    }

    private void onOpened(WorkspaceDisk opened) {
        reading.opened(opened);
        identity = opened.identity();
        progress.opened(opened.gitProblem());
        watchers.watchFiles(opened);
    }

    private void onNotOpened(WorkspaceEvent.NotOpened not) {
        phase = not.gone() ? WorkspacePhase.MISSING : WorkspacePhase.FAILED;
        progress.problem(not.why());
        watchers.stop();
        audience.rescanned(new Reply.Refused<>(Reply.Reason.UNAVAILABLE, not.why()));
        endFollowing();
        if (!not.gone()) {
            timers.startSingleTimer(Timer.REOPEN, Timer.REOPEN, settings.retryMax());
        }
    }

    private void onFiles(FileWatcher.Report report) {
        progress.reported(report);
        switch (report) {
            case FileWatcher.Opened opened -> {
                reading.watchedBy(opened.watch());
                compareUnlessDone();
            }
            case FileWatcher.NotOpened not -> {
                polling.unwatchable("", not.why());
                compareUnlessDone();
            }
            case FileWatcher.Touched touched -> onTouched(touched.paths());
            case FileWatcher.Lost _ -> walk(false);
            case FileWatcher.Unwatchable folder -> polling.unwatchable(folder.folder(), folder.why());
        }
    }

    private void compareUnlessDone() {
        if (phase.isCompared()) {
            walk(false);
        } else {
            compare();
        }
    }

    private void compare() {
        phase = WorkspacePhase.COMPARING;
        watchers.takeInventory();
    }

    private void onInventory(LakeInventory.Report report) {
        switch (report) {
            case LakeInventory.Silent silent -> progress.problem("the lake does not answer: " + silent.why());
            case LakeInventory.Complete complete -> {
                progress.problem("");
                sync.reset(complete.documents(), complete.settledMillis());
                writing.due("root", identity.root().toString());
                writing.due("name", identity.name());
                reading.disk().ifPresent(on -> watchers.watchGit(on, complete.reflogMarker()));
                phase = WorkspacePhase.READING;
                walk(false);
            }
        }
    }

    private void walk(boolean reload) {
        if (!phase.isClosed() && reading.walk(reload, phase == WorkspacePhase.READING)) {
            polling.scanning();
        }
    }

    private void onWalked(WorkspaceEvent.Walked walked) {
        reading.walked(walked).ifPresent(this::walk);
        pump();
    }

    private void onWalkFailed(String why) {
        reading.walkFailed();
        progress.problem("scan failed: " + why);
        polling.scanFailed();
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
        for (String path : reading.looked(looked, phase == WorkspacePhase.WATCHING)) {
            life.later(settings.settle(), new WorkspaceEvent.Touched(List.of(path)));
        }
        if (git.edited(phase == WorkspacePhase.WATCHING)) {
            timers.startSingleTimer(Timer.EDITS, Timer.EDITS, settings.editQuiet());
        }
        pump();
    }

    private void onLooksFailed(WorkspaceEvent.LooksFailed failed) {
        reading.looksFailed(failed);
        progress.problem("reading failed and is tried again: " + failed.why());
        timers.startSingleTimer(Timer.PUMP, Timer.PUMP, settings.retryMax());
    }

    /** Starts whatever reading and writing the bounds allow. */
    private void pump() {
        if (!phase.isClosed()) {
            reading.read();
        }
        writing.send(System.nanoTime()).ifPresent(wait -> {
            if (!timers.isTimerActive(Timer.PUMP)) {
                timers.startSingleTimer(Timer.PUMP, Timer.PUMP, wait);
            }
        });
        if (phase.isCompared() && isQuiet()) {
            onQuiet();
        }
    }

    /** Disk and lake agree. */
    private void onQuiet() {
        git.agreed();
        if (phase == WorkspacePhase.READING) {
            phase = WorkspacePhase.WATCHING;
            announcing = true;
            git.tips().ifPresent(watchers::advanceHistory);
            settling.begin();
        }
        if (settling.quiet()) {
            life.later(Settling.DELAY, new WorkspaceEvent.SettleDue());
        }
        audience.rescanned(new Reply.Answered<>(sync.changes()));
        Map<String, String> due = writing.takeDue();
        if (!due.isEmpty()) {
            due.forEach(sync::setting);
            pump();
        } else if (announcing) {
            // Only now: what the lake knows of a folder that was read to its end is part of its being searchable.
            announcing = false;
            endFollowing();
        }
    }

    private void onWriteEnded(WriteEnded ended) {
        if (ended.end() instanceof LakeWriting.NotWritten(String why)) {
            getContext().getLog().debug("a write to the lake is sent again: {}", why);
        }
        writing.ended(ended.batch(), ended.end(), System.nanoTime()).ifPresent(lost -> {
            getContext().getLog().error("the lake refused {}: {}", lost.key(), lost.why());
            progress.problem("the lake refused " + lost.key() + ": " + lost.why());
        });
        progress.standstill(writing.standstill());
        pump();
    }

    private void onGitMoved(GitWatcher.Moved moved) {
        progress.git(moved.now().head(), moved.now().branch());
        WorkspaceGit.Due due = git.moved(moved);
        due.walk().ifPresent(this::walk);
        if (due.index()) {
            reading.reloadTracked();
        }
        if (phase == WorkspacePhase.WATCHING) {
            due.history().ifPresent(watchers::advanceHistory);
        }
        pump();
    }

    private void checkRoot() {
        if (phase != WorkspacePhase.OPENING && phase != WorkspacePhase.FAILED) {
            reading.checkRoot(identity.root(), phase == WorkspacePhase.MISSING);
        }
    }

    private void onFollow(ActorRef<WorkspaceProtocol.UpEvent> follower) {
        audience.follow(follower);
        if (phase.isOutcome() && !announcing) {
            endFollowing();
        } else {
            timers.startTimerWithFixedDelay(Timer.PROGRESS, Timer.PROGRESS, WorkspaceAudience.INTERVAL);
        }
    }

    private void endFollowing() {
        timers.cancel(Timer.PROGRESS);
        audience.tell(progress.line(identity, sync, phase.shown()), true);
    }

    private void onRescan(ActorRef<Reply<Integer>> replyTo) {
        if (phase.isClosed()) {
            replyTo.tell(new Reply.Refused<>(Reply.Reason.UNAVAILABLE, progress.problem()));
            return;
        }
        audience.awaitRescan(replyTo);
        if (phase == WorkspacePhase.WATCHING) {
            compare();
        }
    }

    private boolean isQuiet() {
        return !reading.isWalking() && sync.isQuiet();
    }
}
