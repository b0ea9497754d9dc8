package ai.postdev.dragon.model.ledger;

import ai.postdev.dragon.model.queue.WorkClass;
import java.util.Optional;

/**
 * A load that is to be.
 *
 * @param slot that loads
 * @param model that is loaded
 * @param peak what it takes at most, with every sequence at its longest
 * @param workClass of the most urgent request that waits for it
 * @param loadMillis how long it is expected to load
 * @param ttlMillis idle for so long it is unloaded, whoever asked for the load; empty: as the settings say
 * @param outside whether it lies in another process
 */
public record LoadPlan(
        String slot,
        String model,
        Footprint peak,
        WorkClass workClass,
        long loadMillis,
        Optional<Long> ttlMillis,
        boolean outside) {}
