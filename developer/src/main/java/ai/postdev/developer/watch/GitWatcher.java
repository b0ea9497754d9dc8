package ai.postdev.developer.watch;

import ai.postdev.actors.op.Body;
import ai.postdev.developer.ingest.GitFolder;
import ai.postdev.developer.watch.GitState.ReflogEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Watches git's own folder: HEAD, references, index, reflog, stash. Tells each new state with the events that led to
 * it. Runs on {@link WatchSettings#DISPATCHER}: it reads files. A slow poll finds what watching missed.
 */
public final class GitWatcher extends AbstractBehavior<GitWatcher.Command> {
    /** What the watcher understands; local to the node. */
    public sealed interface Command {}

    private enum Changed implements Command {
        INSTANCE
    }

    private enum Check implements Command {
        INSTANCE
    }

    private enum Poll implements Command {
        INSTANCE
    }

    /**
     * The repository moved on.
     *
     * @param before empty at the first reading
     * @param events what led here, oldest first
     * @param marker finds the newest reflog entry again; empty if there is none
     */
    record Moved(Optional<GitState> before, GitState now, List<Body.AppendEvent> events, String marker) {}

    /** A git command writes several files: they are read together after this pause. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** More than {@link #FOLDERS}, in both places. */
    private static final int FOLDERS_MAX = 16;

    private static final List<String> FOLDERS = List.of("", "logs", "refs", "refs/heads", "info");

    private final TimerScheduler<Command> timers;
    private final GitFolder git;
    private final GitEvents events;
    private final Optional<Path> excludesFile;
    private final Consumer<Moved> report;
    private final DirectorySource source;
    private Optional<GitState> state = Optional.empty();
    private String marker;

    /**
     * Watches {@code git} and tells {@code report} (safe on any thread), first the present state.
     *
     * @param marker of the newest reflog entry that was told before, from the last {@link Moved}; empty: none
     */
    static Behavior<Command> create(
            WatchSettings settings,
            GitFolder git,
            GitEvents events,
            Optional<Path> excludesFile,
            String marker,
            Consumer<Moved> report) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new GitWatcher(context, timers, settings, git, events, excludesFile, marker, report)));
    }

    private GitWatcher(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            WatchSettings settings,
            GitFolder git,
            GitEvents events,
            Optional<Path> excludesFile,
            String marker,
            Consumer<Moved> report) {
        super(context);
        this.timers = timers;
        this.git = git;
        this.events = events;
        this.excludesFile = excludesFile;
        this.marker = marker;
        this.report = report;
        this.source = open(context);
        for (String folder : FOLDERS) {
            source.entered("common/" + folder, git.commonDir().resolve(folder));
            source.entered("own/" + folder, git.gitDir().resolve(folder));
        }
        timers.startTimerWithFixedDelay(Poll.INSTANCE, Poll.INSTANCE, settings.gitPollInterval());
        read(settings.reflogFirstMax());
    }

    private DirectorySource open(ActorContext<Command> context) {
        ActorRef<Command> self = context.getSelf();
        try {
            return DirectorySource.open(git.gitDir(), self.path().name(), FOLDERS_MAX, new DirectorySource.Listener() {
                @Override
                public void changed(Set<String> paths) {
                    if (paths.stream().anyMatch(path -> !path.endsWith(".lock") && !path.endsWith("/objects"))) {
                        self.tell(Changed.INSTANCE);
                    }
                }

                @Override
                public void lost(String folder) {
                    self.tell(Changed.INSTANCE);
                }

                @Override
                public void unwatchable(String folder, String why) {
                    // the poll sees the same, a little later
                    self.tell(Changed.INSTANCE);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("no watch service for " + git.gitDir(), e);
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::onCommand)
                .onSignal(PostStop.class, _ -> onStopped())
                .onSignal(PreRestart.class, _ -> onStopped())
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Changed.INSTANCE -> {
                if (!timers.isTimerActive(Check.INSTANCE)) {
                    timers.startSingleTimer(Check.INSTANCE, Check.INSTANCE, PAUSE);
                }
            }
            case Check.INSTANCE -> read(Integer.MAX_VALUE);
            case Poll.INSTANCE -> read(Integer.MAX_VALUE);
        }
        return this;
    }

    private void read(int reflogMax) {
        try {
            GitState now = GitState.read(git, state.map(GitState::reflogBytes).orElse(0L), excludesFile);
            GitState fresh = state.isPresent() ? now : onlyNew(now, reflogMax);
            if (state.isPresent() && unchanged(state.get(), fresh)) {
                return;
            }
            List<Body.AppendEvent> happened = events.between(state, fresh, System.currentTimeMillis());
            if (!fresh.reflog().isEmpty()) {
                marker = fresh.reflog().getLast().marker();
            }
            Optional<GitState> before = state;
            state = Optional.of(fresh);
            report.accept(new Moved(before, fresh, happened, marker));
        } catch (IOException e) {
            // git may be in the middle of a change, or the folder is going away: the next poll tries again
            getContext().getLog().debug("git state of {} was not readable: {}", git.gitDir(), e.getMessage());
        }
    }

    private static boolean unchanged(GitState before, GitState now) {
        return now.reflog().isEmpty()
                && before.head().equals(now.head())
                && before.branch().equals(now.branch())
                && before.stash().equals(now.stash())
                && before.branches().equals(now.branches())
                && before.tips().equals(now.tips())
                && before.indexMark().equals(now.indexMark())
                && before.rulesMark().equals(now.rulesMark());
    }

    /** Leaves out the reflog entries that were told in an earlier life of the node. */
    private GitState onlyNew(GitState now, int reflogMax) {
        List<ReflogEntry> entries = now.reflog();
        int start = 0;
        if (!marker.isEmpty()) {
            long markedMillis = Long.parseLong(marker.substring(0, marker.indexOf(' ')));
            for (int i = 0; i < entries.size(); i++) {
                boolean told =
                        entries.get(i).marker().equals(marker) || entries.get(i).timeMillis() < markedMillis;
                start = told ? i + 1 : start;
            }
        }
        List<ReflogEntry> fresh = entries.subList(Math.max(start, entries.size() - reflogMax), entries.size());
        return new GitState(
                now.head(),
                now.branch(),
                now.stash(),
                now.branches(),
                now.tips(),
                now.indexMark(),
                now.rulesMark(),
                List.copyOf(fresh),
                now.reflogBytes());
    }

    private Behavior<Command> onStopped() {
        try {
            source.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the watch service did not close", e);
        }
        return this;
    }
}
