package ai.postdev.mlx.token;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Puts the bytes of tokens together to whole characters, as a model says one token after another. One thread. */
public final class TextStream {
    private final Tokenizer tokenizer;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    /** Starts with nothing. */
    public TextStream(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** The text that is whole now, possibly empty; the rest waits for the next token. */
    public String add(int token) {
        pending.writeBytes(tokenizer.bytes(token));
        byte[] bytes = pending.toByteArray();
        int whole = bytes.length - unfinished(bytes);
        pending.reset();
        pending.write(bytes, whole, bytes.length - whole);
        return new String(bytes, 0, whole, StandardCharsets.UTF_8);
    }

    /** What is left at the end; half a character becomes U+FFFD. */
    public String end() {
        String rest = pending.toString(StandardCharsets.UTF_8);
        pending.reset();
        return rest;
    }

    /** How many bytes at the end are the start of a character that may still be finished. */
    private static int unfinished(byte[] bytes) {
        for (int back = 1; back <= Math.min(3, bytes.length); back++) {
            int b = bytes[bytes.length - back] & 255;
            if (b >= 0xc0) {
                int length = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
                return length > back ? back : 0;
            }
            if (b < 0x80) {
                return 0;
            }
        }
        return 0;
    }
}
