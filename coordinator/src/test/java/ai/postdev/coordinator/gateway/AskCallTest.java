package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.AskAnswer;
import ai.postdev.v1.AskEvent;
import ai.postdev.v1.AskRequest;
import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateRequest;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Questions and generations as the service carries them out. */
class AskCallTest {
    private final TestNode node = TestNode.withTwoProjects();

    @AfterEach
    void close() {
        node.close();
    }

    private <T> List<T> all(Source<T, NotUsed> stream) throws Exception {
        return TestNode.await(stream.runWith(Sink.seq(), node.kit.system()));
    }

    private List<AskEvent> ask(AskRequest.Builder request) throws Exception {
        return all(node.service.ask(request.build()));
    }

    @Test
    void evidenceComesFirstThenWhatIsSaidThenTheCheckedAnswer() throws Exception {
        List<AskEvent> events = ask(AskRequest.newBuilder().setQuestion("what is in both?"));
        assertTrue(events.getFirst().hasEvidence());
        String said = String.join("", events.stream().map(AskEvent::getText).toList());
        assertEquals("It is so [1] and [99].", said);
        AskAnswer answer = events.getLast().getAnswer();
        assertEquals("It is so [1] and.", answer.getAnswer());
        assertEquals(List.of("[99]"), answer.getRemovedList());
        assertTrue(answer.getFound());
        assertTrue(answer.getCitations(0).getNamed());
        assertEquals("src/A.java", answer.getCitations(0).getPath());
        assertEquals("small", answer.getModel());
        assertEquals(7, answer.getUsage().getAnswerTokens());
        assertTrue(events.stream().anyMatch(event -> event.getDoing().equals("loading the model")), events.toString());
    }

    @Test
    void withoutEvidenceNoModelIsAsked() throws Exception {
        List<AskEvent> events =
                ask(AskRequest.newBuilder().setQuestion("How is the payroll tax of employees computed?"));
        assertEquals(2, events.size(), events.toString());
        AskAnswer answer = events.getLast().getAnswer();
        assertFalse(answer.getFound());
        assertEquals("", answer.getModel());
        assertEquals(0, answer.getCitationsCount());
    }

    @Test
    void evidenceAloneIsAnAnswerToo() throws Exception {
        AskAnswer answer = ask(AskRequest.newBuilder()
                        .setQuestion("what is in both?")
                        .setNoModel(true))
                .getLast()
                .getAnswer();
        assertTrue(answer.getFound());
        assertEquals("", answer.getAnswer());
        assertTrue(answer.getCitationsCount() > 0);
    }

    @Test
    void aModelThatCannotAnswerIsAFaultWithItsReason() {
        DoorFault full = Faults.of(assertThrows(
                ExecutionException.class,
                () -> ask(
                        AskRequest.newBuilder().setQuestion("what is in both?").setModel("nothing"))));
        assertEquals(FaultCode.RESOURCE_EXHAUSTED, full.code());
        assertEquals("too many wait", full.getMessage());
        DoorFault empty = Faults.of(assertThrows(
                ExecutionException.class, () -> ask(AskRequest.newBuilder().setQuestion(" "))));
        assertEquals(FaultCode.INVALID_ARGUMENT, empty.code());
    }

    @Test
    void aGenerationTellsHowItStandsAndEndsWithWhatItTook() throws Exception {
        List<GenerateEvent> events = all(node.service.generate(
                GenerateRequest.newBuilder().setPrompt("x").build()));
        assertTrue(events.get(0).getQueued().getLoading());
        assertEquals(1.5, events.get(0).getQueued().getWaitSeconds());
        assertEquals("test", events.get(1).getBegun().getEngine());
        assertEquals("stop", events.getLast().getFinished().getFinish());
        assertEquals(10, events.size());
    }
}
