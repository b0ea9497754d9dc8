package ai.postdev.dragon.model.queue;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * The queue of one node in front of all its models: a pure state machine. What happens goes in as a {@link QueueEvent} with its
 * time, what has to be done comes out as {@link QueueEffect}s, the same for the same events. Times are milliseconds of one clock
 * that never goes back. Not thread-safe.
 *
 * <p>A request for a loaded model gets a sequence of its slot: the most urgent class first, within it the caller who had least.
 * Requests of a model that is not loaded wait for a load; which, and what makes room for it, {@link Placement} decides.
 */
public final class ModelQueue {
    private record Expiry(long at, Entry entry, String reason) {}

    private record Key(String caller, String supersede) {}

    private final QueueState state;
    private final Serving serving;
    private final Placement placement;
    private final TreeSet<Expiry> expiries = new TreeSet<>(Comparator.comparingLong(Expiry::at)
            .thenComparingLong(expiry -> expiry.entry().order)
            .thenComparing(Expiry::reason));
    private final Map<Key, Entry> superseded = new HashMap<>();
    private long orders;
    private Optional<Entry> fresh = Optional.empty();
    private long announcedAt = Long.MIN_VALUE / 2;

    /** An empty queue. */
    public ModelQueue(QueueSettings settings) {
        state = new QueueState(settings);
        serving = new Serving(state);
        placement = new Placement(state);
    }

    /**
     * What has to be done now.
     *
     * @throws IllegalArgumentException if a request is submitted whose id another one has that is not over
     */
    public List<QueueEffect> on(QueueEvent event, long now) {
        state.begin(now);
        fresh = Optional.empty();
        expire();
        switch (event) {
            case QueueEvent.Submit submit -> onSubmit(submit.request());
            case QueueEvent.Cancel cancel -> finish(state.entries.get(cancel.id()), Ending.Cancelled.CANCELLED);
            case QueueEvent.FirstToken first -> onFirstToken(first);
            case QueueEvent.Ended ended -> onEnded(ended);
            case QueueEvent.Preempted preempted -> onPreempted(preempted);
            case QueueEvent.LoadStarted started -> onLoadStarted(started);
            case QueueEvent.SlotReady ready -> onSlotReady(ready);
            case QueueEvent.LoadBlocked blocked -> onLoadBlocked(blocked);
            case QueueEvent.LoadFailed failed -> onLoadFailed(failed);
            case QueueEvent.Drain drain -> onDrain(drain);
            case QueueEvent.SlotGone gone -> onSlotGone(gone);
            case QueueEvent.RoomChanged _ -> state.roomChanged();
            case QueueEvent.Tick _ -> {}
        }
        placement.settle();
        serving.serve();
        placement.place();
        announce();
        if (!expiries.isEmpty()) {
            state.wakeAt(expiries.first().at());
        }
        return List.copyOf(state.effects());
    }

    /** When a {@link QueueEvent.Tick} is due, if nothing happens before. */
    public OptionalLong wakeAt() {
        return state.wake();
    }

    /** How many milliseconds a request for a model would wait that came now, as it is estimated from what others took. */
    public long waitMillis(String model) {
        return state.estimates.wait(state, model, state.lines.all(model).size());
    }

    /** How the queue stands. */
    public QueueFigures figures() {
        return QueueFigures.of(state);
    }

    private void onSubmit(Request request) {
        if (state.entries.containsKey(request.id())) {
            throw new IllegalArgumentException("a request with the id " + request.id() + " is not over yet");
        }
        request.supersede()
                .map(key -> superseded.get(new Key(request.caller(), key)))
                .ifPresent(old -> finish(old, new Ending.Superseded(request.id())));
        if (request.deadline().orElse(Long.MAX_VALUE) <= state.now()) {
            end(request.id(), new Ending.Expired("its deadline had passed when it came"));
            return;
        }
        Optional<String> bound = bound(request);
        if (bound.isPresent()) {
            end(
                    request.id(),
                    new Ending.Refused(bound.get(), state.estimates.retryAfterSeconds(state, request.model())));
            return;
        }
        Entry entry = new Entry(request, orders++, state.now());
        state.entries.put(request.id(), entry);
        state.lines.add(entry);
        request.supersede().ifPresent(key -> superseded.put(new Key(request.caller(), key), entry));
        fresh = Optional.of(entry);
        expiries.addAll(expiries(entry));
    }

    private List<Expiry> expiries(Entry entry) {
        WorkClass workClass = entry.workClass();
        long waitMax = state.settings.of(workClass).waitMax().toMillis();
        Expiry unbegun = new Expiry(
                entry.submittedAt + waitMax,
                entry,
                "it was not begun within " + waitMax + " ms (postdevai.models.queue." + workClass.id() + ".wait-max)");
        OptionalLong deadline = entry.request.deadline();
        return deadline.isEmpty()
                ? List.of(unbegun)
                : List.of(unbegun, new Expiry(deadline.getAsLong(), entry, "its deadline passed"));
    }

    private Optional<String> bound(Request request) {
        WorkClass workClass = request.workClass();
        QueueSettings settings = state.settings;
        int ofClass = state.lines.count(workClass);
        if (ofClass >= settings.of(workClass).waitingMax()) {
            return Optional.of(ofClass + " " + workClass.id() + " requests wait already (postdevai.models.queue."
                    + workClass.id() + ".waiting-max)");
        }
        int ofCaller = state.lines.ofCaller(request.caller());
        if (ofCaller >= settings.waitingPerCallerMax()) {
            return Optional.of(ofCaller + " requests of " + request.caller()
                    + " wait already (postdevai.models.queue.waiting-per-caller-max)");
        }
        if (state.lines.bytes() + request.bytes() > settings.waitingBytesMax()) {
            return Optional.of("requests of " + state.lines.bytes() + " bytes wait already, and this one has "
                    + request.bytes() + " (postdevai.models.queue.waiting-bytes-max)");
        }
        return Optional.empty();
    }

    private void onFirstToken(QueueEvent.FirstToken first) {
        Entry entry = state.entries.get(first.id());
        if (entry != null) {
            entry.spoke = true;
        }
    }

    private void onEnded(QueueEvent.Ended ended) {
        Entry entry = state.entries.get(ended.id());
        if (entry == null || entry.state == Entry.State.WAITING) {
            return;
        }
        leave(entry);
        if (entry.state == Entry.State.STOPPING) {
            state.entries.remove(ended.id());
        } else if (ended.failure().isPresent()) {
            over(entry, new Ending.Failed(ended.failure().get()));
        } else {
            state.estimates.served(entry.request.model(), state.now() - entry.startedAt);
            over(entry, Ending.Done.DONE);
        }
    }

    private void onPreempted(QueueEvent.Preempted preempted) {
        Entry entry = state.entries.get(preempted.id());
        if (entry == null || entry.state == Entry.State.WAITING) {
            return;
        }
        leave(entry);
        if (entry.state == Entry.State.STOPPING) {
            state.entries.remove(preempted.id());
        } else {
            waitAgain(entry);
        }
    }

    private void leave(Entry entry) {
        state.places.values().forEach(place -> place.running.remove(entry));
    }

    private void waitAgain(Entry entry) {
        entry.state = Entry.State.WAITING;
        entry.waitingSince = state.now();
        state.lines.add(entry);
    }

    private void onLoadStarted(QueueEvent.LoadStarted started) {
        state.loads.computeIfAbsent(started.model(), _ -> new QueueState.Loading(state.now(), false, false)).slot =
                Optional.of(started.slot());
    }

    private void onSlotReady(QueueEvent.SlotReady ready) {
        QueueState.Loading loading = state.loads.remove(ready.model());
        long keepUntil = state.now();
        if (loading != null) {
            state.estimates.loaded(ready.model(), state.now() - loading.since);
            keepUntil += loading.overdue ? state.settings.turn().toMillis() : 0;
        }
        state.places.put(ready.slot(), new Place(ready.slot(), ready.model(), ready.sequences(), keepUntil));
    }

    private void onLoadBlocked(QueueEvent.LoadBlocked blocked) {
        if (state.loads.remove(blocked.model()) != null) {
            state.blocked.put(blocked.model(), new QueueState.Blocked(blocked.by(), blocked.retryAt()));
        }
    }

    private void onLoadFailed(QueueEvent.LoadFailed failed) {
        QueueState.Loading loading = state.loads.remove(failed.model());
        state.roomChanged();
        if (loading != null && !loading.aborting) {
            state.promised.remove(failed.model());
            state.lines.all(failed.model()).forEach(entry -> finish(entry, new Ending.Failed(failed.reason())));
        }
    }

    private void onDrain(QueueEvent.Drain drain) {
        Place place = state.places.get(drain.slot());
        if (place != null) {
            place.draining = true;
        }
    }

    private void onSlotGone(QueueEvent.SlotGone gone) {
        Place place = state.places.remove(gone.slot());
        state.roomChanged();
        if (place == null) {
            return;
        }
        state.servedUntil.put(place.model, state.now());
        for (Entry entry : List.copyOf(place.running)) {
            if (entry.state == Entry.State.STOPPING) {
                state.entries.remove(entry.request.id());
            } else if (entry.spoke || entry.retries >= state.settings.retriesMax()) {
                over(entry, new Ending.Failed(gone.reason()));
            } else {
                entry.retries++;
                waitAgain(entry);
            }
        }
    }

    private void expire() {
        while (!expiries.isEmpty() && expiries.first().at() <= state.now()) {
            Expiry expiry = expiries.pollFirst();
            Entry entry = expiry.entry();
            boolean byDeadline = entry.request.deadline().orElse(Long.MAX_VALUE) == expiry.at();
            if (byDeadline || !entry.begun) {
                finish(entry, new Ending.Expired(expiry.reason()));
            }
        }
    }

    /** Ends a request that is not over, whatever it does; its sequence is free when the slot says so. */
    private void finish(Entry entry, Ending ending) {
        if (entry == null || state.entries.get(entry.request.id()) != entry || entry.state == Entry.State.STOPPING) {
            return;
        }
        if (entry.state == Entry.State.WAITING) {
            state.lines.remove(entry);
            over(entry, ending);
        } else {
            String slot = state.places.values().stream()
                    .filter(place -> place.running.contains(entry))
                    .findFirst()
                    .orElseThrow()
                    .slot;
            entry.state = Entry.State.STOPPING;
            state.emit(new QueueEffect.Stop(entry.request.id(), slot));
            end(entry, ending);
        }
    }

    private void over(Entry entry, Ending ending) {
        state.entries.remove(entry.request.id());
        end(entry, ending);
    }

    private void end(Entry entry, Ending ending) {
        expiries(entry).forEach(expiries::remove);
        entry.request.supersede().ifPresent(key -> superseded.remove(new Key(entry.request.caller(), key), entry));
        end(entry.request.id(), ending);
    }

    private void end(String id, Ending ending) {
        state.emit(new QueueEffect.Finish(id, ending));
    }

    /** Tells all who wait how they stand if that changed, but not too often; who came now is told at once. */
    private void announce() {
        long every = state.settings.announceEvery().toMillis();
        if (state.now() - announcedAt >= every) {
            announcedAt = state.now();
            state.lines.models().forEach(this::announce);
        } else {
            fresh.filter(entry -> entry.state == Entry.State.WAITING)
                    .ifPresent(entry -> announce(entry.request.model()));
        }
        if (!state.lines.models().isEmpty()) {
            state.wakeAt(announcedAt + every);
        }
    }

    private void announce(String model) {
        boolean all = announcedAt == state.now();
        boolean loading = state.open(model).isEmpty();
        int ahead = 0;
        for (Entry entry : state.lines.all(model)) {
            if (all || entry == fresh.orElse(null)) {
                announce(entry, ahead, loading);
            }
            ahead++;
        }
    }

    private void announce(Entry entry, int ahead, boolean loading) {
        long wait = state.estimates.wait(state, entry.request.model(), ahead);
        if (ahead != entry.toldAhead || Math.abs(wait - entry.toldWait) >= 1_000) {
            entry.toldAhead = ahead;
            entry.toldWait = wait;
            state.emit(new QueueEffect.Announce(entry.request.id(), ahead, wait, loading));
        }
    }
}
