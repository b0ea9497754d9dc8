package ai.postdev.mlx.djl;

import java.util.Iterator;

/**
 * What a model says, piece by piece; a piece may be empty while a character is unfinished. One thread. The next token is
 * drawn when the next piece is asked for, so whoever stops asking has cancelled.
 */
public final class MlxText implements Iterator<String> {
    private final Iterator<String> pieces;

    MlxText(Iterator<String> pieces) {
        this.pieces = pieces;
    }

    @Override
    public boolean hasNext() {
        return pieces.hasNext();
    }

    @Override
    public String next() {
        return pieces.next();
    }

    /** All that is left, as one text. */
    public String rest() {
        StringBuilder text = new StringBuilder();
        pieces.forEachRemaining(text::append);
        return text.toString();
    }
}
