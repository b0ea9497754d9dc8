package ai.postdev.dragon.memory;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Keeps a node's memory within its budget: asks those who hold too much to give back, one round after another. Runs on a dispatcher whose threads may be kept busy for some milliseconds.
 */
public final class MemoryKeeper {
    /** What the keeper understands. */
    public sealed interface Command {}

    /** Somebody has to give memory back. */
    public enum Pressed implements Command {
        INSTANCE
    }

    private MemoryKeeper() {}

    /** The keeper of {@code memory}. */
    public static Behavior<Command> create(Memory memory) {
        return Behaviors.setup(context -> {
            memory.whenPressed(() -> context.getSelf().tell(Pressed.INSTANCE));
            return Behaviors.receive(Command.class)
                    .onMessage(Pressed.class, _ -> onPressed(context, memory))
                    .build();
        });
    }

    private static Behavior<Command> onPressed(ActorContext<Command> context, Memory memory) {
        long given = memory.relieve();
        if (given > 0) {
            context.getLog().info("{} bytes of memory were given back to stay within the budget", given);
        }
        return Behaviors.same();
    }
}
