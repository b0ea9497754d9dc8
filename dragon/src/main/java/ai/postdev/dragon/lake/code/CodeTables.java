package ai.postdev.dragon.lake.code;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.WorkspaceId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The paths and contents of the code engine. Grows only; the engine's owner writes, any thread reads. */
final class CodeTables {
    private static final PathHistory[] NONE = new PathHistory[0];

    private final ConcurrentNavigableMap<WorkspaceId, Workspace> workspaces = new ConcurrentSkipListMap<>();
    private final ConcurrentMap<ContentHash, Blob> blobs = new ConcurrentHashMap<>();

    /** The paths of one workspace, also as an array for fast passes. */
    private static final class Workspace {
        private final ConcurrentNavigableMap<String, PathHistory> paths = new ConcurrentSkipListMap<>();
        private volatile int count;
        private volatile PathHistory[] sorted = NONE;

        /**
         * The paths in order. May hold paths that are newer than the caller's view, which shows nothing at them; never
         * lacks one that the view shows, as the count was raised before the view was made.
         */
        PathHistory[] sorted() {
            PathHistory[] known = sorted;
            if (known.length >= count) {
                return known;
            }
            PathHistory[] fresh = paths.values().toArray(NONE);
            sorted = fresh;
            return fresh;
        }
    }

    /** The history of a path, made if it is new. */
    PathHistory path(WorkspaceId id, String path) {
        Workspace workspace = workspaces.computeIfAbsent(id, _ -> new Workspace());
        PathHistory known = workspace.paths.get(path);
        if (known != null) {
            return known;
        }
        PathHistory history = new PathHistory(id, path);
        workspace.paths.put(path, history);
        workspace.count++;
        return history;
    }

    Optional<PathHistory> knownPath(WorkspaceId id, String path) {
        return Optional.ofNullable(workspaces.get(id)).map(workspace -> workspace.paths.get(path));
    }

    List<WorkspaceId> workspaces() {
        return List.copyOf(workspaces.keySet());
    }

    /** The paths of a workspace in order. */
    PathHistory[] paths(WorkspaceId id) {
        Workspace workspace = workspaces.get(id);
        return workspace == null ? NONE : workspace.sorted();
    }

    /** The content, made if it is new. */
    Blob blob(ContentHash hash, Language language, long size) {
        return blobs.computeIfAbsent(hash, _ -> new Blob(hash, language, size));
    }

    Optional<Blob> knownBlob(ContentHash hash) {
        return Optional.ofNullable(blobs.get(hash));
    }

    Collection<Blob> blobs() {
        return blobs.values();
    }
}
