package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.text.LineDiff;
import ai.postdev.actors.text.UnifiedDiff;
import ai.postdev.coordinator.gateway.ProjectSelector.NamedFile;
import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.DiffRequest;
import ai.postdev.v1.DiffSide;
import ai.postdev.v1.Hunk;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/** Compares a file at two moments, each found as {@link ShowCall} finds it. */
final class DiffCall {
    private final ShowCall show;
    private final Moments moments;
    private final Executor comparing;

    /** @param comparing runs the comparison, which may take some hundred milliseconds */
    DiffCall(ShowCall show, Moments moments, Executor comparing) {
        this.show = show;
        this.moments = moments;
        this.comparing = comparing;
    }

    /** One moment of the file in one project: what it was, or why that is not known. */
    private record Side(Optional<ShowAnswer> answer, Optional<DoorFault> fault) {
        boolean isThere() {
            return answer.isPresent() && !answer.get().getAbsent();
        }
    }

    private record Pair(String project, Side from, Side to) {}

    CompletionStage<DiffAnswer> run(DiffRequest request, NamedFile file) {
        if (request.getFrom().isBlank()) {
            throw new DoorFault(
                    FaultCode.INVALID_ARGUMENT,
                    "diff needs a moment to compare with: --from TIME, COMMIT, HEAD~5 or a sequence");
        }
        CompletionStage<List<Pair>> pairs = CompletableFuture.completedFuture(List.of());
        for (Map.Entry<ProjectId, String> project : file.projects().entrySet()) {
            CompletionStage<Pair> pair = side(project, file.path(), request.getFrom())
                    .thenCombine(
                            side(project, file.path(), request.getTo()),
                            (from, to) -> new Pair(project.getValue(), from, to));
            pairs = pairs.thenCombine(pair, (left, right) -> {
                List<Pair> both = new ArrayList<>(left);
                both.add(right);
                return both;
            });
        }
        return pairs.thenApplyAsync(all -> compare(request, file.path(), one(request, file.path(), all)), comparing);
    }

    private CompletionStage<Side> side(Map.Entry<ProjectId, String> project, String path, String at) {
        ShowRequest request = ShowRequest.newBuilder()
                .setPath(path)
                .setAt(moments.at(at))
                .setOrAbsent(true)
                .build();
        return show.of(Map.of(project.getKey(), project.getValue()), request, at)
                .handle((answer, thrown) -> thrown == null
                        ? new Side(Optional.of(answer), Optional.empty())
                        : new Side(Optional.empty(), Optional.of(Faults.of(thrown))));
    }

    /** The project that holds the file at either moment. */
    private static Pair one(DiffRequest request, String path, List<Pair> pairs) {
        List<Pair> holding = pairs.stream()
                .filter(pair -> pair.from().isThere() || pair.to().isThere())
                .toList();
        if (holding.size() > 1) {
            throw new DoorFault(
                    FaultCode.INVALID_ARGUMENT,
                    "'" + path + "' is in several projects: "
                            + holding.stream().map(Pair::project).collect(Collectors.joining(", "))
                            + "; name one with --project");
        }
        Optional<DoorFault> fault = (holding.isEmpty() ? pairs : holding)
                .stream()
                        .flatMap(pair -> pair.from().fault().or(() -> pair.to().fault()).stream())
                        .findFirst();
        if (fault.isPresent()) {
            throw fault.get();
        }
        if (holding.isEmpty()) {
            throw new DoorFault(
                    FaultCode.NOT_FOUND,
                    "no file '" + path + "' at " + request.getFrom() + ", nor "
                            + (request.getTo().isBlank() ? "now" : "at " + request.getTo())
                            + "; paths are relative to the project's root");
        }
        return holding.getFirst();
    }

    private static DiffAnswer compare(DiffRequest request, String path, Pair pair) {
        ShowAnswer from = pair.from().answer().orElseThrow();
        ShowAnswer to = pair.to().answer().orElseThrow();
        LineDiff diff = LineDiff.of(from.getText(), to.getText());
        List<Hunk> hunks = UnifiedDiff.hunks(diff);
        DiffAnswer.Builder answer = DiffAnswer.newBuilder()
                .setProject(from.getProject())
                .setPath(path)
                .setFrom(side(request.getFrom(), from))
                .setTo(side(request.getTo(), to))
                .setAdded(diff.added())
                .setRemoved(diff.removed())
                .setMinimal(diff.minimal())
                .addAllHunks(hunks);
        boolean created = from.getAbsent();
        boolean removed = to.getAbsent();
        if (!created && !removed && hunks.isEmpty()) {
            return answer.setChange("none").build();
        }
        UnifiedDiff.Change change = created
                ? UnifiedDiff.Change.CREATED
                : removed ? UnifiedDiff.Change.REMOVED : UnifiedDiff.Change.MODIFIED;
        return answer.setChange(change.name().toLowerCase(Locale.ROOT))
                .setDiff(UnifiedDiff.of(path, change, hunks))
                .build();
    }

    private static DiffSide side(String at, ShowAnswer answer) {
        return DiffSide.newBuilder()
                .setAt(at)
                .setAsOf(answer.getAsOf())
                .setSource(answer.getSource())
                .setContentHash(answer.getContentHash())
                .setAbsent(answer.getAbsent())
                .build();
    }
}
