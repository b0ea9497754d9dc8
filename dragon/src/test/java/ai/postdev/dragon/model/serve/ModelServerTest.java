package ai.postdev.dragon.model.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.actors.protocol.ServingProtocol.Begun;
import ai.postdev.actors.protocol.ServingProtocol.Event;
import ai.postdev.actors.protocol.ServingProtocol.Failed;
import ai.postdev.actors.protocol.ServingProtocol.Finished;
import ai.postdev.actors.protocol.ServingProtocol.Text;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.model.TestModels;
import ai.postdev.dragon.model.queue.QueueSettings;
import ai.postdev.dragon.model.worker.WorkerCommand;
import ai.postdev.v1.ChatMessage;
import ai.postdev.v1.GenerateRequest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keeper with real worker processes and a real model. */
class ModelServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    private ActorTestKit kit;
    private ActorRef<ServingProtocol.Command> server;
    private int ids;

    private void start(String settings) throws Exception {
        Config config = ConfigFactory.parseString(settings)
                .withFallback(ConfigFactory.parseString("""
                        postdevai.model.serve { context = 512, sequences = 2, threads = 1, retry-min = 20ms }
                        """))
                .withFallback(ConfigFactory.load())
                .resolve();
        kit = ActorTestKit.create(config);
        server = kit.spawn(ModelServer.create(
                ServeSettings.from(config, dir),
                QueueSettings.from(config),
                TestModels.access(),
                new LoadedModels(),
                WorkerCommand.thisBuild()));
    }

    @AfterEach
    void close() {
        if (kit != null) {
            kit.shutdownTestKit();
        }
        List<ProcessHandle> left = ProcessHandle.current()
                .descendants()
                .filter(ModelServerTest::isWorker)
                .toList();
        left.forEach(process -> process.onExit()
                .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                .join());
    }

    private static boolean isWorker(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("postdevai.process=model-worker");
    }

    private static ProcessHandle worker() {
        return ProcessHandle.current()
                .descendants()
                .filter(ModelServerTest::isWorker)
                .findFirst()
                .orElseThrow();
    }

    private TestProbe<Event> ask(GenerateRequest request) {
        TestProbe<Event> probe = kit.createTestProbe();
        server.tell(new ServingProtocol.Generate("r" + ++ids, "test", request, probe.ref()));
        return probe;
    }

    private static GenerateRequest story(int maxTokens) {
        return GenerateRequest.newBuilder()
                .setModel("smollm2-135m")
                .setPrompt("Once upon a time there was")
                .setMaxTokens(maxTokens)
                .setTemperature(0)
                .build();
    }

    private record Answer(List<Event> events, String text, Event last) {}

    private static Answer answer(TestProbe<Event> probe) {
        List<Event> events = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (true) {
            Event event = probe.receiveMessage(PATIENCE);
            events.add(event);
            switch (event) {
                case Text(String more) -> text.append(more);
                case Finished _, Failed _ -> {
                    return new Answer(events, text.toString(), event);
                }
                case Begun _, ServingProtocol.Waiting _ -> {}
            }
        }
    }

    private static Begun begun(TestProbe<Event> probe) {
        while (true) {
            if (probe.receiveMessage(PATIENCE) instanceof Begun begun) {
                return begun;
            }
        }
    }

    private ServingProtocol.Figures figures() {
        TestProbe<ServingProtocol.Figures> probe = kit.createTestProbe();
        server.tell(new ServingProtocol.Look(probe.ref()));
        return probe.receiveMessage(PATIENCE);
    }

    @Test
    void aModelIsLoadedAnswersAndSaysWhatItTook() throws Exception {
        start("");
        Answer answer = answer(ask(GenerateRequest.newBuilder()
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent("What is the capital of France?"))
                .setTemperature(0)
                .setMaxTokens(40)
                .build()));
        assertTrue(answer.text().contains("Paris"), answer.toString());
        Finished finished = (Finished) answer.last();
        assertEquals("smollm2-135m", finished.end().getModel());
        assertEquals("llama.cpp", finished.end().getEngine());
        assertEquals("stop", finished.end().getFinish());
        assertTrue(finished.end().getPromptTokens() > 5 && finished.end().getAnswerTokens() > 3, answer.toString());
        ServingProtocol.Slot slot = figures().slots().getFirst();
        assertEquals("ready", slot.state());
        assertEquals(512, slot.context());
        assertEquals(1, slot.answered());
        assertEquals(0, slot.running());
    }

    @Test
    void whatIsWrongIsToldAtOnce() throws Exception {
        start("");
        Failed none = (Failed) answer(ask(GenerateRequest.newBuilder()
                        .setPrompt("x")
                        .setModel("none")
                        .build()))
                .last();
        assertTrue(none.message().contains("none") && none.message().contains("models list"), none.message());
        assertEquals(Reply.Reason.NOT_FOUND, none.reason());
        Failed empty =
                (Failed) answer(ask(GenerateRequest.getDefaultInstance())).last();
        assertEquals(Reply.Reason.INVALID, empty.reason());
        Failed role = (Failed) answer(ask(GenerateRequest.newBuilder()
                        .addMessages(ChatMessage.newBuilder().setRole("king").setContent("x"))
                        .build()))
                .last();
        assertTrue(role.message().contains("king"), role.message());
        Failed hot = (Failed)
                answer(ask(story(5).toBuilder().setTemperature(9).build())).last();
        assertTrue(hot.message().contains("temperature is 9"), hot.message());
        Failed longer = (Failed)
                answer(ask(story(5).toBuilder().setPrompt("word ".repeat(900)).build()))
                        .last();
        assertEquals(Reply.Reason.INVALID, longer.reason());
        assertTrue(longer.message().contains("512"), longer.message());
    }

    @Test
    void aCancelFreesTheSequenceAndNothingMoreIsTold() throws Exception {
        start("postdevai.model.serve.sequences = 1");
        TestProbe<Event> first = ask(story(400));
        begun(first);
        String id = "r" + ids;
        TestProbe<Event> second = ask(story(5));
        server.tell(new ServingProtocol.Cancel(id));
        Answer cancelled = answer(first);
        assertTrue(((Failed) cancelled.last()).message().contains("cancelled"), cancelled.toString());
        assertTrue(answer(second).last() instanceof Finished);
        first.expectNoMessage(Duration.ofMillis(20));
        assertEquals(0, figures().running());
    }

    @Test
    void anUrgentRequestPutsBatchAsideAndBothAreAnsweredAsIfAlone() throws Exception {
        start("postdevai.model.serve.sequences = 1, postdevai.models.queue.quantum = 0s");
        String alone = answer(ask(story(60))).text();
        TestProbe<Event> batch = ask(story(60).toBuilder().setWorkClass("batch").build());
        begun(batch);
        TestProbe<Event> urgent = ask(story(5));
        Answer first = answer(urgent);
        assertTrue(first.last() instanceof Finished, first.toString());
        Answer second = answer(batch);
        assertEquals(alone, second.text());
        assertEquals(60, ((Finished) second.last()).end().getAnswerTokens());
        assertTrue(second.events().stream().noneMatch(Begun.class::isInstance), "it was told once");
    }

    @Test
    void anIdleModelLeavesMemoryAndComesBack() throws Exception {
        start("postdevai.model.serve.idle-unload = 1ms");
        assertTrue(answer(ask(story(3))).last() instanceof Finished);
        ProcessHandle worker = worker();
        worker.onExit().get(60, java.util.concurrent.TimeUnit.SECONDS);
        assertTrue(answer(ask(story(3))).last() instanceof Finished);
    }

    @Test
    void aWorkerThatDiesBeforeItSpokeIsNeverNoticed() throws Exception {
        start("");
        TestProbe<Event> probe = ask(story(4));
        ProcessHandle loading = null;
        while (loading == null) {
            loading = ProcessHandle.current()
                    .descendants()
                    .filter(ModelServerTest::isWorker)
                    .findFirst()
                    .orElse(null);
            Thread.onSpinWait();
        }
        loading.destroyForcibly();
        Answer answer = answer(probe);
        // A death while loading is told; one after the load, before the first word, is not.
        if (answer.last() instanceof Failed failed) {
            assertTrue(failed.message().contains("signal 9"), failed.message());
        }
        assertTrue(answer(ask(story(4))).last() instanceof Finished);
    }

    /** Kills at random moments: every request ends, what had begun to speak is told, the rest is answered. */
    @Test
    void killsAtRandomMomentsLeaveNothingStuck() throws Exception {
        start("postdevai.model.serve.deaths-max = 1000, postdevai.model.serve.retry-max = 50ms");
        Random random = Seeded.random("worker kills");
        int kills = Integer.getInteger("postdevai.kills", 100);
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < kills; i++) {
            List<TestProbe<Event>> probes = new ArrayList<>();
            for (int one = 0; one < 4; one++) {
                probes.add(ask(story(12)));
            }
            long until = System.nanoTime() + random.nextInt(300) * 1_000_000L;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            ProcessHandle.current()
                    .descendants()
                    .filter(ModelServerTest::isWorker)
                    .forEach(ProcessHandle::destroyForcibly);
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
        assertTrue(answer(ask(story(12))).last() instanceof Finished);
        ServingProtocol.Figures figures = figures();
        assertEquals(0, figures.waiting() + figures.running());
        assertEquals(
                1,
                ProcessHandle.current()
                        .descendants()
                        .filter(ModelServerTest::isWorker)
                        .count());
        assertFalse(figures.slots().isEmpty());
    }
}
