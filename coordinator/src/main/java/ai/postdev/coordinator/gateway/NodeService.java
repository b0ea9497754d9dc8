package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ArchiveProtocol;
import ai.postdev.actors.protocol.EmbeddingProtocol;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.ModelsProtocol;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.coordinator.metrics.Call;
import ai.postdev.coordinator.metrics.CallFigures;
import ai.postdev.coordinator.metrics.NodeMetrics;
import ai.postdev.v1.AskEvent;
import ai.postdev.v1.AskRequest;
import ai.postdev.v1.BackupRequest;
import ai.postdev.v1.BenchModelAnswer;
import ai.postdev.v1.BenchModelRequest;
import ai.postdev.v1.CancelPullAnswer;
import ai.postdev.v1.CancelPullRequest;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.CopyProgress;
import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.DiffRequest;
import ai.postdev.v1.DoctorAnswer;
import ai.postdev.v1.DoctorRequest;
import ai.postdev.v1.EmbedAnswer;
import ai.postdev.v1.EmbedRequest;
import ai.postdev.v1.EmbeddingService;
import ai.postdev.v1.ExportRequest;
import ai.postdev.v1.ForgetAnswer;
import ai.postdev.v1.ForgetRequest;
import ai.postdev.v1.GenerateCommand;
import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.GenerateTold;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.LoadModelRequest;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.ModelService;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.ModelsRequest;
import ai.postdev.v1.PinAnswer;
import ai.postdev.v1.PinModelAnswer;
import ai.postdev.v1.PinModelRequest;
import ai.postdev.v1.PinRequest;
import ai.postdev.v1.PostDevAi;
import ai.postdev.v1.ProjectsAnswer;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.PullModelRequest;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.RemoveModelAnswer;
import ai.postdev.v1.RemoveModelRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.ServingAnswer;
import ai.postdev.v1.ServingRequest;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.StatusAnswer;
import ai.postdev.v1.StatusRequest;
import ai.postdev.v1.StopAnswer;
import ai.postdev.v1.StopRequest;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UnloadModelAnswer;
import ai.postdev.v1.UnloadModelRequest;
import ai.postdev.v1.UpProgress;
import ai.postdev.v1.UpRequest;
import ai.postdev.v1.VerifyModelRequest;
import ai.postdev.v1.VersionsAnswer;
import ai.postdev.v1.VersionsRequest;
import ai.postdev.v1.WhyModelAnswer;
import ai.postdev.v1.WhyModelRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Carries out every call of {@code postdevai.v1.PostDevAi}: finds the projects that are meant, asks their lakes side by
 * side within a deadline, and makes one answer of theirs. Every door calls this and adds nothing. Safe on any thread;
 * nothing here blocks.
 */
public final class NodeService implements PostDevAi, ModelService, EmbeddingService {
    private final Parts parts;
    private final CallFigures calls;
    private final Caller caller;
    private final QuestionCalls questions;
    private final FileCalls files;
    private final StateCalls state;
    private final KeepingCalls keeping;
    private final ModelCalls models;
    private final GenerateCall generate;
    private final ServingCalls serving;
    private final AskCall ask;
    private final EmbedCall embed;
    private final BenchCall bench;

    /**
     * What the service stands on.
     *
     * @param lakes the lake of a project, wherever in the cluster it runs
     * @param archive copies this node's journal
     * @param models catalogue of this node's models
     * @param serving keeper of the models that are in memory
     * @param embeddings keeper of the model that embeds
     * @param workspaces keeper of the folders that this node watches
     * @param redact cuts credentials out of a text before it is stored
     */
    public record Parts(
            ActorSystem<?> system,
            Function<ProjectId, ? extends RecipientRef<LakeProtocol.Command>> lakes,
            ActorRef<WorkspaceProtocol.Command> workspaces,
            ActorRef<ArchiveProtocol.Command> archive,
            ActorRef<ModelsProtocol.Command> models,
            ActorRef<ServingProtocol.Command> serving,
            ActorRef<EmbeddingProtocol.Command> embeddings,
            Directory directory,
            NodeFacts facts,
            UnaryOperator<String> redact,
            Clock clock,
            GatewaySettings settings) {}

    /** A service with the default deadline. */
    public NodeService(Parts parts) {
        this(parts, parts.settings().deadlineDefault(), new CallFigures());
    }

    private NodeService(Parts parts, Duration deadline, CallFigures calls) {
        this.parts = parts;
        this.calls = calls;
        this.caller = Caller.of(parts, deadline);
        this.questions = new QuestionCalls(caller);
        this.files = new FileCalls(caller);
        this.state = new StateCalls(caller, new ServingCalls(caller));
        this.keeping = new KeepingCalls(caller);
        this.models = new ModelCalls(caller);
        this.serving = new ServingCalls(caller);
        this.generate = new GenerateCall(parts.serving(), parts.settings().answerEventsMax());
        this.ask = new AskCall(caller, questions, generate);
        this.embed = new EmbedCall(caller);
        this.bench = new BenchCall(caller, generate, embed, models);
    }

    /** The same service for a caller who waits this long; zero means the default, and the bound of the node holds. */
    public NodeService within(Duration callerDeadline) {
        if (callerDeadline.isZero() || callerDeadline.isNegative()) {
            return this;
        }
        Duration max = parts.settings().deadlineMax();
        return new NodeService(parts, callerDeadline.compareTo(max) > 0 ? max : callerDeadline, calls);
    }

    /** How long an answer of this service may take. */
    Duration deadline() {
        return caller.deadline();
    }

    @Override
    public Source<UpProgress, NotUsed> up(UpRequest request) {
        return attempt(
                Call.UP, new UpStream(parts.workspaces(), parts.settings().progressMax()).run(request));
    }

    @Override
    public CompletionStage<StatusAnswer> status(StatusRequest request) {
        return attempt(Call.STATUS, () -> state.status(request));
    }

    @Override
    public CompletionStage<ProjectsAnswer> projects(ProjectsRequest request) {
        return attempt(Call.PROJECTS, () -> state.projects(request));
    }

    @Override
    public CompletionStage<DoctorAnswer> doctor(DoctorRequest request) {
        return attempt(Call.DOCTOR, () -> state.doctor(request));
    }

    @Override
    public CompletionStage<LakeAnswer> lake(LakeRequest request) {
        return attempt(Call.LAKE, () -> state.lake(request));
    }

    @Override
    public CompletionStage<SearchAnswer> search(SearchRequest request) {
        return attempt(Call.SEARCH, () -> questions.search(request));
    }

    @Override
    public CompletionStage<RecallAnswer> recall(RecallRequest request) {
        return attempt(Call.RECALL, () -> questions.recall(request));
    }

    @Override
    public CompletionStage<RelatedAnswer> related(RelatedRequest request) {
        return attempt(Call.RELATED, () -> questions.related(request));
    }

    @Override
    public CompletionStage<ContextAnswer> context(ContextRequest request) {
        return attempt(Call.CONTEXT, () -> questions.context(request));
    }

    @Override
    public CompletionStage<TimelineAnswer> timeline(TimelineRequest request) {
        return attempt(Call.TIMELINE, () -> questions.timeline(request));
    }

    @Override
    public CompletionStage<ShowAnswer> show(ShowRequest request) {
        return attempt(Call.SHOW, () -> files.show(request));
    }

    @Override
    public CompletionStage<DiffAnswer> diff(DiffRequest request) {
        return attempt(Call.DIFF, () -> files.diff(request));
    }

    @Override
    public CompletionStage<VersionsAnswer> versions(VersionsRequest request) {
        return attempt(Call.VERSIONS, () -> files.versions(request));
    }

    @Override
    public CompletionStage<RememberAnswer> remember(RememberRequest request) {
        return attempt(Call.REMEMBER, () -> keeping.remember(request));
    }

    @Override
    public CompletionStage<PinAnswer> pin(PinRequest request) {
        return attempt(Call.PIN, () -> keeping.pin(request));
    }

    @Override
    public CompletionStage<ForgetAnswer> forget(ForgetRequest request) {
        return attempt(Call.FORGET, () -> keeping.forget(request));
    }

    @Override
    public Source<CopyProgress, NotUsed> backup(BackupRequest request) {
        return attempt(
                Call.BACKUP,
                copies().backup(request, caller.selector(), parts.directory().projects()));
    }

    @Override
    public Source<CopyProgress, NotUsed> export(ExportRequest request) {
        return attempt(Call.EXPORT, copies().export(request, caller.selector(), caller.names()));
    }

    @Override
    public CompletionStage<ModelsAnswer> models(ModelsRequest request) {
        return attempt(Call.MODELS, () -> models.models(request));
    }

    @Override
    public Source<ModelProgress, NotUsed> pullModel(PullModelRequest request) {
        return attempt(Call.PULL_MODEL, models.pull(request));
    }

    @Override
    public CompletionStage<CancelPullAnswer> cancelPull(CancelPullRequest request) {
        return attempt(Call.CANCEL_PULL, () -> models.cancel(request));
    }

    @Override
    public CompletionStage<RemoveModelAnswer> removeModel(RemoveModelRequest request) {
        return attempt(Call.REMOVE_MODEL, () -> models.remove(request));
    }

    @Override
    public Source<ModelProgress, NotUsed> verifyModel(VerifyModelRequest request) {
        return attempt(Call.VERIFY_MODEL, models.verify(request));
    }

    private CopyStream copies() {
        return new CopyStream(parts.archive(), parts.settings().progressMax());
    }

    @Override
    public Source<GenerateEvent, NotUsed> generate(GenerateRequest request) {
        return attempt(Call.GENERATE, generate.run("generate", request));
    }

    @Override
    public Source<GenerateTold, NotUsed> generateStream(Source<GenerateCommand, NotUsed> commands) {
        return attempt(
                Call.GENERATE_STREAM,
                new GenerateStream(generate, parts.settings().answersPerStreamMax()).run("generate", commands));
    }

    @Override
    public CompletionStage<EmbedAnswer> embed(EmbedRequest request) {
        return embed(request, new CompletableFuture<Void>());
    }

    /** As {@link #embed(EmbedRequest)}, for a caller that may go away: the work ends when {@code gone} completes. */
    public CompletionStage<EmbedAnswer> embed(EmbedRequest request, CompletionStage<?> gone) {
        return attempt(Call.EMBED, () -> embed.run(request, gone));
    }

    @Override
    public Source<AskEvent, NotUsed> ask(AskRequest request) {
        return attempt(Call.ASK, ask.run(request));
    }

    @Override
    public CompletionStage<ServingAnswer> serving(ServingRequest request) {
        return attempt(Call.SERVING, () -> serving.serving(deadline()));
    }

    @Override
    public CompletionStage<ServedModel> loadModel(LoadModelRequest request) {
        return attempt(Call.LOAD_MODEL, () -> serving.load(request));
    }

    @Override
    public CompletionStage<UnloadModelAnswer> unloadModel(UnloadModelRequest request) {
        return attempt(Call.UNLOAD_MODEL, () -> serving.unload(request));
    }

    @Override
    public CompletionStage<PinModelAnswer> pinModel(PinModelRequest request) {
        return attempt(Call.PIN_MODEL, () -> serving.pin(request));
    }

    @Override
    public CompletionStage<WhyModelAnswer> whyModel(WhyModelRequest request) {
        return attempt(Call.WHY_MODEL, () -> serving.why(request));
    }

    @Override
    public CompletionStage<BenchModelAnswer> benchModel(BenchModelRequest request) {
        return attempt(Call.BENCH_MODEL, () -> bench.run(request));
    }

    @Override
    public CompletionStage<StopAnswer> stop(StopRequest request) {
        return attempt(Call.STOP, () -> {
            StopAnswer answer = StopAnswer.newBuilder()
                    .setPid(parts.facts().node().getPid())
                    .build();
            parts.facts().stop();
            return CompletableFuture.completedFuture(answer);
        });
    }

    /** Everything that is known of this node in numbers, in the format of {@link NodeMetrics}. Counts as no call. */
    public CompletionStage<String> metrics() {
        return state.status(StatusRequest.getDefaultInstance())
                .thenCombine(
                        state.lake(LakeRequest.getDefaultInstance()),
                        (status, lake) -> NodeMetrics.of(status, lake, calls));
    }

    /** A fault found before anything was asked is an answer like any other. */
    private <T> CompletionStage<T> attempt(Call name, Supplier<CompletionStage<T>> call) {
        long started = System.nanoTime();
        CompletionStage<T> answer;
        try {
            answer = call.get();
        } catch (DoorFault fault) {
            answer = CompletableFuture.failedStage(fault);
        }
        return answer.whenComplete((_, thrown) -> ended(name, started, thrown));
    }

    /** A stream ends well also when its reader has read enough of it. */
    private <T> Source<T, NotUsed> attempt(Call name, Source<T, NotUsed> stream) {
        return stream.watchTermination((mat, done) -> {
            long started = System.nanoTime();
            done.whenCompleteAsync((_, thrown) -> ended(name, started, thrown), Runnable::run);
            return mat;
        });
    }

    private void ended(Call name, long started, Throwable thrown) {
        calls.ended(name, thrown == null ? FaultCode.OK : Faults.code(thrown), System.nanoTime() - started);
    }
}
