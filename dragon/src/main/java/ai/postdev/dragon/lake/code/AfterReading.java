package ai.postdev.dragon.lake.code;

import java.time.Duration;

/**
 * When listeners are told what a first reading has brought: symbols come before them. Times are those of
 * {@link System#nanoTime()}. Not thread-safe.
 */
final class AfterReading {
    /** After so long it is asked again. */
    static final Duration PAUSE = Duration.ofMillis(200);

    /** Symbols are missed more than a question's tenths of a second, but not for ever. */
    private static final Duration PARSER_FIRST_MAX = Duration.ofSeconds(30);

    /** Of so much text a question looks through all well within its time; of more it does not, so that is indexed first. */
    private static final long PARSER_FIRST_BYTES = 192 << 20;

    private boolean begun;
    private long since;

    /** A reading is over. */
    void begins(long now) {
        begun = true;
        since = now;
    }

    /**
     * Whether what is left must wait {@link #PAUSE}.
     *
     * @param unparsed whether texts wait for the parser
     * @param bytes of text that is left
     */
    boolean mustWait(boolean unparsed, long bytes, long now) {
        return unparsed && begun && bytes <= PARSER_FIRST_BYTES && now - since < PARSER_FIRST_MAX.toNanos();
    }
}
