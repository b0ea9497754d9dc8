package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.protocol.LakeProtocol.Appended;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.history.HistoryView;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of what a lake does to let go of events: choose, drop, and so on until nothing is left; then erase, and fold
 * anew if it is worth it; then wait. Lives on the lake's thread; the work runs elsewhere and comes back as an event.
 */
final class RetentionCycle {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionCycle.class);

    /** Time after opening at which a lake first looks for events to drop: it then has no starting work left to hinder. */
    private static final Duration FIRST = Duration.ofSeconds(30);

    private final LakeRetention retention;
    private final Host host;
    private final PinWatch pins = new PinWatch();

    /** What moves it on. */
    sealed interface Event {}

    /** It is time to look. */
    enum Due implements Event {
        INSTANCE
    }

    /** @param seen pins that what was chosen from knew of */
    private record Chosen(Reply<List<Body>> drops, long seen) implements Event {}

    /** What was chosen is written, or refused. */
    record Dropped(Reply<Appended> written) implements Event {}

    /** @param worth whether folding anew is worth the work */
    private record Erasure(long bytes, boolean worth) {}

    private record Erased(Reply<Erasure> erasure) implements Event {}

    /** The lake around it. */
    interface Host {
        /** What is shown now. */
        HistoryView history();

        /** Whether the lake is ending: nothing new is begun then. */
        boolean isEnding();

        /** Runs work where it may wait for the disk, and hands on what becomes of it. */
        <T> void work(Supplier<T> work, Function<Reply<T>, Event> done);

        /** Has operations written like those of any other writer; {@link Dropped} tells what became of them. */
        void write(List<Body> drops);

        /** Has the history folded anew. */
        void renew();

        /** Sends {@link Due} after a time. */
        void later(Duration time);
    }

    RetentionCycle(LakeRetention retention, Host host) {
        this.retention = retention;
        this.host = host;
    }

    /** To be told of what is asked for, refused and shown. */
    PinWatch pins() {
        return pins;
    }

    /** The lake is open. */
    void begin() {
        Duration every = retention.settings().every();
        host.later(every.compareTo(FIRST) < 0 ? every : FIRST);
    }

    void on(Event event) {
        switch (event) {
            case Due _ -> choose();
            case Chosen chosen -> onChosen(chosen);
            case Dropped dropped -> onDropped(dropped.written());
            case Erased erased -> onErased(erased.erasure());
        }
    }

    private void choose() {
        HistoryView history = host.history();
        long seen = pins.seen();
        if (!host.isEnding()) {
            host.work(() -> retention.choose(history), drops -> new Chosen(drops, seen));
        }
    }

    private void onChosen(Chosen chosen) {
        if (!(chosen.drops() instanceof Reply.Answered<List<Body>>(List<Body> drops))) {
            wait(chosen.drops());
        } else if (drops.isEmpty()) {
            HistoryView history = host.history();
            host.work(() -> new Erasure(retention.erase(history), retention.isWorthFolding(history)), Erased::new);
        } else if (pins.isCurrent(chosen.seen())) {
            host.write(drops);
        } else {
            choose(); // one of the chosen may be pinned by now, or be about to be
        }
    }

    private void onDropped(Reply<Appended> written) {
        if (written instanceof Reply.Answered<Appended>) {
            choose();
        } else {
            wait(written);
        }
    }

    private void onErased(Reply<Erasure> outcome) {
        if (outcome instanceof Reply.Answered<Erasure>(Erasure erased)) {
            if (erased.bytes() > 0) {
                LOG.info("lake {}: dropped events took {} bytes of the journal", retention.project(), erased.bytes());
            }
            if (erased.worth() && !host.isEnding()) {
                host.renew();
            }
        }
        wait(outcome);
    }

    private void wait(Reply<?> outcome) {
        if (outcome instanceof Reply.Refused<?> refused) {
            LOG.warn("lake {}: events stay that the rules no longer keep: {}", retention.project(), refused.message());
        }
        host.later(retention.settings().every());
    }
}
