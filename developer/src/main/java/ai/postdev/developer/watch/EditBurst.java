package ai.postdev.developer.watch;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.WorkspaceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Collects the documents that a person or tool changed in one go, for one {@code edit} event. A file that vanished and
 * one that appeared with the same content count as renamed. Single-threaded.
 */
final class EditBurst {
    private static final int PATHS_MAX = 200;
    private static final int NAMED_MAX = 3;

    private final TreeSet<String> paths = new TreeSet<>();
    private final Map<ContentHash, String> vanished = new HashMap<>();
    private final Map<ContentHash, String> appeared = new HashMap<>();
    private long dropped;

    /** A document changed: {@code before} is empty if it is new, {@code after} if it is gone. */
    void changed(String path, Optional<ContentHash> before, Optional<ContentHash> after) {
        if (paths.size() >= PATHS_MAX && !paths.contains(path)) {
            dropped++;
            return;
        }
        paths.add(path);
        if (before.isEmpty()) {
            after.ifPresent(hash -> appeared.put(hash, path));
        }
        if (after.isEmpty()) {
            before.ifPresent(hash -> vanished.put(hash, path));
        }
    }

    /** Forgets what was collected: it was not an edit but a change of branch. */
    void clear() {
        paths.clear();
        vanished.clear();
        appeared.clear();
        dropped = 0;
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    /** The event for what was collected, which is forgotten. */
    Body.AppendEvent take(WorkspaceId workspace, String branch, long nowMillis) {
        Map<String, String> attributes = new TreeMap<>();
        attributes.put("workspace", workspace.value());
        attributes.put("files", Long.toString(paths.size() + dropped));
        if (!branch.isEmpty()) {
            attributes.put("branch", branch);
        }
        TreeSet<String> renames = new TreeSet<>();
        vanished.forEach((hash, from) -> {
            String to = appeared.get(hash);
            if (to != null) {
                renames.add(from + " -> " + to);
            }
        });
        if (!renames.isEmpty()) {
            attributes.put("renamed", String.join("\n", renames));
        }
        String text = renames.isEmpty() ? "edited " + named() : "renamed " + String.join(", ", renames);
        Body.AppendEvent event = new Body.AppendEvent("edit", nowMillis, text, attributes, List.copyOf(paths));
        clear();
        return event;
    }

    private String named() {
        String first = String.join(", ", paths.stream().limit(NAMED_MAX).toList());
        long more = paths.size() + dropped - NAMED_MAX;
        return more > 0 ? first + " and " + more + " more" : first;
    }
}
