package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.CancelPullRequest;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.ModelsRequest;
import ai.postdev.v1.PullModelRequest;
import ai.postdev.v1.RemoveModelRequest;
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
    void aCallThatNamesNoModelIsRefused() {
        for (Callable<?> call : List.<Callable<?>>of(
                () -> all(node.service.pullModel(PullModelRequest.getDefaultInstance())),
                () -> all(node.service.verifyModel(VerifyModelRequest.getDefaultInstance())),
                () -> TestNode.await(node.service.removeModel(RemoveModelRequest.getDefaultInstance())),
                () -> TestNode.await(node.service.cancelPull(CancelPullRequest.getDefaultInstance())))) {
            assertEquals(FaultCode.INVALID_ARGUMENT, fault(call).code());
        }
    }
}
