package ai.postdev.dragon.model;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class QueryGateTest {
    private final QueryGate gate = new QueryGate();

    @Test
    void workGoesOnAtOnceWhenNoQueryRuns() throws InterruptedException {
        assertTrue(gate.awaitIdle(Duration.ofHours(1)));
    }

    @Test
    void workWaitsUntilTheLastQueryHasEnded() {
        gate.started();
        QueryGate.Query second = gate.enter();
        CompletableFuture<Boolean> work = CompletableFuture.supplyAsync(() -> {
            try {
                return gate.awaitIdle(Duration.ofHours(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        gate.ended();
        assertFalse(work.isDone());
        second.close();
        assertTrue(work.join());
    }

    @Test
    void aQueryThatNeverEndsDoesNotStopTheWork() throws InterruptedException {
        gate.started();
        assertFalse(gate.awaitIdle(Duration.ofMillis(5)));
    }
}
