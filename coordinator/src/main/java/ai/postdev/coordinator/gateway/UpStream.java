package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.actors.protocol.WorkspaceProtocol.UpEvent;
import ai.postdev.actors.protocol.WorkspaceProtocol.UpFinished;
import ai.postdev.actors.protocol.WorkspaceProtocol.UpMoved;
import ai.postdev.v1.UpProgress;
import ai.postdev.v1.UpRequest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;

/** The progress of an {@code Up} as a stream: a slow reader loses old lines, never the last ones. */
final class UpStream {
    private final ActorRef<WorkspaceProtocol.Command> workspaces;
    private final int progressMax;

    UpStream(ActorRef<WorkspaceProtocol.Command> workspaces, int progressMax) {
        this.workspaces = workspaces;
        this.progressMax = progressMax;
    }

    Source<UpProgress, NotUsed> run(UpRequest request) {
        Optional<DoorFault> wrong = check(request.getPathsList());
        if (wrong.isPresent()) {
            return Source.failed(wrong.get());
        }
        Source<UpProgress, NotUsed> progress = Telling.<UpEvent>latest(
                        progressMax,
                        event -> event instanceof UpFinished(List<String> refusals) && refusals.isEmpty(),
                        UpStream::failure,
                        replyTo -> workspaces.tell(new WorkspaceProtocol.Up(request.getPathsList(), replyTo)))
                .mapConcat(event -> event instanceof UpMoved(UpProgress moved) ? List.of(moved) : List.of());
        return request.getNoWait() ? untilAllSeen(progress, request.getPathsCount()) : progress;
    }

    private static Optional<Throwable> failure(UpEvent event) {
        return switch (event) {
            case UpMoved _ -> Optional.empty();
            case UpFinished(List<String> refusals) ->
                refusals.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new DoorFault(FaultCode.FAILED_PRECONDITION, String.join("; ", refusals)));
        };
    }

    private static Source<UpProgress, NotUsed> untilAllSeen(Source<UpProgress, NotUsed> progress, int roots) {
        return progress.statefulMap(
                        HashSet<String>::new,
                        (Set<String> seen, UpProgress moved) -> {
                            seen.add(moved.getRoot());
                            return Pair.create((HashSet<String>) seen, Pair.create(moved, seen.size() < roots));
                        },
                        _ -> Optional.empty())
                .takeWhile(pair -> pair.second(), true)
                .map(pair -> pair.first());
    }

    private static Optional<DoorFault> check(List<String> paths) {
        if (paths.isEmpty()) {
            return Optional.of(new DoorFault(FaultCode.INVALID_ARGUMENT, "up needs at least one folder"));
        }
        for (String path : paths) {
            try {
                if (!Path.of(path).isAbsolute()) {
                    return Optional.of(
                            new DoorFault(FaultCode.INVALID_ARGUMENT, "up needs absolute paths, found '" + path + "'"));
                }
            } catch (InvalidPathException e) {
                return Optional.of(
                        new DoorFault(FaultCode.INVALID_ARGUMENT, "'" + path + "' is no path: " + e.getReason()));
            }
        }
        return Optional.empty();
    }
}
