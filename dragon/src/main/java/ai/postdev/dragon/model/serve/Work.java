package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.Generation;
import ai.postdev.dragon.model.engine.GenerationRequest;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** A request that is not over: what the queue does not need to know of it. Lives on its keeper's thread. */
final class Work {
    final String id;
    final String model;
    final GenerationRequest request;
    final ActorRef<ServingProtocol.Event> replyTo;

    /** By which a slot knows it; another one each time it is begun. 0: no slot works on it. */
    long number;

    String slot = "";
    /** Whether its caller is told no more: it only has to come to its end in its slot. */
    boolean over;
    /** Whether its slot was asked to put it aside. */
    boolean aside;

    boolean told;
    long waitedMillis;
    final StringBuilder answered = new StringBuilder();
    private int promptTokens;
    private int answerTokens;
    private long prefillNanos;
    private long decodeNanos;
    private Generation.Finish finish = Generation.Finish.STOP;
    Optional<EngineFault> fault = Optional.empty();

    Work(String id, String model, GenerationRequest request, ActorRef<ServingProtocol.Event> replyTo) {
        this.id = id;
        this.model = model;
        this.request = request;
        this.replyTo = replyTo;
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
        return new Generation.End(finish, new Generation.Usage(promptTokens, answerTokens, prefillNanos, decodeNanos));
    }
}
