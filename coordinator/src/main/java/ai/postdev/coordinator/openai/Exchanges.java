package ai.postdev.coordinator.openai;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * What happens on one connection of a client: its requests one after the other. It always listens for the next one, because
 * only who reads a connection hears that it was closed; so whoever answers a request learns at once that the client has gone.
 * A connection without a request for a while is closed, also if some bytes of one have come.
 */
final class Exchanges extends GraphStage<FlowShape<HttpRequest, HttpResponse>> {
    /** Answers requests. */
    interface Answerer {
        /** Answers one request, called by the connection; what fails here ends the connection without an answer. */
        CompletionStage<HttpResponse> answer(HttpRequest request, Asker asker);
    }

    /**
     * The other end of a connection, while one request of it is answered.
     *
     * @param gone completes when nobody is there for the answer any more, or when the answer is over
     * @param streams runs streams as parts of the connection's, so that nothing changes threads between the two; only for who
     *     is called by the connection
     * @param turn has something done by the connection; nothing once it is closed
     */
    record Asker(CompletionStage<Done> gone, Materializer streams, Executor turn) {}

    private final Inlet<HttpRequest> in = Inlet.create("Exchanges.in");
    private final Outlet<HttpResponse> out = Outlet.create("Exchanges.out");
    private final FlowShape<HttpRequest, HttpResponse> shape = FlowShape.of(in, out);
    private final Answerer answerer;
    private final Duration idleMax;

    /** @param idleMax between requests, and from the begin of one to the end of its head */
    Exchanges(Answerer answerer, Duration idleMax) {
        this.answerer = answerer;
        this.idleMax = idleMax;
    }

    @Override
    public FlowShape<HttpRequest, HttpResponse> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private static final String IDLE = "idle";

        private final AsyncCallback<HttpResponse> answered = createAsyncCallback(this::onAnswered);
        private final AsyncCallback<NotUsed> told = createAsyncCallback(_ -> onTold());
        private final AsyncCallback<Throwable> failed = createAsyncCallback(this::failStage);
        private final AsyncCallback<Runnable> turn = createAsyncCallback(Runnable::run);
        private CompletableFuture<Done> gone = new CompletableFuture<>();
        private Optional<HttpRequest> next = Optional.empty();
        private boolean busy;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    onRequest(grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    onGone();
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    // an answer is sent when there is one
                }
            });
        }

        @Override
        public void preStart() {
            scheduleOnce(IDLE, idleMax);
            pull(in);
        }

        /** A client may send a request before the one before it is answered: that one then waits, and no further one is read. */
        private void onRequest(HttpRequest request) {
            cancelTimer(IDLE);
            if (busy) {
                next = Optional.of(request);
            } else {
                begin(request);
                pull(in);
            }
        }

        private void begin(HttpRequest request) {
            busy = true;
            gone = new CompletableFuture<>();
            answerer.answer(request, new Asker(gone, subFusingMaterializer(), turn::invoke))
                    .whenCompleteAsync(
                            (response, thrown) -> {
                                if (thrown == null) {
                                    answered.invoke(response);
                                } else {
                                    failed.invoke(thrown);
                                }
                            },
                            OpenAiDoor.HERE);
        }

        /** Nobody reads the answer that is still made; the server wants it all the same, and it comes soon, as an error. */
        private void onGone() {
            next = Optional.empty();
            gone.complete(Done.getInstance());
            if (!busy) {
                completeStage();
            }
        }

        private void onAnswered(HttpResponse response) {
            if (isClosed(in)) {
                emit(out, response, this::completeStage);
            } else if (response.entity() instanceof HttpEntity.Strict) {
                emit(out, response);
                onTold();
            } else {
                Flow<ByteString, ByteString, NotUsed> watched = Flow.of(ByteString.class)
                        .watchTermination((mat, done) -> {
                            done.whenCompleteAsync((_, _) -> told.invoke(NotUsed.getInstance()), OpenAiDoor.HERE);
                            return mat;
                        });
                emit(out, response.transformEntityDataBytes(watched));
            }
        }

        /** The answer is on its way, to its last byte. */
        private void onTold() {
            busy = false;
            gone.complete(Done.getInstance());
            if (next.isPresent()) {
                HttpRequest request = next.get();
                next = Optional.empty();
                begin(request);
                tryPull(in);
            } else if (isClosed(in)) {
                completeStage();
            } else {
                scheduleOnce(IDLE, idleMax);
            }
        }

        @Override
        public void onTimer(Object key) {
            completeStage();
        }

        @Override
        public void postStop() {
            gone.complete(Done.getInstance());
        }
    }
}
