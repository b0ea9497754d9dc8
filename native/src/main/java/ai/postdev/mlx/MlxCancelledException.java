package ai.postdev.mlx;

/** The work was given up because {@link MlxSession#cancel()} was called or the thread was interrupted. */
public final class MlxCancelledException extends MlxException {
    private static final long serialVersionUID = 1;

    /** @param message what was given up */
    public MlxCancelledException(String message) {
        super(message);
    }
}
