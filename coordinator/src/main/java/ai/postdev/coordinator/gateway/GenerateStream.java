package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.GenerateCommand;
import ai.postdev.v1.GenerateFault;
import ai.postdev.v1.GenerateTold;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Several answers of models over one stream of commands. A caller that closes its side still gets them; one that goes away
 * ends them all.
 */
final class GenerateStream {
    /** Told beside the answers, so that also a caller with the most answers is heard and told so. */
    private static final int FAULTS_MAX = 16;

    private final GenerateCall generate;
    private final int answersMax;

    /** @param answersMax of one stream at the same time */
    GenerateStream(GenerateCall generate, int answersMax) {
        this.generate = generate;
        this.answersMax = answersMax;
    }

    Source<GenerateTold, NotUsed> run(String caller, Source<GenerateCommand, NotUsed> commands) {
        return commands.<Source<GenerateTold, NotUsed>>statefulMapConcat(() -> new Answers(caller)::on)
                .flatMapMerge(answersMax + FAULTS_MAX, told -> told);
    }

    /** Those of one stream. Commands come one after the other; ends come from other threads. */
    private final class Answers {
        private final String caller;
        private final Map<String, SharedKillSwitch> running = new ConcurrentHashMap<>();

        Answers(String caller) {
            this.caller = caller;
        }

        private Iterable<Source<GenerateTold, NotUsed>> on(GenerateCommand command) {
            return switch (command.getCommandCase()) {
                case GENERATE -> List.of(begin(command));
                case CANCEL -> {
                    SharedKillSwitch stop = running.get(command.getId());
                    if (stop != null) {
                        stop.abort(new DoorFault(FaultCode.CANCELLED, "its caller cancelled it"));
                    }
                    yield List.of();
                }
                case COMMAND_NOT_SET ->
                    List.of(fault(command.getId(), "a command of an unknown kind", FaultCode.INVALID_ARGUMENT));
            };
        }

        private Source<GenerateTold, NotUsed> begin(GenerateCommand command) {
            String id = command.getId();
            if (id.isBlank()) {
                return fault(id, "the request has no id", FaultCode.INVALID_ARGUMENT);
            }
            if (running.size() >= answersMax) {
                return fault(
                        id,
                        answersMax + " answers are under way on this stream, the most that"
                                + " postdevai.gateway.answers-per-stream-max allows; wait for the end of one",
                        FaultCode.RESOURCE_EXHAUSTED);
            }
            SharedKillSwitch stop = KillSwitches.shared(id);
            if (running.putIfAbsent(id, stop) != null) {
                return fault(id, "the request " + id + " is not over yet", FaultCode.INVALID_ARGUMENT);
            }
            return generate.run(caller, command.getGenerate())
                    .map(event ->
                            GenerateTold.newBuilder().setId(id).setEvent(event).build())
                    .via(stop.flow())
                    .recover(new PFBuilder<Throwable, GenerateTold>()
                            .match(Throwable.class, thrown -> fault(id, Faults.of(thrown)))
                            .build())
                    .map(told -> {
                        if (told.hasFault() || told.getEvent().hasFinished()) {
                            running.remove(id, stop); // before it is told: the caller may take the id again at once
                        }
                        return told;
                    });
        }

        private static Source<GenerateTold, NotUsed> fault(String id, String message, FaultCode code) {
            return Source.single(fault(id, new DoorFault(code, message)));
        }

        private static GenerateTold fault(String id, DoorFault fault) {
            return GenerateTold.newBuilder()
                    .setId(id)
                    .setFault(GenerateFault.newBuilder()
                            .setCode(fault.code().name())
                            .setMessage(fault.getMessage()))
                    .build();
        }
    }
}
