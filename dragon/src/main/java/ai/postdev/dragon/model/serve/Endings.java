package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol.Event;
import ai.postdev.actors.protocol.ServingProtocol.Failed;
import ai.postdev.actors.protocol.ServingProtocol.Finished;
import ai.postdev.dragon.model.engine.Generation;
import ai.postdev.dragon.model.fallback.ErrorClass;
import ai.postdev.dragon.model.fallback.FallbackEffect;
import ai.postdev.dragon.model.metrics.ModelMetrics;
import ai.postdev.dragon.model.queue.Ending;
import ai.postdev.v1.GenerateFinished;
import java.util.Optional;

/** What a caller is told when a request is over, and what that means for trying another model. */
final class Endings {
    private Endings() {}

    /**
     * The last event of a request.
     *
     * @param engine that worked on it; empty: none
     * @param node that this is
     * @param absent why its model cannot be had, if that is what ended it
     */
    static Event event(Work work, Ending ending, String engine, String node, Optional<Reply.Reason> absent) {
        return switch (ending) {
            case Ending.Done _ -> new Finished(finished(work, engine, node));
            case Ending.Failed(String reason) -> new Failed(reason(work, absent), reason, 0);
            case Ending.Refused(String reason, long seconds) ->
                new Failed(Reply.Reason.OVERLOADED, reason + "; try again in " + seconds + " s", seconds);
            case Ending.Cancelled _ -> new Failed(Reply.Reason.UNAVAILABLE, "it was cancelled", 0);
            case Ending.Expired(String reason) -> new Failed(Reply.Reason.OVERLOADED, reason, 0);
            case Ending.Superseded(String by) ->
                new Failed(Reply.Reason.UNAVAILABLE, "a later request took its place: " + by, 0);
        };
    }

    private static Reply.Reason reason(Work work, Optional<Reply.Reason> absent) {
        return work.fault
                .map(fault -> switch (fault.kind()) {
                    case TOO_LONG, BAD_REQUEST -> Reply.Reason.INVALID;
                    case BAD_MODEL, NO_MEMORY -> Reply.Reason.PRECONDITION;
                    case FAILED -> Reply.Reason.FAILED;
                })
                .orElse(absent.orElse(Reply.Reason.FAILED));
    }

    /** The sort of failure; empty: it did not fail. */
    static Optional<ErrorClass> error(Work work, Ending ending, Optional<Reply.Reason> absent) {
        return switch (ending) {
            case Ending.Done _ -> Optional.empty();
            case Ending.Failed _ ->
                Optional.of(work.fault
                        .map(fault -> switch (fault.kind()) {
                            case TOO_LONG -> ErrorClass.CONTEXT;
                            case BAD_REQUEST -> ErrorClass.BAD_REQUEST;
                            case BAD_MODEL -> ErrorClass.NOT_AVAILABLE;
                            case NO_MEMORY -> ErrorClass.NO_MEMORY;
                            case FAILED -> ErrorClass.BROKEN;
                        })
                        .orElse(absent.isPresent() ? ErrorClass.NOT_AVAILABLE : ErrorClass.DIED));
            case Ending.Refused _, Ending.Expired _ -> Optional.of(ErrorClass.OVERLOADED);
            case Ending.Cancelled _, Ending.Superseded _ -> Optional.of(ErrorClass.NOT_WANTED);
        };
    }

    /** How the figures of a model count it. */
    static ModelMetrics.Outcome outcome(Ending ending) {
        return switch (ending) {
            case Ending.Done _ -> ModelMetrics.Outcome.DONE;
            case Ending.Failed _ -> ModelMetrics.Outcome.FAILED;
            case Ending.Refused _ -> ModelMetrics.Outcome.REFUSED;
            case Ending.Cancelled _ -> ModelMetrics.Outcome.CANCELLED;
            case Ending.Expired _ -> ModelMetrics.Outcome.EXPIRED;
            case Ending.Superseded _ -> ModelMetrics.Outcome.SUPERSEDED;
        };
    }

    private static GenerateFinished finished(Work work, String engine, String node) {
        Generation.End end = work.end();
        Generation.Usage usage = end.usage();
        return GenerateFinished.newBuilder()
                .setModel(work.model())
                .setNode(node)
                .setReason(work.source.map(FallbackEffect.Try::reason).orElse(""))
                .setLoadMs(work.loadMillis)
                .setEngine(engine)
                .setFinish(end.finish() == Generation.Finish.LENGTH ? "length" : "stop")
                .setPromptTokens(usage.promptTokens())
                .setAnswerTokens(usage.answerTokens())
                .setWaitedMs(work.waitedMillis)
                .setFirstTokenMs(usage.prefillNanos() / 1e6)
                .setDecodeMs(usage.decodeNanos() / 1e6)
                .setCachedTokens(usage.cachedTokens())
                .build();
    }
}
