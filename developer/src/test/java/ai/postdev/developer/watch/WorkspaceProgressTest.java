package ai.postdev.developer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.developer.ingest.ProjectIdentity;
import ai.postdev.v1.WatchStatus;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkspaceProgressTest {
    @Test
    void whatAWatcherHasSeenIsCounted() {
        WorkspaceId workspace = new WorkspaceId("w");
        ProjectIdentity identity =
                new ProjectIdentity(new ProjectId("p"), workspace, "name", Path.of("/p"), Optional.empty());
        WorkspaceSync sync = new WorkspaceSync(WatchSettings.from(ConfigFactory.load()), workspace);
        WorkspaceProgress progress = new WorkspaceProgress();
        progress.reported(new FileWatcher.Touched(List.of("a", "b")));
        progress.reported(new FileWatcher.Touched(List.of("a")));
        progress.reported(new FileWatcher.Lost("folder"));
        progress.reported(new FileWatcher.Unwatchable("folder", "no"));
        progress.unwatchable("folder", "no");
        progress.scanning();
        progress.scanning();
        progress.git(Optional.of("c0ffee"), Optional.empty());
        sync.touched(List.of("a", "b", "c", "d", "e"));
        assertEquals(
                WatchStatus.newBuilder()
                        .setTouched(3)
                        .setLosses(1)
                        .setScans(2)
                        .setGitMoves(1)
                        .setWaiting(5)
                        .setUnwatched(1)
                        .build(),
                progress.status(identity, sync, "watching", true).getWatch());
    }
}
