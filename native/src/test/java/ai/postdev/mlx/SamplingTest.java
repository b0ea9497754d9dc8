package ai.postdev.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens are drawn as the logits say, within every cut, and the same again from the same seed. */
class SamplingTest {
    private static final int DRAWS = 800;
    private static final int[] TEXT = {4, 9, 23, 4, 51};

    private MlxEngine engine;
    private MlxModel model;
    private float[] logits;

    @BeforeEach
    void open() throws IOException {
        engine = Models.engine();
        model = engine.load(Models.tiny("qwen3.gguf"), LoadOptions.standard());
        try (MlxSession session = model.session(64)) {
            logits = engine.step(Step.logits(session, Step.Logits.LAST, TEXT)).logits();
        }
    }

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    private StepResult draw(Sampling sampling, long[] allowed, int top, long seed) {
        try (MlxSession session = model.session(64)) {
            session.seed(seed);
            return engine.step(new Step(session, TEXT, sampling, allowed, top, Step.Logits.NONE));
        }
    }

    /** How often each token comes, with seeds that are fixed: luck has no part in it. */
    private int[] counts(Sampling sampling) {
        int[] counts = new int[64];
        try (MlxSession session = model.session(64)) {
            session.seed(42);
            engine.step(Step.feed(session, Arrays.copyOf(TEXT, TEXT.length - 1)));
            for (int i = 0; i < DRAWS; i++) {
                counts[
                        engine.step(Step.draw(session, sampling, TEXT[TEXT.length - 1]))
                                .token()]++;
                session.trim(TEXT.length - 1);
            }
        }
        return counts;
    }

    private double[] softmax(float[] values, double temperature) {
        double peak = IntStream.range(0, 64).mapToDouble(i -> values[i]).max().orElseThrow();
        double[] weights = IntStream.range(0, 64)
                .mapToDouble(i -> Math.exp((values[i] - peak) / temperature))
                .toArray();
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(w -> w / sum).toArray();
    }

    private static void assertDrawn(double[] expected, int[] counts) {
        double square = 0;
        for (int i = 0; i < 64; i++) {
            if (expected[i] == 0) {
                assertEquals(0, counts[i], "token " + i + " was cut off");
            } else {
                double wanted = expected[i] * DRAWS;
                square += (counts[i] - wanted) * (counts[i] - wanted) / wanted;
            }
        }
        // 63 degrees of freedom: 1 in 100,000 is above 120.
        assertTrue(square < 120, "chi square " + square);
    }

    private int[] order() {
        return IntStream.range(0, 64)
                .boxed()
                .sorted((a, b) -> Float.compare(logits[b], logits[a]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private double[] only(double[] all, int kept) {
        int[] order = order();
        double[] cut = new double[64];
        double sum = 0;
        for (int i = 0; i < kept; i++) {
            sum += all[order[i]];
        }
        for (int i = 0; i < kept; i++) {
            cut[order[i]] = all[order[i]] / sum;
        }
        return cut;
    }

    @Test
    void tokensComeAsOftenAsTheLogitsSay() {
        assertDrawn(softmax(logits, 1), counts(new Sampling(1, 0, 1, 0, 1, 0)));
        assertDrawn(softmax(logits, 2.5), counts(new Sampling(2.5, 0, 1, 0, 1, 0)));
    }

    @Test
    void cutsKeepWhatTheyShould() {
        double[] all = softmax(logits, 0.8);
        assertDrawn(only(all, 5), counts(new Sampling(0.8, 5, 1, 0, 1, 0)));
        int[] order = order();
        int kept = 0;
        for (double sum = 0; sum < 0.6; sum += all[order[kept++]]) {
            assertTrue(kept < 64);
        }
        assertDrawn(only(all, kept), counts(new Sampling(0.8, 0, 0.6, 0, 1, 0)));
        // More than the few that are sorted at first.
        double[] flat = softmax(logits, 2.5);
        int many = 0;
        for (double sum = 0; sum < 0.9; sum += flat[order[many++]]) {
            assertTrue(many < 64);
        }
        assertTrue(many > 16, "" + many);
        assertDrawn(only(flat, many), counts(new Sampling(2.5, 0, 0.9, 0, 1, 0)));
        int likely = (int)
                Arrays.stream(order).filter(i -> all[i] >= 0.2 * all[order[0]]).count();
        assertDrawn(only(all, likely), counts(new Sampling(0.8, 0, 1, 0.2, 1, 0)));
    }

    /** The token that a seed means, by the book: all that is allowed, most likely first, up to where the draw falls. */
    private static int drawn(float[] logits, Sampling how, long seed) {
        double peak = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            peak = Math.max(peak, logit);
        }
        double[] weights = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            double weight = Math.exp((logits[i] - peak) / (float) how.temperature());
            weights[i] = weight < (float) how.minP() ? 0 : weight;
        }
        boolean sorted = how.topK() > 0 && how.topK() < logits.length || how.topP() < 1;
        int[] order = IntStream.range(0, logits.length)
                .boxed()
                .sorted((a, b) -> sorted ? Float.compare(logits[b], logits[a]) : 0)
                .limit(how.topK() > 0 ? how.topK() : logits.length)
                .mapToInt(Integer::intValue)
                .toArray();
        double total = Arrays.stream(order).mapToDouble(i -> weights[i]).sum();
        if (how.topP() < 1) {
            double enough = (float) how.topP() * total;
            int kept = 0;
            total = 0;
            while (kept < order.length && total < enough) {
                total += weights[order[kept++]];
            }
            order = Arrays.copyOf(order, kept);
        }
        // SplitMix64, as the native side draws.
        long z = seed + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        z ^= z >>> 31;
        double at = (z >>> 11) * 0x1.0p-53 * total;
        int last = order[0];
        for (int id : order) {
            if (weights[id] > 0) {
                last = id;
                at -= weights[id];
                if (at < 0) {
                    break;
                }
            }
        }
        return last;
    }

    /** Not only as often, but exactly: a candidate that is passed over, doubled or out of its order changes some draw. */
    @Test
    void eachSeedDrawsTheTokenThatItMeans() {
        for (Sampling how : new Sampling[] {
            new Sampling(1, 0, 1, 0, 1, 0),
            new Sampling(2.5, 0, 0.9, 0, 1, 0), // more than the sixteen that are sorted at first
            new Sampling(2.5, 0, 0.999, 0, 1, 0), // nearly all, sorted in two goes
            new Sampling(2.5, 30, 0.8, 0, 1, 0),
            new Sampling(2.5, 20, 1, 0, 1, 0),
            new Sampling(1.5, 0, 0.95, 0.05, 1, 0)
        }) {
            BitSet seen = new BitSet();
            try (MlxSession session = model.session(64)) {
                engine.step(Step.feed(session, Arrays.copyOf(TEXT, TEXT.length - 1)));
                float[] own = engine.step(Step.logits(session, Step.Logits.LAST, TEXT[TEXT.length - 1]))
                        .logits();
                for (int seed = 0; seed < DRAWS; seed++) {
                    session.trim(TEXT.length - 1);
                    session.seed(seed);
                    int token = engine.step(Step.draw(session, how, TEXT[TEXT.length - 1]))
                            .token();
                    assertEquals(drawn(own, how, seed), token, how + " with seed " + seed);
                    seen.set(token);
                }
            }
            assertTrue(seen.cardinality() > 8, how + " drew only " + seen);
        }
    }

    @Test
    void theSameSeedGivesTheSameTokens() {
        Sampling sampling = new Sampling(1.3, 40, 0.95, 0.01, 1.1, 16);
        int[] first = IntStream.range(0, 20)
                .map(i -> draw(sampling, null, 0, i).token())
                .toArray();
        int[] second = IntStream.range(0, 20)
                .map(i -> draw(sampling, null, 0, i).token())
                .toArray();
        assertArrayEquals(first, second);
        assertTrue(Arrays.stream(first).distinct().count() > 3, Arrays.toString(first));
    }

    @Test
    void greedyTakesTheMostLikelyAndReportsLogarithms() {
        StepResult result = draw(Sampling.GREEDY, null, 7, 0);
        int[] order = order();
        double[] all = softmax(logits, 1);
        assertEquals(order[0], result.token());
        assertEquals(Math.log(all[order[0]]), result.logprob(), 1e-4);
        assertArrayEquals(Arrays.copyOf(order, 7), result.topTokens());
        for (int i = 0; i < 7; i++) {
            assertEquals(Math.log(all[order[i]]), result.topLogprobs()[i], 1e-4);
        }
    }

    @Test
    void onlyAllowedTokensComeAndOthersCountForNothing() {
        BitSet allowed = new BitSet();
        allowed.set(3);
        allowed.set(60);
        double[] all = softmax(logits, 1);
        int better = all[3] > all[60] ? 3 : 60;
        StepResult result = draw(Sampling.GREEDY, allowed.toLongArray(), 0, 0);
        assertEquals(better, result.token());
        assertEquals(Math.log(all[better] / (all[3] + all[60])), result.logprob(), 1e-4);
        assertTrue(assertThrows(MlxException.class, () -> draw(Sampling.GREEDY, new long[0], 0, 0))
                .getMessage()
                .contains("allows no token"));
    }

    @Test
    void repetitionIsPenalised() {
        float[] changed = logits.clone();
        for (int id : new int[] {4, 23, 51}) {
            changed[id] = changed[id] > 0 ? changed[id] / 1.8f : changed[id] * 1.8f;
        }
        // The window of three holds 23, 4 and 51, and not the 9 before.
        double[] all = softmax(changed, 1);
        StepResult result = draw(new Sampling(0, 0, 1, 0, 1.8, 3), null, 64, 0);
        for (int i = 0; i < 64; i++) {
            assertEquals(Math.log(all[result.topTokens()[i]]), result.topLogprobs()[i], 1e-4);
        }
    }

    @Test
    void settingsOutOfBoundsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Sampling(-1, 0, 1, 0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(Double.NaN, 0, 1, 0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 0, 0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 1, 2, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 1, 0, 0, 0));
    }
}
