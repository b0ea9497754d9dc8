package ai.postdev.dragon.model.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/** What all answers of one model took since the node began. One writer; figures are copies. */
public final class ModelMetrics {
    /** How requests ended. */
    public enum Outcome {
        DONE("done"),
        FAILED("failed"),
        REFUSED("refused"),
        CANCELLED("cancelled"),
        EXPIRED("expired"),
        SUPERSEDED("superseded");

        private final String id;

        Outcome(String id) {
            this.id = id;
        }

        /** The name in answers and metrics. */
        public String id() {
            return id;
        }
    }

    /**
     * How they stand.
     *
     * @param outcomes requests by how they ended
     * @param firstToken milliseconds to the first token
     * @param interToken mean milliseconds between the tokens of an answer
     * @param queueWait milliseconds in the queue
     * @param prefill tokens of prompts that were read in a second
     * @param decode tokens of answers in a second
     * @param promptTokens of all prompts
     * @param cachedTokens of them from the cache
     * @param answerTokens of all answers
     * @param fallbacks requests that another model took over from this
     * @param loads that it was loaded
     * @param loadMillis that these took together
     * @param evictions how often it made room
     * @param deaths of its workers
     * @param trims how often it gave memory back and stayed
     * @param trimmedBytes that these brought together
     */
    public record Figures(
            Map<Outcome, Long> outcomes,
            Histogram.Figures firstToken,
            Histogram.Figures interToken,
            Histogram.Figures queueWait,
            Histogram.Figures prefill,
            Histogram.Figures decode,
            long promptTokens,
            long cachedTokens,
            long answerTokens,
            long fallbacks,
            long loads,
            long loadMillis,
            long evictions,
            long deaths,
            long trims,
            long trimmedBytes) {
        public Figures {
            outcomes = Map.copyOf(outcomes);
        }
    }

    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final Histogram firstToken =
            new Histogram(10, 25, 50, 100, 200, 400, 800, 1_500, 3_000, 6_000, 15_000, 60_000);
    private final Histogram interToken = new Histogram(2, 5, 10, 15, 20, 30, 50, 75, 100, 200, 500, 1_000);
    private final Histogram queueWait = new Histogram(1, 5, 20, 50, 100, 300, 1_000, 3_000, 10_000, 30_000, 120_000);
    private final Histogram prefill = new Histogram(10, 30, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800);
    private final Histogram decode = new Histogram(1, 2, 5, 10, 20, 40, 60, 80, 120, 200, 400, 800);
    private long promptTokens;
    private long cachedTokens;
    private long answerTokens;
    private long fallbacks;
    private long loads;
    private long loadMillis;
    private long evictions;
    private long deaths;
    private long trims;
    private long trimmedBytes;

    /** A request was answered to its end. */
    public void answered(AnswerTiming timing) {
        ended(Outcome.DONE);
        measured(timing);
    }

    /** What a request took that got at least one token. */
    public void measured(AnswerTiming timing) {
        promptTokens += timing.promptTokens();
        cachedTokens += timing.cachedTokens();
        answerTokens += timing.answerTokens();
        queueWait.observe(timing.queueMillis());
        if (timing.answerTokens() > 0) {
            firstToken.observe(timing.firstTokenMillis());
        }
        if (timing.answerTokens() > 1) {
            interToken.observe(timing.interTokenMillis());
            decode.observe(timing.decodeTokensPerSecond());
        }
        if (timing.promptTokens() > timing.cachedTokens()) {
            prefill.observe(timing.prefillTokensPerSecond());
        }
    }

    /** A request ended. */
    public void ended(Outcome outcome) {
        outcomes.merge(outcome, 1L, Long::sum);
    }

    /** Another model took a request over. */
    public void fellBack() {
        fallbacks++;
    }

    /** It was loaded, in so many milliseconds. */
    public void loaded(long millis) {
        loads++;
        loadMillis += millis;
    }

    /** It made room for others, or was idle for too long. */
    public void evicted() {
        evictions++;
    }

    /** It gave so many bytes back, and stayed. */
    public void trimmed(long bytes) {
        trims++;
        trimmedBytes += bytes;
    }

    /** Its worker died. */
    public void died() {
        deaths++;
    }

    /** What a load took on average; empty before the first. */
    public OptionalLong meanLoadMillis() {
        return loads == 0 ? OptionalLong.empty() : OptionalLong.of(loadMillis / loads);
    }

    /** How they stand now. */
    public Figures figures() {
        return new Figures(
                outcomes,
                firstToken.figures(),
                interToken.figures(),
                queueWait.figures(),
                prefill.figures(),
                decode.figures(),
                promptTokens,
                cachedTokens,
                answerTokens,
                fallbacks,
                loads,
                loadMillis,
                evictions,
                deaths,
                trims,
                trimmedBytes);
    }
}
