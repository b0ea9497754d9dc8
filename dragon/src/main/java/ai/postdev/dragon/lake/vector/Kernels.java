package ai.postdev.dragon.lake.vector;

/** The inner loops of an index: products of floats and sums over codes. */
public record Kernels(VectorKernel vectors, CodeKernel codes) {
    /** For logs and reports. */
    public String name() {
        return vectors.name() + (codes.wide() ? ", codes " + codes.name() : ", codes 1 bit");
    }
}
