package ai.postdev.developer.content;

/** What the bytes of a file turned out to be. */
public sealed interface Decoded {
    /**
     * Text.
     *
     * @param utf8 the text as UTF-8 without a byte order mark; the very bytes of the file where it was that already
     * @param charset name of the encoding that the file has
     */
    record Text(byte[] utf8, String charset) implements Decoded {}

    /** No text; {@code reason} says why, in words for a person. */
    record Binary(String reason) implements Decoded {}
}
