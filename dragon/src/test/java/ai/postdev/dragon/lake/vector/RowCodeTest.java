package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class RowCodeTest {
    private static final List<Precision> WITH_ROWS =
            Arrays.stream(Precision.values()).filter(Precision::hasRow).toList();
    private static final int ROWS = 5;
    private static final List<VectorKernel> KERNELS = List.of(
            VectorKernels.choose(true).vectors(), VectorKernels.choose(false).vectors());

    /** How far a number may be from what was written, as a part of the vector's greatest. */
    private static double step(Precision precision) {
        return switch (precision) {
            case FLOAT -> 0;
            case BYTE -> 0.006;
            case NIBBLE -> 0.09;
            case BIT -> throw new AssertionError("there is no row");
        };
    }

    private static float[] vector(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        for (int d = 0; d < dimensions; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        return VectorEngine.unit(vector);
    }

    @Test
    void whatIsWrittenIsReadAsNearAsThePrecisionAllows() {
        Random random = Seeded.random("whatIsWrittenIsReadAsNearAsThePrecisionAllows");
        for (int round = 0; round < 200; round++) {
            int dimensions = 1 + random.nextInt(200);
            for (Precision precision : WITH_ROWS) {
                RowSlab slab = new RowSlab(precision, VectorRows.length(dimensions), ROWS, null);
                float[][] vectors = new float[ROWS][];
                for (int row = 0; row < ROWS; row++) {
                    vectors[row] = vector(random, dimensions);
                    slab.write(row, vectors[row]);
                }
                for (int row = 0; row < ROWS; row++) {
                    float[] read = new float[dimensions + 3];
                    slab.read(row, read, 3, dimensions);
                    float most = 0;
                    for (float x : vectors[row]) {
                        most = Math.max(most, Math.abs(x));
                    }
                    double product = 0;
                    for (int d = 0; d < dimensions; d++) {
                        product += vectors[row][d] * read[3 + d];
                        // The scale is the product's, not the number's, and in few dimensions the two differ more.
                        double slack = dimensions < 16 ? 2.5 : 1.5;
                        assertEquals(
                                vectors[row][d],
                                read[3 + d],
                                slack * step(precision) * most + 1e-7,
                                precision + ", number " + d + " of " + dimensions);
                    }
                    assertEquals(1, product, 1e-4, "the product with itself is right in any precision");
                }
                slab.free();
            }
        }
    }

    @Test
    void eachKernelComputesTheProductWithWhatIsRead() {
        Random random = Seeded.random("eachKernelComputesTheProductWithWhatIsRead");
        for (int round = 0; round < 200; round++) {
            int dimensions = 1 + random.nextInt(500);
            int length = VectorRows.length(dimensions);
            float[] query = vector(random, length);
            for (Precision precision : WITH_ROWS) {
                RowSlab slab = new RowSlab(precision, length, ROWS, null);
                for (int row = 1; row < ROWS; row++) {
                    slab.write(row, vector(random, dimensions));
                }
                float[] scores = new float[ROWS];
                for (VectorKernel kernel : KERNELS) {
                    slab.scores(kernel, ROWS, query, scores);
                    for (int row = 0; row < ROWS; row++) {
                        float[] read = new float[length];
                        slab.read(row, read, 0, length);
                        double expected = VectorIndexContractTest.dot(read, query);
                        assertEquals(expected, scores[row], 1e-5, precision + " " + kernel.name() + " " + dimensions);
                        assertEquals(expected, slab.dot(kernel, row, query), 1e-5);
                    }
                    assertEquals(0, Math.abs(scores[0]), "nobody's row");
                }
                slab.free();
            }
        }
    }

    @Test
    void zeroStaysZeroAndNearToNothing() {
        for (Precision precision : WITH_ROWS) {
            RowSlab slab = new RowSlab(precision, 32, 1, null);
            slab.write(0, new float[20]);
            float[] read = new float[32];
            slab.read(0, read, 0, 32);
            assertArrayEquals(new float[32], read, 0);
            slab.write(0, vector(new Random(1), 20));
            slab.clear(0);
            slab.read(0, read, 0, 32);
            assertArrayEquals(new float[32], read, 0, precision + " after clear");
        }
    }

    @Test
    void eachStepDownTakesLess() {
        long floats = Precision.FLOAT.stride(384);
        assertEquals(1_536, floats);
        assertTrue(Precision.BYTE.stride(384) * 3 < floats);
        assertTrue(Precision.NIBBLE.stride(384) * 3 < 2 * Precision.BYTE.stride(384));
        assertEquals(Precision.BYTE, Precision.FLOAT.lower().orElseThrow());
        assertEquals(Precision.NIBBLE, Precision.BYTE.lower().orElseThrow());
        assertEquals(Precision.BIT, Precision.NIBBLE.lower().orElseThrow());
        assertEquals(0, Precision.BIT.stride(384));
        assertTrue(Precision.BIT.lower().isEmpty());
        RowSlab none = new RowSlab(Precision.BIT, 384, ROWS, new AtomicIntegerArray(ROWS));
        none.write(0, new float[384]);
        none.clear(0);
        assertEquals(0, none.bytes());
        assertEquals(-1, none.ordinal(0));
        assertThrows(IllegalStateException.class, () -> none.read(0, new float[384], 0, 384));
    }
}
