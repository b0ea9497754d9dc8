package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.door.Frame;
import ai.postdev.v1.AskRequest;
import ai.postdev.v1.BackupRequest;
import ai.postdev.v1.BenchModelRequest;
import ai.postdev.v1.CancelPullRequest;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.DiffRequest;
import ai.postdev.v1.DoctorRequest;
import ai.postdev.v1.EmbedRequest;
import ai.postdev.v1.ExportRequest;
import ai.postdev.v1.ForgetRequest;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.LoadModelRequest;
import ai.postdev.v1.ModelsRequest;
import ai.postdev.v1.PinModelRequest;
import ai.postdev.v1.PinRequest;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.PullModelRequest;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.RemoveModelRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ServingRequest;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.StatusRequest;
import ai.postdev.v1.StopRequest;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UnloadModelRequest;
import ai.postdev.v1.UpRequest;
import ai.postdev.v1.VerifyModelRequest;
import ai.postdev.v1.VersionsRequest;
import ai.postdev.v1.WhyModelRequest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;

/** Turns a request frame into a call of the service, and its outcome into frames. Blocks the connection's thread. */
final class SocketCalls {
    private final ActorSystem<?> system;
    private final NodeService service;
    private final Map<String, Unary> unary;
    private final Map<String, Streaming> streams;

    /** Where frames go. */
    interface Outlet {
        void send(Frame frame) throws IOException;
    }

    private interface Unary {
        CompletionStage<? extends MessageLite> call(NodeService service, byte[] message)
                throws InvalidProtocolBufferException;
    }

    private interface Streaming {
        Source<? extends MessageLite, NotUsed> call(NodeService service, byte[] message)
                throws InvalidProtocolBufferException;
    }

    SocketCalls(ActorSystem<?> system, NodeService service) {
        this.system = system;
        this.service = service;
        this.unary = Map.ofEntries(
                Map.entry("Status", unary(StatusRequest.parser(), NodeService::status)),
                Map.entry("Projects", unary(ProjectsRequest.parser(), NodeService::projects)),
                Map.entry("Forget", unary(ForgetRequest.parser(), NodeService::forget)),
                Map.entry("Search", unary(SearchRequest.parser(), NodeService::search)),
                Map.entry("Recall", unary(RecallRequest.parser(), NodeService::recall)),
                Map.entry("Related", unary(RelatedRequest.parser(), NodeService::related)),
                Map.entry("Show", unary(ShowRequest.parser(), NodeService::show)),
                Map.entry("Context", unary(ContextRequest.parser(), NodeService::context)),
                Map.entry("Diff", unary(DiffRequest.parser(), NodeService::diff)),
                Map.entry("Versions", unary(VersionsRequest.parser(), NodeService::versions)),
                Map.entry("Timeline", unary(TimelineRequest.parser(), NodeService::timeline)),
                Map.entry("Remember", unary(RememberRequest.parser(), NodeService::remember)),
                Map.entry("Pin", unary(PinRequest.parser(), NodeService::pin)),
                Map.entry("Doctor", unary(DoctorRequest.parser(), NodeService::doctor)),
                Map.entry("Lake", unary(LakeRequest.parser(), NodeService::lake)),
                Map.entry("Models", unary(ModelsRequest.parser(), NodeService::models)),
                Map.entry("CancelPull", unary(CancelPullRequest.parser(), NodeService::cancelPull)),
                Map.entry("RemoveModel", unary(RemoveModelRequest.parser(), NodeService::removeModel)),
                Map.entry("Serving", unary(ServingRequest.parser(), NodeService::serving)),
                Map.entry("LoadModel", unary(LoadModelRequest.parser(), NodeService::loadModel)),
                Map.entry("UnloadModel", unary(UnloadModelRequest.parser(), NodeService::unloadModel)),
                Map.entry("PinModel", unary(PinModelRequest.parser(), NodeService::pinModel)),
                Map.entry("BenchModel", unary(BenchModelRequest.parser(), NodeService::benchModel)),
                Map.entry("WhyModel", unary(WhyModelRequest.parser(), NodeService::whyModel)),
                Map.entry("Embed", unary(EmbedRequest.parser(), NodeService::embed)),
                Map.entry("Stop", unary(StopRequest.parser(), NodeService::stop)));
        this.streams = Map.of(
                "Up", streaming(UpRequest.parser(), NodeService::up),
                "Backup", streaming(BackupRequest.parser(), NodeService::backup),
                "Export", streaming(ExportRequest.parser(), NodeService::export),
                "PullModel", streaming(PullModelRequest.parser(), NodeService::pullModel),
                "VerifyModel", streaming(VerifyModelRequest.parser(), NodeService::verifyModel),
                "Generate", streaming(GenerateRequest.parser(), NodeService::generate),
                "Ask", streaming(AskRequest.parser(), NodeService::ask));
    }

    private static <Q> Streaming streaming(
            Parser<Q> parser, BiFunction<NodeService, Q, Source<? extends MessageLite, NotUsed>> call) {
        return (service, message) -> call.apply(service, parser.parseFrom(message));
    }

    private static <Q> Unary unary(
            Parser<Q> parser, BiFunction<NodeService, Q, ? extends CompletionStage<? extends MessageLite>> call) {
        return (service, message) -> call.apply(service, parser.parseFrom(message));
    }

    /**
     * Carries out one request and always ends it with an {@link Frame.End}.
     *
     * @param gone ends when the caller has gone: a stream is then ended at its source, whether it has something to say or not
     * @throws IOException if the caller is gone
     */
    void run(Frame.Request request, Outlet frames, CompletableFuture<Void> gone) throws IOException {
        try {
            NodeService patient = service.within(Duration.ofMillis(Math.max(0, request.deadlineMillis())));
            Unary call = unary.get(request.method());
            if (call != null) {
                frames.send(new Frame.Data(await(call.call(patient, request.message()), patient.deadline())
                        .toByteArray()));
            } else if (streams.containsKey(request.method())) {
                stream(streams.get(request.method()).call(patient, request.message()), frames, gone);
            } else {
                throw new DoorFault(
                        FaultCode.UNIMPLEMENTED,
                        "this node does not know the call '" + request.method()
                                + "'; it may be older than the caller: postdevai stop, then up");
            }
            frames.send(new Frame.End(FaultCode.OK, ""));
        } catch (InvalidProtocolBufferException e) {
            frames.send(new Frame.End(
                    FaultCode.INVALID_ARGUMENT,
                    "the request of " + request.method() + " does not parse: " + e.getMessage()));
        } catch (RuntimeException | ExecutionException | TimeoutException e) {
            DoorFault fault = Faults.of(e);
            frames.send(new Frame.End(fault.code(), fault.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            frames.send(new Frame.End(FaultCode.UNAVAILABLE, "the node is ending"));
        }
    }

    private static <T> T await(CompletionStage<T> stage, Duration deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return stage.toCompletableFuture().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new TimeoutException("nothing within " + deadline.toMillis() + " ms");
        }
    }

    /** Sends progress as it comes; a caller that goes away ends the stream at its source. */
    private <T extends MessageLite> void stream(
            Source<T, NotUsed> progress, Outlet frames, CompletableFuture<Void> gone)
            throws IOException, InterruptedException, ExecutionException {
        SinkQueueWithCancel<T> queue = progress.runWith(Sink.queue(), system);
        try {
            Optional<T> next = pull(queue, gone);
            while (next.isPresent()) {
                frames.send(new Frame.Data(next.get().toByteArray()));
                next = pull(queue, gone);
            }
        } finally {
            queue.cancel();
        }
    }

    private static <T> Optional<T> pull(SinkQueueWithCancel<T> queue, CompletableFuture<Void> gone)
            throws IOException, InterruptedException, ExecutionException {
        CompletableFuture<Optional<T>> pulled = queue.pull().toCompletableFuture();
        CompletableFuture.anyOf(pulled, gone).get();
        if (!pulled.isDone()) {
            throw new EOFException("the caller has gone before its answer was whole");
        }
        return pulled.get();
    }
}
