package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.history.HistoryEvent;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataView;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.Relation;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How two things hang together: the shortest way from one to the other over commits that touch files, notes about files,
 * and whatever else the graph holds. Pure; one use.
 */
final class Connections {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{4,64}");

    private final LakeViews views;
    private final PathSettings settings;

    Connections(LakeViews views, PathSettings settings) {
        this.views = views;
        this.settings = settings;
    }

    /** The way from one named thing to another: one relation for each step, in order. */
    Reply<RelatedAnswer> between(String from, String to) {
        long started = System.nanoTime();
        Optional<NodeKey> start = node(from.strip());
        Optional<NodeKey> end = node(to.strip());
        if (start.isEmpty() || end.isEmpty()) {
            return new Reply.Refused<>(
                    Reply.Reason.NOT_FOUND,
                    "'" + (start.isEmpty() ? from : to) + "' is no file, commit or note that the graph of project "
                            + ProjectName.of(views.project(), views.metadata())
                            + " holds; give a project-relative path, a commit id or the id of a note");
        }
        MetadataView.Connection found = views.metadata()
                .connection(start.get(), end.get(), MetadataView.NOW, settings.stepsMax(), settings.edgesMax());
        RelatedAnswer.Builder answer = RelatedAnswer.newBuilder()
                .setTarget(from.strip())
                .setKind("path")
                .setComplete(found.complete());
        if (!found.complete()) {
            answer.addMissing("ways beyond the first " + settings.edgesMax()
                    + " edges looked at (postdevai.lake.retrieval.path.edges-max)");
        }
        NodeKey at = start.get();
        for (MetadataView.Step step : found.steps()) {
            answer.addRelations(relation(at, step));
            at = step.to();
        }
        return new Reply.Answered<>(answer.setTookMs((System.nanoTime() - started) / 1_000 / 1_000.0)
                .build());
    }

    private Relation relation(NodeKey from, MetadataView.Step step) {
        return Relation.newBuilder()
                .setKind(step.type())
                .setType(step.to().type())
                .setKey(step.to().key())
                .setFromType(from.type())
                .setFromKey(from.key())
                .setBackward(!step.outgoing())
                .setText(views.metadata()
                        .node(step.to())
                        .map(node -> node.attributes().getOrDefault(MetadataEngine.TEXT, ""))
                        .orElse(""))
                .setTime(Instant.ofEpochMilli(step.validFromMillis()).toString())
                .setProject(views.project().value())
                .build();
    }

    /** The node that a person means: as it is written, else as a file or commit is found by a part of its name. */
    private Optional<NodeKey> node(String named) {
        for (String type : new String[] {MetadataEngine.FILE, MetadataEngine.COMMIT, MetadataEngine.NOTE}) {
            NodeKey exact = new NodeKey(type, named);
            if (!named.isEmpty() && views.metadata().holds(exact)) {
                return Optional.of(exact);
            }
        }
        if (COMMIT.matcher(named).matches()) {
            Optional<HistoryEvent> commit = views.history().commit(named);
            if (commit.isPresent()) {
                return commit.map(event ->
                        new NodeKey(MetadataEngine.COMMIT, event.attributes().getOrDefault("commit", named)));
            }
        }
        return named.isEmpty()
                ? Optional.empty()
                : Targets.file(named, views).map(Document::path).map(path -> new NodeKey(MetadataEngine.FILE, path));
    }
}
