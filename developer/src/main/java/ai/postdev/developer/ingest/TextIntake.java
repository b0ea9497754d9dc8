package ai.postdev.developer.ingest;

import java.util.Optional;

/**
 * What stands between the disk and the lake: which files are never opened, what is text, and what is cut out of text.
 * Safe on any thread.
 */
public interface TextIntake {
    /** Whether the file at {@code path} holds secrets by its name and must not be opened. */
    boolean secret(String path);

    /** The text in {@code bytes}; empty if they are no text. */
    Optional<String> decode(byte[] bytes);

    /** {@code text} without credentials. */
    String redact(String text);
}
