package ai.postdev.dragon.lake.history;

import ai.postdev.dragon.lake.code.pattern.FoldedLiteral;
import ai.postdev.dragon.lake.parallel.SharedTasks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.function.IntPredicate;

/**
 * Finds the events that have most of a text's rare words, without an index of words. The slices of the blocks'
 * signatures say how rare a word is and which blocks can hold how much; blocks are looked into in the order of that, the
 * newer of equals first, until no other can hold an event as good as those found.
 *
 * <p>Source of the idea: block-max pruning, Ding and Suel, "Faster Top-k Document Retrieval Using Block-Max Indexes",
 * 2011.
 */
final class AlikeScan {
    /** With less than this share of the asked words' weight an event is not alike. */
    static final double SHARE_MIN = 0.15;

    private static final int LENGTH_MIN = 3;

    /** Rarest words that are looked for. */
    private static final int TOKENS_MAX = 24;

    /** Blocks looked into at most, about four kilobytes each: a question of common words only gets the newest. */
    private static final int BLOCKS_MAX = 256;

    /** Threads that look, and blocks for which one is enough. */
    private static final int PARTS = 2;

    private static final int PART_BLOCKS_MIN = 16;

    /** Words that nothing remembered has count so little: they tell that something else was asked, not what is found. */
    private static final double UNKNOWN = 0.3;

    private final HistoryColumns columns;
    private final HistoryColumns.Bounds bounds;
    private final TextBlocks blocks;
    private final List<Token> tokens = new ArrayList<>();
    private final double[] weights;
    private final double weightOfAll;

    /** An event and the share of the asked weight that it has, words as parts of others included. */
    record Alike(int event, long time, double share) {}

    private static final Comparator<Alike> WORST_FIRST = Comparator.comparingDouble(Alike::share)
            .thenComparingLong(Alike::time)
            .thenComparingInt(Alike::event);

    /** A word that the history may have; {@code holding} has a bit for each closed block. */
    private record Token(String text, byte[] bytes, FoldedLiteral word, long[] holding, double weight) {
        boolean mayBeIn(int block, int blocks) {
            return block >= blocks || (holding[block / TextBlocks.SLAB_BLOCKS] & 1L << block) != 0;
        }
    }

    /** @param parts the words asked for and how much each is in the matter, 0 to 1 */
    AlikeScan(HistoryColumns columns, HistoryColumns.Bounds bounds, Map<String, Double> parts) {
        this.columns = columns;
        this.bounds = bounds;
        blocks = columns.blocks();
        double unknown = 0;
        for (Map.Entry<String, Double> part : parts.entrySet()) {
            byte[] bytes = TextBlocks.folded(part.getKey().getBytes(StandardCharsets.UTF_8));
            int[] signature = TextBlocks.wordSignature(part.getKey());
            if (bytes.length < LENGTH_MIN) {
                continue; // two letters say nothing about likeness
            }
            long[] holding = new long[TextBlocks.slabs(bounds.blocks())];
            int held = 0;
            for (int slab = 0; slab < holding.length; slab++) {
                holding[slab] = blocks.mayHold(slab, signature, bounds.blocks());
                held += Long.bitCount(holding[slab]);
            }
            double weight = part.getValue() * Math.log1p((bounds.blocks() + 1.0) / (held + 1.0));
            if (held == 0 && !inOpenBlock(bytes)) {
                unknown += UNKNOWN * weight;
            } else {
                tokens.add(new Token(part.getKey(), bytes, new FoldedLiteral(bytes), holding, weight));
            }
        }
        tokens.sort(Comparator.comparingDouble(Token::weight).reversed().thenComparing(Token::text));
        List<Token> asked = tokens.subList(0, Math.min(TOKENS_MAX, tokens.size()));
        weights = asked.stream().mapToDouble(Token::weight).toArray();
        weightOfAll = Arrays.stream(weights).sum()
                + Math.min(unknown, Arrays.stream(weights).sum());
    }

    /**
     * What the words of a text weigh that the history may have.
     *
     * @param known in how many blocks a word is, for words met before; filled
     */
    static Map<String, Double> weights(
            HistoryColumns columns,
            HistoryColumns.Bounds bounds,
            Map<String, Double> parts,
            Map<String, Integer> known) {
        Map<String, Double> weights = new HashMap<>();
        parts.forEach((word, part) -> {
            int held = known.computeIfAbsent(word, asked -> held(columns.blocks(), bounds, asked));
            if (held > 0 && word.length() >= LENGTH_MIN) {
                weights.put(word, part * Math.log1p((bounds.blocks() + 1.0) / (held + 1.0)));
            }
        });
        return weights;
    }

    private static int held(TextBlocks blocks, HistoryColumns.Bounds bounds, String word) {
        int[] signature = TextBlocks.wordSignature(word);
        int held = bounds.blocks() == 0 ? 1 : 0;
        for (int slab = 0; slab < TextBlocks.slabs(bounds.blocks()); slab++) {
            held += Long.bitCount(blocks.mayHold(slab, signature, bounds.blocks()));
        }
        return held;
    }

    private int closed() {
        return bounds.blocks() == 0 ? 0 : blocks.end(bounds.blocks() - 1);
    }

    private boolean inOpenBlock(byte[] word) {
        FoldedLiteral literal = new FoldedLiteral(word);
        for (int event = closed(); event < bounds.events(); event++) {
            if (blocks.contains(event, literal)) {
                return true;
            }
        }
        return false;
    }

    /** The words that the history may have, and what each weighs. */
    Map<String, Double> weights() {
        Map<String, Double> known = new HashMap<>();
        tokens.forEach(token -> known.put(token.text(), token.weight()));
        return known;
    }

    /** @param others lends a thread that looks into every other block */
    List<Alike> best(int limit, IntPredicate accept, Executor others) {
        if (weights.length == 0 || limit < 1) {
            return List.of();
        }
        float[] heaviest = heaviest();
        int[] order = order(heaviest);
        DoubleAccumulator least = new DoubleAccumulator(Math::max, 0);
        List<Callable<Top>> parts = new ArrayList<>();
        int count = order.length < PART_BLOCKS_MIN ? 1 : PARTS;
        for (int part = 0; part < count; part++) {
            Top top = new Top(limit, least);
            int from = part;
            parts.add(() -> {
                if (from == 0) {
                    look(bounds.blocks(), Arrays.stream(weights).sum(), top, accept);
                }
                for (int at = from;
                        at < Math.min(order.length, BLOCKS_MAX) && top.wants(heaviest[order[at]] / weightOfAll);
                        at += count) {
                    look(order[at], heaviest[order[at]], top, accept);
                }
                return top;
            });
        }
        List<Alike> found = new ArrayList<>();
        SharedTasks.results(parts, others).forEach(top -> found.addAll(top.held));
        found.sort(Collections.reverseOrder(WORST_FIRST));
        return List.copyOf(found.subList(0, Math.min(limit, found.size())));
    }

    /** The best events that one thread met. */
    private static final class Top {
        private final PriorityQueue<Alike> held = new PriorityQueue<>(WORST_FIRST);
        private final int limit;
        private final DoubleAccumulator least;

        /** @param least the share that so many events have, of whatever thread: what has less is not among the best */
        Top(int limit, DoubleAccumulator least) {
            this.limit = limit;
            this.least = least;
        }

        /** Whether an event with such a share could be among the best. */
        boolean wants(double share) {
            return share >= SHARE_MIN && share >= least.get();
        }

        void offer(Alike alike, IntPredicate accept) {
            boolean better = held.size() < limit || WORST_FIRST.compare(alike, held.element()) > 0;
            if (better && accept.test(alike.event())) {
                if (held.size() == limit) {
                    held.remove();
                }
                held.add(alike);
                if (held.size() == limit) {
                    least.accumulate(held.element().share());
                }
            }
        }
    }

    /** For each closed block the most that an event in it can have. */
    private float[] heaviest() {
        float[] heaviest = new float[bounds.blocks()];
        for (int i = 0; i < weights.length; i++) {
            long[] holding = tokens.get(i).holding();
            for (int slab = 0; slab < holding.length; slab++) {
                for (long left = holding[slab]; left != 0; left &= left - 1) {
                    heaviest[slab * TextBlocks.SLAB_BLOCKS + Long.numberOfTrailingZeros(left)] += (float) weights[i];
                }
            }
        }
        return heaviest;
    }

    /** Blocks that can hold enough, the heaviest first, the newer of equals first. */
    private int[] order(float[] heaviest) {
        long[] keys = new long[heaviest.length];
        int count = 0;
        for (int block = 0; block < heaviest.length; block++) {
            if (heaviest[block] >= SHARE_MIN * weightOfAll) {
                // the bits of a float that is not negative are in the order of the floats
                keys[count++] = (long) Float.floatToIntBits(heaviest[block]) << Integer.SIZE | block;
            }
        }
        Arrays.sort(keys, 0, count);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = (int) keys[count - 1 - i];
        }
        return order;
    }

    /**
     * For each event of a block the weight of the words in its text, looked for heaviest first, in all texts at once; no
     * more than the true one for those whose weight is not enough.
     *
     * @param block beyond the last: the open one
     * @param possible the most that an event in the block can have
     */
    private double[] weightsInTexts(int block, double possible, int end, Top top) {
        int first = blocks.first(block);
        double[] left = new double[end - first];
        Arrays.fill(left, possible);
        boolean[] holds = new boolean[left.length];
        boolean any = true;
        for (int i = 0; i < weights.length && any; i++) {
            if (!tokens.get(i).mayBeIn(block, bounds.blocks())) {
                continue;
            }
            Arrays.fill(holds, false);
            blocks.eachHolding(first, end, tokens.get(i).word(), event -> holds[event - first] = true);
            any = false;
            for (int at = 0; at < left.length; at++) {
                left[at] -= holds[at] ? 0 : weights[i];
                any |= top.wants(left[at] / weightOfAll);
            }
        }
        return left;
    }

    private void look(int block, double possible, Top top, IntPredicate accept) {
        int end = block < bounds.blocks() ? blocks.end(block) : bounds.events();
        int first = blocks.first(block);
        double[] left = weightsInTexts(block, possible, end, top);
        for (int event = end - 1; event >= first; event--) {
            double share = left[event - first] / weightOfAll;
            if (top.wants(share)) {
                top.offer(new Alike(event, columns.time(event), share), accept);
            }
        }
    }
}
