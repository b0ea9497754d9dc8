package ai.postdev.dragon.model.ledger;

import ai.postdev.dragon.model.queue.WorkClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Chooses who makes room: caches before models, and of models those that lose least for each byte. Not thread-safe. */
final class RoomMaking {
    private final Collection<Tenant> tenants;
    private final long trimPatience;
    private final long now;

    /** @param trimPatience milliseconds that a slot may take to give back what it was asked for */
    RoomMaking(Collection<Tenant> tenants, long trimPatience, long now) {
        this.tenants = tenants;
        this.trimPatience = trimPatience;
        this.now = now;
    }

    /** Bytes that come back from what was asked for before. */
    long coming() {
        return tenants.stream()
                .mapToLong(tenant -> tenant.evicting ? tenant.bytes() : trimming(tenant))
                .sum();
    }

    /** What it was asked for and gives back. Who does not answer is not waited for: then models go instead. */
    private long trimming(Tenant tenant) {
        return now - tenant.trimAskedAt <= trimPatience ? Math.min(tenant.trimAsked, tenant.trimmable()) : 0;
    }

    /** Bytes of caches that can still be asked for. */
    private long trimmable() {
        return tenants.stream().mapToLong(RoomMaking::trimmable).sum();
    }

    private static long trimmable(Tenant tenant) {
        return Math.max(0, tenant.trimmable() - tenant.trimAsked);
    }

    /**
     * The models of which losing costs least that, with the caches of all others, make {@code need} bytes free.
     *
     * @param allowed those that may be chosen
     * @return empty if caches suffice; all that are allowed if even they do not
     */
    List<Tenant> victims(long need, Predicate<Tenant> allowed) {
        List<Tenant> chosen = new ArrayList<>();
        long got = trimmable();
        List<Tenant> candidates = tenants.stream()
                .filter(tenant -> !tenant.evicting && !tenant.pinned)
                .filter(allowed)
                .sorted(Comparator.comparing((Tenant tenant) -> !tenant.idle())
                        .thenComparing(RoomMaking::busyFor, Comparator.reverseOrder())
                        .thenComparingDouble(tenant -> tenant.worth(now))
                        .thenComparing(tenant -> tenant.slot))
                .toList();
        for (Tenant tenant : candidates) {
            if (got >= need) {
                break;
            }
            chosen.add(tenant);
            got += gain(tenant);
        }
        if (got >= need) {
            // A large one that came last may make a smaller one before it needless.
            for (Tenant tenant : List.copyOf(chosen).reversed()) {
                if (got - gain(tenant) >= need) {
                    chosen.remove(tenant);
                    got -= gain(tenant);
                }
            }
        }
        return chosen;
    }

    /** Of those who work the least urgent stop first; among those who do nothing it makes no difference. */
    private static WorkClass busyFor(Tenant tenant) {
        return tenant.idle() ? WorkClass.BATCH : tenant.usedBy;
    }

    private long gain(Tenant tenant) {
        return tenant.bytes() - trimming(tenant) - trimmable(tenant);
    }

    long reach(List<Tenant> victims) {
        return trimmable() + victims.stream().mapToLong(this::gain).sum();
    }

    /** Asks for {@code need} bytes: of caches first, of the victims all. */
    List<LedgerEffect> ask(long need, List<Tenant> victims, String reason) {
        List<LedgerEffect> effects = new ArrayList<>();
        long left = need;
        for (Tenant victim : victims) {
            left -= victim.bytes() - trimming(victim);
            victim.evicting = true;
            effects.add(new LedgerEffect.Evict(victim.slot, reason));
        }
        List<Tenant> caches = tenants.stream()
                .filter(tenant -> trimmable(tenant) > 0)
                .sorted(Comparator.comparingDouble((Tenant tenant) -> tenant.reuse.probability(now))
                        .thenComparing(tenant -> tenant.slot))
                .toList();
        for (Tenant tenant : caches) {
            if (left > 0) {
                long some = Math.min(left, trimmable(tenant));
                tenant.trimAsked += some;
                tenant.trimAskedAt = now;
                left -= some;
                effects.add(new LedgerEffect.Trim(tenant.slot, some));
            }
        }
        return effects;
    }

    /** Not used of late by somebody more urgent. */
    static boolean isSpared(Tenant tenant, WorkClass asking, long spareMillis, long now) {
        return tenant.usedBy.before(asking) && now - tenant.usedAt < spareMillis;
    }
}
