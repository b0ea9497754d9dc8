package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.model.EmbedderSlot;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.ModelFacts;
import ai.postdev.dragon.model.worker.WorkerProcess;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The hands of a slot whose model is an embedder: it lives in this process, in an {@link EmbedderSlot}, and has no worker.
 * Understands and tells what {@link ModelSlot} does; texts do not come this way.
 */
final class EmbedderHands {
    private sealed interface Message {}

    private record Asked(ModelSlot.Command command) implements Message {}

    private record Brought(EmbedderSlot.Brought outcome) implements Message {}

    private enum Closed implements Message {
        INSTANCE
    }

    private final ActorContext<Message> context;
    private final ActorRef<EmbedderSlot.Command> slot;
    private final ModelFacts facts;
    private final Consumer<ModelSlot.Told> teller;
    private String leaving = "";

    /**
     * Has the embedder loaded.
     *
     * @param place empty: the node has no slot for this embedder
     * @param teller must not block
     */
    static Behavior<ModelSlot.Command> create(
            String model, Optional<EmbedderPlace> place, Consumer<ModelSlot.Told> teller) {
        Behavior<Message> hands = Behaviors.setup(context -> {
            if (place.isEmpty()) {
                teller.accept(
                        new ModelSlot.Told.Gone(
                                "the node knows the embedder " + model
                                        + " from its next start on, and embeds with the one that postdevai.models.embedder.model names"));
                return Behaviors.stopped();
            }
            teller.accept(new ModelSlot.Told.Started(ProcessHandle.current().pid()));
            place.get()
                    .slot()
                    .tell(new EmbedderSlot.Bring(context.messageAdapter(EmbedderSlot.Brought.class, Brought::new)));
            return Behaviors.receiveMessage(new EmbedderHands(context, place.get(), teller)::onMessage);
        });
        return Behaviors.transformMessages(
                ModelSlot.Command.class, hands, match -> match.match(ModelSlot.Command.class, Asked::new));
    }

    private EmbedderHands(ActorContext<Message> context, EmbedderPlace place, Consumer<ModelSlot.Told> teller) {
        this.context = context;
        this.slot = place.slot();
        this.facts = place.facts();
        this.teller = teller;
    }

    private Behavior<Message> onMessage(Message message) {
        switch (message) {
            case Brought(EmbedderSlot.Brought outcome) ->
                outcome.failure()
                        .ifPresentOrElse(
                                reason -> teller.accept(new ModelSlot.Told.LoadFailed(
                                        new EngineFault(EngineFault.Kind.FAILED, reason))),
                                () -> {
                                    teller.accept(new ModelSlot.Told.Ready(facts));
                                    teller.accept(
                                            new ModelSlot.Told.Alive(new WorkerProcess.Memory(outcome.bytes(), 0)));
                                });
            case Asked(ModelSlot.Kill(String reason)) -> {
                if (leaving.isEmpty()) {
                    leaving = reason;
                    slot.tell(new EmbedderSlot.TakeAway(
                            context.messageAdapter(EmbedderSlot.Gone.class, _ -> Closed.INSTANCE)));
                }
            }
            case Asked(var other) ->
                throw new IllegalStateException("an embedder writes no text, and is asked to " + other);
            case Closed _ -> {
                teller.accept(new ModelSlot.Told.Gone(leaving));
                return Behaviors.stopped();
            }
        }
        return Behaviors.same();
    }
}
