package ai.postdev.system;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole product against git and the disk: 0 stale, 0 missing, whatever happens to the files and to the node. */
@Order(Integer.MAX_VALUE)
class LakeWalkTest {
    /** One walk for every build, so that a red build is about the change; another one with -Dpostdevai.seed=N. */
    private static final long SEED = Long.getLong("postdevai.seed", 20261124L);

    private static final int STEPS = Integer.getInteger("postdevai.walk.steps", 2_000);
    private static final int LIVES = 6;

    @TempDir
    Path dir;

    @Test
    void whatIsFoundEqualsTheDiskAfterEveryQuietMoment() throws Exception {
        walk(SEED, LIVES);
    }

    /** Other walks each time: -Dpostdevai.walk.seeds=N of them, from the seed on. */
    @Test
    @Tag("campaign")
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void manyWalksWithManyEnds() throws Exception {
        int seeds = Integer.getInteger("postdevai.walk.seeds", 10);
        for (long seed = SEED + 1; seed <= SEED + seeds; seed++) {
            walk(seed, STEPS / 100);
        }
    }

    private void walk(long seed, int lives) throws Exception {
        System.out.println("seed " + seed);
        try (LakeWalk walk = new LakeWalk(dir.resolve("walk-" + seed), seed, STEPS, lives)) {
            System.out.println(walk.walk());
        }
    }
}
