package ai.postdev.dragon.lake.vector;

/** The inner loop of a scan, in the form that this machine runs fastest. Stateless; any thread. */
public interface VectorKernel {
    /** For logs: what runs and how wide. */
    String name();

    /**
     * Inner products of a query with vectors that lie one after the other.
     *
     * @param vectors the first vector starts at 0, the next at {@code dimensions}, …
     * @param from first vector
     * @param to one past the last vector
     * @param scores receives the product of vector {@code i} at {@code i - from}
     */
    void scores(float[] vectors, int dimensions, int from, int to, float[] query, float[] scores);
}
