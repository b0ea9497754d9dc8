package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TwoBitCodecTest {
    private final Random random = Seeded.random("TwoBitCodecTest");

    private float[] vector(int length, int dimensions, float scale) {
        float[] vector = new float[dimensions];
        for (int d = 0; d < dimensions; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        float[] scaled = Arrays.copyOf(VectorEngine.unit(vector), length);
        for (int d = 0; d < dimensions; d++) {
            scaled[d] *= scale;
        }
        return scaled;
    }

    /** Errors of both estimates, root mean square, of residuals of length 0.7 beside a centre. */
    private double[] errors(int dimensions, Codec codec) {
        int length = Partition.codeLength(dimensions);
        Readers readers = new Readers(() -> new QueryBuffers(VectorRows.length(dimensions), length));
        BlockStore store = new BlockStore(codec.codeBytes(), readers);
        float[] centre = vector(length, dimensions, 0.7f);
        Encoding encoding = new Encoding(length);
        float[][] vectors = new float[CodeKernel.BLOCK][length];
        for (float[] vector : vectors) {
            float[] residual = vector(length, dimensions, 0.7f);
            for (int d = 0; d < length; d++) {
                vector[d] = centre[d] + residual[d];
            }
            encoding.add(vector, 0, centre, 0);
        }
        codec.encode(encoding, centre);
        int block = store.allocate();
        int copy = store.allocate();
        for (int v = 0; v < CodeKernel.BLOCK; v++) {
            long codes = BlockStore.CODES;
            codec.write(encoding, v, store.segment(copy), store.offset(copy) + codes, CodeKernel.BLOCK - 1 - v);
            codec.copy(
                    store.segment(copy),
                    store.offset(copy) + codes,
                    CodeKernel.BLOCK - 1 - v,
                    store.segment(block),
                    store.offset(block) + codes,
                    v);
            store.occupy(block, v, v);
        }
        QueryBuffers buffers = new QueryBuffers(VectorRows.length(dimensions), length);
        double[] squares = new double[2];
        int rounds = 30;
        for (int round = 0; round < rounds; round++) {
            float[] query = vector(length, dimensions, 0.7f);
            for (int d = 0; d < length; d++) {
                query[d] += centre[d]; // what asks for vectors of this list lies near its centre
            }
            System.arraycopy(query, 0, buffers.turned, 0, length);
            codec.prepare(buffers);
            float bias = (float) VectorIndexContractTest.dot(query, centre);
            buffers.blocks[1] = block;
            codec.score(buffers, store, 1, 2, bias);
            for (int v = 0; v < CodeKernel.BLOCK; v++) {
                buffers.places[v] = CodeKernel.BLOCK + v;
                squares[0] += square(buffers, query, vectors[v], CodeKernel.BLOCK + v);
            }
            codec.refine(buffers, store, CodeKernel.BLOCK);
            for (int v = 0; v < CodeKernel.BLOCK; v++) {
                squares[1] += square(buffers, query, vectors[v], CodeKernel.BLOCK + v);
            }
        }
        double count = (double) rounds * CodeKernel.BLOCK;
        return new double[] {Math.sqrt(squares[0] / count), Math.sqrt(squares[1] / count)};
    }

    private static double square(QueryBuffers buffers, float[] query, float[] vector, int place) {
        double error =
                buffers.scores[place] / buffers.scale + buffers.base - VectorIndexContractTest.dot(query, vector);
        return error * error;
    }

    @Test
    void theSecondBitTakesAwayHalfOfTheError() {
        for (int dimensions : new int[] {100, 384, 768}) {
            Codec codec = new TwoBitCodec(Partition.codeLength(dimensions));
            double[] errors = errors(dimensions, codec);
            // Signs of normally distributed numbers are off by 0.755 of the residual's share in a direction, two bits
            // by 0.37.
            double share = 0.7 * 0.7 / Math.sqrt(dimensions);
            assertTrue(errors[0] < share && errors[0] > 0.6 * share, dimensions + ": " + errors[0] / share);
            assertTrue(errors[1] < 0.6 * share, dimensions + ": " + errors[1] / share);
            assertTrue(errors[1] < codec.refined() * errors[0], "what refined() promises");
        }
    }

    @Test
    void oneBitStaysAsItIs() {
        Codec codec = new BitCodec(384);
        double[] errors = errors(384, codec);
        assertEquals(errors[0], errors[1], "nothing to refine");
        assertEquals(1, codec.refined());
        assertEquals(codec.preparation(), new TwoBitCodec(64).preparation(), "both read the query alike");
    }
}
