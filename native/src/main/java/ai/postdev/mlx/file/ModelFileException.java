package ai.postdev.mlx.file;

import java.io.IOException;

/** A model file that is damaged, hostile or of a kind that is not read here. The text says where and what was found. */
public final class ModelFileException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param message what was found, what was expected and what to do */
    public ModelFileException(String message) {
        super(message);
    }
}
