package ai.postdev.dragon.model.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.actors.protocol.ServingProtocol.Begun;
import ai.postdev.actors.protocol.ServingProtocol.Event;
import ai.postdev.actors.protocol.ServingProtocol.Failed;
import ai.postdev.actors.protocol.ServingProtocol.Finished;
import ai.postdev.actors.protocol.ServingProtocol.Restarted;
import ai.postdev.actors.protocol.ServingProtocol.Text;
import ai.postdev.dragon.model.catalogue.Cancellation;
import ai.postdev.dragon.model.catalogue.CatalogueSettings;
import ai.postdev.dragon.model.catalogue.KnownModels;
import ai.postdev.dragon.model.catalogue.ModelName;
import ai.postdev.dragon.model.catalogue.PullProgress;
import ai.postdev.dragon.model.catalogue.Puller;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import ai.postdev.dragon.model.catalogue.TestGguf;
import ai.postdev.dragon.model.catalogue.UsageProbe;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.ModelFigures;
import ai.postdev.v1.PinModelAnswer;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.ServingAnswer;
import ai.postdev.v1.Tool;
import ai.postdev.v1.UnloadModelAnswer;
import ai.postdev.v1.WhyModelAnswer;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The keeper with its queue, ledger, slots and fallbacks, and workers that do what they are told. */
class ServingTest extends ServerFixture {
    private static final long MIB = 1 << 20;
    /** What a small model is thought to take: 32 MiB and a little of scratch, and the worker. */
    private static final String WORKER = "postdevai.models.serve.worker-bytes = 64 MiB\n";

    private static final long ROOM_FOR_ONE = 150 * MIB;
    private static final long ROOM_FOR_TWO = 250 * MIB;
    private static final long RESIDENT = 90 * MIB;

    @TempDir
    static Path shared;

    private static StoreAccess store;

    @BeforeAll
    static void install() throws IOException {
        CatalogueSettings settings = CatalogueSettings.from(ConfigFactory.load());
        store = new StoreAccess(shared.resolve("models"), settings, UsageProbe.NONE);
        Puller puller = new Puller(store.store(), KnownModels.own(), settings, InstantSource.system());
        for (String name : List.of("a", "b", "c", "dies", "big", "untold")) {
            Path file = shared.resolve(name + ".gguf");
            TestGguf weights =
                    name.equals("untold") ? TestGguf.untold(64, 8) : TestGguf.of(name.equals("big") ? 8_192 : 64);
            Files.write(file, weights.bytes());
            puller.pull(
                    puller.plan("file:" + file, Optional.of(new ModelName(name))),
                    PullProgress.NONE,
                    new Cancellation());
        }
    }

    private void start(String settings, long budget) {
        start(WORKER + settings, store, FakeWorker.command(RESIDENT), budget);
    }

    private static GenerateRequest.Builder to(String model, String prompt) {
        return GenerateRequest.newBuilder().setModel(model).setPrompt(prompt).setMaxTokens(3);
    }

    private TestProbe<Event> ask(String model, String prompt) {
        return ask(to(model, prompt).build());
    }

    private static Failed failed(TestProbe<Event> probe) {
        return assertInstanceOf(Failed.class, answer(probe).last());
    }

    private static Finished finished(TestProbe<Event> probe) {
        return assertInstanceOf(Finished.class, answer(probe).last());
    }

    private static ServedModel model(ServingAnswer answer, String name) {
        return answer.getModelsList().stream()
                .filter(model -> model.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not there: " + answer));
    }

    private static ModelFigures figures(ServingAnswer answer, String name) {
        return answer.getFiguresList().stream()
                .filter(model -> model.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " has no figures: " + answer));
    }

    private long held() {
        return memory.room().figures().models();
    }

    @Test
    void whatIsTooLargeIsRefusedWithTheNumbersAndWhatWouldFit() {
        start("", ROOM_FOR_ONE);
        Failed refused = failed(ask("big", "x"));
        assertEquals(Reply.Reason.PRECONDITION, refused.reason());
        assertTrue(
                refused.message().contains("big takes up to 529 MB")
                        && refused.message().contains("at most 158 MB can be made free")
                        && refused.message().contains("untold would fit with 105 MB"),
                refused.message());
        Reply<WhyModelAnswer> why = reply(replyTo -> new ServingProtocol.Why("big", replyTo));
        WhyModelAnswer answer = assertInstanceOf(Reply.Answered.class, why).answer() instanceof WhyModelAnswer one
                ? one
                : WhyModelAnswer.getDefaultInstance();
        assertFalse(answer.getLoadable());
        assertTrue(answer.getProblem().contains("158 MB"), answer.getProblem());
        assertTrue(List.of("a", "b", "c", "dies", "untold").contains(answer.getAlternative()), answer.getAlternative());
        assertEquals(0, held());
    }

    @Test
    void aModelThatWorksIsNeverUnloadedForAnother() {
        start("postdevai.models.queue.interactive.collation-wait = 0s", ROOM_FOR_ONE);
        TestProbe<Event> working = ask("a", "hold");
        String id = lastId();
        await(working, Text.class);
        TestProbe<Event> other = ask("b", "x");
        await(other, ServingProtocol.Waiting.class);
        ServingAnswer during =
                until(answer -> answer.getWaitingList().stream().anyMatch(waiting -> waiting.getWaiting() == 1));
        assertEquals(1, model(during, "a").getRunning());
        Reply<ServedModel> byHand = reply(replyTo -> new ServingProtocol.Load("c", Optional.empty(), replyTo));
        Reply.Refused<ServedModel> refused = assertInstanceOf(Reply.Refused.class, byHand);
        assertTrue(refused.message().contains("in use are a"), refused.message());
        server.tell(new ServingProtocol.Cancel(id));
        assertTrue(failed(working).message().contains("cancelled"));
        finished(other);
        assertEquals(0, figures(look(), "a").getDeaths());
    }

    @Test
    void aWorkerThatIsKilledGivesItsMemoryBackAndComesAgain() {
        start("", ROOM_FOR_ONE);
        finished(ask("a", "x"));
        assertTrue(held() > 0);
        workers().forEach(ProcessHandle::destroyForcibly);
        ServingAnswer dead = until(answer -> answer.getModelsList().stream()
                .noneMatch(model -> model.getState().equals("ready")));
        assertEquals(0, model(dead, "a").getSequences(), "there is nobody to work on any");
        assertEquals(0, held());
        finished(ask("a", "x"));
        ServingAnswer after = look();
        assertEquals(1, figures(after, "a").getDeaths());
        assertEquals(2, figures(after, "a").getLoads());
    }

    @Test
    void killsAtRandomMomentsLeaveNothingStuck() {
        start("postdevai.models.slot { breaker-failures = 1000, back-off-max = 50ms }", ROOM_FOR_ONE);
        kills(Integer.getInteger("postdevai.kills", 100) * 4 / 5, () -> ask("a", "x"));
    }

    @Test
    void aModelThatDiesInItsLoadAgainAndAgainIsLeftAlone() {
        start("postdevai.models.slot { breaker-failures = 3, back-off-max = 20ms }", ROOM_FOR_ONE);
        Failed failed = failed(ask("dies", "x"));
        assertTrue(failed.message().contains("failed again and again"), failed.message());
        assertTrue(failed.message().contains("code 7"), failed.message());
        ServingAnswer after = look();
        assertEquals("open", model(after, "dies").getBreaker());
        assertEquals(3, figures(after, "dies").getDeaths());
        assertTrue(failed(ask("dies", "x")).message().contains("tried again in"));
        assertEquals(3, figures(look(), "dies").getDeaths(), "it was not tried again");
        assertEquals(0, held());
    }

    @Test
    void aModelInUseIsUnloadedWhenItIsDone() {
        start("", ROOM_FOR_TWO);
        TestProbe<Event> working = ask("a", "hold");
        String id = lastId();
        await(working, Text.class);
        TestProbe<Reply<UnloadModelAnswer>> unloaded = kit.createTestProbe();
        server.tell(new ServingProtocol.Unload("a", unloaded.ref()));
        assertEquals(1, model(look(), "a").getRunning());
        unloaded.expectNoMessage(Duration.ZERO);
        TestProbe<Event> later = ask("a", "x"); // there is a sequence, but it leaves
        server.tell(new ServingProtocol.Cancel(id));
        failed(working);
        Reply.Answered<UnloadModelAnswer> done =
                assertInstanceOf(Reply.Answered.class, unloaded.receiveMessage(PATIENCE));
        assertTrue(done.answer().getBytes() > 0);
        finished(later);
        assertEquals(2, loads());
        Reply<UnloadModelAnswer> idle = reply(replyTo -> new ServingProtocol.Unload("a", replyTo));
        assertInstanceOf(Reply.Answered.class, idle);
        assertEquals(0, held());
        Reply<UnloadModelAnswer> again = reply(replyTo -> new ServingProtocol.Unload("a", replyTo));
        assertEquals(
                Reply.Reason.NOT_FOUND,
                assertInstanceOf(Reply.Refused.class, again).reason());
    }

    @Test
    void whatIsLoadedByHandGoesWhenItIsUnusedAndWhatIsPinnedStays() {
        start("", ROOM_FOR_ONE);
        Reply<PinModelAnswer> early = reply(replyTo -> new ServingProtocol.Pin("a", true, replyTo));
        assertFalse(((Reply.Answered<PinModelAnswer>) early).answer().getLoaded());
        Reply<ServedModel> loaded =
                reply(replyTo -> new ServingProtocol.Load("a", Optional.of(Duration.ofMillis(1)), replyTo));
        ServedModel model = ((Reply.Answered<ServedModel>) loaded).answer();
        assertTrue(model.getPinned() && model.getState().equals("ready") && model.getTtlMs() == 1, model.toString());
        Failed refused = failed(ask("b", "x"));
        assertTrue(refused.message().contains("pinned"), refused.message());
        assertEquals(1, look().getModelsCount());
        reply((org.apache.pekko.actor.typed.ActorRef<Reply<PinModelAnswer>> replyTo) ->
                new ServingProtocol.Pin("a", false, replyTo));
        until(answer -> answer.getModelsCount() == 0);
        assertEquals(0, held());
        assertEquals(1, figures(look(), "a").getEvictions());
    }

    @Test
    void theLedgerFollowsWhatAWorkerTakes() {
        start("", ROOM_FOR_TWO);
        Reply<ServedModel> loaded = reply(replyTo -> new ServingProtocol.Load("a", Optional.empty(), replyTo));
        long estimate = ((Reply.Answered<ServedModel>) loaded).answer().getBytes();
        assertTrue(estimate > RESIDENT, "what it may come to take is kept for it: " + estimate);
        ServingAnswer before = until(answer -> model(answer, "a").getResidentBytes() == RESIDENT);
        assertEquals(estimate - RESIDENT, model(before, "a").getReservedBytes(), "and is told apart from what it took");
        assertEquals(estimate - RESIDENT, before.getMemory().getReservedBytes());
        finished(ask("a", "x"));
        ServingAnswer after = until(answer -> model(answer, "a").getBytes() == RESIDENT);
        assertEquals(RESIDENT, held());
        assertEquals(0, memory.inside(), "a worker is another process");
        assertEquals(RESIDENT, model(after, "a").getResidentBytes());
        assertEquals(0, model(after, "a").getReservedBytes());
        assertEquals(0, after.getMemory().getReservedBytes());
        assertEquals(1, model(after, "a").getAnswered());
        ModelFigures figures = figures(after, "a");
        assertEquals(3, figures.getAnswerTokens());
        assertEquals(3, figures.getPromptTokens());
        assertEquals(
                1,
                figures.getFirstTokenMs().getCountsList().stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }

    @Test
    void whatIsKeptForPromptsThatMayComeGoesBeforeAModelDoes() {
        start(WORKER, store, FakeWorker.command(RESIDENT, 60 * MIB), ROOM_FOR_ONE);
        finished(ask("a", "x"));
        ServingAnswer before = until(answer -> model(answer, "a").getBytes() == RESIDENT);
        assertEquals(60 * MIB, model(before, "a").getCacheBytes());
        Reply<ServedModel> second = reply(replyTo -> new ServingProtocol.Load("b", Optional.empty(), replyTo));
        long wanted = ((Reply.Answered<ServedModel>) second).answer().getBytes();
        long lacked = RESIDENT + wanted - ROOM_FOR_ONE;
        ServingAnswer after = look();
        assertEquals("ready", model(after, "a").getState(), "it only gave back of its cache");
        assertEquals(RESIDENT - lacked, model(after, "a").getBytes(), "as much as was needed");
        assertEquals(RESIDENT - lacked, model(after, "a").getResidentBytes());
        assertEquals(60 * MIB - lacked, model(after, "a").getCacheBytes());
        assertEquals(0, model(after, "a").getReservedBytes());
        ModelFigures figures = figures(after, "a");
        assertEquals(
                List.of(1L, lacked, 0L),
                List.of(figures.getTrims(), figures.getTrimmedBytes(), figures.getEvictions()));
        assertEquals(RESIDENT - lacked + wanted, held());
        finished(ask("a", "x"));
        assertEquals(1, figures(look(), "a").getLoads());
    }

    @Test
    void theChainAnswersForWhatCannotBeHadUnlessTheCallerForbidsIt() {
        start("postdevai.models.fallback.chains { default = [nowhere, b] }", ROOM_FOR_TWO);
        Finished instead = finished(ask("absent", "x"));
        assertEquals("b", instead.end().getModel());
        assertEquals("here", instead.end().getNode());
        assertTrue(
                instead.end().getReason().contains("fallback of complete")
                        && instead.end().getReason().contains("absent"),
                instead.end().getReason());
        Failed exact = failed(ask(to("absent", "x").setAlternatives("exact").build()));
        assertEquals(Reply.Reason.NOT_FOUND, exact.reason());
        assertEquals("asked for", finished(ask("a", "x")).end().getReason());
        Failed wrong = failed(ask(to("a", "x").setAlternatives("maybe").build()));
        assertTrue(wrong.message().contains("exact, chain or any"), wrong.message());
        assertEquals(1, figures(look(), "not installed").getFallbacks());
    }

    @Test
    void beforeTheFirstTokenAnotherModelIsNotNoticedAfterItTheCallerIsTold() {
        start("""
                postdevai.models.fallback.chains { default = [b] }
                postdevai.models.queue.retries-max = 0
                """, ROOM_FOR_TWO);
        Answer quiet = answer(ask("a", "nonsense"));
        assertInstanceOf(Failed.class, quiet.last(), "b says nonsense as well");
        assertTrue(
                ((Failed) quiet.last()).message().contains("a on here: numbers that are none; b on here: numbers"),
                quiet.toString());
        assertTrue(quiet.events().stream().noneMatch(Restarted.class::isInstance));
        Answer broken = answer(ask("a", "die"));
        assertInstanceOf(Failed.class, broken.last(), "the answer had begun");
        assertEquals("word ", broken.text());
        assertTrue(broken.events().stream().filter(Begun.class::isInstance).count() == 1, broken.toString());
        Answer anew = answer(ask(to("a", "die").setRestart(true).build()));
        assertEquals(
                1, anew.events().stream().filter(Restarted.class::isInstance).count(), anew.toString());
    }

    @Test
    void whatCanDoItAnswersIfTheCallerTakesAny() {
        start("", ROOM_FOR_TWO);
        GenerateRequest.Builder request = to("absent", "x").setAlternatives("any");
        Finished any = finished(ask(request.build()));
        assertEquals("untold", any.end().getModel(), "it has the most parameters");
        assertTrue(any.end().getReason().contains("alternative that can do what is needed"), any.toString());
        Finished tools = finished(
                ask(request.addTools(Tool.newBuilder().setName("weather")).build()));
        assertTrue(List.of("a", "b", "c", "dies").contains(tools.end().getModel()), tools.toString());
        assertTrue(tools.end().getReason().contains("untold on here: cannot call tools"), tools.toString());
    }

    /** Where the system says what it has left. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aSystemThatIsShortOfMemoryGetsItFromModelsThatDoNothing() {
        start("postdevai.models.serve { system-free-min = 1048576 GiB, system-look = 20ms }", ROOM_FOR_TWO);
        TestProbe<Event> working = ask("a", "hold");
        String id = lastId();
        await(working, Text.class);
        ServingAnswer during = until(answer -> answer.getMemory().getShortBytes() > 0);
        assertEquals("ready", model(during, "a").getState());
        server.tell(new ServingProtocol.Cancel(id));
        failed(working);
        until(answer -> answer.getModelsCount() == 0);
        assertEquals(1, figures(look(), "a").getEvictions());
    }
}
