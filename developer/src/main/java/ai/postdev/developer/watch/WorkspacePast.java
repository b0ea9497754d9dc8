package ai.postdev.developer.watch;

import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import java.util.Optional;
import java.util.concurrent.Executor;
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

    /** Answers with a file of the past; {@code why} says why there is no disk. */
    void file(Optional<WorkspaceDisk> disk, Workspace.FileAt ask, String why) {
        filesOf(disk)
                .ifPresentOrElse(
                        files -> blocking.execute(() -> ask.replyTo().tell(files.read(ask.path(), ask.revision()))),
                        () -> ask.replyTo().tell(new Reply.Refused<>(Reply.Reason.UNAVAILABLE, why)));
    }

    /** Answers a search of the past; {@code why} says why there is no disk. */
    void search(Optional<WorkspaceDisk> disk, Workspace.SearchAt ask, String why) {
        filesOf(disk)
                .ifPresentOrElse(
                        files -> searches.search(files, ask.request(), ask.replyTo()),
                        () -> ask.replyTo().tell(new Reply.Refused<>(Reply.Reason.UNAVAILABLE, why)));
    }

    private Optional<PastFiles> filesOf(Optional<WorkspaceDisk> disk) {
        return disk.map(on -> new PastFiles(on, seat, rulesEdition));
    }
}
