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
     * The embedding of a text, of unit length. Text beyond the model's window is not looked at. Takes milliseconds of
     * the calling thread.
     *
     * @throws EmbedFailed if the engine could not do it, or is closed
     */
    float[] embed(String text);

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
