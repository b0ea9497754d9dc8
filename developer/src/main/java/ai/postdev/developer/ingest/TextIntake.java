package ai.postdev.developer.ingest;

import java.util.Optional;

/**
 * What stands between the disk and the lake: which files are never opened, what is text, and what is cut out of text.
 * Safe on any thread.
 */
public interface TextIntake {
    /** Whether the file at {@code path} holds secrets by its name, or its path is one; it must not be opened or named. */
    boolean secret(String path);

    /** The text in {@code bytes} as UTF-8; empty if they are no text. */
    Optional<byte[]> decode(byte[] bytes);

    /** The UTF-8 text without credentials; the same array if there are none. */
    byte[] redact(byte[] utf8);

    /** {@code text} without credentials. */
    String redact(String text);
}
