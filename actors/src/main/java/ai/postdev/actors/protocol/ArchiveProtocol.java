package ai.postdev.actors.protocol;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.v1.CopyProgress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** The conversation with the keeper of a node's journal who copies it to backups and exports. Within one node. */
public interface ArchiveProtocol {
    /** What the keeper understands. Copies are made one at a time; a second one is refused. */
    sealed interface Command {}

    /**
     * Adds a moment to a backup.
     *
     * @param folder of the backup, absolute
     * @param only this project; empty: all of the journal
     * @param names of projects, for people
     * @param keep moments of each project to keep; 0: all
     */
    record Backup(
            Path folder, Optional<ProjectId> only, Map<ProjectId, String> names, int keep, ActorRef<Event> replyTo)
            implements Command {
        public Backup {
            names = Map.copyOf(names);
        }
    }

    /** Writes a project to a file, whose path is absolute. */
    record Export(Path file, ProjectId project, String name, ActorRef<Event> replyTo) implements Command {}

    /** What becomes of a copy. */
    sealed interface Event {}

    /** It has come so far; the last one holds the answer. */
    record Moved(CopyProgress progress) implements Event {}

    /** It is done, or was refused. */
    record Finished(Optional<Reply.Refused<Void>> refusal) implements Event {}
}
