package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import java.util.List;

/**
 * Lines of a file that speak for an answer.
 *
 * @param place within the text
 * @param score comparable between the passages of one request
 */
record Passage(SourceText source, Place place, double score, List<String> why) {
    Passage {
        why = List.copyOf(why);
    }
}
