package ai.postdev.mlx;

/**
 * The native half. Every call but {@link #sessionCancel} and {@link #liveHandles} belongs on the {@link NativeThread};
 * handles are numbers of a native table, so a stale one is an exception.
 */
final class Native {
    /** The numbers of one session in the {@code params} of {@link #step}; jni_decoder.cpp holds the same. */
    static final int PARAMS = 8;

    static final int FLOAT32 = 0;
    static final int FLOAT16 = 1;
    static final int BFLOAT16 = 2;
    static final int UINT32 = 6;

    private Native() {}

    static native String version();

    static native void open(boolean gpu, int threads);

    static native void close();

    static native boolean hasGpu();

    static native String device();

    static native double gflops(int n, int rounds);

    static native long[] memory();

    static native void trimMemory(long cacheLimit);

    static native int liveHandles();

    static native long weightsNew();

    static native long weightsAdd(long weights, String name, int type, long[] shape);

    static native void weightsFree(long weights);

    static native long decoderNew(String config, long weights);

    static native long decoderBytes(long decoder);

    static native void decoderFree(long decoder);

    static native long sessionNew(long decoder, int limit);

    static native long sessionFork(long session);

    static native void sessionTrim(long session, int length);

    static native long[] sessionFacts(long session);

    static native void sessionSave(long session, long address);

    static native void sessionRestore(long session, long address, long bytes);

    static native void sessionCancel(long session, boolean on);

    static native void sessionFree(long session);

    static native void step(
            long[] sessions,
            int[] counts,
            int[] tokens,
            float[] params,
            long[] seeds,
            long[][] masks,
            int top,
            int[] outTokens,
            float[] outLogprobs,
            int[] outTopTokens,
            float[] outTopLogprobs,
            float[][] outLogits);

    static native long encoderNew(String config, long weights);

    static native void encoderFree(long encoder);

    static native float[] embed(long encoder, int[] tokens, int[] lengths, int pooling, boolean normalise);

    static native long[] arrayNew(int type, long[] shape, long address, long bytes);

    static native void arrayRead(long array, long address, long bytes);

    static native void arrayFree(long array);

    static native long[] arrayOp(String name, long[] arrays, long[] ints, double[] reals);
}
