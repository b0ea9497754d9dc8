package ai.postdev.developer.watch;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.developer.ingest.CommitRecord;
import ai.postdev.developer.ingest.GitLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Brings a repository's commits into the lake, newest first, a page at a time; asks the lake first which ones it
 * lacks, so that a page may be tried again at any moment. Runs on {@link WatchSettings#DISPATCHER}: it runs git.
 */
public final class HistoryFeed extends AbstractBehavior<HistoryFeed.Command> {
    /** What the feed understands; local to the node. */
    public sealed interface Command {}

    /** Remembers every commit that can be reached from {@code tips}. */
    record Advance(List<String> tips) implements Command {}

    private record Missing(int page, Reply<List<String>> reply) implements Command {}

    private record Written(int page, Reply<LakeProtocol.Appended> reply) implements Command {}

    private record Failed(int page, String why) implements Command {}

    private enum Retry implements Command {
        INSTANCE
    }

    /**
     * How far the feed is.
     *
     * @param remembered commits that the lake holds
     * @param waiting commits that are still to be looked at
     * @param problem why it stands still; empty if it does not
     */
    record Progress(long remembered, long waiting, String problem) {}

    private final TimerScheduler<Command> timers;
    private final WatchSettings settings;
    private final GitLog log;
    private final UnaryOperator<String> redact;
    private final RecipientRef<LakeProtocol.Command> lake;
    private final Consumer<Progress> report;
    private List<String> doneTips = List.of();
    private List<String> tips = List.of();
    private Optional<List<String>> nextTips = Optional.empty();
    private List<String> ids = List.of();
    private final List<List<Body>> portions = new ArrayList<>();
    private int position;
    private long remembered;
    private boolean busy;
    private int failures;
    /** Counts steps, so that an answer to an abandoned one is known as such. */
    private int step;

    /**
     * A feed into {@code lake}.
     *
     * @param wanted the tips that the newest {@link Advance} named, empty before the first; safe on any thread
     */
    static Behavior<Command> create(
            WatchSettings settings,
            GitLog log,
            UnaryOperator<String> redact,
            RecipientRef<LakeProtocol.Command> lake,
            Supplier<List<String>> wanted,
            Consumer<Progress> report) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            HistoryFeed feed = new HistoryFeed(context, timers, settings, log, redact, lake, report);
            // After a failure nobody asks once more, and what was asked while this waited to begin anew is lost.
            List<String> tips = wanted.get();
            if (!tips.isEmpty()) {
                feed.onAdvance(tips);
            }
            return feed;
        }));
    }

    private HistoryFeed(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            WatchSettings settings,
            GitLog log,
            UnaryOperator<String> redact,
            RecipientRef<LakeProtocol.Command> lake,
            Consumer<Progress> report) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.log = log;
        this.redact = redact;
        this.lake = lake;
        this.report = report;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::onCommand).build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Advance advance -> onAdvance(advance.tips());
            case Missing missing when missing.page() == step -> onMissing(missing.reply());
            case Written written when written.page() == step -> onWritten(written.reply());
            case Failed failed when failed.page() == step -> retryLater(failed.why());
            case Missing _, Written _, Failed _ -> getContext().getLog().debug("late answer of the lake passed over");
            case Retry.INSTANCE -> resume();
        }
        return this;
    }

    private void onAdvance(List<String> wanted) {
        if (busy) {
            nextTips = Optional.of(wanted);
            return;
        }
        tips = wanted;
        busy = true;
        list();
    }

    private void list() {
        try {
            ids = log.reachable(tips, doneTips, settings.commitsMax());
            position = 0;
            askMissing();
        } catch (IOException e) {
            ids = List.of();
            retryLater("git history was not readable: " + e.getMessage());
        }
    }

    private void resume() {
        if (ids.isEmpty()) {
            list();
        } else {
            askMissing();
        }
    }

    private List<String> page() {
        return ids.subList(position, Math.min(ids.size(), position + settings.commitsPage()));
    }

    private void askMissing() {
        step++;
        int asked = step;
        if (position >= ids.size()) {
            finished();
            return;
        }
        List<String> page = page();
        getContext()
                .ask(
                        Replies.<List<String>>type(),
                        lake,
                        settings.askTimeout(),
                        replyTo -> new LakeProtocol.MissingCommits(page, replyTo),
                        (reply, failure) -> failure == null
                                ? new Missing(asked, reply)
                                : new Failed(asked, "the lake did not say which commits it lacks"));
    }

    private void onMissing(Reply<List<String>> reply) {
        switch (reply) {
            case Reply.Refused<List<String>> refused -> retryLater(refused.message());
            case Reply.Answered<List<String>> answered -> {
                try {
                    portions.clear();
                    portions.addAll(portions(log.read(answered.answer())));
                    writeNext();
                } catch (IOException e) {
                    retryLater("commits were not readable: " + e.getMessage());
                }
            }
        }
    }

    private List<List<Body>> portions(List<CommitRecord> commits) {
        List<List<Body>> result = new ArrayList<>();
        List<Body> current = new ArrayList<>();
        long bytes = 0;
        for (CommitRecord commit : commits) {
            Body.AppendEvent event = commit.toEvent(redact, settings.commitPathsMax());
            long size = 300L
                    + event.text().length()
                    + event.paths().stream().mapToInt(String::length).sum();
            boolean full = bytes + size > settings.appendBytesMax() || current.size() >= settings.appendOperationsMax();
            if (full && !current.isEmpty()) {
                result.add(List.copyOf(current));
                current.clear();
                bytes = 0;
            }
            current.add(event);
            bytes += size;
        }
        if (!current.isEmpty()) {
            result.add(List.copyOf(current));
        }
        return result;
    }

    private void writeNext() {
        if (portions.isEmpty()) {
            int done = page().size();
            remembered += done;
            position += done;
            failures = 0;
            report.accept(new Progress(remembered, ids.size() - position, ""));
            askMissing();
            return;
        }
        step++;
        int asked = step;
        List<Body> bodies = portions.removeFirst();
        getContext()
                .ask(
                        Replies.<LakeProtocol.Appended>type(),
                        lake,
                        settings.askTimeout(),
                        replyTo -> new LakeProtocol.Append(bodies, List.of(), replyTo),
                        (reply, failure) -> failure == null
                                ? new Written(asked, reply)
                                : new Failed(asked, "the lake did not answer a write of commits"));
    }

    private void onWritten(Reply<LakeProtocol.Appended> reply) {
        switch (reply) {
            case Reply.Answered<LakeProtocol.Appended> _ -> writeNext();
            case Reply.Refused<LakeProtocol.Appended> refused -> retryLater(refused.message());
        }
    }

    private void finished() {
        busy = false;
        doneTips = tips;
        ids = List.of();
        report.accept(new Progress(remembered, 0, ""));
        nextTips.ifPresent(next -> {
            nextTips = Optional.empty();
            onAdvance(next);
        });
    }

    /** The page is begun again: the lake is asked anew what it lacks, so nothing is written twice. */
    private void retryLater(String why) {
        step++;
        portions.clear();
        long wait = settings.retryMin().toNanos() << Math.min(failures, 20);
        failures++;
        report.accept(new Progress(remembered, ids.size() - position, why));
        timers.startSingleTimer(
                Retry.INSTANCE,
                Retry.INSTANCE,
                Duration.ofNanos(Math.min(settings.retryMax().toNanos(), Math.max(1, wait))));
    }
}
