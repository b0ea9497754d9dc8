package ai.postdev.coordinator.gateway;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.Reply.Reason;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Asks one project about a moment of its past. Git knows its commits exactly, so it is asked first when a revision is
 * named, and the lake, which may remember a commit that git has thrown away, after it. For a time the lake goes first: it
 * knows what was not committed then; what was before its own beginning git tells.
 *
 * @param lake asks the lake
 * @param repository asks the repository
 */
record PastCall<T>(
        Function<ProjectId, CompletionStage<Reply<T>>> lake,
        Function<ProjectId, CompletionStage<Reply<T>>> repository) {
    /** Digits up to this length are a sequence of the lake; git shows commits with seven or more. */
    private static final int SEQUENCE_DIGITS_MAX = 6;

    /** How a moment is named. */
    enum Kind {
        SEQUENCE,
        TIME,
        REVISION;

        static Kind of(String at) {
            if (at.matches("\\d{1," + SEQUENCE_DIGITS_MAX + "}")) {
                return SEQUENCE;
            }
            try {
                Instant.parse(at);
                return TIME;
            } catch (DateTimeParseException _) {
                // whatever is no time is for git to understand
                return REVISION;
            }
        }
    }

    /** @param at absolute, as {@link Moments#at} makes it */
    CompletionStage<Reply<T>> ask(ProjectId project, String at) {
        return switch (Kind.of(at)) {
            case SEQUENCE -> lake.apply(project);
            case TIME -> firstThen(project, lake, repository);
            case REVISION -> firstThen(project, repository, lake);
        };
    }

    /** The second is asked when the first does not know or cannot be asked; if both refuse, both say why. */
    private CompletionStage<Reply<T>> firstThen(
            ProjectId project,
            Function<ProjectId, CompletionStage<Reply<T>>> first,
            Function<ProjectId, CompletionStage<Reply<T>>> second) {
        return first.apply(project).thenCompose(reply -> switch (reply) {
            case Reply.Refused<T> refused
            when mayBeKnownElsewhere(refused) -> second.apply(project).thenApply(other -> either(refused, other));
            case Reply.Refused<T> _, Reply.Answered<T> _ -> CompletableFuture.completedFuture(reply);
        });
    }

    private static boolean mayBeKnownElsewhere(Reply.Refused<?> refused) {
        return switch (refused.reason()) {
            case NOT_FOUND, UNAVAILABLE, FAILED -> true;
            case INVALID, OVERLOADED, PRECONDITION -> false;
        };
    }

    private static <T> Reply<T> either(Reply.Refused<T> first, Reply<T> other) {
        return switch (other) {
            case Reply.Answered<T> _ -> other;
            case Reply.Refused<T> second ->
                new Reply.Refused<>(
                        first.reason() == Reason.NOT_FOUND ? second.reason() : first.reason(),
                        first.message() + "; " + second.message());
        };
    }
}
