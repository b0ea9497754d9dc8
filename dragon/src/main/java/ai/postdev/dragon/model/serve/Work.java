package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.Generation;
import ai.postdev.dragon.model.engine.GenerationRequest;
import ai.postdev.dragon.model.fallback.Fallback;
import ai.postdev.dragon.model.fallback.FallbackEffect;
import ai.postdev.dragon.model.fallback.Need;
import ai.postdev.dragon.model.metrics.AnswerTiming;
import ai.postdev.dragon.model.queue.Request;
import ai.postdev.dragon.model.queue.WorkClass;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** A request that is not over: what the queue does not need to know of it. Lives on its keeper's thread. */
final class Work {
    /** As its caller named it. */
    final String id;

    final Need need;
    final Fallback fallback;
    final GenerationRequest request;
    final ActorRef<ServingProtocol.Event> replyTo;
    private final Request asked;
    private final long submittedAt;

    /** Where it goes now. */
    Optional<FallbackEffect.Try> source = Optional.empty();

    /** How often it was given to the queue. */
    int attempts;

    /** By which a slot knows it; another one each time it is begun. 0: no slot works on it. */
    long number;

    /** The model of the slot that works on it. */
    String slot = "";
    /** Whether its caller is told no more: it only has to come to its end in its slot. */
    boolean over;
    /** Whether its slot was asked to put it aside. */
    boolean aside;
    /** The model that its caller was told to work on it. */
    String told = "";

    long waitedMillis;
    double loadMillis;
    final StringBuilder answered = new StringBuilder();
    private int promptTokens;
    private int answerTokens;
    private int cachedTokens;
    private long prefillNanos;
    private long decodeNanos;
    private Generation.Finish finish = Generation.Finish.STOP;
    Optional<EngineFault> fault = Optional.empty();

    /** @param asked what the queue is told of it, but for the model and the id */
    Work(
            Request asked,
            Need need,
            Fallback fallback,
            GenerationRequest request,
            ActorRef<ServingProtocol.Event> replyTo,
            long now) {
        this.id = asked.id();
        this.asked = asked;
        this.need = need;
        this.fallback = fallback;
        this.request = request;
        this.replyTo = replyTo;
        this.submittedAt = now;
    }

    /** The model that it goes to now. */
    String model() {
        return source.map(FallbackEffect.Try::model).orElse(need.model());
    }

    /** The id by which the queue knows the attempt that runs. */
    String queueId() {
        return attempts < 2 ? id : id + "~" + attempts;
    }

    /** It begins anew with another model. @return what the queue is told */
    Request attempt(FallbackEffect.Try next) {
        source = Optional.of(next);
        attempts++;
        number = 0;
        slot = "";
        aside = false;
        answered.setLength(0);
        promptTokens = 0;
        answerTokens = 0;
        prefillNanos = 0;
        decodeNanos = 0;
        fault = Optional.empty();
        return new Request(
                queueId(),
                asked.caller(),
                next.model(),
                asked.workClass(),
                asked.supersede(),
                asked.deadline(),
                asked.tokens(),
                asked.bytes());
    }

    WorkClass workClass() {
        return asked.workClass();
    }

    /** Its model was loaded, since this time. */
    void loaded(long since, long now) {
        if (number == 0) {
            loadMillis += Math.max(0, now - Math.max(since, submittedAt));
        }
    }

    /** What a slot has to do now. */
    GenerationRequest next() {
        return answered.isEmpty() ? request : request.after(answered.toString(), answerTokens);
    }

    /** A slot came to an end with it; there may be more than one, if it was put aside. */
    void add(Generation.End end) {
        Generation.Usage usage = end.usage();
        if (promptTokens == 0) {
            promptTokens = usage.promptTokens();
            cachedTokens = usage.cachedTokens();
            prefillNanos = usage.prefillNanos();
        } else {
            decodeNanos += usage.prefillNanos();
        }
        decodeNanos += usage.decodeNanos();
        answerTokens += usage.answerTokens();
        finish = end.finish();
    }

    /** What it all took. */
    Generation.End end() {
        return new Generation.End(
                finish, new Generation.Usage(promptTokens, answerTokens, prefillNanos, decodeNanos, cachedTokens));
    }

    /** The same for the figures of its model. */
    AnswerTiming timing() {
        return new AnswerTiming(
                Math.max(0, waitedMillis - loadMillis),
                loadMillis,
                prefillNanos / 1e6,
                decodeNanos / 1e6,
                promptTokens,
                Math.min(cachedTokens, promptTokens),
                answerTokens);
    }
}
