package ai.postdev.developer.watch;

import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.Scheduler;

/** Answers for past commits of one workspace, away from its actor's thread. Used by that actor. */
final class WorkspacePast {
    private final WorkspaceSeat seat;
    private final Executor blocking;
    private final PastSearch searches;

    /** Grows with every change of the ignore files; begins with the clock, so that two lives never share one. */
    private long rulesEdition = System.currentTimeMillis();

    WorkspacePast(WorkspaceSeat seat, RecipientRef<LakeProtocol.Command> lake, Scheduler scheduler, Executor blocking) {
        this.seat = seat;
        this.blocking = blocking;
        this.searches = new PastSearch(seat.settings(), lake, scheduler, blocking);
    }

    /** Ignore files changed: what was read of the past under other rules holds no longer. */
    void rulesChanged() {
        rulesEdition++;
    }

    void file(
            WorkspaceDisk disk, String path, String revision, ActorRef<Reply<WorkspaceProtocol.RevisionFile>> replyTo) {
        PastFiles files = new PastFiles(disk, seat, rulesEdition);
        blocking.execute(() -> replyTo.tell(files.read(path, revision)));
    }

    void search(WorkspaceDisk disk, SearchRequest request, ActorRef<Reply<SearchAnswer>> replyTo) {
        searches.search(new PastFiles(disk, seat, rulesEdition), request, replyTo);
    }
}
