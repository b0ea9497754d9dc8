package ai.postdev.dragon.model.ledger;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How the ledger of models decides; the keys are {@code postdevai.models.ledger.*} and explained in reference.conf.
 *
 * @param ttl idle for so long a model is unloaded
 * @param halfLife of a use, when the probability of the next one is estimated
 * @param horizon within which the next use counts
 * @param spare so long after its last use an idle model is not unloaded for a less urgent one
 * @param look how often it is asked again whether the stores made way
 * @param storesPatience so long the stores are waited for before models are unloaded instead
 * @param trimPatience so long a model that is asked for what it keeps is waited for before models are unloaded instead
 * @param modelsMax whose uses are remembered
 */
public record LedgerSettings(
        Duration ttl,
        Duration halfLife,
        Duration horizon,
        Duration spare,
        Duration look,
        Duration storesPatience,
        Duration trimPatience,
        int modelsMax) {
    public LedgerSettings {
        if (!ttl.isPositive()
                || !halfLife.isPositive()
                || !horizon.isPositive()
                || spare.isNegative()
                || !look.isPositive()
                || storesPatience.isNegative()
                || trimPatience.isNegative()
                || modelsMax < 1) {
            throw new IllegalArgumentException(
                    "postdevai.models.ledger expects ttl, half-life, horizon and look above 0,"
                            + " spare, stores-patience and trim-patience of 0 or more and models-max of at least 1; found "
                            + ttl + ", " + halfLife + ", " + horizon + ", " + look + ", " + spare + ", "
                            + storesPatience + ", " + trimPatience + ", " + modelsMax);
        }
    }

    /** Reads {@code postdevai.models.ledger}. */
    public static LedgerSettings from(Config root) {
        Config ledger = root.getConfig("postdevai.models.ledger");
        return new LedgerSettings(
                ledger.getDuration("ttl"),
                ledger.getDuration("half-life"),
                ledger.getDuration("horizon"),
                ledger.getDuration("spare"),
                ledger.getDuration("look"),
                ledger.getDuration("stores-patience"),
                ledger.getDuration("trim-patience"),
                ledger.getInt("models-max"));
    }
}
