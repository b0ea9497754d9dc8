package ai.postdev.dragon.model;

/** Turns a text into a point, so that texts that mean alike lie near each other. Safe on any thread. */
public interface Embedder extends AutoCloseable {
    /** Name under which the embeddings are stored. Another model, tokenizer or pooling is another name. */
    String model();

    /** What computes it, for people. */
    String engine();

    /** Numbers in each embedding. */
    int dimensions();

    /**
     * A text's embedding.
     *
     * @param vector of unit length; not to be changed
     * @param tokens that were looked at
     * @param cut whether there was more of the text
     */
    record Embedded(float[] vector, int tokens, boolean cut) {}

    /**
     * The embedding of a text, and how much of it was looked at: text beyond the model's window is not. Takes milliseconds
     * of the calling thread.
     *
     * @throws EmbedFailed if the engine could not do it, or is closed
     */
    Embedded embedded(String text);

    /** The embedding of a text, as of {@link #embedded}. */
    default float[] embed(String text) {
        return embedded(text).vector();
    }

    /** Bytes of memory that it takes, as far as its engine knows. */
    long memoryBytes();

    /** Waits for running calls, then gives the memory back. */
    @Override
    void close();

    /** An engine that could not embed a text. */
    final class EmbedFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** With what went wrong. */
        public EmbedFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
