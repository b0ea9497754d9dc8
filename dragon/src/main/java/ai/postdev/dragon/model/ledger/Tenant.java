package ai.postdev.dragon.model.ledger;

import ai.postdev.dragon.model.queue.WorkClass;

/** A slot that holds memory, or is about to. */
final class Tenant {
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
    long trimAsked;
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
