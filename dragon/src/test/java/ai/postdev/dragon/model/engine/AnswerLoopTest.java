package ai.postdev.dragon.model.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.model.engine.Generation.End;
import ai.postdev.dragon.model.engine.Generation.Finish;
import ai.postdev.dragon.model.engine.Generation.Piece;
import ai.postdev.dragon.model.engine.Generation.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop of an engine that does in each round what the test hands it. */
class AnswerLoopTest {
    private static final Usage USAGE = new Usage(1, 1, 0, 0, 0);

    private record Named(String name, PulledGeneration generation) implements AnswerLoop.Answer {}

    private interface Round {
        void on(Loop loop, List<Named> due);
    }

    private static final class Loop extends AnswerLoop<Named> {
        /** A round takes the next of them, and the test waits until it does. */
        final SynchronousQueue<Round> rounds = new SynchronousQueue<>();

        final BlockingQueue<List<String>> seen = new LinkedBlockingQueue<>();
        final BlockingQueue<String> left = new LinkedBlockingQueue<>();
        final BlockingQueue<String> dropped = new LinkedBlockingQueue<>();
        final BlockingQueue<String> over = new LinkedBlockingQueue<>();

        Loop(int sequences) {
            super("answer-loop-test", sequences);
            start();
        }

        Named ask(String name) throws EngineFault {
            Named answer = new Named(name, open(10, 1));
            begin(answer);
            return answer;
        }

        @Override
        boolean due(Named answer) {
            return true;
        }

        @Override
        void round(List<Named> due) {
            seen.add(due.stream().map(Named::name).toList());
            try {
                Round round = rounds.poll(20, TimeUnit.SECONDS);
                if (round != null) {
                    round.on(this, due);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        void leave(Named answer) {
            left.add(answer.name());
        }

        @Override
        void drop(Named answer) {
            dropped.add(answer.name());
        }

        @Override
        void over() {
            over.add("over");
        }

        void next(Round round) throws InterruptedException {
            assertTrue(rounds.offer(round, 20, TimeUnit.SECONDS), "no round came");
        }
    }

    private static final Round NOTHING = (_, _) -> {};
    private static final Round END_FIRST = (loop, due) -> loop.end(due.getFirst(), new End(Finish.STOP, USAGE));

    private final Loop loop = new Loop(2);

    @AfterEach
    void close() throws Exception {
        Thread closing = Thread.ofPlatform().start(loop::close);
        while (closing.isAlive()) {
            loop.rounds.poll(1, TimeUnit.MILLISECONDS);
            loop.rounds.offer(NOTHING, 10, TimeUnit.MILLISECONDS);
        }
    }

    private List<String> seen() throws InterruptedException {
        return loop.seen.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void moreThanTheEngineTakesWaitForAnEnd() throws Exception {
        loop.ask("a");
        assertEquals(List.of("a"), seen());
        loop.ask("b");
        loop.ask("c");
        loop.next(NOTHING);
        assertEquals(List.of("a", "b"), seen());
        loop.next(NOTHING);
        assertEquals(List.of("a", "b"), seen(), "two at a time");
        loop.next(END_FIRST);
        assertEquals(List.of("b", "c"), seen());
    }

    @Test
    void aCancelledOneLeavesBetweenTwoRoundsAndOneThatWaitsIsNeverBegun() throws Exception {
        Named a = loop.ask("a");
        assertEquals(List.of("a"), seen());
        Named b = loop.ask("b");
        Named c = loop.ask("c");
        loop.next(NOTHING);
        assertEquals(List.of("a", "b"), seen());
        c.generation().cancel();
        a.generation().cancel();
        assertEquals(Finish.CANCELLED, assertEnd(a).finish());
        loop.next((self, due) -> {
            assertTrue(self.ended(due.getFirst()));
            self.put(due.getLast(), "b says", USAGE);
            self.put(due.getLast(), "", USAGE);
        });
        assertEquals(List.of("b"), seen());
        assertEquals("a", loop.left.poll(20, TimeUnit.SECONDS));
        assertEquals(new Piece("b says"), b.generation().next());
        loop.next(END_FIRST);
        assertEquals(new End(Finish.STOP, USAGE), b.generation().next());
        loop.ask("d");
        assertEquals(List.of("d"), seen());
        assertTrue(loop.left.isEmpty(), "what was never begun has nothing to leave: " + loop.left);
    }

    @Test
    void aRoundThatFailsEndsWhatTookPartAndTheNextOnesGoOn() throws Exception {
        Named a = loop.ask("a");
        assertEquals(List.of("a"), seen());
        loop.next((_, _) -> {
            throw new IllegalStateException("broken");
        });
        EngineFault fault = assertThrows(EngineFault.class, a.generation()::next);
        assertTrue(fault.getMessage().contains("broken"), fault.getMessage());
        assertEquals("a", loop.dropped.poll(20, TimeUnit.SECONDS));
        loop.ask("b");
        assertEquals(List.of("b"), seen());
    }

    @Test
    void aCloseEndsWhatRunsAndWhatWaitsWithAFault() throws Exception {
        List<Named> all = new ArrayList<>(List.of(loop.ask("a")));
        assertEquals(List.of("a"), seen());
        all.add(loop.ask("b"));
        all.add(loop.ask("c"));
        close();
        for (Named one : all) {
            assertTrue(assertThrows(EngineFault.class, one.generation()::next)
                    .getMessage()
                    .contains("closed"));
        }
        assertEquals("over", loop.over.poll(20, TimeUnit.SECONDS));
        assertThrows(EngineFault.class, () -> loop.ask("d"));
    }

    @Test
    void whatIsToBeDoneBetweenRoundsIsDoneThereOrSaidToBeImpossible() throws Exception {
        assertEquals("idle", loop.between(() -> loop.idle() ? "idle" : "busy"));
        loop.ask("a");
        assertEquals(List.of("a"), seen());
        FutureTask<String> asked = new FutureTask<>(() -> loop.between(() -> loop.idle() ? "idle" : "busy"));
        Thread.ofVirtual().start(asked);
        while (!asked.isDone()) {
            loop.rounds.offer(NOTHING, 10, TimeUnit.MILLISECONDS);
        }
        assertEquals("busy", asked.get());
        FutureTask<String> broken = new FutureTask<>(() -> loop.between(() -> {
            throw new IllegalStateException("broken");
        }));
        Thread.ofVirtual().start(broken);
        while (!broken.isDone()) {
            loop.rounds.offer(NOTHING, 10, TimeUnit.MILLISECONDS);
        }
        assertTrue(
                assertThrows(ExecutionException.class, broken::get).getMessage().contains("broken"));
        close();
        assertThrows(EngineFault.class, () -> loop.between(() -> "closed"));
    }

    private static End assertEnd(Named answer) throws EngineFault {
        return (End) answer.generation().next();
    }
}
