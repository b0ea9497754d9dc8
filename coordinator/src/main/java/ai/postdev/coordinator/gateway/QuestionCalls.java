package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.coordinator.gateway.Directory.KnownProject;
import ai.postdev.coordinator.gateway.ProjectSelector.NamedFile;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.TimelineRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** Questions to the lakes: search, recall, related, context and timeline, each merged over the projects that are meant. */
final class QuestionCalls {
    private final Caller caller;

    QuestionCalls(Caller caller) {
        this.caller = caller;
    }

    CompletionStage<SearchAnswer> search(SearchRequest request) {
        long started = System.nanoTime();
        caller.limits().query(request.getQuery());
        caller.limits().mode(request.getMode());
        int limit = caller.limits()
                .limit(request.getLimit(), caller.parts().settings().searchLimit());
        SearchRequest each = request.toBuilder()
                .setLimit(limit)
                .setAt(caller.moments().at(request.getAt()))
                .build();
        ProjectNames names = caller.names();
        PastCall<SearchAnswer> past = new PastCall<>(
                project -> caller.lakes()
                        .ask(project, caller.shorter(), replyTo -> new LakeProtocol.Search(each, replyTo)),
                project -> searchRepository(project, each));
        return caller.lakes()
                .<SearchAnswer>all(
                        caller.selector().resolve(request.getProject()),
                        project ->
                                each.getAt().isBlank() ? past.lake().apply(project) : past.ask(project, each.getAt()))
                .thenApply(got -> names.on(Merge.search(
                        request.getQuery(),
                        List.copyOf(got.answers().values()),
                        got.missing(),
                        limit,
                        Caller.millisSince(started))));
    }

    /** A commit that is read for the first time may take longer than the caller waits; the next call finds it read. */
    private CompletionStage<Reply<SearchAnswer>> searchRepository(ProjectId project, SearchRequest request) {
        CompletionStage<Reply<SearchAnswer>> asked = AskPattern.ask(
                caller.parts().workspaces(),
                replyTo -> new WorkspaceProtocol.SearchAtRevision(project.value(), request, replyTo),
                caller.shorter(),
                caller.parts().system().scheduler());
        return asked.exceptionally(thrown -> new Reply.Refused<>(
                Reply.Reason.OVERLOADED,
                "the commit '" + request.getAt() + "' was not read within "
                        + caller.shorter().toMillis() + " ms; it is read on, so ask again or give a longer --timeout"));
    }

    CompletionStage<RecallAnswer> recall(RecallRequest request) {
        long started = System.nanoTime();
        caller.limits().text("recall", request.getText());
        int limit = caller.limits()
                .limit(request.getLimit(), caller.parts().settings().listLimit());
        ProjectNames names = caller.names();
        RecallRequest each = request.toBuilder().setLimit(limit).build();
        return caller.lakes()
                .<RecallAnswer>all(
                        caller.selector().resolve(request.getProject()),
                        caller.shorter(),
                        replyTo -> new LakeProtocol.Recall(each, replyTo))
                .thenApply(got -> names.on(Merge.recall(
                        request.getText(),
                        List.copyOf(got.answers().values()),
                        got.missing(),
                        limit,
                        Caller.millisSince(started))));
    }

    CompletionStage<RelatedAnswer> related(RelatedRequest request) {
        long started = System.nanoTime();
        caller.limits().query(request.getTarget());
        int limit = caller.limits()
                .limit(request.getLimit(), caller.parts().settings().listLimit());
        ProjectSelector selector = caller.selector();
        Optional<KnownProject> holder =
                request.getTarget().startsWith("/") ? selector.holding(request.getTarget()) : Optional.empty();
        if (request.getTarget().startsWith("/") && holder.isEmpty()) {
            throw caller.selector().outside(request.getTarget());
        }
        ProjectNames names = caller.names();
        RelatedRequest each = request.toBuilder()
                .setLimit(limit)
                .setTo(ofProject(request.getTo(), holder))
                .setTarget(holder.map(project -> ProjectSelector.relative(project, request.getTarget()))
                        .orElse(request.getTarget()))
                .build();
        Map<ProjectId, String> projects = holder.isPresent()
                ? Map.of(holder.get().id(), holder.get().name())
                : selector.resolve(request.getProject());
        return caller.lakes()
                .<RelatedAnswer>all(projects, caller.shorter(), replyTo -> new LakeProtocol.Related(each, replyTo))
                .thenApply(got -> names.on(
                        each.getTo().isBlank()
                                ? Merge.related(
                                        each.getTarget(),
                                        List.copyOf(got.answers().values()),
                                        got.missing(),
                                        limit,
                                        Caller.millisSince(started))
                                : Merge.way(
                                        each.getTarget(),
                                        List.copyOf(got.answers().values()),
                                        got.unheard(),
                                        Caller.millisSince(started))));
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

    CompletionStage<ContextAnswer> context(ContextRequest request) {
        long started = System.nanoTime();
        if (request.getQuery().isBlank() && request.getPath().isBlank()) {
            throw new DoorFault(FaultCode.INVALID_ARGUMENT, "context needs a question or a file");
        }
        if (!request.getQuery().isBlank()) {
            caller.limits().query(request.getQuery());
        }
        NamedFile file = request.getPath().isBlank()
                ? new NamedFile(caller.selector().resolve(request.getProject()), "")
                : caller.selector().file(request.getPath(), request.getProject());
        ContextRequest each = request.toBuilder().setPath(file.path()).build();
        ProjectNames names = caller.names();
        return caller.lakes()
                .<ContextAnswer>all(
                        file.projects(), caller.shorter(), replyTo -> new LakeProtocol.Context(each, replyTo))
                .thenApply(got -> ContextMerge.of(
                        each,
                        got.answers().values().stream().map(names::on).toList(),
                        file.path().isEmpty() ? got.missing() : got.unheard(),
                        Caller.millisSince(started)));
    }

    CompletionStage<TimelineAnswer> timeline(TimelineRequest request) {
        int limit = caller.limits()
                .limit(request.getLimit(), caller.parts().settings().listLimit());
        ProjectSelector selector = caller.selector();
        TimelineRequest.Builder each = request.toBuilder()
                .setLimit(limit)
                .setSince(caller.moments().iso("since", request.getSince()))
                .setUntil(caller.moments().iso("until", request.getUntil()));
        Map<ProjectId, String> projects = selector.resolve(request.getProject());
        if (request.getPath().startsWith("/")) {
            KnownProject holder =
                    selector.holding(request.getPath()).orElseThrow(() -> selector.outside(request.getPath()));
            each.setPath(ProjectSelector.relative(holder, request.getPath()));
            projects = Map.of(holder.id(), holder.name());
        }
        TimelineRequest asked = each.build();
        ProjectNames names = caller.names();
        return caller.lakes()
                .<TimelineAnswer>all(projects, caller.shorter(), replyTo -> new LakeProtocol.Timeline(asked, replyTo))
                .thenApply(
                        got -> names.on(Merge.timeline(List.copyOf(got.answers().values()), got.missing(), limit)));
    }
}
