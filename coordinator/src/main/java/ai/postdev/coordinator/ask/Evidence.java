package ai.postdev.coordinator.ask;

import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.Relation;
import java.util.List;

/**
 * What an answer may rest on: passages by number, from 1, the best first.
 *
 * @param facts notes, events and commits that belong to the question
 * @param similarity cosine of the question and the nearest chunk that was found; 0 where meaning had no part in it
 */
public record Evidence(List<ContextItem> passages, List<Relation> facts, double similarity) {
    public Evidence {
        passages = List.copyOf(passages);
        facts = List.copyOf(facts);
    }

    /** The evidence that was found. */
    public static Evidence of(ContextAnswer found) {
        return new Evidence(found.getItemsList(), found.getFactsList(), found.getSimilarity());
    }

    /** Whether there is a passage of that number. */
    boolean has(int number) {
        return number >= 1 && number <= passages.size();
    }

    ContextItem passage(int number) {
        return passages.get(number - 1);
    }
}
