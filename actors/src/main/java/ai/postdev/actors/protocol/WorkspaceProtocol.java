package ai.postdev.actors.protocol;

import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.UpProgress;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The conversation with the keeper of the workspaces of this node: the folders that it watches. Local to the node, so
 * nothing here is a wire message.
 */
public interface WorkspaceProtocol {
    /** What the keeper understands. */
    sealed interface Command {}

    /**
     * Watches folders from now on and across restarts. Progress is told to {@code replyTo} until each is searchable;
     * the last message is {@link UpFinished}.
     */
    record Up(List<String> paths, ActorRef<UpEvent> replyTo) implements Command {
        public Up {
            paths = List.copyOf(paths);
        }
    }

    /** Stops watching the workspaces of a project; the lake's own part is forgotten by the caller. */
    record Unwatch(String project, ActorRef<Reply<Integer>> replyTo) implements Command {}

    /** What is watched, with what the watchers know (files, skipped, state); the lake adds the rest. */
    record Workspaces(ActorRef<List<ProjectStatus>> replyTo) implements Command {}

    /** Reads a workspace from the disk again and mends what differs; used by {@code doctor --repair}. */
    record Rescan(String project, ActorRef<Reply<Integer>> replyTo) implements Command {}

    /**
     * A file of a past commit, from the repository itself: the answer for moments before the lake began.
     *
     * @param revision commit id or an expression such as {@code HEAD~5}
     */
    record FileAtRevision(String project, String path, String revision, ActorRef<Reply<RevisionFile>> replyTo)
            implements Command {}

    /**
     * Searches a commit of the repository itself: the answer for what the lake never saw.
     *
     * @param request whose {@code at} is a commit id, an expression such as {@code HEAD~5}, or an instant (ISO 8601),
     *     which stands for the newest commit up to then
     */
    record SearchAtRevision(String project, SearchRequest request, ActorRef<Reply<SearchAnswer>> replyTo)
            implements Command {}

    /** Progress of an {@link Up}. */
    sealed interface UpEvent {}

    /** One project moved on. */
    record UpMoved(UpProgress progress) implements UpEvent {}

    /** Every project of the request is searchable or has failed; {@code refusals} says which failed and why. */
    record UpFinished(List<String> refusals) implements UpEvent {
        public UpFinished {
            refusals = List.copyOf(refusals);
        }
    }

    /**
     * A file of a past commit.
     *
     * @param text redacted like every stored text; empty if the commit has no such file
     */
    record RevisionFile(String commit, long commitMillis, Optional<String> text) {}
}
