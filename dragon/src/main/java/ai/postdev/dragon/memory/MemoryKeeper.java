package ai.postdev.dragon.memory;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Keeps a node's memory within its budget: asks those who hold too much to give back, one round after another, and looks now
 * and then whether something leaks. Runs on a dispatcher whose threads may be kept busy for some milliseconds.
 */
public final class MemoryKeeper {
    /** What the keeper understands. */
    public sealed interface Command {}

    /** Somebody has to give memory back. */
    public enum Pressed implements Command {
        INSTANCE
    }

    private enum LookDue implements Command {
        INSTANCE
    }

    private final ActorContext<Command> context;
    private final Memory memory;

    private MemoryKeeper(ActorContext<Command> context, Memory memory) {
        this.context = context;
        this.memory = memory;
    }

    /** The keeper of {@code memory}. */
    public static Behavior<Command> create(Memory memory) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            memory.whenPressed(() -> context.getSelf().tell(Pressed.INSTANCE));
            timers.startTimerWithFixedDelay(
                    LookDue.INSTANCE, memory.driftSettings().every());
            return new MemoryKeeper(context, memory).keeping();
        }));
    }

    private Behavior<Command> keeping() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case Pressed _ -> onPressed();
                case LookDue _ -> onLookDue();
            }
            return Behaviors.same();
        });
    }

    private void onPressed() {
        long given = memory.relieve();
        if (given > 0) {
            context.getLog().info("{} bytes of memory were given back to stay within the budget", given);
        }
    }

    private void onLookDue() {
        memory.observeDrift().ifPresent(change -> {
            MemoryFigures.Drift drift = memory.drift();
            switch (change) {
                case RAISED ->
                    context.getLog()
                            .warn(
                                    "{} bytes are in RAM that nobody accounts for, {} of the budget, for {} already: something"
                                            + " outside the stores grows; see postdevai lake, and restart the node to be rid"
                                            + " of it",
                                    drift.unexplained(),
                                    drift.ratio(),
                                    memory.driftSettings().after());
                case ENDED ->
                    context.getLog()
                            .info(
                                    "memory is accounted for again but for {} bytes, {} of the budget",
                                    drift.unexplained(),
                                    drift.ratio());
            }
        });
    }
}
