package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.model.fallback.FallbackSettings;
import ai.postdev.dragon.model.ledger.LedgerSettings;
import ai.postdev.dragon.model.queue.QueueSettings;
import ai.postdev.dragon.model.slot.SlotSettings;
import com.typesafe.config.Config;
import java.nio.file.Path;

/** Everything that says how a node serves models. */
public record ServingSettings(
        ServeSettings serve, QueueSettings queue, LedgerSettings ledger, SlotSettings slot, FallbackSettings fallback) {
    /** Reads {@code postdevai.models}. @param logs folder for what workers print */
    public static ServingSettings from(Config config, Path logs) {
        return new ServingSettings(
                ServeSettings.from(config, logs),
                QueueSettings.from(config),
                LedgerSettings.from(config),
                SlotSettings.from(config),
                FallbackSettings.from(config));
    }
}
