package ai.postdev.developer.watch;

import ai.postdev.developer.ingest.TreeScan;
import ai.postdev.developer.watch.LookQueue.Look;
import java.util.List;

/** What reaches a {@link Workspace} from its children and from work done elsewhere, within one opening of its folder. */
sealed interface WorkspaceEvent {
    record Opened(WorkspaceDisk disk) implements WorkspaceEvent {}

    record NotOpened(String why, boolean gone) implements WorkspaceEvent {}

    record FilesReported(FileWatcher.Report report) implements WorkspaceEvent {}

    record InventoryReported(LakeInventory.Report report) implements WorkspaceEvent {}

    record Walked(TreeScan.Result result, ReadingOrder order) implements WorkspaceEvent {}

    /**
     * Looks were carried out.
     *
     * @param mark of the {@link FolderWatch}, from before the first look
     * @param generation of the {@link WorkspaceDisk}, from before the first look
     */
    record Looked(List<Look> looks, List<WorkspaceDisk.Sight> sights, long mark, long generation)
            implements WorkspaceEvent {}

    record LooksFailed(List<Look> looks, String why) implements WorkspaceEvent {}

    record Touched(List<String> paths) implements WorkspaceEvent {}

    record WalkFailed(String why) implements WorkspaceEvent {}

    record GitMoved(GitWatcher.Moved moved) implements WorkspaceEvent {}

    record HistoryMoved(HistoryFeed.Progress progress) implements WorkspaceEvent {}

    /** Files that were read too soon after they were written have come of age. */
    record SettleDue() implements WorkspaceEvent {}

    record RootChecked(boolean present) implements WorkspaceEvent {}
}
