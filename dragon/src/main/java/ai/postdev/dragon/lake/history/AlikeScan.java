package ai.postdev.dragon.lake.history;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Finds events that share rare words with a text, without an index of words. Three sieves, each tighter: the block
 * signatures say how rare a word is and which blocks can hold enough of the words; the bits of an event say which words
 * it can have; only what could still get into the answer is read.
 *
 * <p>Source of the idea: block-max pruning, Ding and Suel, "Faster Top-k Document Retrieval Using Block-Max Indexes",
 * 2011.
 */
final class AlikeScan {
    /** With less than this share of the asked words' weight an event is not alike. */
    static final double SCORE_MIN = 0.2;

    private static final int TOKENS_MAX = 32;
    private static final double COVERAGE_PART = 0.75;

    private final HistoryColumns columns;
    private final HistoryColumns.Bounds bounds;
    private final TextBlocks blocks;
    private final List<Token> tokens = new ArrayList<>();
    private final long[] bits;
    private final double[] weights;
    private final double weightOfAll;

    /** An event and how like it is. */
    record Alike(int event, long time, double score) {}

    private static final Comparator<Alike> WORST_FIRST = Comparator.comparingDouble(Alike::score)
            .thenComparingLong(Alike::time)
            .thenComparingInt(Alike::event);

    private record Token(String text, byte[] bytes, int[] trigrams, double weight) {}

    AlikeScan(HistoryColumns columns, HistoryColumns.Bounds bounds, Set<String> words) {
        this.columns = columns;
        this.bounds = bounds;
        blocks = columns.blocks();
        for (String word : words) {
            byte[] bytes = TextBlocks.folded(word.getBytes(StandardCharsets.UTF_8));
            int[] trigrams = TextBlocks.trigrams(bytes);
            if (trigrams.length == 0) {
                continue; // two letters say nothing about likeness
            }
            int holding = 0;
            for (int block = 0; block < bounds.blocks(); block++) {
                holding += blocks.mayHold(block, trigrams) ? 1 : 0;
            }
            double weight = Math.log1p((bounds.blocks() + 1.0) / (holding + 1.0));
            tokens.add(new Token(word, bytes, trigrams, weight));
        }
        tokens.sort(Comparator.comparingDouble(Token::weight).reversed().thenComparing(Token::text));
        if (tokens.size() > TOKENS_MAX) {
            tokens.subList(TOKENS_MAX, tokens.size()).clear();
        }
        bits = tokens.stream().mapToLong(token -> TokenBits.of(token.text())).toArray();
        weights = tokens.stream().mapToDouble(Token::weight).toArray();
        weightOfAll = tokens.stream().mapToDouble(Token::weight).sum();
    }

    List<Alike> best(int limit, IntPredicate accept) {
        if (tokens.isEmpty() || limit < 1) {
            return List.of();
        }
        PriorityQueue<Alike> top = new PriorityQueue<>(WORST_FIRST);
        int closed = bounds.blocks() == 0 ? 0 : blocks.end(bounds.blocks() - 1);
        look(closed, bounds.events(), top, limit, accept);
        for (int block = bounds.blocks() - 1; block >= 0; block--) {
            if (enough(weightInBlock(block), top, limit)) {
                look(blocks.first(block), blocks.end(block), top, limit, accept);
            }
        }
        List<Alike> found = new ArrayList<>(top);
        found.sort(Collections.reverseOrder(WORST_FIRST));
        return found;
    }

    /** Whether so much of the asked weight could get into the answer; a score is never more than its share. */
    private boolean enough(double weight, PriorityQueue<Alike> top, int limit) {
        double share = weight / weightOfAll;
        return share >= SCORE_MIN
                && (top.size() < limit || share >= top.element().score());
    }

    private double weightInBlock(int block) {
        double weight = 0;
        for (Token token : tokens) {
            weight += blocks.mayHold(block, token.trigrams()) ? token.weight() : 0;
        }
        return weight;
    }

    private double weightByBits(int event) {
        long has = columns.tokenBits(event);
        double weight = 0;
        for (int i = 0; i < bits.length; i++) {
            weight += (has & bits[i]) != 0 ? weights[i] : 0;
        }
        return weight;
    }

    /** The weight of the words in an event's text, heaviest first; less than all of it once that is not enough. */
    private double weightInText(int event, PriorityQueue<Alike> top, int limit) {
        long has = columns.tokenBits(event);
        double possible = weightByBits(event);
        for (int i = 0; i < bits.length && enough(possible, top, limit); i++) {
            if ((has & bits[i]) != 0 && !blocks.contains(event, tokens.get(i).bytes())) {
                possible -= weights[i];
            }
        }
        return possible;
    }

    private void look(int from, int to, PriorityQueue<Alike> top, int limit, IntPredicate accept) {
        for (int event = to - 1; event >= from; event--) {
            if (!enough(weightByBits(event), top, limit)) {
                continue;
            }
            if (!enough(weightInText(event, top, limit), top, limit)) {
                continue;
            }
            Alike alike = new Alike(event, columns.time(event), score(event));
            boolean better = top.size() < limit || WORST_FIRST.compare(alike, top.element()) > 0;
            if (better && accept.test(event)) {
                if (top.size() == limit) {
                    top.remove();
                }
                top.add(alike);
            }
        }
    }

    /** Mostly the share of the asked weight that the event has as whole words, and a little how much else it says. */
    private double score(int event) {
        Set<String> has = Fingerprint.tokens(columns.text(event));
        double weight = 0;
        int shared = 0;
        for (Token token : tokens) {
            if (has.contains(token.text())) {
                weight += token.weight();
                shared++;
            }
        }
        Set<String> all = new HashSet<>(has);
        tokens.forEach(token -> all.add(token.text()));
        return weight / weightOfAll * (COVERAGE_PART + (1 - COVERAGE_PART) * shared / all.size());
    }
}
