package ai.postdev.benchmarks.kernel;

import ai.postdev.dragon.lake.vector.CodeKernel;
import ai.postdev.dragon.lake.vector.Kernels;
import ai.postdev.dragon.lake.vector.VectorKernel;
import ai.postdev.dragon.lake.vector.VectorKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The loops of the vector index for vectors of 384 numbers: what this machine runs fastest beside plain Java. Nanoseconds for
 * one product of two vectors, for one vector of a block, or for one score.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class VectorLoops {
    private static final int DIMENSIONS = 384;
    private static final int VECTORS = 128;
    private static final int ROWS = DIMENSIONS / 4;
    private static final int SCORES = 4096;

    /** Which kernels: {@code best} of this machine or {@code plain} Java. */
    @Param({"best", "plain"})
    public String kernels;

    private Arena arena;
    private VectorKernel vectors;
    private CodeKernel codes;
    private float[] query;
    private MemorySegment floats;
    private MemorySegment bytes;
    private byte[] table;
    private short[] sums;
    private short[] scores;
    private int[] places;
    private int threshold;

    /** Random vectors, codes and scores. */
    @Setup
    public void setUp() {
        Kernels chosen = kernels.equals("best") ? VectorKernels.best() : VectorKernels.plain();
        vectors = chosen.vectors();
        codes = chosen.codes();
        arena = Arena.ofConfined();
        Random random = new Random(384);
        query = new float[DIMENSIONS + 16];
        for (int i = 0; i < DIMENSIONS; i++) {
            query[i] = random.nextFloat() - 0.5f;
        }
        floats = arena.allocate((long) VECTORS * DIMENSIONS * Float.BYTES, 64);
        for (int i = 0; i < VECTORS * DIMENSIONS; i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
        }
        byte[] made = new byte[VECTORS * DIMENSIONS];
        random.nextBytes(made);
        bytes = arena.allocate(made.length, 64);
        MemorySegment.copy(made, 0, bytes, ValueLayout.JAVA_BYTE, 0, made.length);
        table = new byte[2 * ROWS * CodeKernel.WORDS + CodeKernel.TABLE_SLACK];
        for (int i = 0; i < 2 * ROWS * CodeKernel.WORDS; i++) {
            table[i] = (byte) random.nextInt(64);
        }
        sums = new short[2 * CodeKernel.BLOCK];
        scores = new short[SCORES];
        for (int i = 0; i < SCORES; i++) {
            scores[i] = (short) (random.nextGaussian() * 1000);
        }
        places = new int[SCORES];
        threshold = 2000;
    }

    /** Frees what lies outside the heap. */
    @TearDown
    public void tearDown() {
        arena.close();
    }

    /** Floats with floats. */
    @Benchmark
    @OperationsPerInvocation(VECTORS)
    public float dotFloats() {
        float sum = 0;
        for (int i = 0; i < VECTORS; i++) {
            sum += vectors.dot(floats, (long) i * DIMENSIONS * Float.BYTES, query, DIMENSIONS);
        }
        return sum;
    }

    /** Floats with signed bytes. */
    @Benchmark
    @OperationsPerInvocation(VECTORS)
    public float dotBytes() {
        float sum = 0;
        for (int i = 0; i < VECTORS; i++) {
            sum += vectors.dotBytes(bytes, (long) i * DIMENSIONS, query, DIMENSIONS);
        }
        return sum;
    }

    /** Floats with codes of four bits. */
    @Benchmark
    @OperationsPerInvocation(VECTORS)
    public float dotNibbles() {
        float sum = 0;
        for (int i = 0; i < VECTORS; i++) {
            sum += vectors.dotNibbles(bytes, (long) i * DIMENSIONS / 2, query, DIMENSIONS);
        }
        return sum;
    }

    /** Sums of table entries for two blocks, 192 parts of four bits a vector. */
    @Benchmark
    @OperationsPerInvocation(2 * CodeKernel.BLOCK)
    public short sums() {
        codes.sums(bytes, 0, bytes, (long) ROWS * CodeKernel.ROW, ROWS, table, sums, 0);
        return sums[0];
    }

    /** How many scores reach a threshold. */
    @Benchmark
    @OperationsPerInvocation(SCORES)
    public int atLeast() {
        return codes.atLeast(scores, SCORES, threshold);
    }

    /** Where the scores are that reach a threshold, one of fifty. */
    @Benchmark
    @OperationsPerInvocation(SCORES)
    public int collect() {
        return codes.collect(scores, SCORES, threshold, places);
    }
}
