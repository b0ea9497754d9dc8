package ai.postdev.dragon.lake.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedTasksTest {
    private static final Executor NOBODY = _ -> {
        throw new RejectedExecutionException("full");
    };

    private static List<Callable<Integer>> squares(AtomicInteger runs) {
        return IntStream.range(0, 100)
                .<Callable<Integer>>mapToObj(i -> () -> {
                    runs.incrementAndGet();
                    return i * i;
                })
                .toList();
    }

    @Test
    void resultsComeInTheOrderOfTheTasksAndEachRunsOnce() {
        List<Integer> expected = IntStream.range(0, 100).mapToObj(i -> i * i).toList();
        try (ExecutorService one = Executors.newSingleThreadExecutor()) {
            for (Executor others : List.of(one, Runnable::run, NOBODY)) {
                AtomicInteger runs = new AtomicInteger();
                assertEquals(expected, SharedTasks.results(squares(runs), others));
                assertEquals(100, runs.get());
            }
        }
    }

    @Test
    void anotherThreadTakesPart() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch both = new CountDownLatch(2);
        Callable<Boolean> meets = () -> {
            threads.add(Thread.currentThread());
            both.countDown();
            both.await();
            return true;
        };
        try (ExecutorService one = Executors.newSingleThreadExecutor()) {
            assertEquals(List.of(true, true), SharedTasks.results(List.of(meets, meets), one));
        }
        assertEquals(2, threads.size());
        assertTrue(threads.contains(Thread.currentThread()));
    }

    @Test
    void whatFailsIsToldWithItsCause() {
        IllegalArgumentException wrong = new IllegalArgumentException("wrong");
        Callable<Integer> fails = () -> {
            throw wrong;
        };
        assertSame(
                wrong,
                assertThrows(IllegalStateException.class, () -> SharedTasks.results(List.of(() -> 1, fails), NOBODY))
                        .getCause());
    }
}
