package ai.postdev.coordinator.ask;

import ai.postdev.v1.ContextItem;
import ai.postdev.v1.Relation;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether evidence has to do with a question at all. A search always finds its best passages, also for a question about
 * something else; a small model then makes an answer of them. What is asked for here is that the words of the question
 * which carry meaning are found in the evidence.
 */
public final class Relevance {
    /** Part of the question's words that the passages together must hold. */
    static final double COVERED_MIN = 0.5;

    private Relevance() {}

    /** The part of the question's words that the evidence holds, 0 to 1; 1 if the question has none. */
    public static double covered(String question, Evidence evidence) {
        Set<String> asked = Words.of(question);
        if (asked.isEmpty()) {
            return 1;
        }
        Set<String> held = new HashSet<>();
        for (ContextItem item : evidence.passages()) {
            held.addAll(Words.of(item.getPath() + " " + item.getSymbol() + " " + item.getText()));
        }
        for (Relation fact : evidence.facts()) {
            held.addAll(Words.of(fact.getText()));
        }
        return (double) asked.stream().filter(held::contains).count() / asked.size();
    }

    /** Whether an answer can be expected of the evidence. */
    public static boolean enough(String question, Evidence evidence) {
        return !evidence.passages().isEmpty() && covered(question, evidence) >= COVERED_MIN;
    }
}
