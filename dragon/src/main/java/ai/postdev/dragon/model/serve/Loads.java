package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.model.ledger.Admission;
import ai.postdev.dragon.model.ledger.LoadPlan;
import ai.postdev.dragon.model.ledger.ModelLedger;
import ai.postdev.dragon.model.queue.QueueEvent;
import ai.postdev.dragon.model.queue.WorkClass;
import ai.postdev.dragon.model.slot.SlotState;
import ai.postdev.v1.ServedModel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Loads from the wish to the worker: looked up, then asked of the ledger until it is granted, refused, or not wanted any more.
 * Lives on its keeper's thread.
 */
final class Loads {
    private final Keeper keeper;
    private final ServingSettings settings;
    private final ModelLedger ledger;
    private final Slots slots;
    private final Tallies tallies;
    private final Map<String, Wanted> wanted = new LinkedHashMap<>();

    Loads(Keeper keeper, ServingSettings settings, ModelLedger ledger, Slots slots, Tallies tallies) {
        this.keeper = keeper;
        this.settings = settings;
        this.ledger = ledger;
        this.slots = slots;
        this.tallies = tallies;
    }

    /** Requests wait for the model. */
    void load(String model, WorkClass workClass) {
        if (slots.of(model).filter(Held::embeds).isPresent()) {
            keeper.cannotLoad(model, Reply.Reason.INVALID, writesNothing(model));
            return;
        }
        boolean leaves = slots.of(model)
                .filter(slot -> slot.machine.state() instanceof SlotState.Draining)
                .isPresent();
        if (leaves) {
            // The queue asks again when it is gone, or then.
            long at = keeper.now() + settings.ledger().look().toMillis();
            keeper.happen(new QueueEvent.LoadBlocked(model, Set.of(), OptionalLong.of(at)));
            return;
        }
        boolean comes = slots.of(model)
                .filter(slot -> slot.machine.state() instanceof SlotState.Loading)
                .isPresent();
        if (comes) {
            keeper.happen(new QueueEvent.LoadStarted(model, model));
            return;
        }
        Wanted want = want(model);
        want.queued = true;
        want.workClass = workClass;
    }

    /** Somebody wants the model in memory. */
    void load(String model, Optional<Duration> ttl, ActorRef<Reply<ServedModel>> caller) {
        Optional<Held> held = slots.of(model);
        SlotState state = held.<SlotState>map(slot -> slot.machine.state()).orElse(SlotState.Empty.EMPTY);
        Optional<Long> ttlMillis = ttl.map(Duration::toMillis);
        switch (state) {
            case SlotState.Ready _ -> {
                ledger.ttl(model, ttlMillis);
                caller.tell(new Reply.Answered<>(slots.served(held.orElseThrow())));
            }
            case SlotState.Loading _ -> {
                ledger.ttl(model, ttlMillis);
                held.orElseThrow().loaders.add(caller);
            }
            case SlotState.Draining draining ->
                caller.tell(new Reply.Refused<>(
                        Reply.Reason.UNAVAILABLE,
                        "model " + model + " is being unloaded: " + draining.reason() + "; try again in a moment"));
            case SlotState.Empty _, SlotState.Failed _ -> {
                Wanted want = want(model);
                want.callers.add(caller);
                want.ttlMillis = ttlMillis;
                want.workClass = WorkClass.INTERACTIVE;
            }
        }
    }

    private Wanted want(String model) {
        Wanted known = wanted.get(model);
        if (known != null) {
            return known;
        }
        Wanted fresh = new Wanted(model);
        wanted.put(model, fresh);
        keeper.find(model);
        return fresh;
    }

    /** Nobody's request waits for the load any more. */
    void abort(String model) {
        Wanted want = wanted.get(model);
        if (want == null) {
            boolean byHand =
                    slots.of(model).filter(slot -> !slot.loaders.isEmpty()).isPresent();
            if (!byHand) {
                slots.unload(model, "nobody waited for it any more");
            }
            return;
        }
        want.queued = false;
        if (want.callers.isEmpty()) {
            wanted.remove(model);
            ledger.withdraw(model);
        }
        keeper.happen(new QueueEvent.LoadFailed(model, "nobody waited for it any more"));
    }

    /** The model was looked up. */
    void found(String model, Reply<Loadable> reply) {
        Wanted want = wanted.get(model);
        if (want == null || want.found.isPresent()) {
            return;
        }
        switch (reply) {
            case Reply.Refused<Loadable>(Reply.Reason reason, String message) -> fail(want, reason, message);
            case Reply.Answered<Loadable>(Loadable loadable) -> {
                if (loadable.embeds() && want.callers.isEmpty()) {
                    fail(want, Reply.Reason.INVALID, writesNothing(model));
                    return;
                }
                tallies.know(model);
                Held slot = slots.slot(model);
                boolean another = slot.loadable
                        .filter(had -> !had.identity().equals(loadable.identity()))
                        .isPresent();
                if (another || !want.callers.isEmpty()) {
                    slots.reset(slot);
                }
                want.found = Optional.of(loadable);
                boolean failed = slot.machine.state() instanceof SlotState.Failed last && keeper.now() < last.retryAt();
                if (failed) {
                    wanted.remove(model);
                    slots.notLoaded(slot);
                } else {
                    admit(want);
                }
            }
        }
    }

    /** Loads that wait for memory ask again if their time came. @return whether one did */
    boolean ask() {
        boolean asked = false;
        for (Wanted want : List.copyOf(wanted.values())) {
            if (want.found.isPresent() && want.askAt <= keeper.now() && wanted.get(want.model) == want) {
                admit(want);
                asked = true;
            }
        }
        return asked;
    }

    /** When {@link #ask} is due. */
    OptionalLong wakeAt() {
        return wanted.values().stream()
                .filter(want -> want.found.isPresent())
                .mapToLong(want -> want.askAt)
                .min();
    }

    /** There may be more room. */
    void askSoon() {
        wanted.values().forEach(want -> want.askAt = keeper.now());
    }

    private void admit(Wanted want) {
        Loadable loadable = want.found.orElseThrow();
        LoadPlan plan = new LoadPlan(
                want.model,
                want.model,
                loadable.peak(),
                want.workClass,
                tallies.loadMillis(want.model),
                want.ttlMillis,
                !loadable.embeds());
        switch (ledger.admit(plan, loadable.others(), keeper.now())) {
            case Admission.Granted _ -> {
                wanted.remove(want.model);
                slots.begin(want, loadable);
            }
            case Admission.Making(var effects, long retryAt) -> {
                want.askAt = retryAt;
                slots.carryOut(effects);
            }
            case Admission.Blocked(Set<String> by, OptionalLong retryAt) -> {
                wanted.remove(want.model);
                refuse(
                        want,
                        Reply.Reason.OVERLOADED,
                        "there is no room for " + want.model + " now"
                                + (by.isEmpty() ? "" : ": in use are " + String.join(", ", by))
                                + "; try again later, or: postdevai models unload NAME");
                if (want.queued) {
                    keeper.happen(new QueueEvent.LoadBlocked(want.model, by, retryAt));
                }
            }
            case Admission.Refused(var refusal) -> fail(want, Reply.Reason.PRECONDITION, refusal.message());
        }
    }

    private static String writesNothing(String model) {
        return "model " + model + " embeds and writes no text; what does: postdevai models list";
    }

    private void fail(Wanted want, Reply.Reason reason, String message) {
        wanted.remove(want.model);
        refuse(want, reason, message);
        if (want.queued) {
            keeper.cannotLoad(want.model, reason, message);
        }
    }

    private static void refuse(Wanted want, Reply.Reason reason, String message) {
        want.callers.forEach(caller -> caller.tell(new Reply.Refused<>(reason, message)));
    }
}
