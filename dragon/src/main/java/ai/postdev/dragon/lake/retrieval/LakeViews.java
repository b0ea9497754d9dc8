package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.history.HistoryView;
import ai.postdev.dragon.lake.metadata.MetadataView;
import ai.postdev.dragon.lake.text.TextView;
import ai.postdev.dragon.lake.vector.VectorView;
import java.util.Map;

/**
 * The state of one lake that an answer is computed from, captured at one moment. Immutable.
 *
 * @param commits the commit that is checked out in each workspace, where it is known
 */
public record LakeViews(
        ProjectId project,
        CodeView code,
        TextView text,
        VectorView vectors,
        HistoryView history,
        MetadataView metadata,
        Map<WorkspaceId, String> commits) {
    public LakeViews {
        commits = Map.copyOf(commits);
    }
}
