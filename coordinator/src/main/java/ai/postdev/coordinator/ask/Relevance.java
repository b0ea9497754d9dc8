package ai.postdev.coordinator.ask;

import ai.postdev.v1.ContextItem;
import ai.postdev.v1.Relation;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether evidence has to do with a question at all. A search always finds its best passages, also for a question about
 * something else; a small model then makes an answer of them. What is asked for here is that the words of the question
 * which carry meaning are found in the evidence, and a part of them in one place. The bounds were set on 83 questions
 * about five public repositories and 62 about things that are not in them (see docs/reference/benchmarks.md).
 */
public final class Relevance {
    /** Part of the question's words that the evidence together must hold. */
    static final double TOGETHER_MIN = 0.6;

    /** Part of them that one passage, or one fact, must hold. */
    static final double IN_ONE_MIN = 0.34;

    private Relevance() {}

    /** Whether an answer can be expected of the evidence. */
    public static boolean enough(String question, Evidence evidence) {
        if (evidence.passages().isEmpty()) {
            return false;
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
        return together.size() >= TOGETHER_MIN * asked.size() && best >= IN_ONE_MIN * asked.size();
    }

    private static int add(Set<String> together, Set<String> asked, String text) {
        Set<String> held = Words.of(text);
        held.retainAll(asked);
        together.addAll(held);
        return held.size();
    }
}
