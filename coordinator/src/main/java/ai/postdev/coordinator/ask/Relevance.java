package ai.postdev.coordinator.ask;

import ai.postdev.v1.ContextItem;
import ai.postdev.v1.Relation;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether evidence has to do with a question at all. A search always finds its best passages, also for a question about
 * something else; a small model then makes an answer of them. Two things are asked for: that the nearest passage is near in
 * meaning, and that the words of the question which carry meaning are found in the evidence. Where nothing is embedded yet the
 * words decide alone, more strictly. The bounds were set on questions about five public repositories and others about things
 * that are not in them, and tried on as many more that they were not set on (see docs/reference/benchmarks.md).
 */
public final class Relevance {
    /** Cosine from which meaning is enough: the question may be in other words than the code. */
    static final double NEAR = 0.5;

    /** Cosine below which shared words are likely chance; names in code often lie there, and are found by their words. */
    static final double FAR = 0.35;

    /**
     * What must be shared.
     *
     * @param together part of the question's words that the evidence together must hold
     * @param inOne part of them that one passage, or one fact, must hold
     */
    private record Bound(double together, double inOne) {}

    private static final Bound MEANT = new Bound(0.5, 0);
    private static final Bound FAR_OFF = new Bound(0.8, 0.5);
    private static final Bound WORDS_ALONE = new Bound(0.6, 0.34);

    private Relevance() {}

    /** Whether an answer can be expected of the evidence. */
    public static boolean enough(String question, Evidence evidence) {
        if (evidence.passages().isEmpty()) {
            return false;
        }
        if (evidence.similarity() >= NEAR) {
            return true;
        }
        Set<String> asked = Words.of(question);
        if (asked.isEmpty()) {
            return true; // nothing can be told from such words
        }
        Set<String> together = new HashSet<>();
        int best = 0;
        for (ContextItem item : evidence.passages()) {
            best = Math.max(best, add(together, asked, item.getPath() + " " + item.getSymbol() + " " + item.getText()));
        }
        for (Relation fact : evidence.facts()) {
            best = Math.max(best, add(together, asked, fact.getText()));
        }
        Bound bound = bound(evidence.similarity());
        return together.size() >= bound.together() * asked.size() && best >= bound.inOne() * asked.size();
    }

    private static Bound bound(double similarity) {
        if (similarity == 0) {
            return WORDS_ALONE;
        }
        return similarity < FAR ? FAR_OFF : MEANT;
    }

    private static int add(Set<String> together, Set<String> asked, String text) {
        Set<String> held = Words.of(text);
        held.retainAll(asked);
        together.addAll(held);
        return held.size();
    }
}
