package ai.postdev.dragon.model.slot;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One slot: {@code empty, loading, ready, draining, empty}, or {@code failed}. At most one worker at a time; a worker that is
 * silent, loads for too long or does not end is killed; after a failure the model is loaded again only after a back-off, and
 * after many in a row not before the circuit breaker lets a trial through. A pure state machine; times are milliseconds of one
 * clock that never goes back. Not thread-safe.
 */
public final class SlotMachine {
    private final SlotSettings settings;
    private final List<SlotEffect> effects = new ArrayList<>();
    private CircuitBreaker breaker;
    private SlotState state = SlotState.Empty.EMPTY;
    private String last = "";
    private int active;
    private long heard;
    /** The worker was killed, and is not gone yet. */
    private boolean killed;

    private String killedFor = "";
    private boolean lasting;

    /** An empty slot. */
    public SlotMachine(SlotSettings settings) {
        this.settings = settings;
        breaker = closed();
    }

    private CircuitBreaker closed() {
        return new CircuitBreaker(settings.breakerFailures(), settings.breakerOpen(), settings.breakerOpenMax());
    }

    /**
     * What has to be done now.
     *
     * @throws IllegalStateException if a request is begun in a slot that takes none, or ended where none was begun
     */
    public List<SlotEffect> on(SlotEvent event, long now) {
        effects.clear();
        switch (event) {
            case SlotEvent.Load load -> onLoad(load.model(), now);
            case SlotEvent.Loaded _ -> onLoaded(now);
            case SlotEvent.LoadFailed failed -> onLoadFailed(failed);
            case SlotEvent.Drain drain -> onDrain(drain.reason(), now);
            case SlotEvent.Began _ -> onBegan();
            case SlotEvent.Ended ended -> onEnded(ended.well(), now);
            case SlotEvent.Heartbeat _ -> heard = now;
            case SlotEvent.WorkerGone gone -> onWorkerGone(gone.reason(), now);
            case SlotEvent.Reset _ -> onReset();
            case SlotEvent.Tick _ -> {}
        }
        onTime(now);
        return List.copyOf(effects);
    }

    /** Where the slot stands. */
    public SlotState state() {
        return state;
    }

    /** The slot's circuit breaker, to be looked at. */
    public CircuitBreaker.State breaker() {
        return breaker.state();
    }

    /** Requests that the worker has. */
    public int active() {
        return active;
    }

    /** When a {@link SlotEvent.Tick} is due, if nothing happens before. */
    public OptionalLong wakeAt() {
        if (killed) {
            return OptionalLong.empty();
        }
        return switch (state) {
            case SlotState.Empty _ -> OptionalLong.empty();
            case SlotState.Failed _ -> OptionalLong.empty();
            case SlotState.Loading loading ->
                OptionalLong.of(Math.min(
                        silentAt(), loading.since() + settings.loadMax().toMillis()));
            case SlotState.Ready _ -> OptionalLong.of(silentAt());
            case SlotState.Draining draining -> OptionalLong.of(draining.stopping() ? stopAt(draining) : silentAt());
        };
    }

    private long silentAt() {
        return heard + settings.heartbeatMax().toMillis();
    }

    private long stopAt(SlotState.Draining draining) {
        return draining.since() + settings.stopMax().toMillis();
    }

    private void onLoad(String model, long now) {
        switch (state) {
            case SlotState.Empty _ -> load(model, now);
            case SlotState.Failed failed -> {
                if (failed.model().equals(model) && now < failed.retryAt()) {
                    effects.add(new SlotEffect.Rejected(model, failed.reason(), failed.retryAt()));
                } else {
                    load(model, now);
                }
            }
            case SlotState.Loading loading -> busy(model, loading.model());
            case SlotState.Ready ready -> busy(model, ready.model());
            case SlotState.Draining draining -> busy(model, draining.model());
        }
    }

    private void busy(String model, String with) {
        effects.add(new SlotEffect.Rejected(
                model, "the slot is " + state.id() + " with " + with + "; drain it first", Long.MAX_VALUE));
    }

    private void load(String model, long now) {
        if (!model.equals(last)) {
            // What another model did says nothing about this one.
            breaker = closed();
            last = model;
        }
        if (!breaker.allows(now)) {
            effects.add(new SlotEffect.Rejected(
                    model,
                    "it failed " + breaker.failures() + " times in a row, so it is left alone for a while",
                    breaker.openUntil()));
            return;
        }
        state = new SlotState.Loading(model, now);
        active = 0;
        heard = now;
        killed = false;
        effects.add(new SlotEffect.StartWorker(model));
    }

    private void onLoaded(long now) {
        if (state instanceof SlotState.Loading loading && !killed) {
            heard = now;
            state = new SlotState.Ready(loading.model(), now);
            effects.add(new SlotEffect.Opened(loading.model(), now - loading.since()));
        }
    }

    private void onLoadFailed(SlotEvent.LoadFailed failed) {
        if (state instanceof SlotState.Loading && !killed) {
            // Its process has nothing to do any more; when it is gone this is the reason.
            kill(failed.reason());
            lasting = failed.lasting();
        }
    }

    private void onDrain(String reason, long now) {
        switch (state) {
            case SlotState.Loading loading -> {
                breaker.withdrawn();
                state = new SlotState.Draining(loading.model(), reason, true, now);
                effects.add(SlotEffect.StopWorker.STOP_WORKER);
            }
            case SlotState.Ready ready -> {
                state = new SlotState.Draining(ready.model(), reason, false, now);
                stopIfDone(now);
            }
            case SlotState.Empty _ -> {}
            case SlotState.Failed _ -> {}
            case SlotState.Draining _ -> {}
        }
    }

    private void stopIfDone(long now) {
        if (state instanceof SlotState.Draining draining && !draining.stopping() && active == 0) {
            state = new SlotState.Draining(draining.model(), draining.reason(), true, now);
            effects.add(SlotEffect.StopWorker.STOP_WORKER);
        }
    }

    private void onBegan() {
        if (!(state instanceof SlotState.Ready)) {
            throw new IllegalStateException("a request was given to a slot that is " + state.id());
        }
        active++;
    }

    private void onEnded(boolean well, long now) {
        if (active == 0) {
            throw new IllegalStateException("a request ended in a slot that has none, and is " + state.id());
        }
        active--;
        if (well) {
            breaker.success();
        }
        stopIfDone(now);
    }

    private void onWorkerGone(String reason, long now) {
        switch (state) {
            case SlotState.Draining draining -> {
                breaker.withdrawn();
                close(draining.model(), draining.reason(), true);
            }
            case SlotState.Loading loading -> fail(loading.model(), reason, now);
            case SlotState.Ready ready -> {
                if (now - ready.since() >= settings.healthyAfter().toMillis()) {
                    breaker.success();
                }
                fail(ready.model(), reason, now);
            }
            case SlotState.Empty _ -> {}
            case SlotState.Failed _ -> {}
        }
    }

    private void fail(String model, String reason, long now) {
        String why = killed ? killedFor : reason;
        breaker.failure(now);
        long retryAt = now + settings.backOff(breaker.failures()).toMillis();
        if (breaker.state() == CircuitBreaker.State.OPEN) {
            retryAt = Math.max(retryAt, breaker.openUntil());
        }
        if (lasting) {
            retryAt = Long.MAX_VALUE;
        }
        close(model, why, false);
        state = new SlotState.Failed(model, why, retryAt);
    }

    private void close(String model, String reason, boolean intended) {
        state = SlotState.Empty.EMPTY;
        active = 0;
        killed = false;
        lasting = false;
        effects.add(new SlotEffect.Closed(model, reason, intended));
    }

    private void onReset() {
        breaker = closed();
        if (state instanceof SlotState.Failed) {
            state = SlotState.Empty.EMPTY;
        }
    }

    private void onTime(long now) {
        if (killed) {
            return;
        }
        switch (state) {
            case SlotState.Loading loading -> {
                if (now - loading.since() >= settings.loadMax().toMillis()) {
                    kill("the load took longer than " + settings.loadMax() + " (postdevai.models.slot.load-max)");
                } else {
                    killIfSilent(now);
                }
            }
            case SlotState.Ready _ -> killIfSilent(now);
            case SlotState.Draining draining -> {
                if (!draining.stopping()) {
                    killIfSilent(now);
                } else if (now >= stopAt(draining)) {
                    kill("it did not end within " + settings.stopMax() + " (postdevai.models.slot.stop-max)");
                }
            }
            case SlotState.Empty _ -> {}
            case SlotState.Failed _ -> {}
        }
    }

    private void killIfSilent(long now) {
        if (now >= silentAt()) {
            kill("it was silent for " + settings.heartbeatMax() + " (postdevai.models.slot.heartbeat-max)");
        }
    }

    private void kill(String reason) {
        if (!killed) {
            killed = true;
            killedFor = reason;
            effects.add(new SlotEffect.KillWorker(reason));
        }
    }
}
