package ai.postdev.dragon.lake.history;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Finds events that share rare words with a text, without an index of words: the block signatures say how rare a word
 * is and bound what an event of a block can score, so blocks are looked into best first and the scan ends as soon as no
 * other block can do better.
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
    private double weightOfAll;

    /** An event and how like it is. */
    record Alike(int event, double score) {}

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
        weightOfAll = tokens.stream().mapToDouble(Token::weight).sum();
    }

    List<Alike> best(int limit, IntPredicate accept) {
        if (tokens.isEmpty() || limit < 1) {
            return List.of();
        }
        Comparator<Alike> worstFirst = Comparator.comparingDouble(Alike::score)
                .thenComparingLong(alike -> columns.time(alike.event()))
                .thenComparingInt(Alike::event);
        PriorityQueue<Alike> top = new PriorityQueue<>(worstFirst);
        int closed = bounds.blocks() == 0 ? 0 : blocks.end(bounds.blocks() - 1);
        look(closed, bounds.events(), top, worstFirst, limit, accept);
        for (long packed : blocksBestFirst()) {
            double bound = Float.intBitsToFloat((int) (packed >>> Integer.SIZE));
            if (bound < SCORE_MIN
                    || (top.size() == limit && bound < top.element().score())) {
                break;
            }
            int block = (int) packed;
            look(blocks.first(block), blocks.end(block), top, worstFirst, limit, accept);
        }
        List<Alike> found = new ArrayList<>(top);
        found.sort(Collections.reverseOrder(worstFirst));
        return found;
    }

    /** The bound of each block's scores in the upper half, its number in the lower; highest bound first. */
    private long[] blocksBestFirst() {
        long[] packed = new long[bounds.blocks()];
        int count = 0;
        for (int block = 0; block < packed.length; block++) {
            double weight = 0;
            for (Token token : tokens) {
                weight += blocks.mayHold(block, token.trigrams()) ? token.weight() : 0;
            }
            // rounded up, so that the bound stays a bound
            float bound = Math.nextUp((float) (weight / weightOfAll));
            if (bound >= SCORE_MIN) {
                packed[count++] = (long) Float.floatToIntBits(bound) << Integer.SIZE | block;
            }
        }
        long[] sorted = Arrays.copyOf(packed, count);
        Arrays.sort(sorted);
        for (int i = 0, j = count - 1; i < j; i++, j--) {
            long swapped = sorted[i];
            sorted[i] = sorted[j];
            sorted[j] = swapped;
        }
        return sorted;
    }

    private void look(
            int from, int to, PriorityQueue<Alike> top, Comparator<Alike> worstFirst, int limit, IntPredicate accept) {
        for (int event = from; event < to; event++) {
            double weight = 0;
            for (Token token : tokens) {
                weight += blocks.contains(event, token.bytes()) ? token.weight() : 0;
            }
            double coverage = weight / weightOfAll;
            if (coverage < SCORE_MIN
                    || (top.size() == limit && coverage < top.element().score())) {
                continue;
            }
            Alike alike = new Alike(event, score(event));
            boolean better = top.size() < limit || worstFirst.compare(alike, top.element()) > 0;
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
