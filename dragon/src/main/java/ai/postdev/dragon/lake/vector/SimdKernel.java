package ai.postdev.dragon.lake.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The Vector API at the width that the machine prefers. Loaded only where the module is there. */
final class SimdKernel implements VectorKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    @Override
    public String name() {
        return "simd " + SPECIES.vectorBitSize() + " bit";
    }

    @Override
    public void scores(float[] vectors, int dimensions, int from, int to, float[] query, float[] scores) {
        for (int v = from; v < to; v++) {
            scores[v - from] = dot(vectors, v * dimensions, query, dimensions);
        }
    }

    private static float dot(float[] vectors, int offset, float[] query, int dimensions) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i + 4 * LANES <= dimensions; i += 4 * LANES) {
            s0 = product(vectors, offset, query, i, s0);
            s1 = product(vectors, offset, query, i + LANES, s1);
            s2 = product(vectors, offset, query, i + 2 * LANES, s2);
            s3 = product(vectors, offset, query, i + 3 * LANES, s3);
        }
        for (; i + LANES <= dimensions; i += LANES) {
            s0 = product(vectors, offset, query, i, s0);
        }
        float sum = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
        for (; i < dimensions; i++) {
            sum += vectors[offset + i] * query[i];
        }
        return sum;
    }

    private static FloatVector product(float[] vectors, int offset, float[] query, int i, FloatVector sum) {
        return FloatVector.fromArray(SPECIES, vectors, offset + i).fma(FloatVector.fromArray(SPECIES, query, i), sum);
    }
}
