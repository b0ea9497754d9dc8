package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ArchiveProtocol;
import ai.postdev.actors.protocol.ArchiveProtocol.Event;
import ai.postdev.actors.protocol.ArchiveProtocol.Finished;
import ai.postdev.actors.protocol.ArchiveProtocol.Moved;
import ai.postdev.v1.BackupRequest;
import ai.postdev.v1.CopyProgress;
import ai.postdev.v1.ExportRequest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Source;

/** The progress of a backup or an export as a stream: a slow reader loses old lines, never the last ones. */
final class CopyStream {
    private final ActorRef<ArchiveProtocol.Command> archive;
    private final int progressMax;

    CopyStream(ActorRef<ArchiveProtocol.Command> archive, int progressMax) {
        this.archive = archive;
        this.progressMax = progressMax;
    }

    /** @param known every project with a name */
    Source<CopyProgress, NotUsed> backup(
            BackupRequest request, ProjectSelector selector, List<Directory.KnownProject> known) {
        return Telling.attempt(() -> {
            if (request.getKeep() < 0) {
                throw new DoorFault(
                        FaultCode.INVALID_ARGUMENT,
                        "keep is " + request.getKeep() + ", expected the number of moments to keep, or 0 for all");
            }
            Path folder = absolute("backup", "folder", request.getFolder());
            Optional<ProjectId> only =
                    request.getProject().isBlank() ? Optional.empty() : Optional.of(selector.one(request.getProject()));
            Map<ProjectId, String> names = new LinkedHashMap<>();
            known.forEach(project -> names.putIfAbsent(project.id(), project.name()));
            return run(replyTo -> new ArchiveProtocol.Backup(folder, only, names, request.getKeep(), replyTo));
        });
    }

    Source<CopyProgress, NotUsed> export(ExportRequest request, ProjectSelector selector, ProjectNames names) {
        return Telling.attempt(() -> {
            Path file = absolute("export", "file", request.getFile());
            ProjectId project = selector.one(request.getProject());
            return run(replyTo -> new ArchiveProtocol.Export(file, project, names.of(project.value()), replyTo));
        });
    }

    private Source<CopyProgress, NotUsed> run(Function<ActorRef<Event>, ArchiveProtocol.Command> command) {
        return Telling.<Event>latest(
                        progressMax,
                        event -> event instanceof Finished finished
                                && finished.refusal().isEmpty(),
                        CopyStream::failure,
                        replyTo -> archive.tell(command.apply(replyTo)))
                .mapConcat(event -> event instanceof Moved(CopyProgress moved) ? List.of(moved) : List.of());
    }

    private static Optional<Throwable> failure(Event event) {
        return switch (event) {
            case Moved _ -> Optional.empty();
            case Finished finished -> finished.refusal().map(Faults::of);
        };
    }

    private static Path absolute(String call, String what, String text) {
        try {
            Path path = Path.of(text);
            if (!text.isBlank() && path.isAbsolute()) {
                return path.normalize();
            }
        } catch (InvalidPathException e) {
            throw new DoorFault(FaultCode.INVALID_ARGUMENT, "'" + text + "' is no path: " + e.getReason());
        }
        throw new DoorFault(
                FaultCode.INVALID_ARGUMENT, call + " needs the absolute path of a " + what + ", found '" + text + "'");
    }
}
