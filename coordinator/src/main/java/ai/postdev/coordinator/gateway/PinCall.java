package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.v1.Event;
import ai.postdev.v1.PinAnswer;
import ai.postdev.v1.PinRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pins an event: finds it, has the pin written, and looks again, since retention may have dropped the event just before.
 */
final class PinCall {
    private static final Pattern EVENT = Pattern.compile("(?:([0-9a-z-]{1,64})/)?([1-9]\\d{0,17})");

    private final Lakes lakes;
    private final ProjectId project;
    private final Duration deadline;

    PinCall(Lakes lakes, ProjectId project, Duration deadline) {
        this.lakes = lakes;
        this.project = project;
        this.deadline = deadline;
    }

    CompletionStage<PinAnswer> run(PinRequest request) {
        Matcher named = EVENT.matcher(request.getEvent().strip());
        if (!named.matches()) {
            throw new DoorFault(
                    FaultCode.INVALID_ARGUMENT,
                    "an event is named by its sequence, or by ORIGIN/SEQUENCE, found '" + request.getEvent()
                            + "'; timeline --json tells both");
        }
        String origin = named.group(1) == null ? "" : named.group(1);
        long sequence = Long.parseLong(named.group(2));
        return find(origin, sequence)
                .thenCompose(event -> {
                    Body pin =
                            new Body.PinEvent(new Origin(event.getOrigin()), event.getSequence(), !request.getUnpin());
                    return lakes.<LakeProtocol.Appended>one(
                                    project,
                                    deadline,
                                    replyTo -> new LakeProtocol.Append(List.of(pin), List.of(), replyTo))
                            .thenCompose(_ -> find(event.getOrigin(), event.getSequence()));
                })
                .thenApply(event -> PinAnswer.newBuilder().setEvent(event).build());
    }

    private CompletionStage<Event> find(String origin, long sequence) {
        return lakes.one(project, deadline, replyTo -> new LakeProtocol.FindEvent(origin, sequence, replyTo));
    }
}
