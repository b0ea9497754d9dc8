package ai.postdev.dragon.lake.history;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How like an event is to what was asked: how much of the question's rare words it has, how many of the question's lines
 * it says just so, and how little else it says. Pure.
 */
final class Likeness {
    private static final double PART_WORDS = 0.55;
    private static final double PART_LINES = 0.3;
    private static final double PART_CONVERSE = 0.15;

    /** With so much of the question's telling lines said again, word for word, it is the same again. */
    private static final double SAME_MIN = 0.6;

    /** What lacks a word that weighs more than this beside the heaviest is about something else: a near duplicate. */
    private static final double MISSED_MAX = 0.45;

    /** A name of code says what the error is about, however often it occurs elsewhere. */
    private static final double NAME_LEAST = 0.5;

    private static final double MISSED_SHARE = 0.3;

    /** An error is asked for; an event that says of nothing that it went wrong is less of an answer. */
    private static final double QUIET = 0.8;

    /** What a line weighs beside its words: a line of common words only is still a line. */
    private static final double LINE_WEIGHT = 0.1;

    private final SaidLines asked;
    private final Map<String, Double> weights;
    private final double weightOfAll;
    private final double heaviest;

    /** How like, 0 to 1, and whether it is the same again. */
    record Degree(double score, boolean same) {}

    /** @param weights of the words of the question that the history knows: how rare, times how much in the matter */
    Likeness(SaidLines asked, Map<String, Double> weights) {
        this.asked = asked;
        this.weights = weights;
        this.weightOfAll =
                weights.values().stream().mapToDouble(Likeness::square).sum();
        this.heaviest =
                weights.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    Degree of(String text) {
        SaidLines said = SaidLines.of(text);
        Set<Long> strict = new HashSet<>();
        said.lines().forEach(line -> strict.add(line.strict()));
        double lines = linesSaid(strict);
        Map<String, Double> parts = said.parts();
        double missed = missed(parts);
        boolean same = lines >= SAME_MIN && missed <= MISSED_MAX;
        // what else was said beside the same is how it was recorded, not another matter
        double converse = same ? 1 : converse(parts);
        double score = PART_WORDS * wordsSaid(parts) + PART_LINES * lines + PART_CONVERSE * converse;
        boolean quiet = asked.alarmed() && !said.alarmed();
        return new Degree(score * (1 - MISSED_SHARE * missed) * (quiet ? QUIET : 1), same);
    }

    private double wordsSaid(Map<String, Double> parts) {
        double shared = 0;
        for (Map.Entry<String, Double> word : weights.entrySet()) {
            shared += parts.containsKey(word.getKey()) ? square(word.getValue()) : 0;
        }
        return weightOfAll == 0 ? 0 : shared / weightOfAll;
    }

    /** The heaviest word of the question that the event lacks, beside the heaviest of all: 0 none, 1 that one. */
    private double missed(Map<String, Double> parts) {
        double missed = 0;
        for (Map.Entry<String, Double> word : weights.entrySet()) {
            if (!parts.containsKey(word.getKey())) {
                double least = asked.names().contains(word.getKey()) ? NAME_LEAST * heaviest : 0;
                missed = Math.max(missed, Math.max(least, word.getValue()));
            }
        }
        return heaviest == 0 ? 0 : missed / heaviest;
    }

    private static double square(double weight) {
        return weight * weight;
    }

    private double linesSaid(Set<Long> strict) {
        double said = 0;
        double all = 0;
        for (SaidLines.Line line : asked.telling()) {
            double weight = LINE_WEIGHT;
            for (String token : line.tokens()) {
                weight += weights.getOrDefault(token, 0.0);
            }
            weight *= line.part();
            all += weight;
            said += strict.contains(line.strict()) ? weight : 0;
        }
        return all == 0 ? 0 : said / all;
    }

    /** How much of what the event says was asked. */
    private double converse(Map<String, Double> parts) {
        double shared = 0;
        double all = 0;
        for (Map.Entry<String, Double> word : parts.entrySet()) {
            all += word.getValue();
            shared += weights.containsKey(word.getKey()) ? word.getValue() : 0;
        }
        return all == 0 ? 0 : shared / all;
    }
}
