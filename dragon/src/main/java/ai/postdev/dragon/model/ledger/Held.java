package ai.postdev.dragon.model.ledger;

/**
 * What a slot holds, for those who look.
 *
 * @param kvUsed of the bytes of sequences what is used now
 * @param ready whether it is loaded; else it loads
 * @param evicting whether it makes room
 * @param active requests that it works on
 * @param idleMillis since it was last used; 0 while it works
 * @param ttlMillis idle for so long it is unloaded
 * @param reuse probability of a use within the horizon of the settings
 * @param worth seconds of loading, times that, for each byte: who has least goes first
 */
public record Held(
        String slot,
        String model,
        Footprint footprint,
        long kvUsed,
        boolean ready,
        boolean evicting,
        boolean pinned,
        int active,
        long idleMillis,
        long ttlMillis,
        double reuse,
        double worth) {
    static Held of(Tenant tenant, long now) {
        return new Held(
                tenant.slot,
                tenant.model,
                tenant.footprint,
                tenant.kvUsed,
                tenant.ready,
                tenant.evicting,
                tenant.pinned,
                tenant.active,
                tenant.active > 0 ? 0 : now - tenant.usedAt,
                tenant.ttlMillis,
                tenant.reuse.probability(now),
                tenant.worth(now));
    }
}
