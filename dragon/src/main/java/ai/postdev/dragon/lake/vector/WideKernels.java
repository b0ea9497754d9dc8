package ai.postdev.dragon.lake.vector;

import jdk.incubator.vector.ByteVector;

/** The kernels on the Vector API. Loaded only where its module is there. */
final class WideKernels {
    private WideKernels() {}

    static int preferredBits() {
        return ByteVector.SPECIES_PREFERRED.vectorBitSize();
    }

    /**
     * Kernels of the preferred width. A kernel of another width than the machine's would run, thousands of times slower
     * and without an error; below 256 bits one-bit codes in plain Java are faster than look-ups.
     */
    static Kernels preferred() {
        int bits = preferredBits();
        SimdKernel floats = new SimdKernel();
        // One tiny product: a platform without the instructions fails here and not in the first query.
        floats.dot(new float[64], 0, new float[64], 64);
        return new Kernels(
                floats, bits >= 512 ? new CodeKernel512() : bits == 256 ? new CodeKernel256() : new ScalarCodeKernel());
    }

    static CodeKernel of(int bits) {
        return bits == 512 ? new CodeKernel512() : new CodeKernel256();
    }
}
