package ai.postdev.dragon.lake;

import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.metadata.SettingValue;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Turns the {@code at} of a request into the code as it was: a sequence, an ISO 8601 instant, or the commit that a
 * workspace was at. Pure.
 *
 * <p>The door has a type of its own for times, {@code Moments} of the gateway, and both are needed: the door
 * understands how people write ("2h", "yesterday 15:00") by the clock and zone of the node that was asked, and makes it
 * absolute before it asks lakes on other nodes, whose clock and zone may differ; a lake understands only what is
 * absolute, and alone knows which sequence a commit or an instant was.
 */
final class At {
    private static final int SEQUENCE_DIGITS_MAX = 12;

    private At() {}

    /** The code at {@code at}; empty if the lake does not reach back there. An empty {@code at} is now. */
    static Optional<CodeView> of(Views views, String at) {
        if (at.isBlank()) {
            return Optional.of(views.code());
        }
        Optional<CodeView> ofCommit = commit(views, at);
        if (ofCommit.isPresent()) {
            return ofCommit;
        }
        if (at.matches("\\d{1," + SEQUENCE_DIGITS_MAX + "}")) {
            return Optional.of(views.code().at(Long.parseLong(at)));
        }
        try {
            CodeView then = views.code().atTime(Instant.parse(at));
            return then.documents().isEmpty() ? Optional.empty() : Optional.of(then);
        } catch (DateTimeParseException _) {
            // Neither time nor known commit: the caller says what the lake knows.
            return Optional.empty();
        }
    }

    /** What the lake answers when it does not reach back to {@code at}. */
    static String beyond(Views views, String at) {
        String since = views.code().documents().stream()
                .min(Comparator.comparing(document -> document.time()))
                .map(document -> document.time().instant().toString())
                .orElse("nothing");
        return "the lake does not know '" + at + "': it remembers since " + since
                + "; give a later time, a sequence, a commit that was checked out since, or anything that git knows in"
                + " a watched repository";
    }

    /** The last state before the workspace left that commit. */
    private static Optional<CodeView> commit(Views views, String at) {
        if (!at.matches("[0-9a-f]{4,40}")) {
            return Optional.empty();
        }
        return views.code().workspaces().stream()
                .flatMap(workspace -> lastSequence(views, workspace, at).stream())
                .max(Comparator.naturalOrder())
                .map(sequence -> views.code().at(sequence));
    }

    private static Optional<Long> lastSequence(Views views, WorkspaceId workspace, String commit) {
        List<SettingValue> newestFirst = views.metadata().settingHistory("workspace/" + workspace + "/commit");
        long next = Long.MAX_VALUE;
        for (SettingValue value : newestFirst) {
            if (value.value().startsWith(commit)) {
                return Optional.of(next == Long.MAX_VALUE ? views.code().sequence() : next - 1);
            }
            next = value.sequence();
        }
        return Optional.empty();
    }

    /** The commit that a workspace was at when {@code sequence} had been applied; empty if the lake did not know one. */
    static String commitOf(Views views, WorkspaceId workspace, long sequence) {
        return views.metadata().settingHistory("workspace/" + workspace + "/commit").stream()
                .filter(value -> value.sequence() <= sequence)
                .map(SettingValue::value)
                .findFirst()
                .orElse("");
    }

    /** Every workspace that the lake knows of, with or without documents. */
    static Stream<WorkspaceId> workspaces(Views views) {
        return Stream.concat(
                        views.code().workspaces().stream(),
                        views.metadata().settings().keySet().stream()
                                .filter(key -> key.startsWith("workspace/") && key.endsWith("/root"))
                                .map(key -> new WorkspaceId(
                                        key.substring("workspace/".length(), key.length() - "/root".length()))))
                .distinct()
                .sorted();
    }
}
