package ai.postdev.mlx;

import java.util.Objects;

/**
 * What one session does in one step: it is fed tokens and, if asked, one more is drawn from the answer.
 *
 * @param session the session
 * @param tokens what is fed, at least one token: a prompt, or the token that was drawn last
 * @param sampling how to draw the next token, or null to draw none
 * @param allowed one bit for every token of the vocabulary, set where it may be drawn, or null to allow all
 * @param topLogprobs how many of the most likely tokens to report, 0 to 100
 * @param logits which rows of raw logits to answer with
 */
public record Step(
        MlxSession session, int[] tokens, Sampling sampling, long[] allowed, int topLogprobs, Logits logits) {
    /** Which raw logits a step answers with; each row has one number for every token of the vocabulary. */
    public enum Logits {
        /** None. */
        NONE,
        /** Those after the last token that was fed. */
        LAST,
        /** Those after every token that was fed. */
        ALL
    }

    /** Refuses what cannot be done. */
    public Step {
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(logits, "logits");
        if (tokens.length == 0) {
            throw new IllegalArgumentException("a step needs at least one token");
        }
        if (topLogprobs < 0 || topLogprobs > 100) {
            throw new IllegalArgumentException("topLogprobs must be 0 to 100, not " + topLogprobs);
        }
    }

    /** Feeds tokens and draws the next one. */
    public static Step draw(MlxSession session, Sampling sampling, int... tokens) {
        return new Step(session, tokens, Objects.requireNonNull(sampling), null, 0, Logits.NONE);
    }

    /** Only feeds tokens. */
    public static Step feed(MlxSession session, int... tokens) {
        return new Step(session, tokens, null, null, 0, Logits.NONE);
    }

    /** Feeds tokens and answers with raw logits. */
    public static Step logits(MlxSession session, Logits logits, int... tokens) {
        return new Step(session, tokens, null, null, 0, logits);
    }
}
