package ai.postdev.dragon.lake.code.pattern;

import java.util.List;

/** A text to be looked for whatever the case of its ASCII letters, many bytes at once. Immutable, safe on any thread. */
public final class FoldedLiteral {
    private final LiteralScanner scanner;
    private final int length;

    /** @param folded the text in lower case, at least one byte; kept, never changed afterwards */
    public FoldedLiteral(byte[] folded) {
        length = folded.length;
        byte[] values = folded.clone();
        byte[] masks = new byte[folded.length];
        for (int i = 0; i < folded.length; i++) {
            boolean letter = folded[i] >= 'a' && folded[i] <= 'z';
            masks[i] = letter ? ByteLiteral.ANY_CASE : ByteLiteral.EXACT;
            values[i] = (byte) (folded[i] & masks[i]);
        }
        scanner = new LiteralScanner(List.of(new ByteLiteral(values, masks)));
    }

    /** Bytes of the text. */
    public int length() {
        return length;
    }

    /** The first place in {@code [from, to)} where it stands as a whole; -1 if there is none. */
    public int next(byte[] text, int from, int to) {
        return scanner.next(text, from, to);
    }
}
