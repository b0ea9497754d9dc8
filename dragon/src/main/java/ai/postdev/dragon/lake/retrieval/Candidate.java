package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.code.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A document on its way through ranking. One request; one thread. */
final class Candidate {
    /** Lines of the document that speak for it. */
    record Place(int startLine, int endLine) {}

    final Document document;
    double fused;
    double textMass;
    double score;
    /** Cosine of the query and the nearest chunk; 0 if the document is not among the nearest. */
    double similarity;

    private final List<Place> places = new ArrayList<>();
    private Place definition;
    private final List<String> why = new ArrayList<>();

    Candidate(Document document) {
        this.document = document;
    }

    void add(Place place) {
        places.add(place);
    }

    /** A definition that was asked for comes before every other place. */
    void defines(Place place) {
        definition = place;
    }

    void because(String reason) {
        if (!why.contains(reason)) {
            why.add(reason);
        }
    }

    /** The places that speak for the document, best first; empty if only its path does. */
    List<Place> places() {
        if (definition == null) {
            return places;
        }
        List<Place> all = new ArrayList<>(places);
        all.addFirst(definition);
        return all;
    }

    boolean hasDefinition() {
        return definition != null;
    }

    List<String> why() {
        return why;
    }

    /** Best first; equal scores in the order of workspace and path, so that the same state gives the same answer. */
    static int byScore(Candidate a, Candidate b) {
        int score = Double.compare(b.score, a.score);
        int workspace = a.document.workspace().compareTo(b.document.workspace());
        return score != 0
                ? score
                : workspace != 0 ? workspace : a.document.path().compareTo(b.document.path());
    }

    /** Adds a signal: {@code weight / (rankOffset + rank)} to each document, by its place in {@code values}. */
    static void fuse(Map<Candidate, Double> values, double weight, Weights weights) {
        List<Map.Entry<Candidate, Double>> ordered = new ArrayList<>(values.entrySet());
        ordered.sort((a, b) -> {
            int value = Double.compare(b.getValue(), a.getValue());
            return value != 0 ? value : byScore(a.getKey(), b.getKey());
        });
        int rank = 0;
        double previous = Double.NaN;
        for (int i = 0; i < ordered.size(); i++) {
            double value = ordered.get(i).getValue();
            rank = value == previous ? rank : i + 1; // equal values share a rank
            previous = value;
            ordered.get(i).getKey().fused += weight * weights.ofRank(rank);
        }
    }
}
