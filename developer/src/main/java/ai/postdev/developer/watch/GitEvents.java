package ai.postdev.developer.watch;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.developer.watch.GitState.ReflogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What happened between two states of a repository, as events: {@code checkout}, {@code branch}, {@code merge},
 * {@code pull}, {@code rebase}, {@code reset}, {@code amend}, {@code cherry-pick}, {@code revert}, {@code stash},
 * {@code clone}. Plain commits are no events here: history remembers them as what they are. Each event carries
 * {@code id}, the same when the same happening is told twice.
 */
final class GitEvents {
    private final WorkspaceId workspace;
    private final UnaryOperator<String> redact;

    GitEvents(WorkspaceId workspace, UnaryOperator<String> redact) {
        this.workspace = workspace;
        this.redact = redact;
    }

    /**
     * Events that lead to {@code now}.
     *
     * @param before empty at the first reading: then only the reflog tells something
     */
    List<Body.AppendEvent> between(Optional<GitState> before, GitState now, long nowMillis) {
        List<Body.AppendEvent> events = new ArrayList<>();
        String rebaseStart = "";
        for (ReflogEntry entry : now.reflog()) {
            if (entry.message().startsWith("rebase") && entry.message().contains("(start)")) {
                rebaseStart = entry.before();
            }
            kind(entry).ifPresent(kind -> events.add(event(kind, entry)));
            if (!rebaseStart.isEmpty()
                    && !events.isEmpty()
                    && events.getLast().kind().equals("rebase")) {
                events.add(with(events.removeLast(), "before", rebaseStart));
                rebaseStart = "";
            }
        }
        before.ifPresent(old -> {
            branchEvents(old.branches(), now.branches(), nowMillis, events);
            if (!old.stash().equals(now.stash())) {
                events.add(stash(old.stash(), now.stash(), nowMillis));
            }
        });
        return events;
    }

    private static Optional<String> kind(ReflogEntry entry) {
        String message = entry.message();
        if (message.startsWith("commit (amend)")) {
            return Optional.of("amend");
        }
        if (message.startsWith("rebase")) {
            boolean ends = message.contains("(finish)") || message.contains("(abort)") || message.contains("finished");
            return ends ? Optional.of("rebase") : Optional.empty();
        }
        if (message.startsWith("commit")
                || (message.startsWith("reset") && entry.before().equals(entry.after()))) {
            return Optional.empty();
        }
        int end = 0;
        while (end < message.length() && (Character.isLowerCase(message.charAt(end)) || message.charAt(end) == '-')) {
            end++;
        }
        return end == 0 ? Optional.empty() : Optional.of(message.substring(0, end));
    }

    private Body.AppendEvent event(String kind, ReflogEntry entry) {
        Map<String, String> attributes = attributes(entry.before(), entry.after());
        attributes.put("id", workspace.value() + "-" + entry.marker().replace(' ', '-'));
        String moving = "checkout: moving from ";
        if (entry.message().startsWith(moving) && entry.message().contains(" to ")) {
            String[] fromTo = entry.message().substring(moving.length()).split(" to ", 2);
            attributes.put("from", redact.apply(fromTo[0]));
            attributes.put("to", redact.apply(fromTo[1]));
        }
        return new Body.AppendEvent(kind, entry.timeMillis(), redact.apply(entry.message()), attributes, List.of());
    }

    private void branchEvents(
            Map<String, String> before, Map<String, String> now, long nowMillis, List<Body.AppendEvent> events) {
        now.forEach((name, commit) -> {
            if (!before.containsKey(name)) {
                events.add(branch("created", redact.apply(name), "", commit, nowMillis));
            }
        });
        before.forEach((name, commit) -> {
            if (!now.containsKey(name)) {
                events.add(branch("deleted", redact.apply(name), commit, "", nowMillis));
            }
        });
    }

    private Body.AppendEvent branch(String action, String name, String before, String after, long nowMillis) {
        Map<String, String> attributes = attributes(before, after);
        attributes.put("branch", name);
        attributes.put("action", action);
        attributes.put("id", workspace.value() + "-" + nowMillis + "-" + action + "-" + name);
        return new Body.AppendEvent("branch", nowMillis, "branch " + name + " " + action, attributes, List.of());
    }

    private Body.AppendEvent stash(Optional<String> before, Optional<String> now, long nowMillis) {
        Map<String, String> attributes = attributes(before.orElse(""), now.orElse(""));
        String action = before.isEmpty() ? "pushed" : now.isEmpty() ? "emptied" : "changed";
        attributes.put("action", action);
        attributes.put("id", workspace.value() + "-" + nowMillis + "-stash-" + now.orElse(""));
        return new Body.AppendEvent("stash", nowMillis, "stash " + action, attributes, List.of());
    }

    private Map<String, String> attributes(String before, String after) {
        Map<String, String> attributes = new TreeMap<>();
        attributes.put("workspace", workspace.value());
        if (!before.isEmpty()) {
            attributes.put("before", before);
        }
        if (!after.isEmpty()) {
            attributes.put("commit", after);
        }
        return attributes;
    }

    private static Body.AppendEvent with(Body.AppendEvent event, String key, String value) {
        Map<String, String> attributes = new TreeMap<>(event.attributes());
        attributes.put(key, value);
        return new Body.AppendEvent(event.kind(), event.timeMillis(), event.text(), attributes, event.paths());
    }
}
