package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.ServingProtocol;
import org.apache.pekko.actor.typed.ActorRef;

/** A slot and what is known of it. Lives on its keeper's thread. Times are milliseconds of the keeper's clock. */
final class Held {
    final String id;
    final String model;
    final String engine;
    final ActorRef<ModelSlot.Command> ref;
    final long since;
    long pid;
    int context;
    int sequences;
    long resident;
    long answered;
    long idleSince;
    boolean ready;
    boolean ending;

    Held(String id, String model, String engine, ActorRef<ModelSlot.Command> ref, long now) {
        this.id = id;
        this.model = model;
        this.engine = engine;
        this.ref = ref;
        this.since = now;
        this.idleSince = now;
    }

    /** How it stands. @param running requests that it works on */
    ServingProtocol.Slot figures(int running, long now) {
        String state = ending ? "draining" : ready ? "ready" : "loading";
        return new ServingProtocol.Slot(
                model,
                engine,
                state,
                pid,
                resident,
                context,
                sequences,
                running,
                answered,
                running > 0 ? 0 : now - idleSince);
    }
}
