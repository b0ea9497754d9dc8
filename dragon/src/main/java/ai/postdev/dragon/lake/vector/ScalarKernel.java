package ai.postdev.dragon.lake.vector;

/** Plain Java. Eight sums side by side, because the compiler may not reorder one float sum. */
final class ScalarKernel implements VectorKernel {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void scores(float[] vectors, int dimensions, int from, int to, float[] query, float[] scores) {
        for (int v = from; v < to; v++) {
            scores[v - from] = dot(vectors, v * dimensions, query, dimensions);
        }
    }

    private static float dot(float[] vectors, int offset, float[] query, int dimensions) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = 0;
        for (; i + 8 <= dimensions; i += 8) {
            s0 += vectors[offset + i] * query[i];
            s1 += vectors[offset + i + 1] * query[i + 1];
            s2 += vectors[offset + i + 2] * query[i + 2];
            s3 += vectors[offset + i + 3] * query[i + 3];
            s4 += vectors[offset + i + 4] * query[i + 4];
            s5 += vectors[offset + i + 5] * query[i + 5];
            s6 += vectors[offset + i + 6] * query[i + 6];
            s7 += vectors[offset + i + 7] * query[i + 7];
        }
        float sum = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
        for (; i < dimensions; i++) {
            sum += vectors[offset + i] * query[i];
        }
        return sum;
    }
}
