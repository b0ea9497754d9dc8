package ai.postdev.dragon.lake.code;

/** A pattern that cannot be searched for. The message says what is wrong and where, for the person who typed it. */
public final class InvalidPatternException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Refuses a pattern. */
    public InvalidPatternException(String message) {
        super(message);
    }
}
