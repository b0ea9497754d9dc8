package ai.postdev.developer.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Watches the folders of one workspace and tells, at a bearable pace, which paths changed. It watches only folders
 * that the workspace's scan entered, so nothing that is ignored is ever watched. What may have been lost is told as
 * such.
 */
final class FileWatcher extends AbstractBehavior<FileWatcher.Command> {
    /** What the watcher understands; local to the node. */
    sealed interface Command {}

    private record Changed(Set<String> paths) implements Command {}

    private record LostIn(String folder) implements Command {}

    private record Refused(String folder, String why) implements Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    /** What the watcher tells. */
    sealed interface Report {}

    /** Ready; a scan that passes its folders to {@code watch} has them watched before it lists them. */
    record Opened(FolderWatch watch) implements Report {}

    /** The system gave no watch service at all. */
    record NotOpened(String why) implements Report {}

    /** These paths changed or were made or removed. */
    record Touched(List<String> paths) implements Report {}

    /** Changes in {@code folder} were missed: only a scan finds them. */
    record Lost(String folder) implements Report {}

    /** A folder is not watched: only scanning now and then finds its changes. */
    record Unwatchable(String folder, String why) implements Report {}

    /** Ticks are not closer than this. */
    private static final long TICK_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(1);

    private final Consumer<Report> report;
    private final DirectorySource source;
    private final Debounce debounce;
    private boolean ticking;
    private long tickNanos;

    /** Watches {@code root} and tells {@code report}, which must be safe on any thread. */
    static Behavior<Command> create(WatchSettings settings, Path root, Consumer<Report> report) {
        return Behaviors.setup(context -> opened(context, settings, root, report));
    }

    private static Behavior<Command> opened(
            ActorContext<Command> context, WatchSettings settings, Path root, Consumer<Report> report) {
        ActorRef<Command> self = context.getSelf();
        try {
            DirectorySource source = DirectorySource.open(
                    root, context.getSelf().path().name(), settings.foldersMax(), new DirectorySource.Listener() {
                        @Override
                        public void changed(Set<String> paths) {
                            self.tell(new Changed(paths));
                        }

                        @Override
                        public void lost(String folder) {
                            self.tell(new LostIn(folder));
                        }

                        @Override
                        public void unwatchable(String folder, String why) {
                            self.tell(new Refused(folder, why));
                        }
                    });
            report.accept(new Opened(source));
            return new FileWatcher(context, settings, report, source);
        } catch (IOException e) {
            report.accept(new NotOpened(e.getMessage()));
            return Behaviors.stopped();
        }
    }

    private FileWatcher(
            ActorContext<Command> context, WatchSettings settings, Consumer<Report> report, DirectorySource source) {
        super(context);
        this.report = report;
        this.source = source;
        this.debounce = new Debounce(
                settings.settleFirst().toNanos(),
                settings.settle().toNanos(),
                settings.burstPaths(),
                settings.pathsPendingMax());
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
            case Changed changed -> onChanged(changed.paths());
            case LostIn lost -> report.accept(new Lost(lost.folder()));
            case Refused refused -> report.accept(new Unwatchable(refused.folder(), refused.why()));
            case Tick.INSTANCE -> onTick();
        }
        return this;
    }

    private void onChanged(Set<String> paths) {
        long now = System.nanoTime();
        List<String> atOnce = new ArrayList<>();
        for (String path : withoutGitFolders(paths)) {
            if (debounce.changed(path, now)) {
                atOnce.add(path);
            }
        }
        if (!atOnce.isEmpty()) {
            report.accept(new Touched(atOnce));
        }
        tickLater(now);
    }

    /**
     * A tick when the debounce next has something to say. By the JDK's timer, for the actor system's is as coarse as its
     * tick, which is ten times what a save has to wait for.
     */
    private void tickLater(long now) {
        if (debounce.isIdle()) {
            return;
        }
        long at = now + Math.max(TICK_NANOS_MIN, debounce.waitNanos(now));
        if (!ticking || tickNanos - at >= TICK_NANOS_MIN) {
            ticking = true;
            tickNanos = at;
            ActorRef<Command> self = getContext().getSelf();
            CompletableFuture.delayedExecutor(at - now, TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(() -> self.tell(Tick.INSTANCE));
        }
    }

    /**
     * Git's own folder is the business of {@link GitWatcher}; one that comes or goes, or whose HEAD does, changes what
     * the folder around it is.
     */
    private static Set<String> withoutGitFolders(Set<String> paths) {
        Set<String> result = new HashSet<>();
        for (String path : paths) {
            int git = path.endsWith("/.git") ? path.length() - "/.git".length() : path.lastIndexOf("/.git/");
            if (git >= 0) {
                result.add(path.substring(0, git));
            } else if (!path.equals(".git")) {
                result.add(path);
            }
        }
        return result;
    }

    private void onTick() {
        long now = System.nanoTime();
        List<String> settled = debounce.settled(now);
        if (!settled.isEmpty()) {
            report.accept(new Touched(settled));
        }
        if (debounce.takeOverflow()) {
            report.accept(new Lost(""));
        }
        ticking &= tickNanos - now > 0;
        tickLater(now);
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
