package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.actors.protocol.ServingProtocol.Begun;
import ai.postdev.actors.protocol.ServingProtocol.Event;
import ai.postdev.actors.protocol.ServingProtocol.Failed;
import ai.postdev.actors.protocol.ServingProtocol.Finished;
import ai.postdev.actors.protocol.ServingProtocol.Restarted;
import ai.postdev.actors.protocol.ServingProtocol.Text;
import ai.postdev.actors.protocol.ServingProtocol.Waiting;
import ai.postdev.coordinator.tool.ToolTalk;
import ai.postdev.coordinator.tool.WrongTools;
import ai.postdev.v1.GenerateBegun;
import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateFinished;
import ai.postdev.v1.GenerateQueued;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.GenerateRestarted;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Source;

/** An answer of a model as a stream. Nothing of it is dropped for a slow reader: one who lags too far behind is cut off. */
final class GenerateCall {
    private final ActorRef<ServingProtocol.Command> serving;
    private final int eventsMax;

    /** @param eventsMax that may wait for a reader */
    GenerateCall(ActorRef<ServingProtocol.Command> serving, int eventsMax) {
        this.serving = serving;
        this.eventsMax = eventsMax;
    }

    /**
     * The answer; tools that the request offers are written into its texts, and calls are found in what the model says.
     *
     * @param caller who is to get no more than others
     */
    Source<GenerateEvent, NotUsed> run(String caller, GenerateRequest request) {
        return Telling.attempt(() -> {
            ToolTalk talk = talk(request);
            Source<GenerateEvent, NotUsed> told = told(caller, talk.request());
            return talk.calls() ? told.statefulMapConcat(() -> talk.events()::on) : told;
        });
    }

    private static ToolTalk talk(GenerateRequest request) {
        try {
            return ToolTalk.of(request);
        } catch (WrongTools e) {
            throw new DoorFault(FaultCode.INVALID_ARGUMENT, e.getMessage(), e.field());
        }
    }

    private Source<GenerateEvent, NotUsed> told(String caller, GenerateRequest request) {
        String id = UUID.randomUUID().toString();
        return Telling.all(
                        Event.class,
                        eventsMax,
                        Finished.class::isInstance,
                        GenerateCall::failure,
                        replyTo -> serving.tell(new ServingProtocol.Generate(id, caller, request, replyTo)),
                        // Also when it ended by itself: then there is nothing of this id to cancel.
                        () -> serving.tell(new ServingProtocol.Cancel(id)))
                .map(GenerateCall::event);
    }

    private static Optional<Throwable> failure(Event event) {
        return event instanceof Failed failed
                ? Optional.of(new DoorFault(Faults.code(failed.reason()), failed.message()))
                : Optional.empty();
    }

    private static GenerateEvent event(Event event) {
        GenerateEvent.Builder message = GenerateEvent.newBuilder();
        switch (event) {
            case Waiting(int ahead, long millis, boolean loading) ->
                message.setQueued(GenerateQueued.newBuilder()
                        .setAhead(ahead)
                        .setWaitSeconds(millis / 1_000.0)
                        .setLoading(loading));
            case Begun(String model, String engine, long waited) ->
                message.setBegun(GenerateBegun.newBuilder()
                        .setModel(model)
                        .setEngine(engine)
                        .setWaitedMs(waited));
            case Text(String text) -> message.setText(text);
            case Restarted(String from, String reason) ->
                message.setRestarted(
                        GenerateRestarted.newBuilder().setFrom(from).setReason(reason));
            case Finished(GenerateFinished end) -> message.setFinished(end);
            case Failed failed -> throw new DoorFault(FaultCode.INTERNAL, failed.message());
        }
        return message.build();
    }
}
