package ai.postdev.dragon.lake;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.LakeProtocol.Read;
import ai.postdev.dragon.lake.history.RetentionSettings;
import ai.postdev.dragon.lake.past.PastTrees;
import ai.postdev.dragon.lake.vector.ColdRerank;

/** Answers what is read of one lake: on the node's pool of readers, over views that stay as they are. */
final class LakeReads {
    private final ProjectId project;
    private final LakeRoom room;
    private final PastTrees trees;
    private final Stores stores;
    private final RetentionSettings retention;

    LakeReads(ProjectId project, LakeRoom room, Stores stores, RetentionSettings retention) {
        this.project = project;
        this.room = room;
        this.trees = room.pastTrees();
        this.stores = stores;
        this.retention = retention;
    }

    /** Has {@code read} answered as {@code now} has it; does not wait for that. */
    void answer(Read read, Views now) {
        switch (read) {
            case LakeProtocol.Manifest ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().manifest(now, ask));
            case LakeProtocol.Setting ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().setting(now, ask));
            case LakeProtocol.MissingCommits ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().missingCommits(now, ask));
            case LakeProtocol.Search ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().search(project, exactly(now), ask));
            case LakeProtocol.SearchTree ask ->
                room.reads()
                        .answer(
                                ask.replyTo(),
                                () -> room.reader().searchTree(project, exactly(now), trees.held(ask.tree()), ask));
            case LakeProtocol.PutTree ask ->
                room.reads().answer(ask.replyTo(), () -> trees.put(project, now.code(), ask));
            case LakeProtocol.Recall ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().recall(project, now, ask));
            case LakeProtocol.Related ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().related(project, exactly(now), ask));
            case LakeProtocol.Show ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().show(project, now, ask));
            case LakeProtocol.Context ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().context(project, exactly(now), ask));
            case LakeProtocol.Versions ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().versions(project, now, ask));
            case LakeProtocol.Timeline ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().timeline(project, now, ask));
            case LakeProtocol.FindEvent ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().event(project, now, ask));
            case LakeProtocol.Status ask ->
                room.reads()
                        .answer(
                                ask.replyTo(),
                                () -> room.reader()
                                        .status(project, now, room.journal().operations(project), retention.rules()));
            case LakeProtocol.Unembedded ask ->
                room.reads()
                        .answer(
                                ask.replyTo(),
                                () -> new AbsentVectors(
                                                project,
                                                room.journal(),
                                                room.settings().restoredMax(),
                                                stores::restore)
                                        .unembedded(now, ask, room.settings().unembeddedMax()));
        }
    }

    /** For one request whose best hits by meaning are to be in their true order, however memory keeps embeddings. */
    private Views exactly(Views now) {
        return now.withVector(now.vector()
                .with(new ColdRerank(
                        new JournalVectors(project, room.journal()),
                        room.settings().rerank())));
    }
}
