package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSource;

/** What an actor tells one caller, as a stream. It is asked when the stream begins to run, and again for each run. */
final class Telling {
    private Telling() {}

    /**
     * All that is told, up to and with the last: a reader who lags behind by more than {@code max} events is cut off.
     *
     * @param type of what is told
     * @param last whether an event is the last
     * @param fault why an event ends the stream without being part of it; empty: it does not
     * @param ask tells the actor where to tell its events
     * @param over runs when the stream has ended, however it did
     */
    static <E> Source<E, NotUsed> all(
            Class<E> type,
            int max,
            Predicate<E> last,
            Function<E, Optional<Throwable>> fault,
            Consumer<ActorRef<E>> ask,
            Runnable over) {
        return Source.fromGraph(new Told<>(type, max, last, fault, Telling::cutOff, ask, over));
    }

    private static DoorFault cutOff(int max) {
        return new DoorFault(
                FaultCode.RESOURCE_EXHAUSTED, "the reader lags more than " + max + " pieces behind, so it was cut off");
    }

    /**
     * What is told lately: a reader who lags behind by more than {@code max} events loses the oldest of them.
     *
     * @param end whether an event ends the stream, which it is no part of
     */
    static <E> Source<E, NotUsed> latest(
            int max, Predicate<E> end, Function<E, Optional<Throwable>> fault, Consumer<ActorRef<E>> ask) {
        return ActorSource.<E>actorRef(end::test, fault::apply, max, OverflowStrategy.dropHead())
                .mapMaterializedValue(replyTo -> {
                    ask.accept(replyTo);
                    return NotUsed.getInstance();
                });
    }

    /** A fault that is found before anything was asked is a stream that fails with it. */
    static <T> Source<T, NotUsed> attempt(Supplier<Source<T, NotUsed>> call) {
        try {
            return call.get();
        } catch (DoorFault fault) {
            return Source.failed(fault);
        }
    }
}
