package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.v1.GenerateCancel;
import ai.postdev.v1.GenerateCommand;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.GenerateTold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several answers over one stream. */
class GenerateStreamTest {
    private final TestNode node = new TestNode("postdevai.gateway.answers-per-stream-max = 2");
    private final SourceQueueWithComplete<GenerateCommand> commands;
    private final SinkQueueWithCancel<GenerateTold> told;

    GenerateStreamTest() {
        Pair<SourceQueueWithComplete<GenerateCommand>, Source<GenerateCommand, NotUsed>> in =
                Source.<GenerateCommand>queue(16, OverflowStrategy.fail()).preMaterialize(node.kit.system());
        commands = in.first();
        told = node.service
                .generateStream(in.second())
                .toMat(Sink.queue(), Keep.right())
                .run(node.kit.system());
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void generate(String id, String model) {
        commands.offer(GenerateCommand.newBuilder()
                .setId(id)
                .setGenerate(GenerateRequest.newBuilder().setModel(model).setPrompt("x"))
                .build());
    }

    private void cancel(String id) {
        commands.offer(GenerateCommand.newBuilder()
                .setId(id)
                .setCancel(GenerateCancel.getDefaultInstance())
                .build());
    }

    private GenerateTold next() throws Exception {
        return told.pull()
                .toCompletableFuture()
                .get(Duration.ofSeconds(60).toMillis(), TimeUnit.MILLISECONDS)
                .orElseThrow();
    }

    /** All that is told of one request, while others tell nothing. */
    private List<GenerateTold> all(String id) throws Exception {
        List<GenerateTold> all = new ArrayList<>();
        while (true) {
            GenerateTold one = next();
            assertEquals(id, one.getId());
            all.add(one);
            if (one.hasFault() || one.getEvent().hasFinished()) {
                return all;
            }
        }
    }

    @Test
    void answersComeUnderTheirNamesWithTheirPlaceInTheQueueFirst() throws Exception {
        generate("a", "small");
        List<GenerateTold> first = all("a");
        assertTrue(first.getFirst().getEvent().getQueued().getLoading());
        assertEquals(10, first.size());
        generate("a", "small");
        assertEquals(10, all("a").size(), "the name is free again");
        commands.complete();
        assertTrue(told.pull().toCompletableFuture().get(60, TimeUnit.SECONDS).isEmpty());
    }

    @Test
    void aCancelEndsOneAndTheOthersGoOn() throws Exception {
        generate("a", "mute");
        assertTrue(next().getEvent().hasQueued());
        cancel("a");
        cancel("unknown");
        assertEquals("CANCELLED", all("a").getLast().getFault().getCode());
        assertNotNull(node.serving.cancelled.poll(60, TimeUnit.SECONDS));
        generate("b", "small");
        assertTrue(all("b").getLast().getEvent().hasFinished());
    }

    @Test
    void whatCannotBeIsToldOfThatRequestAlone() throws Exception {
        generate("a", "mute");
        assertTrue(next().getEvent().hasQueued());
        generate("a", "small");
        assertEquals("INVALID_ARGUMENT", all("a").getLast().getFault().getCode());
        generate("", "small");
        assertEquals("INVALID_ARGUMENT", all("").getLast().getFault().getCode());
        generate("b", "nothing");
        assertEquals("RESOURCE_EXHAUSTED", all("b").getLast().getFault().getCode());
        generate("c", "mute");
        assertTrue(next().getEvent().hasQueued());
        generate("d", "small");
        String full = all("d").getLast().getFault().getMessage();
        assertTrue(full.contains("answers-per-stream-max"), full);
        commands.offer(GenerateCommand.newBuilder().setId("e").build());
        assertEquals("INVALID_ARGUMENT", all("e").getLast().getFault().getCode());
    }

    @Test
    void aCallerThatGoesAwayEndsAllOfThem() throws Exception {
        generate("a", "mute");
        generate("b", "mute");
        assertTrue(next().getEvent().hasQueued());
        assertTrue(next().getEvent().hasQueued());
        told.cancel();
        assertNotNull(node.serving.cancelled.poll(60, TimeUnit.SECONDS));
        assertNotNull(node.serving.cancelled.poll(60, TimeUnit.SECONDS));
    }
}
