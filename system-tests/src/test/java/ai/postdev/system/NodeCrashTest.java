package ai.postdev.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills whole nodes under load at random moments, starts them again, and compares what they know with every answer
 * that they gave: nothing acknowledged may be lost, nothing may be half there, and nobody has to repair anything.
 */
@Order(1)
class NodeCrashTest {
    /** So many nodes at a time, beside those of another test: while one waits, another uses the processor. */
    private static final int LANES = 2;

    @TempDir
    Path dir;

    @Test
    @Timeout(value = 25, unit = TimeUnit.MINUTES)
    void nothingAcknowledgedIsLostInAHundredKillsOfTheWholeNode() throws Exception {
        kill(100);
    }

    /** {@code -Dpostdevai.crash.rounds} sets another number than a thousand. */
    @Test
    @Tag("campaign")
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void nothingAcknowledgedIsLostInAThousandKillsOfTheWholeNode() throws Exception {
        kill(Integer.getInteger("postdevai.crash.rounds", 1_000));
    }

    private void kill(int rounds) throws Exception {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("node crash: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        long began = System.nanoTime();
        List<CrashLane> lanes = new ArrayList<>();
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(LANES)) {
            for (int i = 0; i < LANES; i++) {
                CrashLane lane = new CrashLane(dir, "lane" + i, random.nextLong());
                lanes.add(lane);
                int share = rounds / LANES + (i < rounds % LANES ? 1 : 0);
                running.add(threads.submit(() -> {
                    try {
                        lane.run(share);
                    } finally {
                        // One that failed is looked at at once, not when the others have finished.
                        if (lane.failed()) {
                            lanes.forEach(CrashLane::stop);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> lane : running) {
                lane.get();
            }
        } finally {
            lanes.forEach(CrashLane::end);
        }
        System.out.printf(
                "node crash: %d kills, %d notes and %d saves acknowledged, 0 lost, %.0f s%n",
                lanes.stream().mapToLong(CrashLane::kills).sum(),
                lanes.stream().mapToLong(CrashLane::notes).sum(),
                lanes.stream().mapToLong(CrashLane::saves).sum(),
                (System.nanoTime() - began) / 1e9);
    }
}
