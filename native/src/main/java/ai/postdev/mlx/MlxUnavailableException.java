package ai.postdev.mlx;

/** There is no MLX for this platform, or this build was made without it; the text says which and what to do. */
public final class MlxUnavailableException extends MlxException {
    private static final long serialVersionUID = 1;

    /** @param message the reason */
    public MlxUnavailableException(String message) {
        super(message);
    }

    MlxUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
