package ai.postdev.dragon.model;

import ai.postdev.actors.protocol.EmbeddingProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.EmbedAnswer;
import ai.postdev.v1.EmbedRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Embeds the texts that callers bring, with the embedder of the node's {@link EmbedderSlot}: one text at a time on each of a
 * few threads, the requests in turns, so that a long one does not hold up a short one. While there is such work, what the
 * node embeds in the background steps aside.
 */
public final class EmbedServer extends AbstractBehavior<EmbedServer.Message> {
    /** What the server understands: the protocol, and what it tells itself. */
    public sealed interface Message {}

    private record Asked(EmbeddingProtocol.Command command) implements Message {}

    private record SlotAnswered(EmbedderSlot.Outcome outcome) implements Message {}

    private record Done(String id, int place, Embedder by, Embedder.Embedded embedded, long nanos) implements Message {}

    private record Failed(String id, String reason) implements Message {}

    private static final double RATE_KEEP = 0.95;

    /** Callers know it by its name; the key under which its embeddings are stored is understood too. */
    private final EmbedderSpec model;

    private final ActorRef<EmbedderSlot.Command> slot;
    private final ActorRef<EmbedderSlot.Outcome> outcomes;
    private final EmbedRequestSettings settings;
    private final QueryGate gate;
    private final ExecutorService threads;
    private final Map<String, EmbedJob> jobs = new LinkedHashMap<>();
    private final Deque<EmbedJob> turns = new ArrayDeque<>();
    private Optional<Embedder> embedder = Optional.empty();
    private boolean acquiring;
    private int working;
    private int texts;
    private long bytes;
    private double secondsPerText = 0.01;

    /** A server that gets its embedder from {@code slot}. */
    public static Behavior<EmbeddingProtocol.Command> create(
            EmbedRequestSettings settings, EmbedderSpec model, ActorRef<EmbedderSlot.Command> slot, QueryGate gate) {
        Behavior<Message> server = Behaviors.setup(context -> new EmbedServer(context, settings, model, slot, gate));
        return Behaviors.transformMessages(
                EmbeddingProtocol.Command.class,
                server,
                match -> match.match(EmbeddingProtocol.Command.class, Asked::new));
    }

    private EmbedServer(
            ActorContext<Message> context,
            EmbedRequestSettings settings,
            EmbedderSpec model,
            ActorRef<EmbedderSlot.Command> slot,
            QueryGate gate) {
        super(context);
        this.settings = settings;
        this.model = model;
        this.slot = slot;
        this.gate = gate;
        outcomes = context.messageAdapter(EmbedderSlot.Outcome.class, SlotAnswered::new);
        threads = Executors.newFixedThreadPool(
                settings.threads(),
                Thread.ofPlatform().daemon().name("embed-request-", 1).factory());
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::onMessage)
                .onSignal(PostStop.class, _ -> onStopped())
                .onSignal(PreRestart.class, _ -> onStopped())
                .build();
    }

    private Behavior<Message> onMessage(Message message) {
        switch (message) {
            case Asked(EmbeddingProtocol.Embed embed) -> onEmbed(embed);
            case Asked(EmbeddingProtocol.Cancel(String id)) -> over(id);
            case SlotAnswered(EmbedderSlot.Outcome outcome) -> onSlot(outcome);
            case Done done -> onDone(done);
            case Failed(String id, String reason) -> {
                working--;
                refuse(id, Reply.Reason.FAILED, reason);
                // It may be that the slot has closed it, so it is asked anew.
                embedder = Optional.empty();
                acquire();
                dispatch();
            }
        }
        return this;
    }

    private void onEmbed(EmbeddingProtocol.Embed embed) {
        EmbedRequest request = embed.request();
        Optional<Reply.Refused<EmbedAnswer>> refused = refusal(embed.id(), request);
        if (refused.isPresent()) {
            embed.replyTo().tell(refused.get());
            return;
        }
        if (jobs.isEmpty()) {
            gate.started();
        }
        EmbedJob job = new EmbedJob(embed.id(), request, embed.replyTo());
        jobs.put(job.id, job);
        turns.add(job);
        texts += job.texts();
        bytes += job.bytes();
        acquire();
        dispatch();
    }

    private Optional<Reply.Refused<EmbedAnswer>> refusal(String id, EmbedRequest request) {
        String named = request.getModel().strip();
        if (!List.of("", model.name(), model.key()).contains(named)) {
            return refused(
                    Reply.Reason.NOT_FOUND,
                    "no embedding model '" + named + "' is served by this node; there is " + model.name());
        }
        int dimensions = request.getDimensions();
        if (dimensions != 0 && model.dimensions() != 0 && dimensions != model.dimensions()) {
            return refused(
                    Reply.Reason.INVALID,
                    "dimensions is " + dimensions + ", but embeddings of " + model.name() + " have "
                            + model.dimensions() + " and cannot be made shorter; leave it out");
        }
        int count = request.getInputsCount();
        if (count == 0 || count > settings.textsMax()) {
            return refused(
                    Reply.Reason.INVALID,
                    "the request has " + count + " texts, expected 1 to " + settings.textsMax()
                            + " (postdevai.models.embedder.requests.texts-max)");
        }
        int empty = request.getInputsList().indexOf("");
        if (empty >= 0) {
            return refused(Reply.Reason.INVALID, "text " + empty + " of the request (from 0) is empty");
        }
        if (jobs.containsKey(id)) {
            return refused(Reply.Reason.INVALID, "a request with the id " + id + " is not over yet");
        }
        if (texts + count > settings.waitingMax() || bytes + request.getSerializedSize() > settings.waitingBytesMax()) {
            return refused(
                    Reply.Reason.OVERLOADED,
                    texts + " texts of " + bytes + " bytes wait to be embedded, and this request has " + count
                            + " more; the most are postdevai.models.embedder.requests.waiting-max ("
                            + settings.waitingMax() + ") and waiting-bytes-max (" + settings.waitingBytesMax()
                            + "); try again in "
                            + Math.max(1, Math.round(texts * secondsPerText / settings.threads())) + " s");
        }
        return Optional.empty();
    }

    private static Optional<Reply.Refused<EmbedAnswer>> refused(Reply.Reason reason, String message) {
        return Optional.of(new Reply.Refused<>(reason, message));
    }

    /** The slot loads the model if it is not there. */
    private void acquire() {
        if (embedder.isEmpty() && !acquiring && !jobs.isEmpty()) {
            acquiring = true;
            slot.tell(new EmbedderSlot.Acquire(outcomes));
        }
    }

    private void onSlot(EmbedderSlot.Outcome outcome) {
        acquiring = false;
        switch (outcome) {
            case EmbedderSlot.Ready(Embedder ready) -> {
                embedder = Optional.of(ready);
                dispatch();
            }
            case EmbedderSlot.Unavailable(String reason) ->
                List.copyOf(jobs.keySet())
                        .forEach(id -> refuse(id, Reply.Reason.UNAVAILABLE, "no embedding model: " + reason));
        }
    }

    private void dispatch() {
        while (embedder.isPresent() && working < settings.threads() && !turns.isEmpty()) {
            EmbedJob job = turns.remove();
            int place = job.next().orElseThrow();
            if (job.hasNext()) {
                turns.add(job);
            }
            working++;
            Embedder with = embedder.get();
            String text = job.request.getInputs(place);
            getContext()
                    .pipeToSelf(
                            CompletableFuture.supplyAsync(() -> one(job.id, place, with, text), threads),
                            (done, thrown) -> thrown == null ? done : new Failed(job.id, reason(thrown)));
        }
    }

    private static Message one(String id, int place, Embedder embedder, String text) {
        long begun = System.nanoTime();
        Embedder.Embedded embedded = embedder.embedded(text);
        return new Done(id, place, embedder, embedded, System.nanoTime() - begun);
    }

    private static String reason(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private void onDone(Done done) {
        working--;
        secondsPerText = RATE_KEEP * secondsPerText + (1 - RATE_KEEP) * done.nanos() / 1e9;
        EmbedJob job = jobs.get(done.id());
        if (job != null && job.done(done.place(), done.embedded())) {
            job.replyTo.tell(new Reply.Answered<>(job.answer(model.name(), done.by())));
            over(job.id);
        }
        dispatch();
    }

    private void refuse(String id, Reply.Reason reason, String message) {
        EmbedJob job = jobs.get(id);
        if (job != null) {
            job.replyTo.tell(new Reply.Refused<>(reason, message));
            over(id);
        }
    }

    private void over(String id) {
        EmbedJob job = jobs.remove(id);
        if (job != null) {
            turns.remove(job);
            texts -= job.texts();
            bytes -= job.bytes();
            if (jobs.isEmpty()) {
                gate.ended();
                embedder = Optional.empty(); // the slot may unload it while nobody needs it here
            }
        }
    }

    private Behavior<Message> onStopped() {
        jobs.values()
                .forEach(
                        job -> job.replyTo.tell(new Reply.Refused<>(Reply.Reason.UNAVAILABLE, "the node is stopping")));
        if (!jobs.isEmpty()) {
            gate.ended();
        }
        threads.shutdownNow();
        return this;
    }
}
