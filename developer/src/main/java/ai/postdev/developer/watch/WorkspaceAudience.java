package ai.postdev.developer.watch;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.v1.UpProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Who waits for a workspace: followers of its progress, and those who asked for a rescan. Single-threaded. */
final class WorkspaceAudience {
    /** Between two lines of progress. */
    static final Duration INTERVAL = Duration.ofMillis(200);

    private final List<ActorRef<WorkspaceProtocol.UpEvent>> followers = new ArrayList<>();
    private final List<ActorRef<Reply<Integer>>> rescans = new ArrayList<>();

    void follow(ActorRef<WorkspaceProtocol.UpEvent> follower) {
        followers.add(follower);
    }

    /** Tells every follower; the last line ends following. */
    void tell(UpProgress line, boolean last) {
        followers.forEach(follower -> follower.tell(new WorkspaceProtocol.UpMoved(line)));
        if (last) {
            followers.clear();
        }
    }

    void awaitRescan(ActorRef<Reply<Integer>> waiting) {
        rescans.add(waiting);
    }

    /** Rescans ended so. */
    void rescanned(Reply<Integer> reply) {
        rescans.forEach(waiting -> waiting.tell(reply));
        rescans.clear();
    }
}
