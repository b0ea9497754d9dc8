package ai.postdev.dragon.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.disk.MemoryFolder;
import ai.postdev.dragon.lake.RetentionCycle.Due;
import ai.postdev.dragon.lake.RetentionCycle.Event;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.history.HistoryView;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of retention around a lake that the test plays: it says when work is done and what is written. */
class RetentionCycleTest implements RetentionCycle.Host {
    private static final Config CONFIG =
            ConfigFactory.parseString("""
                    postdevai.lake.history.retention {
                      rules = [{kind = edit, max-bytes = 0}]
                      every = 10m
                      fold-share = 0.3
                    }
                    """).withFallback(ConfigFactory.load()).resolve();

    @TempDir(factory = MemoryFolder.class)
    Path dir;

    private final HistoryEngine engine = new HistoryEngine(new HistorySettings(1_000, 100));
    private final Deque<Supplier<Event>> working = new ArrayDeque<>();
    private final List<Duration> later = new ArrayList<>();
    private final List<Body> written = new ArrayList<>();
    private LakeFiles files;
    private RetentionCycle cycle;
    private long sequence;
    private int renewed;
    private boolean ending;

    @BeforeEach
    void open() throws Exception {
        files = LakeFiles.open(dir, CONFIG);
        cycle = new RetentionCycle(new LakeRetention(Seeded.PROJECT, files, CONFIG), this);
    }

    @AfterEach
    void close() throws Exception {
        files.close();
    }

    @Override
    public HistoryView history() {
        return engine.view();
    }

    @Override
    public boolean isEnding() {
        return ending;
    }

    @Override
    public <T> void work(Supplier<T> work, Function<Reply<T>, Event> done) {
        working.add(() -> {
            try {
                return done.apply(new Reply.Answered<>(work.get()));
            } catch (IllegalStateException e) {
                return done.apply(new Reply.Refused<>(Reply.Reason.FAILED, e.getMessage()));
            }
        });
    }

    @Override
    public void write(List<Body> drops) {
        written.addAll(drops);
    }

    @Override
    public void renew() {
        renewed++;
    }

    @Override
    public void later(Duration time) {
        later.add(time);
    }

    private Operation show(Body body) {
        Operation operation = Seeded.operation(++sequence, sequence, body);
        engine.apply(operation);
        cycle.pins().shown(Stream.of(body));
        return operation;
    }

    private static Body edit() {
        return new Body.AppendEvent("edit", 1, "text", Map.of(), List.of());
    }

    private void done() {
        cycle.on(working.remove().get());
    }

    @Test
    void aLakeLooksSoonAfterItOpensAndThenNowAndThen() {
        cycle.begin();
        assertEquals(List.of(Duration.ofSeconds(30)), later);
        cycle.on(Due.INSTANCE);
        done(); // nothing is to go
        done(); // nothing to erase
        assertEquals(Duration.ofMinutes(10), later.getLast());
        assertEquals(List.of(), written);
        assertEquals(0, renewed);
        assertTrue(working.isEmpty());
    }

    @Test
    void itDropsUntilNothingIsLeftThenErasesAndFoldsAnew() {
        show(edit());
        cycle.on(Due.INSTANCE);
        done();
        Body drop = new Body.DropEvents("edit", 4, Seeded.ORIGIN, List.of(1L));
        assertEquals(List.of(drop), written);
        show(drop);
        cycle.on(new RetentionCycle.Dropped(new Reply.Answered<>(null)));
        done(); // nothing more is to go
        done(); // erased
        assertEquals(1, renewed);
        assertEquals(List.of(Duration.ofMinutes(10)), later);
    }

    @Test
    void aPinThatIsOnItsWayIsWaitedFor() {
        Operation event = show(edit());
        Body pin = new Body.PinEvent(event.origin(), event.sequence(), true);
        cycle.pins().asked(Stream.of(pin));
        cycle.on(Due.INSTANCE);
        done();
        assertEquals(List.of(), written, "the view did not know of the pin");
        show(pin);
        done();
        assertEquals(1, working.size(), "chosen once more");
        done();
        assertEquals(List.of(), written, "the event is pinned");
    }

    @Test
    void whatIsRefusedIsTriedAgainLaterAndNothingIsBegunAtTheEnd() {
        show(edit());
        cycle.on(Due.INSTANCE);
        done();
        cycle.on(new RetentionCycle.Dropped(new Reply.Refused<>(Reply.Reason.OVERLOADED, "later")));
        assertEquals(1, later.size());
        ending = true;
        cycle.on(Due.INSTANCE);
        assertTrue(working.isEmpty());
    }
}
