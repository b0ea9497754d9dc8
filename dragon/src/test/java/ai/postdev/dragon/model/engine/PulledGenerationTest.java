package ai.postdev.dragon.model.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.postdev.dragon.model.engine.Generation.End;
import ai.postdev.dragon.model.engine.Generation.Finish;
import ai.postdev.dragon.model.engine.Generation.Piece;
import ai.postdev.dragon.model.engine.Generation.Usage;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The caller's end of an answer, without a loop at the other one. */
class PulledGenerationTest {
    private final ReentrantLock lock = new ReentrantLock();
    private final PulledGeneration generation = new PulledGeneration(lock, lock.newCondition(), 2, 7);

    /** As a loop does that puts something in. */
    @BeforeEach
    void hold() {
        lock.lock();
    }

    private static Usage usage(int tokens) {
        return new Usage(7, tokens, 10, 20, 3);
    }

    @Test
    void whoCancelsHasTheEndAtOnceThoughTheLoopIsBusyWithIt() throws Exception {
        generation.put("one", usage(1));
        generation.put("two", usage(2));
        assertEquals(new Piece("one"), generation.next());
        generation.cancel();
        assertEquals(new End(Finish.CANCELLED, usage(1)), generation.next());
    }

    @Test
    void aCancelBeforeTheFirstPieceEndsItToo() throws Exception {
        generation.cancel();
        assertEquals(new End(Finish.CANCELLED, new Usage(7, 0, 0, 0, 0)), generation.next());
    }

    @Test
    void whatEndedByItselfBeforeTheCancelAndWasPulledEndsAsItDid() throws Exception {
        generation.put("one", usage(1));
        assertEquals(new Piece("one"), generation.next());
        generation.end(new End(Finish.STOP, usage(1)));
        generation.cancel();
        assertEquals(new End(Finish.STOP, usage(1)), generation.next());
    }

    @Test
    void aFaultComesAfterThePiecesBeforeIt() throws Exception {
        generation.put("one", usage(1));
        generation.fail(new EngineFault(EngineFault.Kind.FAILED, "broken"));
        assertEquals(new Piece("one"), generation.next());
        assertEquals("broken", assertThrows(EngineFault.class, generation::next).getMessage());
    }
}
