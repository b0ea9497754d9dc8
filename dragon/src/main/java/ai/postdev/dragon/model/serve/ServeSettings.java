package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.model.engine.EngineSetting;
import ai.postdev.dragon.model.engine.StepSettings;
import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How language models are served; the keys are {@code postdevai.models.serve.*} and explained in reference.conf.
 *
 * @param engine that the person wants ({@code postdevai.models.engine})
 * @param tuning of engines whose steps are ours
 * @param defaultModel of requests that name none
 * @param context tokens of one request, prompt and answer together
 * @param sequences requests that one model works on at once
 * @param threads that a model computes with
 * @param promptBytesMax of one request
 * @param pingEvery how often a worker is asked for a sign of life and for its memory
 * @param residentMax bytes that a worker may take; 0: no bound
 * @param workerBytes that a worker takes besides its model, until it was measured
 * @param systemFreeMin bytes that the system should have available; what lacks is asked of models
 * @param systemLook how often that is looked at while there are models in memory
 * @param logs folder for what workers print
 */
public record ServeSettings(
        EngineSetting engine,
        StepSettings tuning,
        String defaultModel,
        int context,
        int sequences,
        int threads,
        long promptBytesMax,
        Duration pingEvery,
        long residentMax,
        long workerBytes,
        long systemFreeMin,
        Duration systemLook,
        Path logs) {
    public ServeSettings {
        if (context < 64 || sequences < 1 || threads < 1 || promptBytesMax < 1) {
            throw new IllegalArgumentException("postdevai.models.serve expects a context of at least 64 tokens, and at"
                    + " least 1 sequence, thread and byte of a prompt; found " + context + ", " + sequences + ", "
                    + threads + ", " + promptBytesMax);
        }
        if (!pingEvery.isPositive() || !systemLook.isPositive() || workerBytes < 0 || systemFreeMin < 0) {
            throw new IllegalArgumentException("postdevai.models.serve expects ping-every and system-look above 0,"
                    + " worker-bytes and system-free-min of 0 or more; found " + pingEvery + ", " + systemLook + ", "
                    + workerBytes + ", " + systemFreeMin);
        }
    }

    /** Reads {@code postdevai.models.serve}. */
    public static ServeSettings from(Config config, Path logs) {
        Config serve = config.getConfig("postdevai.models.serve");
        int threads = serve.getInt("threads");
        return new ServeSettings(
                EngineSetting.of(config.getString("postdevai.models.engine")),
                StepSettings.from(config),
                serve.getString("default"),
                serve.getInt("context"),
                serve.getInt("sequences"),
                threads == 0 ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : threads,
                serve.getBytes("prompt-bytes-max"),
                serve.getDuration("ping-every"),
                serve.getBytes("resident-max"),
                serve.getBytes("worker-bytes"),
                serve.getBytes("system-free-min"),
                serve.getDuration("system-look"),
                logs);
    }
}
