package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.model.queue.WorkClass;
import ai.postdev.v1.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** A load that somebody wants and that did not begin: it is looked up, or room is made for it. Lives on its keeper's thread. */
final class Wanted {
    final String model;
    /** Who asked for it by hand. */
    final List<ActorRef<Reply<ServedModel>>> callers = new ArrayList<>();

    /** Whether requests wait for it. */
    boolean queued;

    WorkClass workClass = WorkClass.INTERACTIVE;
    Optional<Long> ttlMillis = Optional.empty();
    /** Empty while it is looked up. */
    Optional<Loadable> found = Optional.empty();
    /** When the ledger is asked again. */
    long askAt;

    Wanted(String model) {
        this.model = model;
    }
}
