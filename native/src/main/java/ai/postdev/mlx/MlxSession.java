package ai.postdev.mlx;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One text in the making: the tokens that were fed and the model's keys and values for them. Fed by
 * {@link MlxEngine#step}; a session takes part in one step at a time.
 */
public final class MlxSession implements AutoCloseable {
    private final MlxModel model;
    private final int maxTokens;
    private final Handle handle;
    private final AtomicLong seed;

    MlxSession(MlxModel model, long id, int maxTokens, long seed) {
        this.model = model;
        this.maxTokens = maxTokens;
        this.seed = new AtomicLong(seed);
        this.handle = new Handle(this, "session", model.engine().runtime().thread(), id, Native::sessionFree);
    }

    /** The model it belongs to. */
    public MlxModel model() {
        return model;
    }

    /** The most tokens it may hold. */
    public int maxTokens() {
        return maxTokens;
    }

    /** How many tokens were fed. */
    public int length() {
        return (int) facts()[0];
    }

    /** Bytes of keys and values; those shared with a fork count for both. */
    public long bytes() {
        return facts()[1];
    }

    /** Sets the state of the random numbers: the same seed and steps give the same tokens, on every device's sampler. */
    public void seed(long value) {
        seed.set(value);
    }

    /** A session with the same tokens; it costs memory only where the two go on differently. */
    public MlxSession fork() {
        return model.added(
                new MlxSession(model, thread().call(() -> Native.sessionFork(handle.id())), maxTokens, seed.get()));
    }

    /**
     * Forgets all tokens but the first ones, and gives back whole blocks of memory.
     *
     * @param length how many tokens stay, 0 to {@link #length()}
     */
    public void trim(int length) {
        thread().run(() -> Native.sessionTrim(handle.id(), length));
    }

    /** Tokens, keys and values as bytes that {@link MlxModel#restore} takes on a machine with the same kind of device. */
    public byte[] save() {
        return SavedSession.save(this);
    }

    /**
     * Asks the step that this session takes part in, or its next one, to end with {@link MlxCancelledException}. From any
     * thread, without waiting.
     */
    public void cancel() {
        Native.sessionCancel(handle.id(), true);
    }

    /** Takes {@link #cancel()} back, so that the session can be used on. */
    public void resume() {
        Native.sessionCancel(handle.id(), false);
    }

    long id() {
        return handle.id();
    }

    long seed() {
        return seed.get();
    }

    long[] facts() {
        return thread().call(() -> Native.sessionFacts(handle.id()));
    }

    NativeThread thread() {
        return model.engine().thread();
    }

    /** Frees keys and values; more calls do nothing. */
    @Override
    public void close() {
        handle.close();
        model.forget(this);
    }
}
