package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.dragon.lake.Seeded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wide kernels against their definition in plain Java. */
class CodeKernelTest {
    private static final CodeKernel PLAIN = new ScalarCodeKernel();

    private static CodeKernel wide(int bits) {
        assumeTrue(
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
                "SKIPPED: the vector module is not there");
        return WideKernels.of(bits);
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 512})
    void sumsAndCorrectionsAreThoseOfThePlainKernel(int bits) {
        CodeKernel wide = wide(bits);
        Random random = Seeded.random("sumsAndCorrectionsAreThoseOfThePlainKernel");
        for (int rows : new int[] {2, 16, 96, 192}) {
            byte[] table = new byte[rows * 2 * CodeKernel.WORDS + CodeKernel.TABLE_SLACK];
            for (int i = 0; i < rows * 2 * CodeKernel.WORDS; i++) {
                table[i] = (byte) random.nextInt(64);
            }
            byte[] codes = new byte[2 * rows * CodeKernel.ROW + CodeKernel.BLOCK];
            random.nextBytes(codes);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment segment = arena.allocate(codes.length, 64);
                MemorySegment.copy(codes, 0, segment, ValueLayout.JAVA_BYTE, 0, codes.length);
                short[] expected = new short[128];
                short[] found = new short[128];
                long second = (long) rows * CodeKernel.ROW;
                PLAIN.sums(segment, 0, segment, second, rows, table, expected, 0);
                wide.sums(segment, 0, segment, second, rows, table, found, 0);
                assertArrayEquals(expected, found);
                short[] alone = new short[128];
                wide.sums(segment, second, rows, table, alone, 64);
                assertArrayEquals(Arrays.copyOfRange(expected, 64, 128), Arrays.copyOfRange(alone, 64, 128));
                PLAIN.correct(segment, 2 * second, expected, 64, 77, 3, -345);
                wide.correct(segment, 2 * second, found, 64, 77, 3, -345);
                assertArrayEquals(expected, found);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 512})
    void tablesAndCodesAreThoseOfThePlainKernel(int bits) {
        CodeKernel wide = wide(bits);
        Random random = Seeded.random("tablesAndCodesAreThoseOfThePlainKernel");
        for (int parts : new int[] {4, 20, 32, 192}) {
            float[][] blocks = new float[6][2 * parts * CodeKernel.BLOCK];
            for (float[] block : blocks) {
                for (int i = 0; i < block.length; i++) {
                    block[i] = (float) random.nextGaussian() / 10;
                }
            }
            CodeBook book = CodeBook.train(wide, parts, blocks, 3);
            float[] query = new float[2 * parts + 16];
            for (int d = 0; d < 2 * parts; d++) {
                query[d] = (float) random.nextGaussian() / 10;
            }
            byte[] expected = new byte[parts * CodeKernel.WORDS + CodeKernel.TABLE_SLACK];
            byte[] found = expected.clone();
            float[] minima = new float[book.padded()];
            float[] expectedMinima = minima.clone();
            float scale = PLAIN.table(book, query, 62.9f, expectedMinima, expected);
            assertEquals(scale, wide.table(book, query, 62.9f, minima, found), scale * 1e-5);
            assertArrayEquals(Arrays.copyOf(expectedMinima, parts), Arrays.copyOf(minima, parts), 1e-6f);
            for (int i = 0; i < parts * CodeKernel.WORDS; i++) {
                assertTrue(
                        Math.abs(expected[i] - found[i]) <= 1,
                        "an entry a rounding apart: " + expected[i] + ", " + found[i]);
            }
            int[] plainCodes = new int[parts * CodeKernel.BLOCK];
            int[] wideCodes = plainCodes.clone();
            PLAIN.encode(book, blocks[0], plainCodes);
            wide.encode(book, blocks[0], wideCodes);
            int different = 0;
            for (int i = 0; i < plainCodes.length; i++) {
                different += plainCodes[i] == wideCodes[i] ? 0 : 1;
            }
            assertTrue(different <= plainCodes.length / 1_000, different + " codes differ: more than ties explain");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 512})
    void choosingIsThatOfThePlainKernel(int bits) {
        CodeKernel wide = wide(bits);
        Random random = Seeded.random("choosingIsThatOfThePlainKernel");
        for (int count = 64; count < 2_000; count += 64) {
            short[] scores = new short[count];
            for (int i = 0; i < count; i++) {
                scores[i] = random.nextInt(5) == 0 ? Short.MIN_VALUE : (short) (random.nextGaussian() * 5_000);
            }
            int wanted = 1 + random.nextInt(40);
            int threshold = PLAIN.threshold(scores, count, wanted);
            assertEquals(threshold, wide.threshold(scores, count, wanted));
            short[] sorted = scores.clone();
            Arrays.sort(sorted);
            int exact = Math.max(sorted[count - wanted], Short.MIN_VALUE + 1);
            assertTrue(threshold <= exact, "at least " + wanted + " reach " + threshold);
            int more = Math.min(count - 1, wanted + wanted / 4);
            assertTrue(threshold == exact || threshold > sorted[count - 1 - more], "at most " + more + " do");
            int[] expected = new int[count];
            int[] found = new int[count];
            assertEquals(
                    PLAIN.collect(scores, count, threshold, expected), wide.collect(scores, count, threshold, found));
            assertArrayEquals(expected, found);
        }
    }
}
