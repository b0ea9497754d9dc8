package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.BenchMeasure;
import ai.postdev.v1.BenchModelAnswer;
import ai.postdev.v1.BenchModelRequest;
import ai.postdev.v1.CancelPullRequest;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.LoadModelRequest;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.ModelsRequest;
import ai.postdev.v1.PinModelRequest;
import ai.postdev.v1.PullModelRequest;
import ai.postdev.v1.RemoveModelRequest;
import ai.postdev.v1.ServingRequest;
import ai.postdev.v1.StatusRequest;
import ai.postdev.v1.UnloadModelRequest;
import ai.postdev.v1.VerifyModelRequest;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The models as the service passes calls on to the catalogue. */
class ModelCallsTest {
    private final TestNode node = TestNode.withTwoProjects();

    @AfterEach
    void close() {
        node.close();
    }

    private List<ModelProgress> all(Source<ModelProgress, NotUsed> progress) throws Exception {
        return TestNode.await(progress.runWith(Sink.seq(), node.kit.system()));
    }

    private static DoorFault fault(Callable<?> call) {
        return Faults.of(assertThrows(ExecutionException.class, call::call));
    }

    @Test
    void modelsAreListedAndOneIsShown() throws Exception {
        assertEquals(
                "small",
                TestNode.await(node.service.models(ModelsRequest.getDefaultInstance()))
                        .getModels(0)
                        .getName());
        DoorFault absent = fault(() -> TestNode.await(node.service.models(
                ModelsRequest.newBuilder().setName("nothing").build())));
        assertEquals(FaultCode.NOT_FOUND, absent.code());
        assertEquals("no model 'nothing'", absent.getMessage());
    }

    @Test
    void aPullTellsItsProgressAndThenTheModel() throws Exception {
        List<ModelProgress> told = all(node.service.pullModel(PullModelRequest.newBuilder()
                .setModel(" pip:x==1 ")
                .setName("mine")
                .build()));
        assertEquals(2, told.size());
        assertEquals("mine", told.get(0).getName());
        assertEquals("pip:x==1", told.get(1).getModel().getName());
        DoorFault unknown = fault(() -> all(node.service.pullModel(
                PullModelRequest.newBuilder().setModel("nothing").build())));
        assertEquals(FaultCode.NOT_FOUND, unknown.code());
    }

    @Test
    void theOtherCallsReachTheCatalogue() throws Exception {
        assertEquals(
                "a",
                TestNode.await(node.service.cancelPull(
                                CancelPullRequest.newBuilder().setName("a").build()))
                        .getName());
        DoorFault used = fault(() -> TestNode.await(node.service.removeModel(
                RemoveModelRequest.newBuilder().setName("a").build())));
        assertEquals(FaultCode.FAILED_PRECONDITION, used.code());
        assertEquals("a is in use", used.getMessage());
        assertEquals(
                "a",
                all(node.service.verifyModel(
                                VerifyModelRequest.newBuilder().setName("a").build()))
                        .getFirst()
                        .getVerified()
                        .getName());
    }

    @Test
    void modelsInMemoryAreShownLoadedAndPinned() throws Exception {
        assertEquals(
                "small",
                TestNode.await(node.service.serving(ServingRequest.getDefaultInstance()))
                        .getModels(0)
                        .getName());
        assertEquals(
                "small",
                TestNode.await(node.service.status(StatusRequest.getDefaultInstance()))
                        .getServing()
                        .getModels(0)
                        .getName());
        LoadModelRequest load =
                LoadModelRequest.newBuilder().setName(" a ").setTtlSeconds(1.5).build();
        assertEquals(1_500, TestNode.await(node.service.loadModel(load)).getTtlMs());
        assertEquals(
                -1,
                TestNode.await(node.service.loadModel(
                                load.toBuilder().clearTtlSeconds().build()))
                        .getTtlMs());
        DoorFault large = fault(() -> TestNode.await(node.service.loadModel(
                LoadModelRequest.newBuilder().setName("nothing").build())));
        assertEquals(FaultCode.FAILED_PRECONDITION, large.code());
        DoorFault never = fault(() -> TestNode.await(
                node.service.loadModel(load.toBuilder().setTtlSeconds(-1).build())));
        assertEquals(FaultCode.INVALID_ARGUMENT, never.code());
        assertFalse(TestNode.await(node.service.pinModel(
                        PinModelRequest.newBuilder().setName("a").setUnpin(true).build()))
                .getPinned());
    }

    private BenchModelAnswer bench(String name) throws Exception {
        return TestNode.await(node.service.benchModel(
                BenchModelRequest.newBuilder().setName(name).build()));
    }

    @Test
    void aBenchMeasuresWhatRequestsTake() throws Exception {
        BenchModelAnswer text = bench("measured");
        assertEquals("text", text.getKind());
        assertEquals("small", text.getName());
        assertEquals(30, text.getLoadMs());
        assertEquals(
                List.of("prefill 2000.0 tokens/s", "first token", "decode 50.0 tokens/s"),
                text.getMeasuresList().stream()
                        .map(one -> one.getUnit().equals("ms")
                                ? one.getName()
                                : one.getName() + " " + one.getMedian() + " " + one.getUnit())
                        .toList());
        assertEquals(5, text.getMeasures(0).getRuns());
        long prompts = node.serving.asked.stream()
                .map(GenerateRequest::getPrompt)
                .distinct()
                .count();
        assertEquals(11, prompts, "no prompt was read before");

        BenchModelAnswer embedding = bench("minilm");
        assertEquals("embedding", embedding.getKind());
        assertEquals(
                List.of("question", "texts", "tokens"),
                embedding.getMeasuresList().stream().map(BenchMeasure::getName).toList());

        assertEquals(FaultCode.NOT_FOUND, fault(() -> bench("nothing")).code());
        DoorFault endless = fault(() -> TestNode.await(node.service.benchModel(
                BenchModelRequest.newBuilder().setName("small").setSeconds(1e9).build())));
        assertEquals(FaultCode.INVALID_ARGUMENT, endless.code());
        assertTrue(endless.getMessage().contains("bench-time"), endless.getMessage());
    }

    @Test
    void aCallThatNamesNoModelIsRefused() {
        for (Callable<?> call : List.<Callable<?>>of(
                () -> all(node.service.pullModel(PullModelRequest.getDefaultInstance())),
                () -> all(node.service.verifyModel(VerifyModelRequest.getDefaultInstance())),
                () -> TestNode.await(node.service.removeModel(RemoveModelRequest.getDefaultInstance())),
                () -> TestNode.await(node.service.loadModel(LoadModelRequest.getDefaultInstance())),
                () -> TestNode.await(node.service.unloadModel(UnloadModelRequest.getDefaultInstance())),
                () -> TestNode.await(node.service.pinModel(PinModelRequest.getDefaultInstance())),
                () -> TestNode.await(node.service.cancelPull(CancelPullRequest.getDefaultInstance())))) {
            assertEquals(FaultCode.INVALID_ARGUMENT, fault(call).code());
        }
    }
}
