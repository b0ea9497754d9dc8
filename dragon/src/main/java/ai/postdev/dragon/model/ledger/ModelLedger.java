package ai.postdev.dragon.model.ledger;

import ai.postdev.dragon.memory.ModelRoom;
import ai.postdev.dragon.model.queue.WorkClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What models hold of a node's memory. A load is admitted for the most that it will ever take, and only if that is free; what is
 * not free is made so by trimming caches, then by unloading idle models of which a reload costs least: seconds to load, times
 * the probability of use, for each byte (a rule of the family of GreedyDual-Size, Cao and Irani 1997). A model that works on
 * something is never unloaded, a pinned one neither. A pure state machine over {@link ModelRoom}; times are milliseconds of one
 * clock that never goes back. Not thread-safe.
 */
public final class ModelLedger {
    private record Claim(long bytes, long since) {}

    private final LedgerSettings settings;
    private final ModelRoom room;
    private final Map<String, Tenant> tenants = new TreeMap<>();
    /** Loads that room is made for. */
    private final Map<String, Claim> claims = new LinkedHashMap<>();

    private final Map<String, Reuse> reuses;
    private long shortOf;
    private OptionalLong wake = OptionalLong.empty();

    /** A ledger that holds nothing yet. */
    public ModelLedger(LedgerSettings settings, ModelRoom room) {
        this.settings = settings;
        this.room = room;
        this.reuses = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Reuse> eldest) {
                return size() > settings.modelsMax();
            }
        };
    }

    /**
     * Whether a model may be loaded now. If it is granted its bytes are taken, until {@link #gone}.
     *
     * @param installed models that could be loaded instead, for the refusal
     * @throws IllegalArgumentException if the slot holds something already
     */
    public Admission admit(LoadPlan plan, List<Installed> installed, long now) {
        if (tenants.containsKey(plan.slot())) {
            throw new IllegalArgumentException("slot " + plan.slot() + " holds " + tenants.get(plan.slot()).model);
        }
        long needed = plan.peak().total();
        long pinned = tenants.values().stream()
                .filter(tenant -> tenant.pinned)
                .mapToLong(tenant -> tenant.bytes() - tenant.trimmable())
                .sum();
        long possible = room.possible() - pinned;
        if (needed > possible) {
            claims.remove(plan.slot());
            return new Admission.Refused(
                    new Refusal(plan.model(), needed, possible, pinned, room.figures(), fitting(installed, possible)));
        }
        long free = room.free() - shortOf - claimedByOthers(plan.slot());
        if (needed <= free && room.take(needed, plan.outside())) {
            claims.remove(plan.slot());
            tenants.put(plan.slot(), tenant(plan, now));
            return Admission.Granted.GRANTED;
        }
        return makeRoom(plan, needed - free, now);
    }

    private Tenant tenant(LoadPlan plan, long now) {
        Reuse reuse = reuses.computeIfAbsent(
                plan.model(),
                _ -> new Reuse(
                        settings.halfLife().toMillis(), settings.horizon().toMillis()));
        reuse.use(now);
        return new Tenant(plan, plan.ttlMillis().orElse(settings.ttl().toMillis()), reuse, now);
    }

    /** The largest that would fit instead. */
    private static Optional<Installed> fitting(List<Installed> installed, long possible) {
        return installed.stream()
                .filter(other -> other.peakBytes() <= possible)
                .max(Comparator.comparingLong(Installed::peakBytes)
                        .thenComparing(Installed::model, Comparator.reverseOrder()));
    }

    private long claimedByOthers(String slot) {
        return claims.entrySet().stream()
                .filter(claim -> !claim.getKey().equals(slot))
                .mapToLong(claim -> claim.getValue().bytes())
                .sum();
    }

    private Admission makeRoom(LoadPlan plan, long lacking, long now) {
        Claim claim = claims.getOrDefault(plan.slot(), new Claim(plan.peak().total(), now));
        RoomMaking making =
                new RoomMaking(tenants.values(), settings.trimPatience().toMillis(), now);
        long retryAt = now + settings.look().toMillis();
        long need = lacking - making.coming() - fromStores(plan, claim, now);
        if (need <= 0) {
            claims.put(plan.slot(), claim);
            return new Admission.Making(List.of(), retryAt);
        }
        long spare = settings.spare().toMillis();
        List<Tenant> idle = making.victims(
                need, tenant -> tenant.idle() && !RoomMaking.isSpared(tenant, plan.workClass(), spare, now));
        if (making.reach(idle) >= need) {
            claims.put(plan.slot(), claim);
            return new Admission.Making(making.ask(need, idle, plan.model() + " needs its memory"), retryAt);
        }
        claims.remove(plan.slot());
        List<Tenant> busy = making.victims(need, _ -> true);
        // If even that does not do, others' loads or the system have the room, and nobody has to stop for it.
        Set<String> by = making.reach(busy) < need
                ? Set.of()
                : busy.stream()
                        .filter(tenant -> !tenant.idle())
                        .map(tenant -> tenant.slot)
                        .collect(Collectors.toUnmodifiableSet());
        return new Admission.Blocked(by, OptionalLong.of(retryAt));
    }

    /** What the stores give way for a load within what models are promised, if they were not waited for too long already. */
    private long fromStores(LoadPlan plan, Claim claim, long now) {
        ModelRoom.Figures memory = room.figures();
        long promised = Math.min(memory.promised(), room.possible()) - memory.models() - room.free();
        if (promised <= 0 || now - claim.since() > settings.storesPatience().toMillis()) {
            return 0;
        }
        room.want(plan.peak().total());
        return promised;
    }

    /** The load is not wanted any more; it was not granted. */
    public void withdraw(String slot) {
        claims.remove(slot);
    }

    /**
     * A model is loaded.
     *
     * @param actual what it takes now, and will at most without {@link #resize}
     * @param loadMillis how long it took
     * @return whether that is within what it was granted or what was free; if not it has to be unloaded
     */
    public boolean ready(String slot, Footprint actual, long loadMillis, long now) {
        Tenant tenant = tenant(slot);
        tenant.loadMillis = loadMillis;
        tenant.usedAt = now;
        boolean fits = resize(slot, actual, actual.kv());
        tenant.ready = fits;
        tenant.evicting = !fits;
        return fits;
    }

    /**
     * A slot takes more or less than before; asked before it takes more.
     *
     * @param kvUsed of the bytes of sequences what is used now
     * @return whether it may; what is less always is
     */
    public boolean resize(String slot, Footprint footprint, long kvUsed) {
        Tenant tenant = tenant(slot);
        if (kvUsed > footprint.kv() || kvUsed < 0) {
            throw new IllegalArgumentException(
                    slot + " uses " + kvUsed + " bytes of sequences of " + footprint.kv() + " that it has");
        }
        boolean less = footprint.total() <= tenant.bytes();
        if (!hold(tenant, footprint, kvUsed)) {
            return false;
        }
        if (less) {
            // It has answered what it was asked for; if that was not enough it is asked again.
            tenant.trimAsked = 0;
        }
        return true;
    }

    private boolean hold(Tenant tenant, Footprint footprint, long kvUsed) {
        long more = footprint.total() - tenant.bytes();
        if (more > 0
                && (more > room.free() - shortOf - claimedByOthers(tenant.slot) || !room.take(more, tenant.outside))) {
            return false;
        }
        if (more < 0) {
            room.give(-more, tenant.outside);
        }
        tenant.footprint = footprint;
        tenant.kvUsed = kvUsed;
        return true;
    }

    /**
     * What a slot's process really takes. Before it has answered anything it holds what was estimated, or more if it takes
     * more; then what it takes, so that nothing is kept for what it does not need.
     *
     * @param resident bytes of the process in RAM; 0: not known, so it holds the estimate, and of caches what they are
     * @param trimmable of these bytes those that it gives back when it is asked to
     * @param settled whether it has answered something, so that it has what it needs
     * @return what has to be done if it takes more than is free: it has it already, so others give it back
     */
    public List<LedgerEffect> measured(String slot, long resident, long trimmable, boolean settled, long now) {
        Tenant tenant = tenant(slot);
        Footprint footprint =
                resident == 0 ? tenant.estimated(trimmable, settled) : tenant.measured(resident, trimmable, settled);
        long more = footprint.total() - tenant.bytes();
        if (hold(tenant, footprint, footprint.kv())) {
            return List.of();
        }
        room.want(more);
        return shed(more - room.free(), slot + " takes more memory than it was thought to", now);
    }

    /**
     * A slot gave back what it was asked for, or as much of it as it could: so much less it takes from now on.
     * {@link #measured} is to follow.
     */
    public void trimmed(String slot, long bytes) {
        Tenant tenant = tenant(slot);
        tenant.trimAsked = 0;
        tenant.seen = Math.max(0, tenant.seen - bytes);
    }

    /** From now on the slot is unloaded when it was idle for so long; empty: as the settings say. */
    public void ttl(String slot, Optional<Long> millis) {
        tenant(slot).ttlMillis = millis.orElse(settings.ttl().toMillis());
    }

    /** Whether the slot holds anything. */
    public boolean holds(String slot) {
        return tenants.containsKey(slot);
    }

    /** Bytes that the system is short of, as it last said. */
    public long shortOf() {
        return shortOf;
    }

    /** How memory stands. */
    public ModelRoom.Figures memory() {
        return room.figures();
    }

    /** The most that models can hold together now. */
    public long possible() {
        return room.possible();
    }

    /**
     * A slot begins to work on something.
     *
     * @throws IllegalStateException if it is to be unloaded: the queue was to give it nothing more
     */
    public void began(String slot, WorkClass workClass, long now) {
        Tenant tenant = tenant(slot);
        if (tenant.evicting || !tenant.ready) {
            throw new IllegalStateException("slot " + slot + " is not there to work: it is "
                    + (tenant.evicting ? "to be unloaded" : "loading"));
        }
        tenant.active++;
        used(tenant, workClass, now);
        tenant.reuse.use(now);
    }

    /** A slot ended to work on something. */
    public void ended(String slot, WorkClass workClass, long now) {
        Tenant tenant = tenant(slot);
        if (tenant.active == 0) {
            throw new IllegalStateException("slot " + slot + " works on nothing");
        }
        tenant.active--;
        used(tenant, workClass, now);
    }

    private void used(Tenant tenant, WorkClass workClass, long now) {
        // The most urgent use of late counts; after a while a less urgent one takes its place.
        if (!RoomMaking.isSpared(tenant, workClass, settings.spare().toMillis(), now)) {
            tenant.usedBy = workClass;
        }
        tenant.usedAt = now;
    }

    /** A slot is being unloaded, whoever wanted that: what it holds is on its way back, and nothing more is asked of it. */
    public void leaving(String slot) {
        tenant(slot).evicting = true;
    }

    /** A pinned model is never unloaded to make room, nor because it is idle. */
    public void pin(String slot, boolean pinned) {
        tenant(slot).pinned = pinned;
    }

    /** A slot is gone, however, and its memory with it. Nothing if it held none. */
    public void gone(String slot) {
        claims.remove(slot);
        Tenant tenant = tenants.remove(slot);
        if (tenant != null) {
            room.give(tenant.bytes(), tenant.outside);
        }
    }

    private Tenant tenant(String slot) {
        Tenant tenant = tenants.get(slot);
        if (tenant == null) {
            throw new IllegalArgumentException("slot " + slot + " holds no memory; there are " + tenants.keySet());
        }
        return tenant;
    }

    /**
     * The system wants so many bytes back, of whatever it is short of now; 0 if of nothing. So many are asked of idle models and
     * caches, and so many of the free ones are not granted, until it says something else.
     */
    public List<LedgerEffect> pressure(long bytes, long now) {
        shortOf = Math.max(0, bytes);
        return shed(shortOf, "the system is short of memory", now);
    }

    /** What is due: models idle for too long, and what there is too much of. */
    public List<LedgerEffect> tick(long now) {
        List<LedgerEffect> effects = new ArrayList<>();
        wake = OptionalLong.empty();
        for (Tenant tenant : tenants.values()) {
            if (tenant.idle() && !tenant.pinned && !tenant.evicting) {
                long due = tenant.usedAt + tenant.ttlMillis;
                if (now >= due) {
                    tenant.evicting = true;
                    effects.add(new LedgerEffect.Evict(tenant.slot, "idle for " + tenant.ttlMillis / 1_000 + " s"));
                } else {
                    wake = OptionalLong.of(Math.min(due, wake.orElse(Long.MAX_VALUE)));
                }
            }
        }
        effects.addAll(shed(room.figures().models() - room.possible(), "the budget of memory became smaller", now));
        return effects;
    }

    private List<LedgerEffect> shed(long bytes, String reason, long now) {
        RoomMaking making =
                new RoomMaking(tenants.values(), settings.trimPatience().toMillis(), now);
        long need = bytes - making.coming();
        return need > 0 ? making.ask(need, making.victims(need, Tenant::idle), reason) : List.of();
    }

    /** When {@link #tick} is due because of what was true at the last one. */
    public OptionalLong wakeAt() {
        return wake;
    }

    /** What every slot holds, by slot. */
    public List<Held> held(long now) {
        return tenants.values().stream().map(tenant -> Held.of(tenant, now)).toList();
    }

    /** Slots that make room now. */
    public Set<String> evicting() {
        return tenants.values().stream()
                .filter(tenant -> tenant.evicting)
                .map(tenant -> tenant.slot)
                .collect(Collectors.toUnmodifiableSet());
    }
}
