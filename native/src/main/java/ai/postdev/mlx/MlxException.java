package ai.postdev.mlx;

/** MLX refused or failed; the text is its own reason, or says what was found, expected and what to do. */
public class MlxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message the reason */
    public MlxException(String message) {
        super(message);
    }

    MlxException(String message, Throwable cause) {
        super(message, cause);
    }
}
