package ai.postdev.developer.ingest;

import ai.postdev.actors.op.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One commit as git tells it.
 *
 * @param authorMillis when it was written
 * @param message whole, as written
 * @param changes against the first parent; empty for a merge
 */
public record CommitRecord(
        String id,
        List<String> parents,
        String author,
        String email,
        long authorMillis,
        String message,
        List<Change> changes) {
    /** Lines of one file; -1 for binary content. */
    public record Change(String path, int added, int removed) {}

    /**
     * The event that remembers this commit: attributes {@code commit}, {@code author}, {@code email}, {@code parents},
     * {@code files}, {@code added}, {@code removed}, and {@code changes}: {@code added/removed} for each of the paths, in
     * their order, {@code -/-} for binary content.
     *
     * @param redact cuts credentials out of the message, the names and the paths
     * @param pathsMax paths beyond this number are counted in {@code files} only
     */
    public Body.AppendEvent toEvent(UnaryOperator<String> redact, int pathsMax) {
        long added = 0;
        long removed = 0;
        List<String> paths = new ArrayList<>();
        StringBuilder counts = new StringBuilder();
        for (Change change : changes) {
            added += Math.max(0, change.added);
            removed += Math.max(0, change.removed);
            if (paths.size() < pathsMax) {
                paths.add(redact.apply(change.path));
                counts.append(counts.isEmpty() ? "" : " ")
                        .append(change.added < 0 ? "-/-" : change.added + "/" + change.removed);
            }
        }
        Map<String, String> attributes = new TreeMap<>();
        attributes.put("commit", id);
        attributes.put("author", redact.apply(author));
        attributes.put("email", redact.apply(email));
        attributes.put("parents", String.join(" ", parents));
        attributes.put("files", Integer.toString(changes.size()));
        attributes.put("added", Long.toString(added));
        attributes.put("removed", Long.toString(removed));
        attributes.put("changes", counts.toString());
        return new Body.AppendEvent("commit", authorMillis, redact.apply(message.strip()), attributes, paths);
    }
}
