package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol.Appended;
import ai.postdev.coordinator.gateway.Directory.KnownProject;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.RememberRequest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A note on its way into a lake: an event in the history, a node {@code note} in the graph, and if it is about a file
 * an edge {@code about} from the note to the file.
 */
record Note(ProjectId project, List<Body> bodies) {
    Note {
        bodies = List.copyOf(bodies);
    }

    /** Finds the project of a note and redacts its text and the path it is about. */
    static Note of(RememberRequest request, ProjectSelector selector, UnaryOperator<String> redact, Clock clock) {
        String path = request.getPath();
        Optional<KnownProject> holder = path.startsWith("/") ? selector.holding(path) : Optional.empty();
        if (path.startsWith("/") && holder.isEmpty()) {
            throw selector.outside(path);
        }
        ProjectId project = holder.map(KnownProject::id)
                .orElseGet(() -> projectOf(request.getProject(), request.getCwd(), selector));
        String about = redact.apply(
                holder.map(known -> ProjectSelector.relative(known, path)).orElse(path));
        String text = redact.apply(request.getText());
        String id = UUID.randomUUID().toString();
        List<Body> bodies = new ArrayList<>();
        NodeKey note = new NodeKey("note", id);
        bodies.add(new Body.PutNode(note, Map.of("text", text)));
        if (!about.isEmpty()) {
            bodies.add(new Body.PutEdge(note, "about", new NodeKey("file", about), clock.millis(), Map.of()));
        }
        // Last, so that the sequence in the answer is that of the event which timeline and recall show.
        bodies.add(new Body.AppendEvent(
                "note", clock.millis(), text, Map.of("note", id), about.isEmpty() ? List.of() : List.of(about)));
        return new Note(project, bodies);
    }

    /** The project that is named, else the one that holds the folder of the caller, else the only one. */
    static ProjectId projectOf(String named, String cwd, ProjectSelector selector) {
        if (!named.isBlank()) {
            return selector.one(named);
        }
        Optional<KnownProject> here = cwd.isBlank() ? Optional.empty() : selector.holding(cwd);
        if (here.isPresent()) {
            return here.get().id();
        }
        try {
            return selector.one("");
        } catch (DoorFault fault) {
            throw fault.code() == FaultCode.INVALID_ARGUMENT
                    ? new DoorFault(
                            FaultCode.INVALID_ARGUMENT,
                            fault.getMessage() + " with --project, or run this inside a project's folder")
                    : fault;
        }
    }

    /** What the caller is told once the note is durable. */
    RememberAnswer answer(Appended appended) {
        return RememberAnswer.newBuilder()
                .setOrigin(appended.origin().value())
                .setSequence(appended.sequence())
                .setTime(appended.time().instant().toString())
                .setProject(project.value())
                .build();
    }
}
