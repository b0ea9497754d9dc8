package ai.postdev.dragon.lake;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol.Context;
import ai.postdev.actors.protocol.LakeProtocol.FindEvent;
import ai.postdev.actors.protocol.LakeProtocol.LakeState;
import ai.postdev.actors.protocol.LakeProtocol.Manifest;
import ai.postdev.actors.protocol.LakeProtocol.ManifestEntry;
import ai.postdev.actors.protocol.LakeProtocol.ManifestPage;
import ai.postdev.actors.protocol.LakeProtocol.MissingCommits;
import ai.postdev.actors.protocol.LakeProtocol.Recall;
import ai.postdev.actors.protocol.LakeProtocol.Related;
import ai.postdev.actors.protocol.LakeProtocol.Search;
import ai.postdev.actors.protocol.LakeProtocol.SearchTree;
import ai.postdev.actors.protocol.LakeProtocol.Setting;
import ai.postdev.actors.protocol.LakeProtocol.Show;
import ai.postdev.actors.protocol.LakeProtocol.Timeline;
import ai.postdev.actors.protocol.LakeProtocol.Versions;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.history.HistoryEvent;
import ai.postdev.dragon.lake.history.HistoryQuery;
import ai.postdev.dragon.lake.history.Retained;
import ai.postdev.dragon.lake.history.RetentionRule;
import ai.postdev.dragon.lake.past.PastTree;
import ai.postdev.dragon.lake.retrieval.LakeViews;
import ai.postdev.dragon.lake.retrieval.ProjectName;
import ai.postdev.dragon.lake.retrieval.Retrieval;
import ai.postdev.dragon.lake.retrieval.ShownEvent;
import ai.postdev.dragon.lake.vector.SampledRecall;
import ai.postdev.dragon.model.QueryGate;
import ai.postdev.v1.AsOf;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.Event;
import ai.postdev.v1.LakeStatus;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.VersionsAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Answers the plain reads of a lake from its views. Pure but for reading stored texts; safe on any thread. */
public final class LakeReader {
    private final LakeSettings settings;
    private final Retrieval retrieval;
    private final QueryGate gate;
    private final String model;

    /**
     * A reader.
     *
     * @param gate is held while a query runs, so that background work steps aside
     * @param model the embedding model whose progress the status reports
     */
    public LakeReader(LakeSettings settings, Retrieval retrieval, QueryGate gate, String model) {
        this.settings = settings;
        this.retrieval = retrieval;
        this.gate = gate;
        this.model = model;
    }

    Reply<ManifestPage> manifest(Views views, Manifest ask) {
        int limit = Math.max(1, Math.min(ask.limit(), settings.manifestPageMax()));
        List<ManifestEntry> entries = views.code().documents(ask.workspace()).stream()
                .filter(document -> document.path().compareTo(ask.afterPath()) > 0)
                .limit(limit + 1L)
                .map(document -> new ManifestEntry(
                        document.path(),
                        document.hash(),
                        document.fileSize(),
                        document.modifiedMillis(),
                        document.time().millis()))
                .toList();
        boolean complete = entries.size() <= limit;
        return new Reply.Answered<>(new ManifestPage(complete ? entries : entries.subList(0, limit), complete));
    }

    Reply<String> setting(Views views, Setting ask) {
        return new Reply.Answered<>(views.metadata().setting(ask.key()).orElse(""));
    }

    Reply<List<String>> missingCommits(Views views, MissingCommits ask) {
        return new Reply.Answered<>(views.history().missingCommits(ask.commits()));
    }

    Reply<SearchAnswer> search(ProjectId project, Views views, Search ask) {
        SearchRequest request = ask.request();
        String at = request.getAt();
        Optional<CodeView> then = At.of(views, at);
        if (then.isEmpty()) {
            return new Reply.Refused<>(Reply.Reason.NOT_FOUND, At.beyond(views, at));
        }
        try (QueryGate.Query _ = gate.enter()) {
            Reply<SearchAnswer> reply = retrieval.search(request, lakeViews(project, views), then.get());
            List<String> gaps = Gaps.ofSearch(views, request);
            reply = changed(reply, answer -> lacks(answer, gaps));
            // An answer about now reflects everything acknowledged before it, notes and embeddings too, not only what
            // last touched a document: who wrote sequence n and then asks must see n or more.
            return at.isBlank()
                    ? changed(
                            reply,
                            answer -> answer.getAsOfBuilderList().forEach(asOf -> asOf.setSequence(sequence(views))))
                    : changed(
                            reply,
                            answer -> answer.getAsOfBuilderList()
                                    .forEach(asOf -> asOf.setCommit(At.commitOf(
                                            views,
                                            new WorkspaceId(asOf.getWorkspace()),
                                            then.get().sequence()))));
        }
    }

    /** Finds code in a past commit; {@code tree} is empty if the lake does not hold it. */
    Reply<SearchAnswer> searchTree(ProjectId project, Views views, Optional<PastTree> tree, SearchTree ask) {
        if (tree.isEmpty()) {
            return new Reply.Refused<>(
                    Reply.Reason.NOT_FOUND,
                    "the lake does not hold commit " + ask.tree().commit());
        }
        try (QueryGate.Query _ = gate.enter()) {
            int unparsed = Retrieval.isByLine(ask.request())
                    ? 0
                    : tree.get()
                            .parse(System.nanoTime() + settings.readDeadline().toNanos());
            return changed(
                    retrieval.search(
                            ask.request(), lakeViews(project, views), tree.get().view()),
                    answer -> {
                        // What git says needs no place in the lake's order, so there is no sequence to tell.
                        answer.getAsOfBuilderList()
                                .forEach(asOf ->
                                        asOf.setCommit(ask.tree().commit()).setSequence(0));
                        if (unparsed > 0) {
                            answer.setComplete(false)
                                    .addMissing("symbols: " + unparsed
                                            + " texts of that commit are not parsed yet; ask again");
                        }
                    });
        }
    }

    private static void lacks(SearchAnswer.Builder answer, List<String> gaps) {
        if (!gaps.isEmpty()) {
            answer.setComplete(false).addAllMissing(gaps);
        }
    }

    private static Reply<SearchAnswer> changed(Reply<SearchAnswer> reply, Consumer<SearchAnswer.Builder> change) {
        if (!(reply instanceof Reply.Answered<SearchAnswer>(SearchAnswer answer))) {
            return reply;
        }
        SearchAnswer.Builder changed = answer.toBuilder();
        change.accept(changed);
        return new Reply.Answered<>(changed.build());
    }

    private static long sequence(Views views) {
        return views.asOf().sequences().values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    Reply<RecallAnswer> recall(ProjectId project, Views views, Recall ask) {
        try (QueryGate.Query _ = gate.enter()) {
            Reply<RecallAnswer> reply = retrieval.recall(ask.request(), lakeViews(project, views));
            List<String> gaps = Gaps.ofHistory(views);
            return reply instanceof Reply.Answered<RecallAnswer>(RecallAnswer answer) && !gaps.isEmpty()
                    ? new Reply.Answered<>(answer.toBuilder()
                            .setComplete(false)
                            .addAllMissing(gaps)
                            .build())
                    : reply;
        }
    }

    Reply<RelatedAnswer> related(ProjectId project, Views views, Related ask) {
        try (QueryGate.Query _ = gate.enter()) {
            Reply<RelatedAnswer> reply = retrieval.related(ask.request(), lakeViews(project, views));
            List<String> gaps = Gaps.ofRelated(views);
            return reply instanceof Reply.Answered<RelatedAnswer>(RelatedAnswer answer) && !gaps.isEmpty()
                    ? new Reply.Answered<>(answer.toBuilder()
                            .setComplete(false)
                            .addAllMissing(gaps)
                            .build())
                    : reply;
        }
    }

    Reply<ContextAnswer> context(ProjectId project, Views views, Context ask) {
        try (QueryGate.Query _ = gate.enter()) {
            List<String> gaps = new ArrayList<>(Gaps.ofSearch(views, SearchRequest.getDefaultInstance()));
            gaps.addAll(Gaps.ofHistory(views));
            gaps.addAll(Gaps.ofGraph(views));
            Reply<ContextAnswer> reply = retrieval.context(ask.request(), lakeViews(project, views), gaps);
            if (!(reply instanceof Reply.Answered<ContextAnswer>(ContextAnswer answer))) {
                return reply;
            }
            ContextAnswer.Builder whole = answer.toBuilder();
            views.code()
                    .workspaces()
                    .forEach(workspace -> whole.addAsOf(asOf(project, workspace, views, views.code()).toBuilder()
                            .setSequence(sequence(views))));
            return new Reply.Answered<>(whole.build());
        }
    }

    Reply<VersionsAnswer> versions(ProjectId project, Views views, Versions ask) {
        return FileVersions.of(
                project, views, ask.request(), retrieval.limit(ask.request().getLimit()), settings.readDeadline());
    }

    private static LakeViews lakeViews(ProjectId project, Views views) {
        Map<WorkspaceId, String> commits = new HashMap<>();
        for (WorkspaceId workspace : views.code().workspaces()) {
            views.metadata()
                    .setting("workspace/" + workspace + "/commit")
                    .ifPresent(commit -> commits.put(workspace, commit));
        }
        return new LakeViews(
                project, views.code(), views.text(), views.vector(), views.history(), views.metadata(), commits);
    }

    Reply<ShowAnswer> show(ProjectId project, Views views, Show ask) {
        String at = ask.request().getAt();
        String path = ask.request().getPath();
        Optional<CodeView> then = At.of(views, at);
        if (then.isEmpty()) {
            return new Reply.Refused<>(Reply.Reason.NOT_FOUND, At.beyond(views, at));
        }
        for (WorkspaceId workspace : then.get().workspaces()) {
            Optional<Document> document = then.get().document(workspace, path);
            Optional<byte[]> text = document.flatMap(found -> then.get().text(found.hash()));
            if (text.isPresent()) {
                return new Reply.Answered<>(ShowAnswer.newBuilder()
                        .setProject(project.value())
                        .setWorkspace(workspace.value())
                        .setPath(path)
                        .setText(new String(text.get(), StandardCharsets.UTF_8))
                        .setLanguage(document.get().language().id())
                        .setContentHash(document.get().hash().hex())
                        .setAsOf(asOf(project, workspace, views, then.get()))
                        .setSource("lake")
                        .build());
            }
        }
        if (ask.request().getOrAbsent()) {
            ShowAnswer.Builder absent = ShowAnswer.newBuilder()
                    .setProject(project.value())
                    .setPath(path)
                    .setAbsent(true)
                    .setSource("lake");
            then.get().workspaces().stream()
                    .findFirst()
                    .ifPresent(workspace -> absent.setWorkspace(workspace.value())
                            .setAsOf(asOf(project, workspace, views, then.get())));
            return new Reply.Answered<>(absent.build());
        }
        return new Reply.Refused<>(
                Reply.Reason.NOT_FOUND,
                "no file '" + path + "'" + (at.isBlank() ? "" : " at " + at) + " in project "
                        + ProjectName.of(project, views.metadata())
                        + "; paths are relative to the project's root");
    }

    /** What an answer from {@code code} about a workspace reflects. */
    static AsOf asOf(ProjectId project, WorkspaceId workspace, Views views, CodeView code) {
        return AsOf.newBuilder()
                .setProject(project.value())
                .setWorkspace(workspace.value())
                .setCommit(views.metadata()
                        .setting("workspace/" + workspace + "/commit")
                        .orElse(""))
                .setSequence(code.sequence(workspace))
                .build();
    }

    Reply<TimelineAnswer> timeline(ProjectId project, Views views, Timeline ask) {
        TimelineRequest request = ask.request();
        HistoryQuery query = HistoryQuery.newest(retrieval.limit(request.getLimit()))
                .withTime(
                        request.getSince().isEmpty()
                                ? Long.MIN_VALUE
                                : Instant.parse(request.getSince()).toEpochMilli(),
                        request.getUntil().isEmpty()
                                ? Long.MAX_VALUE
                                : Instant.parse(request.getUntil()).toEpochMilli())
                .withKinds(request.getKind().isEmpty() ? Set.of() : Set.of(request.getKind()))
                .withPath(request.getPath())
                .withText(request.getText());
        List<String> gaps = Gaps.ofHistory(views);
        TimelineAnswer.Builder answer =
                TimelineAnswer.newBuilder().setComplete(gaps.isEmpty()).addAllMissing(gaps);
        views.history().find(query).forEach(event -> answer.addEvents(ShownEvent.of(project, event)));
        return new Reply.Answered<>(answer.build());
    }

    Reply<Event> event(ProjectId project, Views views, FindEvent ask) {
        Optional<Origin> origin = ask.origin().isEmpty() ? Optional.empty() : Optional.of(new Origin(ask.origin()));
        List<HistoryEvent> found = views.history().written(origin, ask.sequence());
        if (found.size() == 1) {
            return new Reply.Answered<>(ShownEvent.of(project, found.getFirst()));
        }
        String named = origin.map(of -> of + "/").orElse("") + ask.sequence();
        return found.isEmpty()
                ? new Reply.Refused<>(
                        Reply.Reason.NOT_FOUND,
                        "no event of project " + ProjectName.of(project, views.metadata())
                                + " was written by operation " + named
                                + "; timeline --json tells the origin and sequence of each event")
                : new Reply.Refused<>(
                        Reply.Reason.INVALID,
                        "several events of project " + ProjectName.of(project, views.metadata()) + " have the sequence "
                                + named + "; say which one: "
                                + found.stream()
                                        .map(event -> event.origin() + "/" + event.sequence())
                                        .collect(Collectors.joining(", ")));
    }

    /**
     * @param operations that the journal holds of the project
     * @param rules of retention
     */
    Reply<LakeState> status(ProjectId project, Views views, long operations, List<RetentionRule> rules) {
        SampledRecall recall = views.vector().recall();
        Retained retained = views.history().retained();
        LakeStatus lake = LakeStatus.newBuilder()
                .setOperations(operations)
                .setTextBytesInMemory(views.code().textBytesInMemory())
                .setVectors(views.vector().count())
                .setNeighboursChecked(recall.wanted())
                .setNeighboursFound(recall.found())
                .setEvents(views.history().count())
                .setEventsPinned(retained.pinned())
                .setEventsDropped(retained.dropped())
                .setDroppedBytes(retained.droppedBytes())
                .setDroppedHeldBytes(retained.heldBytes())
                .addAllRetention(rules.stream().map(RetentionRule::text).toList())
                .setNodes(views.metadata().nodeCount())
                .setEdges(views.metadata().edgeCount())
                .build();
        List<ProjectStatus> workspaces = At.workspaces(views)
                .map(workspace -> workspace(project, workspace, views))
                .toList();
        return new Reply.Answered<>(new LakeState(lake, workspaces));
    }

    private ProjectStatus workspace(ProjectId project, WorkspaceId workspace, Views views) {
        CodeView.Counts counts = views.code().counts(workspace);
        String prefix = "workspace/" + workspace + "/";
        long embedded = embedded(workspace, views);
        return ProjectStatus.newBuilder()
                .setId(project.value())
                .setWorkspace(workspace.value())
                .setRoot(views.metadata().setting(prefix + "root").orElse(""))
                .setName(views.metadata().setting(prefix + "name").orElse(""))
                .setCommit(views.metadata().setting(prefix + "commit").orElse(""))
                .setBranch(views.metadata().setting(prefix + "branch").orElse(""))
                .setFiles(counts.documents())
                .setBytes(counts.bytes())
                .setParsed(counts.parsed())
                .setUnranked(unranked(workspace, views))
                .setSymbols(counts.symbols())
                .setChunks(counts.chunks())
                .setEmbedded(embedded)
                .setCommits(views.history().countsByKind().getOrDefault("commit", 0L))
                .setSequence(sequence(views))
                .build();
    }

    private static long unranked(WorkspaceId workspace, Views views) {
        long[] unranked = {0};
        views.text().backlog().forEach(document -> {
            if (document.workspace().equals(workspace)) {
                unranked[0]++;
            }
        });
        return unranked[0];
    }

    private long embedded(WorkspaceId workspace, Views views) {
        long embedded = 0;
        for (Document document : views.code().documents(workspace)) {
            for (ContentHash chunk : views.code().chunkHashes(document.hash())) {
                embedded += views.vector().contains(model, chunk) ? 1 : 0;
            }
        }
        return embedded;
    }
}
