package ai.postdev.dragon.model.ledger;

import ai.postdev.dragon.model.queue.WorkClass;

/** A slot that holds memory, or is about to. */
final class Tenant {
    /** What a process was seen to take falls by this part at each look, so that one low figure does not give its room away. */
    private static final int SEEN_FALL = 32;

    final String slot;
    final String model;
    final boolean outside;
    long ttlMillis;
    final Reuse reuse;
    Footprint footprint;
    /** Of the bytes of sequences what is used now. */
    long kvUsed;

    long loadMillis;
    boolean ready;
    boolean evicting;
    boolean pinned;
    int active;
    long usedAt;
    WorkClass usedBy;
    /** Bytes that it was asked for and has not answered, and since when. */
    long trimAsked;

    long trimAskedAt;
    /** Of its process in RAM: what was seen, following up at once and down slowly. */
    long seen;
    /** What it was thought to take at most. */
    final Footprint peak;

    Tenant(LoadPlan plan, long ttlMillis, Reuse reuse, long now) {
        slot = plan.slot();
        model = plan.model();
        outside = plan.outside();
        footprint = plan.peak();
        peak = plan.peak();
        kvUsed = plan.peak().kv();
        loadMillis = plan.loadMillis();
        usedBy = plan.workClass();
        usedAt = now;
        this.ttlMillis = ttlMillis;
        this.reuse = reuse;
    }

    long bytes() {
        return footprint.total();
    }

    /** What it holds by what is seen of its process. */
    Footprint measured(long resident, long trimmable, boolean settled) {
        seen = Math.max(resident, seen - seen / SEEN_FALL);
        long holds = settled ? seen : Math.max(seen, bytes());
        long cache = settled ? Math.min(trimmable, holds) : 0;
        long kv = Math.min(peak.kv(), holds - cache);
        // Weights are mapped from a file: of those that were never read nothing is in RAM. They are counted again as
        // they come.
        long weights = Math.min(peak.weights(), holds - cache - kv);
        return new Footprint(weights, kv, cache, holds - cache - kv - weights);
    }

    /** What it holds where nothing is seen of its process. */
    Footprint estimated(long trimmable, boolean settled) {
        return settled ? new Footprint(peak.weights(), peak.kv(), trimmable, peak.scratch()) : peak.unfilled();
    }

    boolean idle() {
        return ready && active == 0;
    }

    /** Bytes that it can give back and still work on what it works on. */
    long trimmable() {
        return ready && !evicting ? footprint.promptCache() + footprint.kv() - kvUsed : 0;
    }

    /** What is lost with it: seconds of loading times the probability that they are needed, for each byte. */
    double worth(long now) {
        return loadMillis / 1_000.0 * reuse.probability(now) / Math.max(1, bytes());
    }
}
