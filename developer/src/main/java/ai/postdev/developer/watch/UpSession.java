package ai.postdev.developer.watch;

import ai.postdev.actors.protocol.WorkspaceProtocol.UpEvent;
import ai.postdev.actors.protocol.WorkspaceProtocol.UpFinished;
import ai.postdev.actors.protocol.WorkspaceProtocol.UpMoved;
import ai.postdev.v1.UpProgress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** One {@code up}: passes the progress of its folders on and ends when each is searchable or has failed. */
final class UpSession {
    private final ActorRef<UpEvent> replyTo;
    private final Set<String> waiting;
    private final List<String> refusals;

    private UpSession(Set<String> roots, List<String> refusals, ActorRef<UpEvent> replyTo) {
        this.waiting = new HashSet<>(roots);
        this.refusals = new ArrayList<>(refusals);
        this.replyTo = replyTo;
    }

    /**
     * Follows {@code workspaces}, by their folders.
     *
     * @param refusals paths that were refused before anything began
     */
    static Behavior<UpEvent> create(
            Map<String, ActorRef<Workspace.Command>> workspaces, List<String> refusals, ActorRef<UpEvent> replyTo) {
        return Behaviors.setup(context -> {
            UpSession session = new UpSession(workspaces.keySet(), refusals, replyTo);
            workspaces.forEach((root, workspace) -> {
                context.watchWith(workspace, new UpMoved(noLongerWatched(root)));
                workspace.tell(new Workspace.Follow(context.getSelf()));
            });
            return workspaces.isEmpty() ? session.finished() : Behaviors.receiveMessage(session::onEvent);
        });
    }

    private static UpProgress noLongerWatched(String root) {
        return UpProgress.newBuilder()
                .setRoot(root)
                .setPhase("failed")
                .setMessage("forgotten before it was searchable")
                .build();
    }

    private Behavior<UpEvent> onEvent(UpEvent event) {
        return switch (event) {
            case UpFinished _ -> Behaviors.same();
            case UpMoved moved -> onMoved(moved);
        };
    }

    private Behavior<UpEvent> onMoved(UpMoved moved) {
        replyTo.tell(moved);
        UpProgress progress = moved.progress();
        boolean failed = progress.getPhase().equals("failed");
        if (failed || progress.getPhase().equals("searchable")) {
            if (waiting.remove(progress.getRoot()) && failed) {
                refusals.add(progress.getRoot() + ": " + progress.getMessage());
            }
        }
        return waiting.isEmpty() ? finished() : Behaviors.same();
    }

    private Behavior<UpEvent> finished() {
        replyTo.tell(new UpFinished(refusals));
        return Behaviors.stopped();
    }
}
