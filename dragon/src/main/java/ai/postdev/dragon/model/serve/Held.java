package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.slot.SlotMachine;
import ai.postdev.dragon.model.slot.SlotSettings;
import ai.postdev.dragon.model.slot.SlotState;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.UnloadModelAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The slot of a model: its machine, which outlives its workers, and what is known of the worker that it has now. Named like
 * its model. Lives on its keeper's thread. Times are milliseconds of the keeper's clock.
 */
final class Held {
    final String model;
    final SlotMachine machine;
    /** Who waits for it to be loaded, or gone, because they asked for that by hand. */
    final List<ActorRef<Reply<ServedModel>>> loaders = new ArrayList<>();

    final List<ActorRef<Reply<UnloadModelAnswer>>> unloaders = new ArrayList<>();

    /** What is loaded, or was last. */
    Optional<Loadable> loadable = Optional.empty();

    /** Counts workers, so that what an earlier one still says is not taken for the next one's. */
    long worker;

    Optional<ActorRef<ModelSlot.Command>> ref = Optional.empty();
    long pid;
    int context;
    int sequences;
    long resident;
    long answered;
    /** Whether the queue was told that it takes requests. */
    boolean open;
    /** Why it is to make room, once somebody decided that. */
    String leaving = "";
    /** Of the worker that could not load the model last. */
    Optional<EngineFault> fault = Optional.empty();

    Held(String model, SlotSettings settings) {
        this.model = model;
        machine = new SlotMachine(settings);
    }

    /** Whether its model is an embedder, which has no worker and answers no requests of the queue. */
    boolean embeds() {
        return loadable.filter(Loadable::embeds).isPresent();
    }

    /** When time alone brings something up; an embedder in this process cannot fall silent. */
    OptionalLong wakeAt() {
        return embeds() && machine.state() instanceof SlotState.Ready ? OptionalLong.empty() : machine.wakeAt();
    }

    String engine() {
        return loadable.map(Loadable::engine).orElse("");
    }

    /** A worker begins: nothing is known of it. */
    void begin(ActorRef<ModelSlot.Command> slot) {
        ref = Optional.of(slot);
        pid = 0;
        context = 0;
        sequences = 0;
        resident = 0;
        answered = 0;
        leaving = "";
        fault = Optional.empty();
    }

    void tell(ModelSlot.Command command) {
        ref.ifPresent(slot -> slot.tell(command));
    }
}
