package ai.postdev.dragon.model.catalogue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits between attempts, on the thread that pulls. */
@FunctionalInterface
interface Pauses {
    /** Waits in truth; a cancel ends it. */
    Pauses REAL = (time, cancellation) -> {
        CountDownLatch woken = new CountDownLatch(1);
        try (Cancellation.Registration _ = cancellation.onCancel(woken::countDown)) {
            if (woken.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancellation.cancel();
        }
    };

    void pause(Duration time, Cancellation cancellation);
}
