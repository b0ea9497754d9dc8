package ai.postdev.app;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Answers for the workspaces of a node without the role developer: there are none, and none can be added. */
final class NoWorkspaces {
    private static final String WHY =
            "this node has not the role developer, so it watches no folders; start it with --role all, or run this on a"
                    + " node that has it";

    private NoWorkspaces() {}

    static Behavior<WorkspaceProtocol.Command> create() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case WorkspaceProtocol.Up up -> up.replyTo().tell(new WorkspaceProtocol.UpFinished(List.of(WHY)));
                case WorkspaceProtocol.Unwatch ask -> ask.replyTo().tell(new Reply.Answered<>(0));
                case WorkspaceProtocol.Workspaces ask -> ask.replyTo().tell(List.of());
                case WorkspaceProtocol.Rescan ask ->
                    ask.replyTo().tell(new Reply.Refused<>(Reply.Reason.PRECONDITION, WHY));
                case WorkspaceProtocol.FileAtRevision ask ->
                    ask.replyTo().tell(new Reply.Refused<>(Reply.Reason.NOT_FOUND, WHY));
                case WorkspaceProtocol.SearchAtRevision ask ->
                    ask.replyTo().tell(new Reply.Refused<>(Reply.Reason.NOT_FOUND, WHY));
            }
            return Behaviors.same();
        });
    }
}
