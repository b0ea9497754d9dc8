package ai.postdev.dragon.lake.vector;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Builds a partition of all vectors that are there: centres by k-means on a sample, a code book trained on residuals,
 * then every vector's code. Reads rows while the writer goes on; who calls it must remove what was removed meanwhile and
 * add what was added. One thread; deterministic for given vectors and kernels.
 */
final class PartitionBuilder {
    private static final long SEED = 7;
    private static final int SAMPLE_MAX = 20_000;
    /** Floats of a sample: bounds the memory that a build takes for a while to 32 MiB. */
    private static final int SAMPLE_FLOATS_MAX = 1 << 23;

    private static final int ROUNDS = 8;
    private static final int BOOK_BLOCKS_MAX = 128;
    /** A step of the correction byte is this share of the spread of corrections: 127 steps reach four deviations. */
    private static final double STEP = 4.0 / 127;
    /** Lists for the square root of the number of vectors. */
    private static final double LISTS = 1.62;
    /** More where codes are estimated one by one and not 64 at a time: then places out of use cost nothing. */
    private static final double LISTS_PLAIN = 3.2;
    /** Fewer where codes do without rows: each list wastes half a block, and a centre takes as much as 30 such codes. */
    private static final double LISTS_COMPACT = 0.32;
    /**
     * An axis that carries more than this many times the mean energy makes the codes coarse for all others; then the
     * vectors are rotated.
     */
    private static final double ENERGY_MAX = 8;

    private final VectorRows rows;
    private final Kernels kernels;
    private final Readers readers;
    private final boolean compact;
    private final int length;
    private final Random random = new Random(SEED);
    private final float[] vector;

    /** @param compact whether codes are to do without rows: one bit for each number, whatever the kernels */
    PartitionBuilder(VectorRows rows, Kernels kernels, Readers readers, boolean compact) {
        this.compact = compact;
        this.rows = rows;
        this.kernels = kernels;
        this.readers = readers;
        this.length = Partition.codeLength(rows.dimensions());
        this.vector = new float[rows.dimensions()];
    }

    /** A partition of the vectors with ordinals below a bound. */
    Partition build(int bound) {
        int[] ordinals = new int[bound];
        int[] places = new int[bound];
        int count = 0;
        for (int ordinal = 0; ordinal < bound; ordinal++) {
            int row = rows.row(ordinal);
            if (row >= 0) {
                ordinals[count] = ordinal;
                places[count++] = row;
            }
        }
        float[] samples = samples(places, count);
        Rotation rotation = rotation(samples);
        if (rotation != null) {
            for (int i = 0; i < samples.length / length; i++) {
                float[] turned = Arrays.copyOfRange(samples, i * length, (i + 1) * length);
                rotation.apply(turned);
                System.arraycopy(turned, 0, samples, i * length, length);
            }
        }
        int lists = (int) Math.max(1, Math.min(listsForRoot() * Math.sqrt(count), samples.length / length));
        Centres centres = Centres.cluster(kernels.vectors(), samples, length, lists, ROUNDS, random);
        float[] mean = mean(centres);
        Codec codec =
                codec(residuals(samples, centres), book -> Lean.ofVectors(kernels.vectors(), book, samples, centres));
        Codec coarse = codec(centreBlocks(centres), book -> Lean.ofCentres(book, samples, centres, mean));
        BlockStore store = new BlockStore(Math.max(codec.codeBytes(), coarse.codeBytes()), readers);
        Partition partition = new Partition(kernels, rows, store, codec, coarse, rotation, mean, compact);
        for (int list = 0; list < lists; list++) {
            partition.addList(centres.centre(list));
        }
        fill(partition, centres, ordinals, places, count);
        return partition;
    }

    private double listsForRoot() {
        if (compact) {
            return LISTS_COMPACT;
        }
        return kernels.codes().wide() ? LISTS : LISTS_PLAIN;
    }

    private float[] samples(int[] places, int count) {
        int wanted = Math.min(count, Math.min(SAMPLE_MAX, SAMPLE_FLOATS_MAX / length));
        float[] samples = new float[wanted * length];
        for (int i = 0; i < wanted; i++) {
            // one of each stretch, so that no part of the vectors is missing
            int from = (int) ((long) count * i / wanted);
            int to = (int) ((long) count * (i + 1) / wanted);
            rows.read(places[from + random.nextInt(to - from)], vector, 0);
            System.arraycopy(vector, 0, samples, i * length, vector.length);
        }
        return samples;
    }

    private Rotation rotation(float[] samples) {
        double[] energy = new double[length];
        double all = 0;
        for (int i = 0; i < samples.length; i++) {
            double square = (double) samples[i] * samples[i];
            energy[i % length] += square;
            all += square;
        }
        double most = Arrays.stream(energy).max().orElse(0);
        return most * rows.dimensions() > ENERGY_MAX * all ? new Rotation(length, SEED) : null;
    }

    private float[] mean(Centres centres) {
        float[] mean = new float[length];
        for (int c = 0; c < centres.count(); c++) {
            float[] centre = centres.centre(c);
            for (int d = 0; d < length; d++) {
                mean[d] += centre[d] / centres.count();
            }
        }
        return mean;
    }

    private Codec codec(float[][] blocks, ToDoubleFunction<CodeBook> lean) {
        if (compact) {
            return new BitCodec(length);
        }
        if (!kernels.codes().wide()) {
            return new TwoBitCodec(length);
        }
        CodeBook book = CodeBook.train(kernels.codes(), length / 2, blocks, SEED);
        return new PqCodec(kernels.codes(), book, step(book, blocks), (float) lean.applyAsDouble(book));
    }

    /** The error of a code is about orthogonal to a unit vector's direction: its product spreads by its length over sqrt(d). */
    private float step(CodeBook book, float[][] blocks) {
        int[] codes = new int[length / 2 * CodeKernel.BLOCK];
        double squares = 0;
        int parts = length / 2;
        for (float[] block : blocks) {
            kernels.codes().encode(book, block, codes);
            for (int at = 0; at < codes.length; at++) {
                int word = at / CodeKernel.BLOCK * CodeKernel.WORDS + codes[at];
                double dx = block[at] - book.x[word];
                double dy = block[parts * CodeKernel.BLOCK + at] - book.y[word];
                squares += dx * dx + dy * dy;
            }
        }
        double error = Math.sqrt(squares / (blocks.length * (double) CodeKernel.BLOCK));
        return (float) Math.max(1e-9, error / Math.sqrt(length) * STEP);
    }

    private float[][] residuals(float[] samples, Centres centres) {
        int sampled = samples.length / length;
        int count = Math.max(1, Math.min(BOOK_BLOCKS_MAX, sampled / CodeKernel.BLOCK));
        float[][] blocks = new float[count][length * CodeKernel.BLOCK];
        float[] eight = new float[VectorKernel.TILE_ROWS * length];
        int[] nearest = new int[VectorKernel.TILE_ROWS];
        for (int i = 0; i < count * CodeKernel.BLOCK; i++) {
            int from = (int) ((long) i * sampled / (count * CodeKernel.BLOCK)) * length;
            System.arraycopy(samples, from, eight, i % VectorKernel.TILE_ROWS * length, length);
            if (i % VectorKernel.TILE_ROWS == VectorKernel.TILE_ROWS - 1) {
                centres.nearest(eight, nearest);
                for (int row = 0; row < VectorKernel.TILE_ROWS; row++) {
                    int at = i - VectorKernel.TILE_ROWS + 1 + row;
                    float[] centre = centres.centre(nearest[row]);
                    float[] block = blocks[at / CodeKernel.BLOCK];
                    for (int d = 0; d < length; d++) {
                        block[d * CodeKernel.BLOCK + at % CodeKernel.BLOCK] = eight[row * length + d] - centre[d];
                    }
                }
            }
        }
        return blocks;
    }

    private float[][] centreBlocks(Centres centres) {
        int count = (centres.count() + CodeKernel.BLOCK - 1) / CodeKernel.BLOCK;
        float[][] blocks = new float[count][length * CodeKernel.BLOCK];
        for (int i = 0; i < count * CodeKernel.BLOCK; i++) {
            float[] centre = centres.centre(i % centres.count());
            for (int d = 0; d < length; d++) {
                blocks[i / CodeKernel.BLOCK][d * CodeKernel.BLOCK + i % CodeKernel.BLOCK] = centre[d];
            }
        }
        return blocks;
    }

    private void fill(Partition partition, Centres centres, int[] ordinals, int[] places, int count) {
        int[] listOf = new int[count];
        int[] starts = new int[centres.count() + 1];
        float[] eight = new float[VectorKernel.TILE_ROWS * length];
        float[] turned = new float[length];
        int[] nearest = new int[VectorKernel.TILE_ROWS];
        for (int first = 0; first < count; first += VectorKernel.TILE_ROWS) {
            int tile = Math.min(VectorKernel.TILE_ROWS, count - first);
            for (int i = 0; i < tile; i++) {
                rows.read(places[first + i], vector, 0);
                partition.turn(vector, turned);
                System.arraycopy(turned, 0, eight, i * length, length);
            }
            centres.nearest(eight, nearest);
            for (int i = 0; i < tile; i++) {
                listOf[first + i] = nearest[i];
                starts[nearest[i] + 1]++;
            }
        }
        for (int list = 0; list < centres.count(); list++) {
            starts[list + 1] += starts[list];
        }
        int[] next = starts.clone();
        int[] sortedOrdinals = new int[count];
        int[] sortedPlaces = new int[count];
        for (int i = 0; i < count; i++) {
            int at = next[listOf[i]]++;
            sortedOrdinals[at] = ordinals[i];
            sortedPlaces[at] = places[i];
        }
        Encoding encoding = new Encoding(length);
        for (int list = 0; list < centres.count(); list++) {
            float[] centre = centres.centre(list);
            for (int first = starts[list]; first < starts[list + 1]; first += CodeKernel.BLOCK) {
                encoding.clear();
                for (int i = first; i < Math.min(first + CodeKernel.BLOCK, starts[list + 1]); i++) {
                    rows.read(sortedPlaces[i], vector, 0);
                    partition.turn(vector, turned);
                    encoding.add(turned, 0, centre, 0);
                }
                partition.addAll(list, encoding, sortedOrdinals, first);
            }
        }
    }
}
