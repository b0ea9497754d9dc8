package ai.postdev.developer.watch;

import ai.postdev.developer.ingest.ProjectIdentity;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.UpProgress;
import ai.postdev.v1.WatchStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What a workspace tells about itself: rows of {@code status} and lines of {@code up}. Single-threaded. */
final class WorkspaceProgress {
    private static final double MEGABYTE = 1_000_000.0;
    private static final int EXAMPLES = 3;

    private final TreeSet<String> unwatchable = new TreeSet<>();
    private final long startedNanos = System.nanoTime();
    private String unwatchableWhy = "";
    private String problem = "";
    private String gitProblem = "";
    private String historyProblem = "";
    private String standstill = "";
    private String commit = "";
    private String branch = "";
    private long commits;
    private long touched;
    private long losses;
    private long scans;
    private long gitMoves;

    /** The system reported something of the folder. */
    void reported(FileWatcher.Report report) {
        switch (report) {
            case FileWatcher.Touched paths -> touched += paths.paths().size();
            case FileWatcher.Lost _ -> losses++;
            case FileWatcher.Opened _, FileWatcher.NotOpened _, FileWatcher.Unwatchable _ -> {}
        }
    }

    /** A scan of the whole folder begins. */
    void scanning() {
        scans++;
    }

    /** What is wrong; empty: nothing. */
    void problem(String text) {
        problem = text;
    }

    String problem() {
        return problem;
    }

    /** The folder is open, so nothing is wrong but perhaps its repository; empty: nothing at all. */
    void opened(String aboutGit) {
        problem = "";
        gitProblem = aboutGit;
    }

    /** Why nothing gets written; empty: it does. */
    void standstill(String why) {
        standstill = why;
    }

    void history(HistoryFeed.Progress progress) {
        commits = progress.remembered();
        historyProblem = progress.problem();
    }

    void git(Optional<String> head, Optional<String> current) {
        gitMoves++;
        commit = head.orElse("");
        branch = current.orElse("");
    }

    void unwatchable(String folder, String why) {
        unwatchable.add(folder);
        unwatchableWhy = why;
    }

    /** Whether some folder is not watched, as far as is known. */
    boolean isUnwatchable() {
        return !unwatchable.isEmpty();
    }

    void allWatchable() {
        unwatchable.clear();
    }

    UpProgress line(ProjectIdentity identity, WorkspaceSync sync, String shown) {
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        double rate = sync.bytesRead() / MEGABYTE / Math.max(seconds, 1e-3);
        double left = rate > 0 ? (sync.bytesExpected() - sync.bytesRead()) / MEGABYTE / rate : 0;
        return UpProgress.newBuilder()
                .setProject(identity.project().value())
                .setRoot(identity.root().toString())
                .setPhase(shown)
                .setFilesDone(sync.filesRead())
                .setFilesTotal(sync.filesExpected())
                .setBytesDone(sync.bytesRead())
                .setBytesTotal(sync.bytesExpected())
                .setMegabytesPerSecond(rate)
                .setSecondsLeft(Math.max(0, left))
                .setSkipped(sync.ledger().skippedCount())
                .setCommits(commits)
                .setMessage(standstill.isEmpty() ? problem : standstill)
                .build();
    }

    ProjectStatus status(ProjectIdentity identity, WorkspaceSync sync, String state, boolean indexed) {
        return ProjectStatus.newBuilder()
                .setId(identity.project().value())
                .setRoot(identity.root().toString())
                .setName(identity.name())
                .setWorkspace(identity.workspace().value())
                .setFiles(sync.ledger().files())
                .setBytes(sync.ledger().bytes())
                .setIndexed(indexed)
                .addAllSkipped(sync.ledger().skippedReasons())
                .setCommit(commit)
                .setBranch(branch)
                .setCommits(commits)
                .setState(state)
                .setProblem(problems())
                .setWatch(WatchStatus.newBuilder()
                        .setTouched(touched)
                        .setLosses(losses)
                        .setScans(scans)
                        .setGitMoves(gitMoves)
                        .setReadFiles(sync.documentsRead())
                        .setReadBytes(sync.documentBytesRead())
                        .setWaiting(sync.waiting())
                        .setUnwatched(unwatchable.size()))
                .build();
    }

    private String problems() {
        List<String> all = new ArrayList<>();
        if (!problem.isEmpty()) {
            all.add(problem);
        }
        if (!standstill.isEmpty()) {
            all.add(standstill);
        }
        if (!gitProblem.isEmpty()) {
            all.add(gitProblem);
        }
        if (!historyProblem.isEmpty()) {
            all.add(historyProblem);
        }
        if (!unwatchable.isEmpty()) {
            all.add(unwatchable.size() + " folders cannot be watched (" + unwatchableWhy + "; "
                    + String.join(", ", unwatchable.stream().limit(EXAMPLES).toList())
                    + "), so they are scanned now and then; on Linux raise fs.inotify.max_user_watches");
        }
        return String.join("; ", all);
    }
}
