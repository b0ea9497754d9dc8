package ai.postdev.dragon.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.Dragon;
import ai.postdev.dragon.disk.MemoryFolder;
import ai.postdev.dragon.model.serve.ModelHome;
import ai.postdev.v1.Event;
import ai.postdev.v1.LakeStatus;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.TimelineRequest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole lake with rules: what it shows, what its journal holds, and that both are the same after a restart. */
class LakeRetentionTest {
    private static final ProjectId PROJECT = new ProjectId("4f2a9c0d");
    private static final int TEXT = 50;
    private static final Config CONFIG =
            ConfigFactory.parseString("""
                    postdevai.lake.history.retention {
                      rules = [{kind = edit, max-bytes = 1000}, {kind = command, max-age = 1d}]
                      every = 3ms
                      drop-max = 7
                      fold-share = 0.2
                    }
                    """).withFallback(ConfigFactory.load()).resolve();

    @TempDir(factory = MemoryFolder.class)
    Path dir;

    private ActorTestKit kit;
    private LakeFiles files;
    private Dragon dragon;
    private ActorRef<LakeProtocol.Command> lake;

    @BeforeEach
    void open() throws Exception {
        kit = ActorTestKit.create(CONFIG);
        files = LakeFiles.open(dir.resolve("data"), CONFIG);
        CompletableFuture<Dragon> started = new CompletableFuture<>();
        kit.spawn(Behaviors.setup(context -> {
            started.complete(Dragon.start(
                    context,
                    files,
                    dir.resolve("data"),
                    ModelHome.of("here", dir.resolve("models"), dir, CONFIG),
                    CONFIG,
                    new Unobserved()));
            return Behaviors.empty();
        }));
        dragon = started.get();
        lake = kit.spawn(dragon.lake(PROJECT));
    }

    @AfterEach
    void close() throws Exception {
        TestProbe<Void> end = kit.createTestProbe();
        lake.tell(LakeProtocol.Passivate.INSTANCE);
        end.expectTerminated(lake, Duration.ofSeconds(30));
        kit.shutdownTestKit();
        dragon.close();
    }

    private record Unobserved() implements LakeRoom.Observer {
        @Override
        public void described(ProjectId project, ActorRef<LakeProtocol.Command> lake, Map<String, String> settings) {}

        @Override
        public void closed(ProjectId project) {}

        @Override
        public void forgotten(ProjectId project) {}
    }

    private <T> T ask(Function<ActorRef<Reply<T>>, LakeProtocol.Command> command) {
        TestProbe<Reply<T>> probe = kit.createTestProbe();
        lake.tell(command.apply(probe.ref()));
        Reply<T> reply = probe.receiveMessage(Duration.ofSeconds(30));
        return switch (reply) {
            case Reply.Answered<T>(T answer) -> answer;
            case Reply.Refused<T> refused -> throw new AssertionError(refused.message());
        };
    }

    private LakeProtocol.Appended append(List<Body> bodies) {
        return ask(replyTo -> new LakeProtocol.Append(bodies, List.of(), replyTo));
    }

    private List<Event> timeline() {
        TimelineAnswer answer = ask(replyTo -> new LakeProtocol.Timeline(
                TimelineRequest.newBuilder().setLimit(1_000).build(), replyTo));
        return answer.getEventsList();
    }

    private LakeStatus status() {
        LakeProtocol.LakeState state = ask(LakeProtocol.Status::new);
        return state.lake();
    }

    private static Body event(String kind, long time) {
        return new Body.AppendEvent(
                kind, time, ("at " + time + " ").repeat(TEXT).substring(0, TEXT), Map.of(), List.of());
    }

    @Test
    void whatIsTooOldOrTooMuchGoesAndNothingElse() throws Exception {
        long now = System.currentTimeMillis();
        Random random = Seeded.random("lake retention");
        long first = append(List.of(event("edit", now - 9_000_000), new Body.SetSetting("k", "v")))
                        .sequence()
                - 1;
        // In one write: no rule can come between.
        Origin origin = files.journal().origin();
        long pinned = append(List.of(event("edit", now - 8_000_000), new Body.PinEvent(origin, first + 2, true)))
                        .sequence()
                - 1;
        assertEquals(first + 2, pinned);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 300; i += 5) {
            List<Body> bodies = new ArrayList<>();
            for (int more = 0; more < 5; more++) {
                times.add(now - 1_000_000 + 10 * (i + more));
                bodies.add(event("edit", times.getLast()));
            }
            bodies.add(event("note", now - 900_000_000 - i));
            bodies.add(event(
                    "command",
                    random.nextBoolean() ? now : now - Duration.ofDays(3).toMillis()));
            append(bodies);
        }
        // 1000 bytes: the pinned one, and the newest of the others.
        List<Long> edits = new ArrayList<>(
                times.subList(times.size() - 1_000 / TEXT + 1, times.size()).reversed());
        edits.add(now - 8_000_000);
        await(() -> times(timeline(), "edit").equals(edits));
        await(() -> times(timeline(), "command").stream().allMatch(time -> time >= now));
        await(this::fewRowsAreDropped);
        assertEquals(60, times(timeline(), "note").size());
        assertEquals(List.of("edit: at most 1000 bytes", "command: at most 1 days"), status().getRetentionList());
        assertEquals(1, status().getEventsPinned());
        await(() -> replayed("edit") == edits.size());
        List<Event> before = timeline();
        long dropped = status().getEventsDropped();
        assertTrue(dropped >= 300 - 19, () -> "dropped " + dropped);
        close();
        open();
        assertEquals(before, timeline());
        assertEquals(dropped, status().getEventsDropped());
        append(List.of(new Body.PinEvent(origin, pinned, false)));
        append(List.of(event("edit", now)));
        await(() -> !times(timeline(), "edit").contains(now - 8_000_000));
    }

    private static List<Long> times(List<Event> events, String kind) {
        return events.stream()
                .filter(event -> event.getKind().equals(kind))
                .map(event -> Instant.parse(event.getTime()).toEpochMilli())
                .toList();
    }

    /** What fold-share asks for: dropped events are less than a fifth of all that memory holds. */
    private boolean fewRowsAreDropped() {
        LakeStatus now = status();
        long dropped = now.getDroppedHeldBytes() / TEXT;
        return dropped < 0.2 * (now.getEvents() + dropped);
    }

    private long replayed(String kind) throws Exception {
        List<Body> found = new ArrayList<>();
        files.journal().replay(PROJECT, VersionVector.EMPTY, operation -> found.add(operation.body()));
        return found.stream()
                .filter(body ->
                        body instanceof Body.AppendEvent event && event.kind().equals(kind))
                .count();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /** Asks again until it holds; every question goes through the lake, so it does not spin. */
    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < end, "it never came");
        }
    }
}
