package ai.postdev.dragon.lake;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.text.LineDiff;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.code.DocumentVersion;
import ai.postdev.dragon.lake.history.HistoryEvent;
import ai.postdev.dragon.lake.history.HistoryQuery;
import ai.postdev.dragon.lake.retrieval.ProjectName;
import ai.postdev.v1.FileVersion;
import ai.postdev.v1.VersionsAnswer;
import ai.postdev.v1.VersionsRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lists the versions of a file: those the lake holds, with what each changed, and before them the commits of git that
 * touched the file. Pure but for reading stored texts; safe on any thread.
 */
final class FileVersions {
    private FileVersions() {}

    /** @param deadline after which changed lines are no longer counted, and the answer says so */
    static Reply<VersionsAnswer> of(
            ProjectId project, Views views, VersionsRequest request, int limit, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        String path = request.getPath();
        List<FileVersion> versions = new ArrayList<>();
        List<String> missing = new ArrayList<>(Gaps.ofHistory(views));
        long first = Long.MAX_VALUE;
        for (WorkspaceId workspace : views.code().workspaces()) {
            List<DocumentVersion> history = views.code().history(workspace, path);
            for (int i = Math.max(0, history.size() - limit); i < history.size(); i++) {
                FileVersion.Builder version = version(project, workspace, views, history.get(i));
                if (System.nanoTime() - end < 0) {
                    count(version, i == 0 ? "" : text(views, history.get(i - 1)), text(views, history.get(i)));
                } else if (missing.stream().noneMatch(TOO_LATE::equals)) {
                    missing.add(TOO_LATE);
                }
                versions.add(version.build());
            }
            if (!history.isEmpty()) {
                first = Math.min(first, history.getFirst().time().millis());
            }
        }
        views.history()
                .find(HistoryQuery.newest(limit)
                        .withKinds(Set.of("commit"))
                        .withPath(path)
                        .withTime(Long.MIN_VALUE, first - 1))
                .forEach(commit -> versions.add(version(project, commit)));
        if (versions.isEmpty()) {
            return new Reply.Refused<>(
                    Reply.Reason.NOT_FOUND,
                    "no version of a file '" + path + "' in project " + ProjectName.of(project, views.metadata())
                            + "; paths are relative to the project's root");
        }
        versions.sort(Comparator.comparing((FileVersion version) -> Instant.parse(version.getTime()))
                .thenComparingLong(FileVersion::getSequence)
                .reversed());
        return new Reply.Answered<>(VersionsAnswer.newBuilder()
                .setPath(path)
                .setComplete(missing.isEmpty())
                .addAllMissing(missing)
                .addAllVersions(versions.subList(0, Math.min(limit, versions.size())))
                .build());
    }

    private static final String TOO_LATE = "changed lines: the deadline passed before all were counted";

    private static FileVersion.Builder version(
            ProjectId project, WorkspaceId workspace, Views views, DocumentVersion version) {
        FileVersion.Builder shown = FileVersion.newBuilder()
                .setProject(project.value())
                .setWorkspace(workspace.value())
                .setSequence(version.sequence())
                .setTime(version.time().instant().toString())
                .setCommit(At.commitOf(views, workspace, version.sequence()))
                .setGone(version.document().isEmpty())
                .setSource("lake");
        version.document()
                .ifPresent(document -> shown.setBytes(document.size())
                        .setContentHash(document.hash().hex()));
        return shown;
    }

    private static FileVersion version(ProjectId project, HistoryEvent commit) {
        return FileVersion.newBuilder()
                .setProject(project.value())
                .setTime(Instant.ofEpochMilli(commit.timeMillis()).toString())
                .setCommit(commit.attributes().getOrDefault("commit", ""))
                .setText(commit.text().lines().findFirst().orElse(""))
                .setSource("git")
                .build();
    }

    private static void count(FileVersion.Builder version, String before, String after) {
        LineDiff diff = LineDiff.of(before, after);
        version.setLines(diff.newLines().size()).setAdded(diff.added()).setRemoved(diff.removed());
    }

    private static String text(Views views, DocumentVersion version) {
        Optional<Document> document = version.document();
        return document.flatMap(it -> views.code().text(it.hash()))
                .map(utf8 -> new String(utf8, StandardCharsets.UTF_8))
                .orElse("");
    }
}
