package ai.postdev.developer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.developer.ingest.TestRepository;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lake's documents equal what git and the disk say, after every kind of change, in any order. */
class WorkspaceOracleTest {
    private static final int STEPS = Integer.getInteger("postdevai.walk.steps", 2_000);

    @TempDir
    Path folder;

    @Test
    void lakeEqualsGitAndDiskAfterEveryQuietMoment() {
        System.out.println("seed " + WatchHarness.SEED);
        Random random = new Random(WatchHarness.SEED);
        TestRepository repository = TestRepository.create(folder.resolve("repo"));
        RandomWork work = new RandomWork(repository, random, new PlainTextIntake()::secret);
        work.begin();
        TestLake lake = new TestLake(WatchHarness.SEED, 0.02);
        int step = 0;
        while (step < STEPS) {
            // a new node every few hundred steps: what changed while none was there is found at the start
            int until = Math.min(STEPS, step + 500);
            try (WatchHarness watch = new WatchHarness(folder.resolve("home"), lake, "")) {
                assertEquals(List.of(), watch.up(repository.root()));
                while (step < until) {
                    for (int burst = 1 + random.nextInt(30); burst > 0; burst--, step++) {
                        work.step();
                    }
                    agree(work, lake, watch, step);
                }
                List<String> history =
                        List.of(repository.git("rev-list", "HEAD").split("\n"));
                WatchHarness.await(
                        () -> lake.commits().containsAll(history),
                        () -> "commits are missing, seed " + WatchHarness.SEED);
            }
            for (int unseen = step < STEPS ? random.nextInt(20) : 0; unseen > 0; unseen--, step++) {
                work.step();
            }
        }
    }

    private static void agree(RandomWork work, TestLake lake, WatchHarness watch, int step) {
        Map<String, String> expected = work.expected();
        WatchHarness.await(
                () -> lake.texts().equals(expected) && watch.onlyStatus().getIndexed(),
                () -> "step " + step + ", seed " + WatchHarness.SEED + ", last work " + work.recent() + "\n"
                        + RandomWork.difference(expected, lake.texts()) + "\n" + watch.onlyStatus());
    }
}
