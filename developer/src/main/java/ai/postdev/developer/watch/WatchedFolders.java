package ai.postdev.developer.watch;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.developer.ingest.GitFolder;
import ai.postdev.developer.ingest.ProjectIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The folders that a home watches, changed while its node does not run. Blocking. */
public final class WatchedFolders {
    private WatchedFolders() {}

    /**
     * Has the next node of {@code home} watch {@code root} as the workspace of that name, wherever that lay before: what
     * is remembered of it goes on there.
     */
    public static void move(Path home, ProjectId project, WorkspaceId workspace, Path root) throws IOException {
        Path real = root.toRealPath();
        Path name = real.getFileName();
        WorkspaceList list = new WorkspaceList(home);
        List<ProjectIdentity> kept = new ArrayList<>(list.load());
        kept.removeIf(one -> one.root().equals(real)
                || one.workspace().equals(workspace) && one.project().equals(project));
        kept.add(new ProjectIdentity(
                project, workspace, name == null ? real.toString() : name.toString(), real, GitFolder.at(real)));
        list.save(kept);
    }
}
