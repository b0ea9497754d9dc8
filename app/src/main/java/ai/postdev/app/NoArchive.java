package ai.postdev.app;

import ai.postdev.actors.protocol.ArchiveProtocol;
import ai.postdev.actors.protocol.ArchiveProtocol.Event;
import ai.postdev.actors.protocol.Reply;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Stands in for the keeper of the journal on a node without the role dragon. */
final class NoArchive {
    private NoArchive() {}

    static Behavior<ArchiveProtocol.Command> create() {
        return Behaviors.receiveMessage(command -> {
            ActorRef<Event> replyTo = switch (command) {
                case ArchiveProtocol.Backup backup -> backup.replyTo();
                case ArchiveProtocol.Export export -> export.replyTo();
            };
            replyTo.tell(new ArchiveProtocol.Finished(Optional.of(new Reply.Refused<>(
                    Reply.Reason.PRECONDITION,
                    "this node has no journal: it lacks the role dragon; ask a node that has it"))));
            return Behaviors.same();
        });
    }
}
