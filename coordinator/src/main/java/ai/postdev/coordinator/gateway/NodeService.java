package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ArchiveProtocol;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.coordinator.gateway.Directory.KnownProject;
import ai.postdev.coordinator.gateway.ProjectSelector.NamedFile;
import ai.postdev.v1.BackupRequest;
import ai.postdev.v1.ClusterStatus;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.CopyProgress;
import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.DiffRequest;
import ai.postdev.v1.DoctorAnswer;
import ai.postdev.v1.DoctorRequest;
import ai.postdev.v1.ExportRequest;
import ai.postdev.v1.Finding;
import ai.postdev.v1.ForgetAnswer;
import ai.postdev.v1.ForgetRequest;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.MemoryHolding;
import ai.postdev.v1.PinAnswer;
import ai.postdev.v1.PinRequest;
import ai.postdev.v1.PostDevAi;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.ProjectsAnswer;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.StatusAnswer;
import ai.postdev.v1.StatusRequest;
import ai.postdev.v1.StopAnswer;
import ai.postdev.v1.StopRequest;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpProgress;
import ai.postdev.v1.UpRequest;
import ai.postdev.v1.VersionsAnswer;
import ai.postdev.v1.VersionsRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Carries out every call of {@code postdevai.v1.PostDevAi}: finds the projects that are meant, asks their lakes side by
 * side within a deadline, and makes one answer of theirs. Every door calls this and adds nothing. Safe on any thread;
 * nothing here blocks.
 */
public final class NodeService implements PostDevAi {
    private final Parts parts;
    private final Lakes lakes;
    private final Limits limits;
    private final Moments moments;
    private final Duration deadline;

    /**
     * What the service stands on.
     *
     * @param lakes the lake of a project, wherever in the cluster it runs
     * @param archive copies this node's journal
     * @param workspaces keeper of the folders that this node watches
     * @param redact cuts credentials out of a text before it is stored
     */
    public record Parts(
            ActorSystem<?> system,
            Function<ProjectId, ? extends RecipientRef<LakeProtocol.Command>> lakes,
            ActorRef<WorkspaceProtocol.Command> workspaces,
            ActorRef<ArchiveProtocol.Command> archive,
            Directory directory,
            NodeFacts facts,
            UnaryOperator<String> redact,
            Clock clock,
            GatewaySettings settings) {}

    /** A service with the default deadline. */
    public NodeService(Parts parts) {
        this(parts, parts.settings().deadlineDefault());
    }

    private NodeService(Parts parts, Duration deadline) {
        this.parts = parts;
        this.deadline = deadline;
        this.lakes = new Lakes(parts.system(), parts.lakes(), parts.directory()::absence);
        this.limits = new Limits(parts.settings());
        this.moments = new Moments(parts.clock());
    }

    /** The same service for a caller who waits this long; zero means the default, and the bound of the node holds. */
    public NodeService within(Duration callerDeadline) {
        if (callerDeadline.isZero() || callerDeadline.isNegative()) {
            return this;
        }
        Duration max = parts.settings().deadlineMax();
        return new NodeService(parts, callerDeadline.compareTo(max) > 0 ? max : callerDeadline);
    }

    /** How long an answer of this service may take. */
    Duration deadline() {
        return deadline;
    }

    @Override
    public Source<UpProgress, NotUsed> up(UpRequest request) {
        return new UpStream(parts.workspaces(), parts.settings().progressMax()).run(request);
    }

    @Override
    public CompletionStage<StatusAnswer> status(StatusRequest request) {
        return report().thenCombine(
                        parts.facts().models(),
                        (report, models) -> StatusAnswer.newBuilder()
                                .setNode(parts.facts().node())
                                .addAllProjects(report.projects())
                                .setLake(report.lake().toBuilder()
                                        .mergeFrom(parts.facts().journal()))
                                .addAllModels(models)
                                .setCluster(ClusterStatus.newBuilder()
                                        .addAllMembers(parts.directory().members())
                                        .setLeader(parts.directory().leader()))
                                .setEndpoints(parts.facts().endpoints())
                                .build());
    }

    @Override
    public CompletionStage<ProjectsAnswer> projects(ProjectsRequest request) {
        return report().thenApply(report ->
                ProjectsAnswer.newBuilder().addAllProjects(report.projects()).build());
    }

    private CompletionStage<StatusReport> report() {
        List<KnownProject> known = parts.directory().projects();
        Map<ProjectId, String> ids = new LinkedHashMap<>();
        known.forEach(project -> ids.putIfAbsent(project.id(), project.name()));
        return lakes.replies(ids, shorter(), LakeProtocol.Status::new)
                .thenCombine(
                        workspaces(),
                        (replies, watched) -> StatusReport.of(known, watched, replies)
                                .unwatchedOn(parts.facts().node().getId()));
    }

    private CompletionStage<List<ProjectStatus>> workspaces() {
        return AskPattern.ask(
                parts.workspaces(),
                WorkspaceProtocol.Workspaces::new,
                shorter(),
                parts.system().scheduler());
    }

    @Override
    public CompletionStage<ForgetAnswer> forget(ForgetRequest request) {
        return attempt(() -> {
            if (request.getProject().isBlank()) {
                throw new DoorFault(FaultCode.INVALID_ARGUMENT, "forget needs a project: id, name or path of the root");
            }
            ProjectId project = selector().one(request.getProject());
            ProjectNames names = names();
            // Watching ends first, so that nothing is written to a lake that is being removed.
            return askWorkspaces((ActorRef<Reply<Integer>> replyTo) ->
                            new WorkspaceProtocol.Unwatch(project.value(), replyTo))
                    .thenCompose(_ -> lakes.<LakeProtocol.Forgotten>one(project, deadline, LakeProtocol.Forget::new))
                    .thenApply(forgotten -> ForgetAnswer.newBuilder()
                            .setProject(project.value())
                            .setProjectName(names.of(project.value()))
                            .setOperations(forgotten.operations())
                            .build());
        });
    }

    @Override
    public CompletionStage<SearchAnswer> search(SearchRequest request) {
        return attempt(() -> {
            long started = System.nanoTime();
            limits.query(request.getQuery());
            limits.mode(request.getMode());
            int limit = limits.limit(request.getLimit(), parts.settings().searchLimit());
            SearchRequest each = request.toBuilder()
                    .setLimit(limit)
                    .setAt(moments.at(request.getAt()))
                    .build();
            ProjectNames names = names();
            PastCall<SearchAnswer> past = new PastCall<>(
                    project -> lakes.ask(project, shorter(), replyTo -> new LakeProtocol.Search(each, replyTo)),
                    project -> searchRepository(project, each));
            return lakes.<SearchAnswer>all(
                            selector().resolve(request.getProject()),
                            project -> each.getAt().isBlank()
                                    ? past.lake().apply(project)
                                    : past.ask(project, each.getAt()))
                    .thenApply(got -> names.on(Merge.search(
                            request.getQuery(),
                            List.copyOf(got.answers().values()),
                            got.missing(),
                            limit,
                            millisSince(started))));
        });
    }

    /** A commit that is read for the first time may take longer than the caller waits; the next call finds it read. */
    private CompletionStage<Reply<SearchAnswer>> searchRepository(ProjectId project, SearchRequest request) {
        CompletionStage<Reply<SearchAnswer>> asked = AskPattern.ask(
                parts.workspaces(),
                replyTo -> new WorkspaceProtocol.SearchAtRevision(project.value(), request, replyTo),
                shorter(),
                parts.system().scheduler());
        return asked.exceptionally(thrown -> new Reply.Refused<>(
                Reply.Reason.OVERLOADED,
                "the commit '" + request.getAt() + "' was not read within "
                        + shorter().toMillis() + " ms; it is read on, so ask again or give a longer --timeout"));
    }

    @Override
    public CompletionStage<RecallAnswer> recall(RecallRequest request) {
        return attempt(() -> {
            long started = System.nanoTime();
            limits.text("recall", request.getText());
            int limit = limits.limit(request.getLimit(), parts.settings().listLimit());
            ProjectNames names = names();
            RecallRequest each = request.toBuilder().setLimit(limit).build();
            return lakes.<RecallAnswer>all(
                            selector().resolve(request.getProject()),
                            shorter(),
                            replyTo -> new LakeProtocol.Recall(each, replyTo))
                    .thenApply(got -> names.on(Merge.recall(
                            request.getText(),
                            List.copyOf(got.answers().values()),
                            got.missing(),
                            limit,
                            millisSince(started))));
        });
    }

    @Override
    public CompletionStage<RelatedAnswer> related(RelatedRequest request) {
        return attempt(() -> {
            long started = System.nanoTime();
            limits.query(request.getTarget());
            int limit = limits.limit(request.getLimit(), parts.settings().listLimit());
            ProjectSelector selector = selector();
            Optional<KnownProject> holder =
                    request.getTarget().startsWith("/") ? selector.holding(request.getTarget()) : Optional.empty();
            if (request.getTarget().startsWith("/") && holder.isEmpty()) {
                throw selector().outside(request.getTarget());
            }
            ProjectNames names = names();
            RelatedRequest each = request.toBuilder()
                    .setLimit(limit)
                    .setTo(ofProject(request.getTo(), holder))
                    .setTarget(holder.map(project -> ProjectSelector.relative(project, request.getTarget()))
                            .orElse(request.getTarget()))
                    .build();
            Map<ProjectId, String> projects = holder.isPresent()
                    ? Map.of(holder.get().id(), holder.get().name())
                    : selector.resolve(request.getProject());
            return lakes.<RelatedAnswer>all(projects, shorter(), replyTo -> new LakeProtocol.Related(each, replyTo))
                    .thenApply(got -> names.on(
                            each.getTo().isBlank()
                                    ? Merge.related(
                                            each.getTarget(),
                                            List.copyOf(got.answers().values()),
                                            got.missing(),
                                            limit,
                                            millisSince(started))
                                    : Merge.way(
                                            each.getTarget(),
                                            List.copyOf(got.answers().values()),
                                            got.unheard(),
                                            millisSince(started))));
        });
    }

    @Override
    public CompletionStage<ContextAnswer> context(ContextRequest request) {
        return attempt(() -> {
            long started = System.nanoTime();
            if (request.getQuery().isBlank() && request.getPath().isBlank()) {
                throw new DoorFault(FaultCode.INVALID_ARGUMENT, "context needs a question or a file");
            }
            if (!request.getQuery().isBlank()) {
                limits.query(request.getQuery());
            }
            NamedFile file = request.getPath().isBlank()
                    ? new NamedFile(selector().resolve(request.getProject()), "")
                    : selector().file(request.getPath(), request.getProject());
            ContextRequest each = request.toBuilder().setPath(file.path()).build();
            ProjectNames names = names();
            return lakes.<ContextAnswer>all(
                            file.projects(), shorter(), replyTo -> new LakeProtocol.Context(each, replyTo))
                    .thenApply(got -> ContextMerge.of(
                            each,
                            got.answers().values().stream().map(names::on).toList(),
                            file.path().isEmpty() ? got.missing() : got.unheard(),
                            millisSince(started)));
        });
    }

    @Override
    public CompletionStage<DiffAnswer> diff(DiffRequest request) {
        return attempt(() -> {
            ProjectNames names = names();
            return new DiffCall(
                            showCall(), moments, parts.system().dispatchers().lookup(DispatcherSelector.blocking()))
                    .run(request, selector().file(request.getPath(), request.getProject()))
                    .thenApply(names::on);
        });
    }

    @Override
    public CompletionStage<VersionsAnswer> versions(VersionsRequest request) {
        return attempt(() -> {
            int limit = limits.limit(request.getLimit(), parts.settings().listLimit());
            NamedFile file = selector().file(request.getPath(), request.getProject());
            VersionsRequest each =
                    request.toBuilder().setLimit(limit).setPath(file.path()).build();
            ProjectNames names = names();
            return lakes.<VersionsAnswer>all(
                            file.projects(), shorter(), replyTo -> new LakeProtocol.Versions(each, replyTo))
                    .thenApply(got -> names.on(Merge.versions(
                            file.path(), List.copyOf(got.answers().values()), got.unheard(), limit)));
        });
    }

    @Override
    public CompletionStage<ShowAnswer> show(ShowRequest request) {
        return attempt(() -> {
            ProjectNames names = names();
            return showCall()
                    .run(request.toBuilder().setAt(moments.at(request.getAt())).build(), request.getAt())
                    .thenApply(names::on);
        });
    }

    /** What a path leads to as the lake knows it: an absolute path must lie in the project that the first one is of. */
    private static String ofProject(String to, Optional<KnownProject> holder) {
        if (!to.startsWith("/")) {
            return to;
        }
        return holder.filter(project -> to.startsWith(project.root() + "/"))
                .map(project -> ProjectSelector.relative(project, to))
                .orElseThrow(() -> new DoorFault(
                        FaultCode.INVALID_ARGUMENT,
                        "--to " + to + " is not in the same project; a way leads from a file to another of its"
                                + " project, to a commit or a note"));
    }

    private ShowCall showCall() {
        return new ShowCall(
                lakes,
                selector(),
                shorter(),
                file -> askWorkspaces((ActorRef<Reply<WorkspaceProtocol.RevisionFile>> replyTo) ->
                        new WorkspaceProtocol.FileAtRevision(
                                file.project().value(), file.path(), file.revision(), replyTo)));
    }

    @Override
    public CompletionStage<TimelineAnswer> timeline(TimelineRequest request) {
        return attempt(() -> {
            int limit = limits.limit(request.getLimit(), parts.settings().listLimit());
            ProjectSelector selector = selector();
            TimelineRequest.Builder each = request.toBuilder()
                    .setLimit(limit)
                    .setSince(moments.iso("since", request.getSince()))
                    .setUntil(moments.iso("until", request.getUntil()));
            Map<ProjectId, String> projects = selector.resolve(request.getProject());
            if (request.getPath().startsWith("/")) {
                KnownProject holder =
                        selector.holding(request.getPath()).orElseThrow(() -> selector.outside(request.getPath()));
                each.setPath(ProjectSelector.relative(holder, request.getPath()));
                projects = Map.of(holder.id(), holder.name());
            }
            TimelineRequest asked = each.build();
            ProjectNames names = names();
            return lakes.<TimelineAnswer>all(projects, shorter(), replyTo -> new LakeProtocol.Timeline(asked, replyTo))
                    .thenApply(got ->
                            names.on(Merge.timeline(List.copyOf(got.answers().values()), got.missing(), limit)));
        });
    }

    @Override
    public CompletionStage<RememberAnswer> remember(RememberRequest request) {
        return attempt(() -> {
            limits.text("a note", request.getText());
            ProjectNames names = names();
            Note note = Note.of(request, selector(), parts.redact(), parts.clock());
            return lakes.<LakeProtocol.Appended>one(
                            note.project(),
                            deadline,
                            replyTo -> new LakeProtocol.Append(note.bodies(), List.of(), replyTo))
                    .thenApply(note::answer)
                    .thenApply(names::on);
        });
    }

    @Override
    public CompletionStage<PinAnswer> pin(PinRequest request) {
        return attempt(() -> {
            ProjectNames names = names();
            ProjectId project = Note.projectOf(request.getProject(), request.getCwd(), selector());
            return new PinCall(lakes, project, deadline).run(request).thenApply(names::on);
        });
    }

    @Override
    public CompletionStage<DoctorAnswer> doctor(DoctorRequest request) {
        return attempt(() -> parts.facts()
                .examine(request.getRepair())
                .thenCombine(rescans(request.getRepair()), Examination::join)
                .thenCombine(report(), Examination::answer));
    }

    private CompletionStage<List<Finding>> rescans(boolean repair) {
        CompletionStage<List<Finding>> all = CompletableFuture.completedFuture(List.of());
        if (!repair) {
            return all;
        }
        for (KnownProject project : parts.directory().projects()) {
            if (!project.node().equals(parts.facts().node().getId())) {
                continue;
            }
            CompletionStage<Finding> one = askWorkspaces((ActorRef<Reply<Integer>> replyTo) ->
                            new WorkspaceProtocol.Rescan(project.id().value(), replyTo))
                    .handle((changed, thrown) -> Examination.rescanned(project, changed, thrown));
            all = all.thenCombine(one, (list, finding) -> Examination.join(list, List.of(finding)));
        }
        return all;
    }

    @Override
    public CompletionStage<LakeAnswer> lake(LakeRequest request) {
        return attempt(() -> {
            try {
                LakeAnswer.Builder answer = parts.facts().memory(request).toBuilder();
                for (MemoryHolding.Builder holding : answer.getHoldingsBuilderList()) {
                    parts.directory().projects().stream()
                            .filter(project -> project.id().value().equals(holding.getProject()))
                            .findFirst()
                            .ifPresent(project -> holding.setName(project.name()));
                }
                return CompletableFuture.completedFuture(answer.build());
            } catch (IllegalArgumentException e) {
                throw new DoorFault(FaultCode.INVALID_ARGUMENT, e.getMessage());
            }
        });
    }

    @Override
    public Source<CopyProgress, NotUsed> backup(BackupRequest request) {
        return copies().backup(request, selector(), parts.directory().projects());
    }

    @Override
    public Source<CopyProgress, NotUsed> export(ExportRequest request) {
        return copies().export(request, selector(), names());
    }

    private CopyStream copies() {
        return new CopyStream(parts.archive(), parts.settings().progressMax());
    }

    @Override
    public CompletionStage<StopAnswer> stop(StopRequest request) {
        return attempt(() -> {
            StopAnswer answer = StopAnswer.newBuilder()
                    .setPid(parts.facts().node().getPid())
                    .build();
            parts.facts().stop();
            return CompletableFuture.completedFuture(answer);
        });
    }

    private <T> CompletionStage<T> askWorkspaces(Function<ActorRef<Reply<T>>, WorkspaceProtocol.Command> command) {
        CompletionStage<Reply<T>> asked = AskPattern.ask(
                parts.workspaces(), command::apply, deadline, parts.system().scheduler());
        return asked.thenApply(reply -> switch (reply) {
            case Reply.Answered<T>(T answer) -> answer;
            case Reply.Refused<T> refused -> throw Faults.of(refused);
        });
    }

    private ProjectNames names() {
        return ProjectNames.of(parts.directory().projects());
    }

    private ProjectSelector selector() {
        return new ProjectSelector(parts.directory().projects());
    }

    /** Lakes get a little less than the caller waits, so that the answer of the others still arrives in time. */
    private Duration shorter() {
        return deadline.multipliedBy(9).dividedBy(10);
    }

    private static double millisSince(long started) {
        return Math.round((System.nanoTime() - started) / 1_000.0) / 1_000.0;
    }

    /** A fault found before anything was asked is an answer like any other. */
    private static <T> CompletionStage<T> attempt(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (DoorFault fault) {
            return CompletableFuture.failedStage(fault);
        }
    }
}
