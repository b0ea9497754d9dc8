package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class EffortControlTest {
    private static final Effort CALIBRATED = new Effort(10, 0.5, 0.1f, 0.3f, 0.02f);
    private static final int LISTS = 500;

    private final EffortControl control = new EffortControl(0.99, CALIBRATED);

    /** Searches that find each neighbour with this chance. */
    private void searches(Random random, int count, double recall) {
        for (int i = 0; i < count; i++) {
            int found = 0;
            for (int n = 0; n < 10; n++) {
                found += random.nextDouble() < recall ? 1 : 0;
            }
            control.checked(new SampledRecall(found, 10), LISTS);
        }
    }

    @Test
    void nothingChangesBeforeEnoughIsKnown() {
        SampledRecall somewhatLess = new SampledRecall(39, 40);
        for (int i = 0; i < EffortControl.DECIDE_AFTER / 40 - 1; i++) {
            assertFalse(control.checked(somewhatLess, LISTS), "it may be chance");
        }
        assertTrue(control.checked(somewhatLess, LISTS));
        assertTrue(control.effort().probes() > CALIBRATED.probes());
        assertTrue(control.effort().near() > CALIBRATED.near());
        assertTrue(control.effort().margin() > CALIBRATED.margin());
        assertEquals(CALIBRATED.growth(), control.effort().growth());
        assertEquals(CALIBRATED.reach(), control.effort().reach());
    }

    @Test
    void farTooLittleIsNoChanceAndIsMendedSoonAndByMore() {
        for (int i = 0; i < 9; i++) {
            assertFalse(control.checked(new SampledRecall(8, 10), LISTS));
        }
        assertTrue(control.checked(new SampledRecall(8, 10), LISTS));
        assertEquals(2 * CALIBRATED.probes(), control.effort().probes());
    }

    @Test
    void whatIsFoundAsAskedForStays() {
        for (int i = 0; i < 50; i++) {
            assertFalse(control.checked(new SampledRecall(99, 100), LISTS));
        }
        assertEquals(CALIBRATED, control.effort());
    }

    @Test
    void itEndsWhereLookingHarderFindsEnough() {
        Random random = Seeded.random("itEndsWhereLookingHarderFindsEnough");
        for (int i = 0; i < 20_000; i++) {
            // Of what is missed at first, half remains with each doubling of the lists.
            double recall = 1 - 0.2 / Math.pow(2, 2 * Math.log(control.effort().probes() / 10) / Math.log(2));
            searches(random, 1, recall);
        }
        double reached = 1 - 0.2 / Math.pow(control.effort().probes() / 10, 2);
        assertTrue(reached > 0.98 && reached < 0.999, reached + " with " + control.effort());
    }

    @Test
    void itGoesNoFurtherThanItsBoundsNorThanThereAreLists() {
        Random random = Seeded.random("itGoesNoFurtherThanItsBoundsNorThanThereAreLists");
        searches(random, 10_000, 0.1);
        assertEquals(EffortControl.MOST * CALIBRATED.probes(), control.effort().probes());
        assertTrue(control.effort().margin() <= 4 * CALIBRATED.margin());
        assertTrue(control.effort().near() <= 4 * CALIBRATED.near());
        EffortControl few = new EffortControl(0.99, CALIBRATED);
        for (int i = 0; i < 1_000; i++) {
            few.checked(new SampledRecall(0, 10), 37);
        }
        assertEquals(37, few.effort().probes());
    }

    @Test
    void itComesDownAgainToWhatWasCalibratedAndNotBelow() {
        Random random = Seeded.random("itComesDownAgainToWhatWasCalibratedAndNotBelow");
        searches(random, 2_000, 0.8);
        assertTrue(control.effort().probes() > 30, control.effort().toString());
        searches(random, 20_000, 1);
        assertEquals(CALIBRATED, control.effort());
    }

    /** Questions from elsewhere than the vectors are found as well as it was asked for, after some were checked. */
    @Test
    void questionsUnlikeTheVectorsAreFoundToo() {
        Random random = Seeded.random("questionsUnlikeTheVectorsAreFoundToo");
        VectorIndexContractTest.Mixture mixture = new VectorIndexContractTest.Mixture(random, 32);
        PartitionedVectorIndex index = new PartitionedVectorIndex(
                32, VectorKernels.best(), new PartitionSettings(1_000, 0.98, 1, 1_000), Runnable::run);
        float[][] vectors = VectorIndexContractTest.fill(index, mixture, 8_000);
        double first = recall(index, vectors, mixture, random);
        for (int i = 0; i < 30; i++) {
            recall(index, vectors, mixture, random);
        }
        double last = recall(index, vectors, mixture, random);
        System.out.println("recall " + first + " at first, then " + last + " with " + index.effort());
        assertTrue(last > 0.97, first + " at first, then " + last);
        // The samples begin anew with each change of the effort, and the last question may have brought one.
        for (int i = 0; i < 5 && index.recall().wanted() == 0; i++) {
            recall(index, vectors, mixture, random);
        }
        assertTrue(index.recall().wanted() > 0);
    }

    /** Of a hundred questions between four vectors. */
    private static double recall(
            PartitionedVectorIndex index, float[][] vectors, VectorIndexContractTest.Mixture mixture, Random random) {
        long found = 0;
        long wanted = 0;
        for (int q = 0; q < 100; q++) {
            float[] query = new float[32];
            for (int i = 0; i < 4; i++) {
                float[] other = mixture.next();
                for (int d = 0; d < query.length; d++) {
                    query[d] += other[d] + 0.1f * (float) random.nextGaussian();
                }
            }
            float[] unit = VectorEngine.unit(query);
            int[] answer = index.reader().nearest(unit, 10, VectorIndex.ALL).ordinals();
            int[] true10 = VectorIndexContractTest.bruteForce(vectors, unit, 10, VectorIndex.ALL);
            for (int ordinal : true10) {
                for (int each : answer) {
                    found += each == ordinal ? 1 : 0;
                }
            }
            wanted += true10.length;
        }
        return (double) found / wanted;
    }
}
