package ai.postdev.dragon.model.serve;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How language models are served; the keys are {@code postdevai.model.serve.*} and explained in reference.conf.
 *
 * @param defaultModel of requests that name none
 * @param context tokens of one request, prompt and answer together
 * @param sequences requests that one model works on at once
 * @param threads that a model computes with
 * @param promptBytesMax of one request
 * @param idleUnload so long a model without work stays in memory
 * @param pingEvery how often a worker is asked for a sign of life
 * @param silenceMax so long a worker may be silent before it is taken for hung
 * @param loadMax so long a load may take
 * @param residentMax bytes that a worker may take; 0: no bound
 * @param retryMin first wait before a model is loaded again whose worker died; doubles up to {@code retryMax}
 * @param retryMax longest such wait; a worker that lived so long is forgiven
 * @param deathsMax deaths in a row after which requests are told so instead of being kept waiting
 * @param logs folder for what workers print
 */
public record ServeSettings(
        String defaultModel,
        int context,
        int sequences,
        int threads,
        long promptBytesMax,
        Duration idleUnload,
        Duration pingEvery,
        Duration silenceMax,
        Duration loadMax,
        long residentMax,
        Duration retryMin,
        Duration retryMax,
        int deathsMax,
        Path logs) {
    public ServeSettings {
        if (context < 64 || sequences < 1 || threads < 1 || promptBytesMax < 1 || deathsMax < 1) {
            throw new IllegalArgumentException("postdevai.model.serve expects a context of at least 64 tokens, and at"
                    + " least 1 sequence, thread, byte of a prompt and death; found " + context + ", " + sequences
                    + ", " + threads + ", " + promptBytesMax + ", " + deathsMax);
        }
        if (!pingEvery.isPositive() || silenceMax.compareTo(pingEvery) <= 0 || !retryMin.isPositive()) {
            throw new IllegalArgumentException("postdevai.model.serve expects ping-every and retry-min above 0 and"
                    + " silence-max above ping-every; found " + pingEvery + ", " + retryMin + ", " + silenceMax);
        }
    }

    /** Reads {@code postdevai.model.serve}. */
    public static ServeSettings from(Config config, Path logs) {
        Config serve = config.getConfig("postdevai.model.serve");
        int threads = serve.getInt("threads");
        return new ServeSettings(
                serve.getString("default"),
                serve.getInt("context"),
                serve.getInt("sequences"),
                threads == 0 ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : threads,
                serve.getBytes("prompt-bytes-max"),
                serve.getDuration("idle-unload"),
                serve.getDuration("ping-every"),
                serve.getDuration("silence-max"),
                serve.getDuration("load-max"),
                serve.getBytes("resident-max"),
                serve.getDuration("retry-min"),
                serve.getDuration("retry-max"),
                serve.getInt("deaths-max"),
                logs);
    }
}
