package ai.postdev.coordinator.gateway;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import scala.runtime.BoxedUnit;

/**
 * Everything that an actor tells one caller, in order, up to and with the last of it. One stage and not one for each thing it
 * does: between a model's first word and its reader every stage takes time.
 *
 * @param <E> what is told
 */
final class Told<E> extends GraphStage<SourceShape<E>> {
    private final Outlet<E> out = Outlet.create("Told.out");
    private final SourceShape<E> shape = SourceShape.of(out);
    private final Class<E> type;
    private final int max;
    private final Predicate<E> last;
    private final Function<E, Optional<Throwable>> fault;
    private final Function<Integer, Throwable> cutOff;
    private final Consumer<ActorRef<E>> ask;
    private final Runnable over;

    /**
     * @param type of what is told
     * @param max events that wait for the reader; one more ends the stream at once
     * @param last whether an event is the last
     * @param fault why an event ends the stream without being part of it; empty: it does not
     * @param cutOff what a reader who lags more than so many behind is told
     * @param ask tells the actor where to tell its events
     * @param over runs when the stream has ended, however it did
     */
    Told(
            Class<E> type,
            int max,
            Predicate<E> last,
            Function<E, Optional<Throwable>> fault,
            Function<Integer, Throwable> cutOff,
            Consumer<ActorRef<E>> ask,
            Runnable over) {
        this.type = type;
        this.max = max;
        this.last = last;
        this.fault = fault;
        this.cutOff = cutOff;
        this.ask = ask;
        this.over = over;
    }

    @Override
    public SourceShape<E> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        private final Deque<E> waiting = new ArrayDeque<>();

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (!waiting.isEmpty()) {
                        give(waiting.remove());
                    }
                }
            });
        }

        @Override
        public void preStart() {
            ask.accept(Adapter.toTyped(getStageActor(told -> {
                        onTold(type.cast(told._2()));
                        return BoxedUnit.UNIT;
                    })
                    .ref()));
        }

        private void onTold(E event) {
            if (isClosed(out)) {
                return; // it ended with an event before this one
            }
            if (waiting.isEmpty() && isAvailable(out)) {
                give(event);
            } else if (waiting.size() < max) {
                waiting.add(event);
            } else {
                failStage(cutOff.apply(max));
            }
        }

        private void give(E event) {
            Optional<Throwable> failure = fault.apply(event);
            if (failure.isPresent()) {
                failStage(failure.get());
                return;
            }
            push(out, event);
            if (last.test(event)) {
                completeStage();
            }
        }

        @Override
        public void postStop() {
            over.run();
        }
    }
}
