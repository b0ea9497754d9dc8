package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** Asks lakes: one, or several side by side within one deadline. */
final class Lakes {
    private final ActorSystem<?> system;
    private final Function<ProjectId, ? extends RecipientRef<LakeProtocol.Command>> lakes;
    private final Function<ProjectId, Optional<String>> absence;

    Lakes(
            ActorSystem<?> system,
            Function<ProjectId, ? extends RecipientRef<LakeProtocol.Command>> lakes,
            Function<ProjectId, Optional<String>> absence) {
        this.system = system;
        this.lakes = lakes;
        this.absence = absence;
    }

    /**
     * What came back.
     *
     * @param answers by project, in the order they were asked
     * @param missing for each lake that gave no answer, why
     * @param unheard those of {@code missing} that may have held what was asked for
     */
    record Gathered<T>(Map<ProjectId, T> answers, List<String> missing, List<String> unheard) {}

    /** Asks one lake. A refusal or silence is a {@link DoorFault}. */
    <T> CompletionStage<T> one(
            ProjectId project, Duration deadline, Function<ActorRef<Reply<T>>, LakeProtocol.Command> command) {
        return ask(project, deadline, command).thenApply(reply -> switch (reply) {
            case Reply.Answered<T>(T answer) -> answer;
            case Reply.Refused<T> refused -> throw Faults.of(refused);
        });
    }

    /**
     * Asks several lakes. Those that do not answer are named in {@link Gathered#missing()}; if none answers, or if the
     * request itself is wrong, the call fails with the reason that says most.
     */
    <T> CompletionStage<Gathered<T>> all(
            Map<ProjectId, String> projects,
            Duration deadline,
            Function<ActorRef<Reply<T>>, LakeProtocol.Command> command) {
        return all(projects, project -> ask(project, deadline, command));
    }

    /** The same for any way of asking one project. */
    <T> CompletionStage<Gathered<T>> all(
            Map<ProjectId, String> projects, Function<ProjectId, CompletionStage<Reply<T>>> asking) {
        return replies(projects, asking).thenApply(replies -> gather(projects, replies));
    }

    /** Asks several lakes; silence is a refusal, so that there is a reply from each. */
    <T> CompletionStage<Map<ProjectId, Reply<T>>> replies(
            Map<ProjectId, String> projects,
            Duration deadline,
            Function<ActorRef<Reply<T>>, LakeProtocol.Command> command) {
        return replies(projects, project -> ask(project, deadline, command));
    }

    private static <T> CompletionStage<Map<ProjectId, Reply<T>>> replies(
            Map<ProjectId, String> projects, Function<ProjectId, CompletionStage<Reply<T>>> asking) {
        Map<ProjectId, CompletableFuture<Reply<T>>> asked = new LinkedHashMap<>();
        projects.keySet()
                .forEach(project -> asked.put(project, asking.apply(project).toCompletableFuture()));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .thenApply(_ -> {
                    Map<ProjectId, Reply<T>> replies = new LinkedHashMap<>();
                    asked.forEach((project, future) -> replies.put(project, future.join()));
                    return replies;
                });
    }

    private <T> Gathered<T> gather(Map<ProjectId, String> projects, Map<ProjectId, Reply<T>> replies) {
        Map<ProjectId, T> answers = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        List<String> unheard = new ArrayList<>();
        Map<Reply.Reason, Reply.Refused<T>> refusals = new EnumMap<>(Reply.Reason.class);
        replies.forEach((project, reply) -> {
            switch (reply) {
                case Reply.Answered<T>(T answer) -> answers.put(project, answer);
                case Reply.Refused<T> refused -> {
                    refusals.putIfAbsent(refused.reason(), refused);
                    String why = projects.get(project) + ": " + refused.message();
                    missing.add(why);
                    if (refused.reason() != Reply.Reason.NOT_FOUND) {
                        unheard.add(why);
                    }
                }
            }
        });
        if (refusals.containsKey(Reply.Reason.INVALID)) {
            throw Faults.of(refusals.get(Reply.Reason.INVALID));
        }
        if (answers.isEmpty() && !refusals.isEmpty()) {
            // A lake that could not be asked may have held it, so "not found" is only said when all were asked.
            Reply.Refused<T> worst = refusals.entrySet().stream()
                    .filter(entry -> entry.getKey() != Reply.Reason.NOT_FOUND)
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElseGet(() -> refusals.get(Reply.Reason.NOT_FOUND));
            throw new DoorFault(
                    Faults.code(worst.reason()), missing.size() == 1 ? worst.message() : String.join("; ", missing));
        }
        return new Gathered<>(answers, missing, unheard);
    }

    /** Asks one lake; silence is a refusal. */
    <T> CompletionStage<Reply<T>> ask(
            ProjectId project, Duration deadline, Function<ActorRef<Reply<T>>, LakeProtocol.Command> command) {
        Optional<String> away = absence.apply(project);
        if (away.isPresent()) {
            return CompletableFuture.completedFuture(new Reply.Refused<>(Reply.Reason.UNAVAILABLE, away.get()));
        }
        CompletionStage<Reply<T>> asked =
                AskPattern.ask(lakes.apply(project), command::apply, deadline, system.scheduler());
        return asked.exceptionally(thrown -> {
            DoorFault fault = Faults.of(thrown);
            return fault.code() == FaultCode.DEADLINE_EXCEEDED
                    ? new Reply.Refused<>(
                            Reply.Reason.UNAVAILABLE,
                            "the lake of " + project + " did not answer within " + deadline.toMillis() + " ms")
                    : new Reply.Refused<>(Reply.Reason.FAILED, fault.getMessage());
        });
    }
}
