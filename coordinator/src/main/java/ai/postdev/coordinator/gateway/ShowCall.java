package ai.postdev.coordinator.gateway;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.WorkspaceProtocol.RevisionFile;
import ai.postdev.coordinator.gateway.ProjectSelector.NamedFile;
import ai.postdev.v1.AsOf;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds one file: in the lake, and for moments before the lake began in the repository itself. A path that several
 * projects hold is refused rather than guessed.
 */
final class ShowCall {
    private final Lakes lakes;
    private final ProjectSelector selector;
    private final Duration deadline;
    private final Function<PastFile, CompletionStage<RevisionFile>> repository;

    /** A file of a project at a revision. */
    record PastFile(ProjectId project, String path, String revision) {}

    ShowCall(
            Lakes lakes,
            ProjectSelector selector,
            Duration deadline,
            Function<PastFile, CompletionStage<RevisionFile>> repository) {
        this.lakes = lakes;
        this.selector = selector;
        this.deadline = deadline;
        this.repository = repository;
    }

    /**
     * Runs the call.
     *
     * @param revision what the caller wrote for {@code at}, which git may understand where the lake does not
     */
    CompletionStage<ShowAnswer> run(ShowRequest request, String revision) {
        NamedFile file = selector.file(request.getPath(), request.getProject());
        return of(file.projects(), request.toBuilder().setPath(file.path()).build(), revision);
    }

    /** The same in these projects, for a path that is relative to their roots. */
    CompletionStage<ShowAnswer> of(Map<ProjectId, String> projects, ShowRequest asked, String revision) {
        return lakes.<ShowAnswer>all(projects, deadline, replyTo -> new LakeProtocol.Show(asked, replyTo))
                .thenApply(got -> one(asked.getPath(), projects, got.answers()))
                .exceptionallyCompose(
                        thrown -> revision.isBlank() || Faults.of(thrown).code() != FaultCode.NOT_FOUND
                                ? CompletableFuture.failedStage(thrown)
                                : fromRepositories(asked, revision.strip(), projects, Faults.of(thrown)));
    }

    private static ShowAnswer one(String path, Map<ProjectId, String> names, Map<ProjectId, ShowAnswer> answers) {
        if (answers.size() > 1) {
            throw new DoorFault(
                    FaultCode.INVALID_ARGUMENT,
                    "'" + path + "' is in several projects: "
                            + answers.keySet().stream().map(names::get).collect(Collectors.joining(", "))
                            + "; name one with --project");
        }
        return answers.values().iterator().next();
    }

    private CompletionStage<ShowAnswer> fromRepositories(
            ShowRequest request, String revision, Map<ProjectId, String> projects, DoorFault ofLake) {
        CompletionStage<List<ShowAnswer>> found = CompletableFuture.completedFuture(List.of());
        for (ProjectId project : projects.keySet()) {
            CompletionStage<List<ShowAnswer>> one = repository
                    .apply(new PastFile(project, request.getPath(), revision))
                    .thenApply(file -> file.text().isPresent() || request.getOrAbsent()
                            ? List.of(answer(project, request.getPath(), file))
                            : List.<ShowAnswer>of())
                    // The lake's own reason is told; that the repository has none either adds nothing.
                    .exceptionally(_ -> List.of());
            found = found.thenCombine(one, (left, right) -> {
                List<ShowAnswer> both = new ArrayList<>(left);
                both.addAll(right);
                return both;
            });
        }
        return found.thenApply(answers -> {
            if (answers.isEmpty()) {
                throw new CompletionException(ofLake);
            }
            if (answers.size() > 1) {
                throw new DoorFault(
                        FaultCode.INVALID_ARGUMENT,
                        "'" + request.getPath() + "' is in several projects at " + revision
                                + "; name one with --project");
            }
            return answers.getFirst();
        });
    }

    private static ShowAnswer answer(ProjectId project, String path, RevisionFile file) {
        ShowAnswer.Builder answer = ShowAnswer.newBuilder()
                .setProject(project.value())
                .setPath(path)
                .setAsOf(AsOf.newBuilder().setProject(project.value()).setCommit(file.commit()))
                .setAbsent(file.text().isEmpty())
                .setSource("git");
        file.text()
                .ifPresent(text -> answer.setText(text)
                        .setLanguage(Language.ofPath(path).id())
                        .setContentHash(ContentHash.of(text).hex()));
        return answer.build();
    }
}
