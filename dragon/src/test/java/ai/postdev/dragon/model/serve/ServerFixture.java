package ai.postdev.dragon.model.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.actors.protocol.ServingProtocol.Begun;
import ai.postdev.actors.protocol.ServingProtocol.Event;
import ai.postdev.actors.protocol.ServingProtocol.Failed;
import ai.postdev.actors.protocol.ServingProtocol.Finished;
import ai.postdev.actors.protocol.ServingProtocol.Restarted;
import ai.postdev.actors.protocol.ServingProtocol.Text;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.memory.SimulatedMemory;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.ServingAnswer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A keeper of models with processes for workers, and what tests ask of it. */
abstract class ServerFixture {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    ActorTestKit kit;
    ActorRef<ServingProtocol.Command> server;
    SimulatedMemory memory;
    private int ids;

    /** @param budget of memory, all of it promised to models */
    void start(String settings, StoreAccess store, List<String> worker, long budget) {
        Config config = ConfigFactory.parseString(settings)
                .withFallback(ConfigFactory.parseString("""
                        postdevai.models.serve { context = 512, sequences = 2, threads = 1, system-free-min = 0 B }
                        postdevai.models.slot.back-off-min = 20ms
                        """))
                .withFallback(ConfigFactory.load())
                .resolve();
        memory = new SimulatedMemory(budget, 0, 100);
        kit = ActorTestKit.create(config);
        server = kit.spawn(ModelServer.create(
                ServingSettings.from(config, dir),
                new ModelServer.Parts("here", store, new LoadedModels(), memory.room(), worker)));
    }

    @AfterEach
    void close() {
        if (kit != null) {
            kit.shutdownTestKit();
        }
        workers()
                .forEach(process ->
                        process.onExit().orTimeout(20, TimeUnit.SECONDS).join());
    }

    static List<ProcessHandle> workers() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("postdevai.process=model-worker"))
                .toList();
    }

    TestProbe<Event> ask(GenerateRequest request) {
        TestProbe<Event> probe = kit.createTestProbe();
        server.tell(new ServingProtocol.Generate("r" + ++ids, "test", request, probe.ref()));
        return probe;
    }

    /** The id of what was asked last. */
    String lastId() {
        return "r" + ids;
    }

    record Answer(List<Event> events, String text, Event last) {}

    static Answer answer(TestProbe<Event> probe) {
        List<Event> events = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (true) {
            Event event = probe.receiveMessage(PATIENCE);
            events.add(event);
            switch (event) {
                case Text(String more) -> text.append(more);
                case Restarted _ -> text.setLength(0);
                case Finished _, Failed _ -> {
                    return new Answer(events, text.toString(), event);
                }
                case Begun _, ServingProtocol.Waiting _ -> {}
            }
        }
    }

    static <T extends Event> T await(TestProbe<Event> probe, Class<T> type) {
        while (true) {
            Event event = probe.receiveMessage(PATIENCE);
            if (type.isInstance(event)) {
                return type.cast(event);
            }
        }
    }

    <T> Reply<T> reply(Function<ActorRef<Reply<T>>, ServingProtocol.Command> command) {
        TestProbe<Reply<T>> probe = kit.createTestProbe();
        server.tell(command.apply(probe.ref()));
        return probe.receiveMessage(PATIENCE);
    }

    ServingAnswer look() {
        TestProbe<ServingAnswer> probe = kit.createTestProbe();
        server.tell(new ServingProtocol.Look(probe.ref()));
        return probe.receiveMessage(PATIENCE);
    }

    /** Asks how models stand until it is as wanted. */
    ServingAnswer until(Predicate<ServingAnswer> wanted) {
        return kit.createTestProbe().awaitAssert(PATIENCE, Duration.ofMillis(10), () -> {
            ServingAnswer found = look();
            if (!wanted.test(found)) {
                throw new AssertionError("not yet: " + found);
            }
            return found;
        });
    }

    long loads() {
        return look().getFiguresList().stream()
                .mapToLong(figures -> figures.getLoads())
                .sum();
    }

    /** Kills workers at random moments: every request ends, what had begun to speak is told, the rest is answered. */
    void kills(int kills, Supplier<TestProbe<Event>> request) {
        Random random = Seeded.random("worker kills");
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < kills; i++) {
            List<TestProbe<Event>> probes = new ArrayList<>();
            for (int one = 0; one < 4; one++) {
                probes.add(request.get());
            }
            boolean answering = random.nextBoolean(); // else it loads, or perhaps has answered
            if (answering) {
                await(probes.getFirst(), Begun.class);
            }
            long until = System.nanoTime() + random.nextInt(answering ? 20 : 300) * 1_000_000L;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            workers().forEach(ProcessHandle::destroyForcibly);
            for (TestProbe<Event> probe : probes) {
                Answer answer = answer(probe);
                switch (answer.last()) {
                    case Finished _ -> assertFalse(answer.text().isBlank());
                    case Failed failed -> assertTrue(failed.message().contains("signal 9"), failed.message());
                    case Event other -> fail("" + other);
                }
                outcomes.merge(answer.last().getClass().getSimpleName(), 1, Integer::sum);
            }
        }
        System.out.println("after " + kills + " kills: " + outcomes);
        assertInstanceOf(Finished.class, answer(request.get()).last());
        ServingAnswer figures = look();
        assertEquals(0, figures.getRunning());
        assertTrue(
                figures.getWaitingList().stream().allMatch(waiting -> waiting.getWaiting() == 0), figures.toString());
        assertEquals(1, workers().size());
        assertEquals(1, figures.getModelsCount());
        // What it takes is measured meanwhile, so both are looked at until no measurement lay between them.
        until(answer -> answer.getModelsCount() == 1
                && answer.getModels(0).getBytes() == memory.room().figures().models());
    }
}
