package ai.postdev.dragon.model.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.actors.protocol.ServingProtocol.Begun;
import ai.postdev.actors.protocol.ServingProtocol.Event;
import ai.postdev.actors.protocol.ServingProtocol.Failed;
import ai.postdev.actors.protocol.ServingProtocol.Finished;
import ai.postdev.dragon.model.TestModels;
import ai.postdev.dragon.model.catalogue.Cancellation;
import ai.postdev.dragon.model.catalogue.CatalogueSettings;
import ai.postdev.dragon.model.catalogue.KnownModels;
import ai.postdev.dragon.model.catalogue.ModelName;
import ai.postdev.dragon.model.catalogue.PullProgress;
import ai.postdev.dragon.model.catalogue.Puller;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import ai.postdev.dragon.model.catalogue.UsageProbe;
import ai.postdev.dragon.model.worker.WorkerCommand;
import ai.postdev.v1.ChatMessage;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.ModelFigures;
import ai.postdev.v1.ServedModel;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** The keeper with real worker processes and a real model. */
class ModelServerTest extends ServerFixture {
    private void start(String settings) throws Exception {
        start(settings, TestModels.access(), WorkerCommand.thisBuild(), 4L << 30);
    }

    private static GenerateRequest story(int maxTokens) {
        return GenerateRequest.newBuilder()
                .setModel("smollm2-135m")
                .setPrompt("Once upon a time there was")
                .setMaxTokens(maxTokens)
                .setTemperature(0)
                .build();
    }

    private static Begun begun(TestProbe<Event> probe) {
        return await(probe, Begun.class);
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
        assertEquals("here", finished.end().getNode());
        ServedModel slot = look().getModels(0);
        assertEquals("ready", slot.getState());
        assertEquals(512, slot.getContext());
        assertEquals(1, slot.getAnswered());
        assertEquals(0, slot.getRunning());
        assertEquals(1, look().getFigures(0).getLoads());
        assertEquals(finished.end().getAnswerTokens(), look().getFigures(0).getAnswerTokens());
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
        start("postdevai.models.serve.sequences = 1");
        TestProbe<Event> first = ask(story(400));
        begun(first);
        String id = lastId();
        TestProbe<Event> second = ask(story(5));
        server.tell(new ServingProtocol.Cancel(id));
        Answer cancelled = answer(first);
        assertTrue(((Failed) cancelled.last()).message().contains("cancelled"), cancelled.toString());
        assertTrue(answer(second).last() instanceof Finished);
        first.expectNoMessage(Duration.ofMillis(20));
        assertEquals(0, look().getRunning());
    }

    @Test
    void anUrgentRequestPutsBatchAsideAndBothAreAnsweredAsIfAlone() throws Exception {
        start("postdevai.models.serve.sequences = 1, postdevai.models.queue.quantum = 0s");
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
        start("postdevai.models.ledger.ttl = 1ms");
        assertTrue(answer(ask(story(3))).last() instanceof Finished);
        until(models -> models.getModelsCount() == 0);
        assertEquals(0, memory.room().figures().models());
        assertTrue(answer(ask(story(3))).last() instanceof Finished);
    }

    /** What the ledger says of a real model is within a tenth of what its process takes. */
    @Test
    void threeModelsWithRoomForOneAreThreeLoadsAndTheLedgerIsRight() throws Exception {
        StoreAccess three =
                new StoreAccess(dir.resolve("three"), CatalogueSettings.from(ConfigFactory.load()), UsageProbe.NONE);
        Puller puller = new Puller(three.store(), KnownModels.own(), three.settings(), InstantSource.system());
        for (String name : List.of("a", "b", "c")) {
            puller.pull(
                    puller.plan("file:" + TestModels.smollm2(), Optional.of(new ModelName(name))),
                    PullProgress.NONE,
                    new Cancellation());
        }
        start("postdevai.models.queue.interactive.collation-wait = 10m", three, WorkerCommand.thisBuild(), 450L << 20);
        List<TestProbe<Event>> probes = new ArrayList<>();
        for (String model : "a b a a c a b c".split(" ")) {
            probes.add(ask(story(4).toBuilder().setModel(model).build()));
        }
        for (TestProbe<Event> probe : probes) {
            assertTrue(answer(probe).last() instanceof Finished);
        }
        assertEquals(3, loads());
        assertEquals(
                2,
                look().getFiguresList().stream()
                        .mapToLong(ModelFigures::getEvictions)
                        .sum());
        // The ledger follows what a process was seen to take slowly downwards, and the system may take pages of weights
        // back at any moment: so it is looked at until both agree.
        ServedModel last = until(models -> models.getModelsCount() == 1
                        && models.getModels(0).getAnswered() == 2
                        && models.getModels(0).getResidentBytes() > 0
                        && models.getModels(0).getBytes() == models.getMemory().getHeldBytes()
                        && withinTenth(models.getModels(0).getBytes(), resident(models.getModels(0))))
                .getModels(0);
        System.out.println("ledger " + last.getBytes() + " (weights " + last.getWeightBytes() + ", kv "
                + last.getKvBytes() + ", scratch " + last.getScratchBytes() + "), resident " + resident(last));
    }

    private static boolean withinTenth(long ledger, long resident) {
        return Math.abs(ledger - resident) * 10 <= resident;
    }

    private static long resident(ServedModel model) {
        try (Stream<String> status = Files.lines(Path.of("/proc/" + model.getPid() + "/status"))) {
            return 1024
                    * Long.parseLong(status.filter(line -> line.startsWith("VmRSS:"))
                            .findFirst()
                            .orElseThrow()
                            .replaceAll("[^0-9]", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aWorkerThatDiesBeforeItSpokeIsNeverNoticed() throws Exception {
        start("");
        TestProbe<Event> probe = ask(story(4));
        ProcessHandle loading = null;
        while (loading == null) {
            loading = workers().stream().findFirst().orElse(null);
            Thread.onSpinWait();
        }
        loading.destroyForcibly();
        assertTrue(answer(probe).last() instanceof Finished);
    }

    /** A fifth of the kills of a build; the others are of workers without an engine, which come back sooner. */
    @Test
    void killsAtRandomMomentsLeaveNothingStuck() throws Exception {
        start("postdevai.models.slot { breaker-failures = 1000, back-off-max = 50ms }");
        kills(Integer.getInteger("postdevai.kills", 100) / 5, () -> ask(story(12)));
    }
}
