package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * What every call of one caller stands on: the parts of the node, the bounds of requests, and how long the caller waits.
 * Safe on any thread.
 */
record Caller(NodeService.Parts parts, Lakes lakes, Limits limits, Moments moments, Duration deadline) {
    static Caller of(NodeService.Parts parts, Duration deadline) {
        return new Caller(
                parts,
                new Lakes(parts.system(), parts.lakes(), parts.directory()::absence),
                new Limits(parts.settings()),
                new Moments(parts.clock()),
                deadline);
    }

    /** The names of the projects that are known now. */
    ProjectNames names() {
        return ProjectNames.of(parts.directory().projects());
    }

    /** Finds projects among those that are known now. */
    ProjectSelector selector() {
        return new ProjectSelector(parts.directory().projects());
    }

    /** Lakes get a little less than the caller waits, so that the answer of the others still arrives in time. */
    Duration shorter() {
        return deadline.multipliedBy(9).dividedBy(10);
    }

    /** Asks the keeper of watched folders; a refusal is a {@link DoorFault}. */
    <T> CompletionStage<T> askWorkspaces(Function<ActorRef<Reply<T>>, WorkspaceProtocol.Command> command) {
        return ask(parts.workspaces(), command);
    }

    /** Asks an actor of the node; a refusal is a {@link DoorFault}. */
    <C, T> CompletionStage<T> ask(RecipientRef<C> actor, Function<ActorRef<Reply<T>>, ? extends C> command) {
        CompletionStage<Reply<T>> asked =
                AskPattern.ask(actor, command::apply, deadline, parts.system().scheduler());
        return asked.thenApply(reply -> switch (reply) {
            case Reply.Answered<T>(T answer) -> answer;
            case Reply.Refused<T> refused -> throw Faults.of(refused);
        });
    }

    /** @throws DoorFault if {@code call} names no model */
    static String model(String call, String name) {
        if (name.isBlank()) {
            throw new DoorFault(FaultCode.INVALID_ARGUMENT, call + " needs a model; see: postdevai models list");
        }
        return name.strip();
    }

    /** Threads that may wait for the disk. */
    Executor blocking() {
        return parts.system().dispatchers().lookup(DispatcherSelector.blocking());
    }

    /** Milliseconds since {@code started}, a value of {@link System#nanoTime}. */
    static double millisSince(long started) {
        return Math.round((System.nanoTime() - started) / 1_000.0) / 1_000.0;
    }
}
