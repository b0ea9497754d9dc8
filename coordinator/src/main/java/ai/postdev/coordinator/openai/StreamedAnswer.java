package ai.postdev.coordinator.openai;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.coordinator.gateway.DoorFault;
import ai.postdev.v1.GenerateEvent;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BackpressureTimeoutException;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.SinkShape;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * What a model says as a streamed answer of HTTP. The status is decided by what comes first of it: what cannot be answered is
 * an error of HTTP, and only what goes wrong later is one in the stream. Ends when nobody is there any more, and when the reader
 * takes nothing for too long. One stage and not one for each of that: each takes time before the first word is out.
 */
final class StreamedAnswer
        extends AbstractGraphStageWithMaterializedValue<SinkShape<GenerateEvent>, CompletionStage<HttpResponse>> {
    private static final ContentType TYPE = ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);
    private static final HttpHeader UNKEPT = RawHeader.create("Cache-Control", "no-cache");

    private final Inlet<GenerateEvent> in = Inlet.create("StreamedAnswer.in");
    private final SinkShape<GenerateEvent> shape = SinkShape.of(in);
    private final CompletionRequest asked;
    private final Completion completion;
    private final CompletionStage<Done> gone;
    private final Duration readerTime;

    /** @param readerTime that a reader may take for a part of the answer */
    StreamedAnswer(CompletionRequest asked, Completion completion, CompletionStage<Done> gone, Duration readerTime) {
        this.asked = asked;
        this.completion = completion;
        this.gone = gone;
        this.readerTime = readerTime;
    }

    @Override
    public SinkShape<GenerateEvent> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, CompletionStage<HttpResponse>> createLogicAndMaterializedValuePair(
            Attributes attributes) {
        Logic logic = new Logic();
        return Pair.create(logic, logic.head);
    }

    private final class Logic extends TimerGraphStageLogic {
        private static final String READER = "reader";

        private final CompletableFuture<HttpResponse> head = new CompletableFuture<>();
        private final SubSourceOutlet<ByteString> body = new SubSourceOutlet<>("StreamedAnswer.body");
        private final Chunks chunks = new Chunks(asked, completion);
        /** What waits for the reader. */
        private ByteString held = ByteString.emptyByteString();
        /** Since when, nanoseconds. */
        private long heldSince;

        private boolean said;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    onEvent(grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    onEnd(new NoSuchElementException("the answer ended without an end"));
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    onEnd(failure);
                }
            });
            body.setHandler(new AbstractOutHandler() {
                @Override
                public void onPull() {
                    flush();
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    cancelStage(cause);
                }
            });
        }

        @Override
        public void preStart() {
            setKeepGoing(true);
            AsyncCallback<Done> left = createAsyncCallback(_ -> clientHasGone());
            gone.thenRun(() -> left.invoke(Done.getInstance()));
            pull(in);
        }

        private void onEvent(GenerateEvent event) {
            if (!Chunks.tells(event)) {
                pull(in);
                return;
            }
            boolean first = !said;
            if (first) {
                said = true;
                held = chunks.begin();
            }
            held = held.concat(chunks.of(event));
            if (event.hasFinished()) {
                cancel(in);
            }
            if (first) {
                answer();
            } else {
                flush();
            }
        }

        private void answer() {
            Source<ByteString, NotUsed> source = Source.fromGraph(body.source());
            heldSince = System.nanoTime();
            scheduleOnce(READER, readerTime);
            head.complete(HttpResponse.create().addHeader(UNKEPT).withEntity(HttpEntities.create(TYPE, source)));
        }

        /** Gives the reader what there is for it, and goes on when that has gone. */
        private void flush() {
            if (!body.isAvailable()) {
                return;
            }
            heldSince = 0;
            if (!held.isEmpty()) {
                ByteString bytes = held;
                held = ByteString.emptyByteString();
                heldSince = System.nanoTime();
                body.push(bytes);
                if (!isClosed(in)) {
                    return;
                }
            }
            if (isClosed(in)) {
                body.complete();
                completeStage();
            } else if (!hasBeenPulled(in)) {
                pull(in);
            }
        }

        private void onEnd(Throwable failure) {
            if (said) {
                held = held.concat(chunks.of(failure));
                flush();
            } else {
                head.completeExceptionally(failure);
                completeStage();
            }
        }

        private void leave(Throwable cause) {
            head.completeExceptionally(cause);
            if (said) {
                body.fail(cause);
            }
            cancelStage(cause);
        }

        /** Nobody is there to be told, and the server would log a body that fails as an error of its own. */
        private void clientHasGone() {
            DoorFault gone = new DoorFault(FaultCode.CANCELLED, "the client has gone");
            head.completeExceptionally(gone);
            if (said) {
                body.complete();
            }
            cancelStage(gone);
        }

        @Override
        public void onTimer(Object key) {
            long left = heldSince == 0 ? readerTime.toNanos() : readerTime.toNanos() - (System.nanoTime() - heldSince);
            if (left > 0) {
                scheduleOnce(READER, Duration.ofNanos(left));
            } else {
                leave(new BackpressureTimeoutException("the reader took nothing for " + readerTime.toMillis() + " ms"));
            }
        }
    }
}
