package ai.postdev.dragon.lake.portable;

import java.io.IOException;

/** A stream cannot be read as what it should be. The message says what was found, where, and what was expected. */
public final class PortableRefused extends IOException {
    private static final long serialVersionUID = 1L;

    /** A stream, or what describes one, was refused. */
    public PortableRefused(String message) {
        super(message);
    }

    PortableRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
