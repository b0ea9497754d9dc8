package ai.postdev.dragon.lake.code;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * What to look for in the texts, line by line.
 *
 * @param pattern a literal, or a regular expression in the syntax of Rust's regex crate, which ripgrep uses
 * @param literal whether {@code pattern} is taken as it stands
 * @param ignoreCase by Unicode's simple case folding
 * @param filter which documents to look into; called on several threads
 * @param documentsMax stop after this many documents with a match, in the order of workspace and path;
 *     {@link Integer#MAX_VALUE} for all
 * @param linesMax lines kept for each document; the rest is counted only
 * @param deadlineNanos by {@link System#nanoTime()}; the answer is incomplete when it passes
 */
public record GrepQuery(
        String pattern,
        boolean literal,
        boolean ignoreCase,
        Predicate<Document> filter,
        int documentsMax,
        int linesMax,
        long deadlineNanos) {
    public GrepQuery {
        Objects.requireNonNull(pattern);
        Objects.requireNonNull(filter);
        if (documentsMax < 1 || linesMax < 0) {
            throw new IllegalArgumentException("documentsMax must be at least 1 and linesMax at least 0, found "
                    + documentsMax + " and " + linesMax);
        }
    }

    /** A case-sensitive literal in every document. */
    public static GrepQuery literal(String text, int documentsMax, int linesMax, long deadlineNanos) {
        return new GrepQuery(text, true, false, _ -> true, documentsMax, linesMax, deadlineNanos);
    }

    /** A case-sensitive regular expression in every document. */
    public static GrepQuery regex(String regex, int documentsMax, int linesMax, long deadlineNanos) {
        return new GrepQuery(regex, false, false, _ -> true, documentsMax, linesMax, deadlineNanos);
    }

    /** This query over the documents that pass {@code filter}. */
    public GrepQuery filtered(Predicate<Document> filter) {
        return new GrepQuery(pattern, literal, ignoreCase, filter, documentsMax, linesMax, deadlineNanos);
    }
}
