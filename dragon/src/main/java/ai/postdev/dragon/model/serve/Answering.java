package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.Generation;
import ai.postdev.dragon.model.engine.GenerationRequest;
import ai.postdev.dragon.model.fallback.Candidate;
import ai.postdev.dragon.model.fallback.ErrorClass;
import ai.postdev.dragon.model.fallback.Fallback;
import ai.postdev.dragon.model.fallback.FallbackEffect;
import ai.postdev.dragon.model.fallback.Need;
import ai.postdev.dragon.model.queue.Ending;
import ai.postdev.dragon.model.queue.QueueEffect;
import ai.postdev.dragon.model.queue.QueueEvent;
import ai.postdev.dragon.model.queue.Request;
import ai.postdev.v1.GenerateRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** The requests that are not over: from their callers through the queue to slots, and from model to model. On its keeper's thread. */
final class Answering {
    /** Tells which models there are, as they stand, as soon as that is known. */
    interface Choice {
        void among(Consumer<List<Candidate>> then);
    }

    /** An attempt that a slot works on; its request may have gone elsewhere meanwhile. */
    private record Run(Work work, String queueId, String slot) {}

    private final ServingSettings settings;
    private final Keeper keeper;
    private final Slots slots;
    private final Tallies tallies;
    private final Choice choice;
    private final String node;
    /** By the id that the queue knows. */
    private final Map<String, Work> works = new HashMap<>();
    /** By the id that their callers gave them; also while another model is looked for. */
    private final Map<String, Work> open = new HashMap<>();
    /** By the number that a slot knows. */
    private final Map<Long, Run> running = new HashMap<>();

    private long numbers;

    Answering(ServingSettings settings, Keeper keeper, Slots slots, Tallies tallies, Choice choice, String node) {
        this.settings = settings;
        this.keeper = keeper;
        this.slots = slots;
        this.tallies = tallies;
        this.choice = choice;
        this.node = node;
    }

    int running() {
        return running.size();
    }

    // ---- from callers

    /** @param wait estimate of a request for the model that comes now */
    void submit(ServingProtocol.Generate generate, ToLongFunction<String> wait) {
        GenerateRequest asked = generate.request();
        String model = asked.getModel().isBlank() ? settings.serve().defaultModel() : asked.getModel();
        try {
            GenerationRequest request = Requests.of(asked, settings.serve().promptBytesMax());
            if (open.containsKey(generate.id())) {
                throw new IllegalArgumentException("a request with the id " + generate.id() + " is not over yet");
            }
            long tokens = 1L + asked.getSerializedSize() / 4 + (asked.getMaxTokens() == 0 ? 256 : asked.getMaxTokens());
            Request queued = new Request(
                    generate.id(),
                    generate.caller(),
                    model,
                    Requests.workClass(asked),
                    asked.getSupersede().isEmpty() ? Optional.empty() : Optional.of(asked.getSupersede()),
                    OptionalLong.empty(),
                    tokens,
                    asked.getSerializedSize());
            Need need = Requests.need(asked, model, tokens);
            Work work = new Work(
                    queued, need, new Fallback(settings.fallback(), need), request, generate.replyTo(), keeper.now());
            open.put(work.id, work);
            start(work, wait.applyAsLong(model));
        } catch (IllegalArgumentException e) {
            generate.replyTo().tell(new ServingProtocol.Failed(Reply.Reason.INVALID, e.getMessage(), 0));
        }
    }

    /** The model that is asked for is tried as it is; only where it cannot be had others are looked at. */
    private void start(Work work, long waitMillis) {
        Optional<String> unfit = slots.of(work.need.model()).flatMap(slots::hopeless);
        boolean late = waitMillis > settings.fallback().overloadWait().toMillis();
        if (mayGoElsewhere(work) && (unfit.isPresent() || late)) {
            choice.among(candidates -> {
                if (!work.over) {
                    carry(work, work.fallback.start(candidates), Ending.Cancelled.CANCELLED, Optional.empty());
                }
            });
        } else {
            carry(
                    work,
                    work.fallback.start(List.of(new Candidate(
                            work.need.model(), node, true, Long.MAX_VALUE, true, true, true, Optional.empty(), 0, 0))),
                    Ending.Cancelled.CANCELLED,
                    Optional.empty());
        }
    }

    private boolean mayGoElsewhere(Work work) {
        return switch (work.need.latitude()) {
            case EXACT -> false;
            case ANY -> true;
            case CHAIN -> !settings.fallback().chain(work.need.task()).isEmpty();
        };
    }

    void cancel(String id) {
        Work work = open.get(id);
        if (work == null) {
            return;
        }
        if (works.containsKey(work.queueId())) {
            keeper.happen(new QueueEvent.Cancel(work.queueId()));
        } else {
            work.over = true;
            open.remove(id);
            tallies.of(work.model()).ended(Endings.outcome(Ending.Cancelled.CANCELLED));
            work.replyTo.tell(Endings.event(work, Ending.Cancelled.CANCELLED, "", node, Optional.empty()));
        }
    }

    // ---- from the queue

    void start(QueueEffect.Start start) {
        Work work = works.get(start.id());
        Held slot = slots.slot(start.slot());
        work.number = ++numbers;
        work.slot = slot.model;
        work.aside = false;
        work.waitedMillis += start.waitedMillis();
        running.put(work.number, new Run(work, start.id(), slot.model));
        slots.began(slot, work.workClass());
        if (!work.told.equals(slot.model)) {
            work.told = slot.model;
            work.replyTo.tell(new ServingProtocol.Begun(slot.model, slot.engine(), work.waitedMillis));
        }
        slot.tell(new ModelSlot.Run(work.number, work.next()));
    }

    /** What must obey a schema cannot be gone on with half-way: its grammar would begin anew. It runs to its end. */
    void putAside(String id) {
        Work work = works.get(id);
        if (work.request.jsonSchema().isEmpty()) {
            work.aside = true;
            slots.slot(work.slot).tell(new ModelSlot.Stop(work.number));
        }
    }

    void stop(String id) {
        running.forEach((number, run) -> {
            if (run.queueId().equals(id)) {
                run.work().number = 0; // what it still says is not told any more
                slots.slot(run.slot()).tell(new ModelSlot.Stop(number));
            }
        });
    }

    void announce(QueueEffect.Announce announce) {
        Work work = works.get(announce.id());
        if (work != null) {
            work.replyTo.tell(new ServingProtocol.Waiting(announce.ahead(), announce.waitMillis(), announce.loading()));
        }
    }

    /** @param absent why its model cannot be had, if that is what ended it */
    void finish(String id, Ending ending, Optional<Reply.Reason> absent) {
        Work work = works.remove(id);
        if (work == null) {
            return;
        }
        Optional<ErrorClass> error = Endings.error(work, ending, absent);
        if (error.isEmpty() || !error.get().anotherMayHelp() || !mayGoElsewhere(work)) {
            over(work, ending, absent);
            return;
        }
        String why = reason(work, ending, absent);
        choice.among(candidates -> {
            if (!work.over) {
                carry(work, work.fallback.failed(error.get(), why, candidates), ending, absent);
            }
        });
    }

    private String reason(Work work, Ending ending, Optional<Reply.Reason> absent) {
        return Endings.event(work, ending, "", node, absent) instanceof ServingProtocol.Failed failed
                ? failed.message()
                : "";
    }

    /** @param ending of the attempt before, for a caller who gets no other */
    private void carry(Work work, FallbackEffect effect, Ending ending, Optional<Reply.Reason> absent) {
        switch (effect) {
            case FallbackEffect.Try next -> attempt(work, next);
            case FallbackEffect.Restart(String from, String reason, FallbackEffect.Try next) -> {
                work.replyTo.tell(new ServingProtocol.Restarted(from, reason));
                work.told = "";
                attempt(work, next);
            }
            case FallbackEffect.GiveUp(ErrorClass _, boolean _, String message) -> {
                if (work.attempts == 0) {
                    giveUp(work, new ServingProtocol.Failed(Reply.Reason.UNAVAILABLE, message, 0));
                } else if (Endings.event(work, ending, "", node, absent) instanceof ServingProtocol.Failed failed) {
                    giveUp(work, new ServingProtocol.Failed(failed.reason(), message, failed.retryAfterSeconds()));
                }
            }
        }
    }

    private void giveUp(Work work, ServingProtocol.Failed failed) {
        work.over = true;
        open.remove(work.id);
        tallies.of(work.model()).ended(Endings.outcome(new Ending.Failed(failed.message())));
        work.replyTo.tell(failed);
    }

    private void attempt(Work work, FallbackEffect.Try next) {
        if (work.attempts > 0) {
            tallies.of(work.model()).fellBack();
        } else if (!next.model().equals(work.need.model())) {
            tallies.of(work.need.model()).fellBack();
        }
        Request request = work.attempt(next);
        works.put(request.id(), work);
        keeper.happen(new QueueEvent.Submit(request));
    }

    private void over(Work work, Ending ending, Optional<Reply.Reason> absent) {
        work.over = true;
        open.remove(work.id);
        String engine = slots.of(work.slot).map(Held::engine).orElse("");
        if (ending == Ending.Done.DONE) {
            tallies.of(work.model()).answered(work.timing());
        } else {
            tallies.of(work.model()).ended(Endings.outcome(ending));
        }
        work.replyTo.tell(Endings.event(work, ending, engine, node, absent));
    }

    // ---- from slots

    /** A model was loaded, since this time; who waits for it waited for that. */
    void loaded(String model, long since) {
        works.values().stream()
                .filter(work -> work.model().equals(model))
                .forEach(work -> work.loaded(since, keeper.now()));
    }

    void told(Held slot, ModelSlot.Told told) {
        switch (told) {
            case ModelSlot.Told.Piece(long number, String text) -> onPiece(number, text);
            case ModelSlot.Told.Ended(long number, Generation.End end) -> onEnded(slot, number, end);
            case ModelSlot.Told.Failed(long number, EngineFault fault) -> {
                Run run = running.remove(number);
                if (run != null) {
                    slots.ended(slot, run.work().workClass(), false);
                    if (run.work().number == number) {
                        run.work().fault = Optional.of(fault);
                    }
                    keeper.happen(new QueueEvent.Ended(run.queueId(), Optional.of(fault.getMessage())));
                }
            }
            case ModelSlot.Told.Started _,
                    ModelSlot.Told.Ready _,
                    ModelSlot.Told.LoadFailed _,
                    ModelSlot.Told.Alive _,
                    ModelSlot.Told.Trimmed _,
                    ModelSlot.Told.Gone _ -> {
                // of the slot alone
            }
        }
    }

    private void onPiece(long number, String text) {
        Run run = running.get(number);
        if (run == null || run.work().number != number) {
            return;
        }
        Work work = run.work();
        if (work.answered.isEmpty()) {
            work.fallback.begun();
            keeper.happen(new QueueEvent.FirstToken(run.queueId()));
        }
        work.answered.append(text);
        work.replyTo.tell(new ServingProtocol.Text(text));
    }

    private void onEnded(Held slot, long number, Generation.End end) {
        Run run = running.remove(number);
        if (run == null) {
            return;
        }
        Work work = run.work();
        slot.answered += end.finish() == Generation.Finish.CANCELLED ? 0 : 1;
        slots.ended(slot, work.workClass(), true);
        boolean current = work.number == number;
        if (current) {
            work.add(end);
        }
        keeper.happen(
                current && end.finish() == Generation.Finish.CANCELLED && work.aside
                        ? new QueueEvent.Preempted(run.queueId())
                        : new QueueEvent.Ended(run.queueId(), Optional.empty()));
    }

    /** The slot is gone; the queue says what becomes of what it worked on. */
    void gone(Held slot) {
        running.values().removeIf(run -> run.slot().equals(slot.model));
    }
}
