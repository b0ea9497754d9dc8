package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What actors tell, to readers of all kinds. The reader begins when all was told. */
class TellingTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static Optional<Throwable> fault(String event) {
        return event.equals("fault")
                ? Optional.of(new DoorFault(FaultCode.NOT_FOUND, "it is not there"))
                : Optional.empty();
    }

    private static void tell(ActorRef<String> replyTo, String... events) {
        for (String event : events) {
            replyTo.tell(event);
        }
    }

    /** What a reader gets that begins to read a while after the first was told. */
    private static List<String> read(Source<String, NotUsed> told, CompletableFuture<NotUsed> begin) throws Exception {
        return TestNode.await(
                told.mapAsync(1, event -> begin.thenApply(_ -> event)).runWith(Sink.seq(), KIT.system()));
    }

    private static List<String> all(int max, String... events) throws Exception {
        return read(
                Telling.all(
                        String.class,
                        max,
                        "end"::equals,
                        TellingTest::fault,
                        replyTo -> tell(replyTo, events),
                        () -> {}),
                CompletableFuture.completedFuture(NotUsed.getInstance()));
    }

    @Test
    void allIsToldUpToTheLast() throws Exception {
        assertEquals(List.of("a", "b", "end"), all(8, "a", "b", "end", "late"));
        DoorFault fault = Faults.of(assertThrows(ExecutionException.class, () -> all(8, "a", "fault")));
        assertEquals("it is not there", fault.getMessage());
    }

    @Test
    void whoLagsTooFarBehindIsCutOff() {
        DoorFault fault = Faults.of(assertThrows(
                ExecutionException.class,
                () -> read(
                        Telling.all(
                                String.class,
                                2,
                                "end"::equals,
                                TellingTest::fault,
                                replyTo -> tell(replyTo, "a", "b", "c", "d", "e", "f", "g", "h", "end"),
                                () -> {}),
                        new CompletableFuture<>())));
        assertEquals(FaultCode.RESOURCE_EXHAUSTED, fault.code());
        assertTrue(fault.getMessage().contains("more than 2"), fault.getMessage());
    }

    @Test
    void whoLagsBehindWhatIsLatestLosesTheOldest() throws Exception {
        CompletableFuture<NotUsed> begin = new CompletableFuture<>();
        List<String> got = read(
                Telling.latest(2, "end"::equals, TellingTest::fault, replyTo -> {
                    tell(replyTo, "a", "b", "c", "d", "e", "f", "g", "h", "end");
                    begin.complete(NotUsed.getInstance());
                }),
                begin);
        assertEquals("h", got.getLast());
        assertTrue(got.size() <= 8, got.toString());
    }

    @Test
    void aFaultThatIsFoundBeforeIsAStreamThatFails() {
        DoorFault fault = Faults.of(assertThrows(
                ExecutionException.class,
                () -> TestNode.await(Telling.<String>attempt(() -> {
                            throw new DoorFault(FaultCode.INVALID_ARGUMENT, "no");
                        })
                        .runWith(Sink.seq(), KIT.system()))));
        assertEquals("no", fault.getMessage());
    }
}
