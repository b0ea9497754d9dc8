package ai.postdev.dragon.lake.portable;

/**
 * What a stream holds.
 *
 * @param operations without the lost ones; with those of which only the mark of a dropped event is left
 * @param lost operations of which only the place is known
 * @param texts distinct within the stream
 * @param lostTexts texts that operations refer to and that are gone
 */
public record Tally(long operations, long lost, long texts, long lostTexts) {
    /** Nothing. */
    public static final Tally NONE = new Tally(0, 0, 0, 0);

    /** This and one more line. */
    Tally with(Line line) {
        return switch (line) {
            case Line.Change _, Line.Dropped _ -> new Tally(operations + 1, lost, texts, lostTexts);
            case Line.Lost _ -> new Tally(operations, lost + 1, texts, lostTexts);
            case Line.Text _ -> new Tally(operations, lost, texts + 1, lostTexts);
            case Line.LostText _ -> new Tally(operations, lost, texts, lostTexts + 1);
            case Line.Header _, Line.End _ -> this;
        };
    }

    /** Both together. */
    public Tally plus(Tally other) {
        return new Tally(
                operations + other.operations, lost + other.lost, texts + other.texts, lostTexts + other.lostTexts);
    }
}
