package ai.postdev.developer.watch;

import ai.postdev.actors.op.WorkspaceId;
import java.util.List;
import java.util.Optional;

/**
 * What a move of git means for one workspace: which edits a person made and which git made, what is told to the lake,
 * what has to be read again, from which commits history is due. Knows no actors; single-threaded.
 */
final class WorkspaceGit {
    /**
     * What is to be done now.
     *
     * @param walk walk, and whether with rules and index read again
     * @param index read the index again
     * @param history commits from which history is to be remembered, if they are others than before
     */
    record Due(Optional<Boolean> walk, boolean index, Optional<List<String>> history) {}

    private final WorkspaceSync sync;
    private final LakeWriting writing;
    private final WorkspaceId workspace;
    private Optional<List<String>> tips = Optional.empty();
    private String branch = "";
    /** Git changed the files: until disk and lake agree again, changes are not a person's edits. */
    private boolean switching;

    WorkspaceGit(WorkspaceSync sync, LakeWriting writing, WorkspaceId workspace) {
        this.sync = sync;
        this.writing = writing;
        this.workspace = workspace;
    }

    /** The folder is opened anew: what is known of history is told once more. */
    void begin() {
        tips = Optional.empty();
    }

    /** Git moved. */
    Due moved(GitWatcher.Moved moved) {
        GitState now = moved.now();
        branch = now.branch().orElse("");
        GitTurn turn = GitTurn.of(moved.before(), now, moved.events());
        switch (turn.edits()) {
            case KEEP -> {}
            case TELL -> tellEdits();
            case DROP -> {
                sync.edits().clear();
                switching = true;
            }
        }
        moved.events().forEach(sync::event);
        writing.due("commit", now.head().orElse(""));
        writing.due("branch", branch);
        if (!moved.marker().isEmpty()) {
            writing.due(LakeInventory.REFLOG, moved.marker());
        }
        boolean news = tips.isEmpty() || !tips.get().equals(now.tips());
        tips = Optional.of(now.tips());
        return new Due(
                turn.rules() || turn.walk() ? Optional.of(turn.rules()) : Optional.empty(),
                turn.index(),
                news ? tips : Optional.empty());
    }

    /** Commits from which history is remembered; empty: git has not told. */
    Optional<List<String>> tips() {
        return tips;
    }

    /** Disk and lake agree: changes from now on are a person's. */
    void agreed() {
        switching = false;
    }

    /**
     * Files were read.
     *
     * @param watching whether changes are news at all
     * @return whether a person's edits wait to be told
     */
    boolean edited(boolean watching) {
        if (!watching || switching) {
            sync.edits().clear();
        }
        return !sync.edits().isEmpty();
    }

    /** The edits that wait become an event. */
    void tellEdits() {
        if (!sync.edits().isEmpty()) {
            sync.event(sync.edits().take(workspace, branch, System.currentTimeMillis()));
        }
    }
}
