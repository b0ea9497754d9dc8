package ai.postdev.dragon.model.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModelMetricsTest {
    private static final AnswerTiming ONE = new AnswerTiming(40, 1_000, 200, 900, 500, 100, 10);

    @Test
    void anAnswerSaysWhatItTook() {
        assertEquals(1_240, ONE.firstTokenMillis());
        assertEquals(100, ONE.interTokenMillis());
        assertEquals(2_000, ONE.prefillTokensPerSecond(), "the cached are not counted");
        assertEquals(10, ONE.decodeTokensPerSecond());
        AnswerTiming none = new AnswerTiming(0, 0, 0, 0, 5, 5, 1);
        assertEquals(0, none.interTokenMillis());
        assertEquals(0, none.prefillTokensPerSecond());
        assertEquals(0, none.decodeTokensPerSecond());
        assertThrows(IllegalArgumentException.class, () -> new AnswerTiming(0, 0, 0, 0, 5, 6, 1));
        assertThrows(IllegalArgumentException.class, () -> new AnswerTiming(-1, 0, 0, 0, 5, 5, 1));
        assertThrows(IllegalArgumentException.class, () -> new AnswerTiming(Double.NaN, 0, 0, 0, 5, 5, 1));
    }

    @Test
    void aModelCountsWhatItsAnswersTook() {
        ModelMetrics metrics = new ModelMetrics();
        metrics.answered(ONE);
        metrics.answered(new AnswerTiming(5, 0, 7, 0, 3, 3, 1));
        metrics.ended(ModelMetrics.Outcome.REFUSED);
        metrics.fellBack();
        ModelMetrics.Figures figures = metrics.figures();
        assertEquals(Map.of(ModelMetrics.Outcome.DONE, 2L, ModelMetrics.Outcome.REFUSED, 1L), figures.outcomes());
        assertEquals(503, figures.promptTokens());
        assertEquals(103, figures.cachedTokens());
        assertEquals(11, figures.answerTokens());
        assertEquals(1, figures.fallbacks());
        assertEquals(2, figures.firstToken().count());
        assertEquals(1_252, figures.firstToken().sum());
        assertEquals(1, figures.interToken().count(), "one token has nothing between");
        assertEquals(1, figures.decode().count());
        assertEquals(1, figures.prefill().count(), "all of it was cached");
        assertEquals(45, figures.queueWait().sum());
    }

    @Test
    void aValueBelongsToTheFirstBucketThatIsNotBelowIt() {
        Histogram histogram = new Histogram(1, 10);
        for (double value : new double[] {0, 1, 1.5, 10, 11}) {
            histogram.observe(value);
        }
        assertArrayEquals(new long[] {2, 2, 1}, histogram.figures().counts());
        assertEquals(23.5, histogram.figures().sum());
        assertEquals(0, new Histogram(1).figures().quantile(0.5));
        assertEquals(10, histogram.figures().quantile(1));
    }

    @Test
    void aQuantileIsWithinTheBucketOfTheTrueOne() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("histogram: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        double[] bounds = {1, 2, 4, 8, 16, 32, 64};
        for (int round = 0; round < 200; round++) {
            Histogram histogram = new Histogram(bounds);
            double[] values = new double[1 + random.nextInt(300)];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextDouble() * random.nextInt(1, 64);
                histogram.observe(values[i]);
            }
            Arrays.sort(values);
            double part = random.nextDouble();
            double truth = values[
                    (int) Math.ceil(part * values.length) - 1 < 0 ? 0 : (int) Math.ceil(part * values.length) - 1];
            int bucket = 0;
            while (truth > bounds[bucket]) {
                bucket++;
            }
            double quantile = histogram.figures().quantile(part);
            assertTrue(
                    quantile <= bounds[bucket] && quantile >= (bucket == 0 ? 0 : bounds[bucket - 1]),
                    quantile + " is not " + truth);
        }
    }
}
