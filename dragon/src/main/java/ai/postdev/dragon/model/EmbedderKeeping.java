package ai.postdev.dragon.model;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.v1.PinModelAnswer;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.UnloadModelAnswer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * What embedders ask of the keeper of the models: room on the ledger that all models are on. One that the node works with is
 * pinned, so that no other takes its room and no idle time ends it. Any thread; waits for nothing.
 */
public final class EmbedderKeeping {
    private final ActorRef<ServingProtocol.Command> keeper;
    private final EmbedderSettings settings;
    private final ActorSystem<?> system;

    /** Asks {@code keeper}. */
    public EmbedderKeeping(ActorRef<ServingProtocol.Command> keeper, EmbedderSettings settings, ActorSystem<?> system) {
        this.keeper = keeper;
        this.settings = settings;
        this.system = system;
    }

    /** Has the embedder of that name brought into memory. @return why it was not; empty: it was */
    public CompletionStage<Optional<String>> ask(String name) {
        pin(name, true);
        CompletionStage<Reply<ServedModel>> loaded = AskPattern.ask(
                keeper,
                replyTo -> new ServingProtocol.Load(name, Optional.empty(), replyTo),
                settings.askTimeout(),
                system.scheduler());
        return loaded.thenApply(reply -> switch (reply) {
            case Reply.Answered<ServedModel> _ -> Optional.empty();
            case Reply.Refused<ServedModel> refused -> Optional.of(refused.message());
        });
    }

    /** The node does not work with it any more; nothing if it is not in memory. */
    public void letGo(String name) {
        pin(name, false);
        keeper.tell(new ServingProtocol.Unload(name, system.<Reply<UnloadModelAnswer>>ignoreRef()));
    }

    private void pin(String name, boolean pinned) {
        keeper.tell(new ServingProtocol.Pin(name, pinned, system.<Reply<PinModelAnswer>>ignoreRef()));
    }
}
