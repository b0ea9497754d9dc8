package ai.postdev.dragon.lake.code;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.WorkspaceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The paths and contents of the code engine. Grows only; the engine's owner writes, any thread reads. */
final class CodeTables {
    private static final PathHistory[] NONE = new PathHistory[0];
    private static final Blob[] NO_BLOBS = new Blob[0];

    private final ConcurrentNavigableMap<WorkspaceId, Workspace> workspaces = new ConcurrentSkipListMap<>();
    /** For each name of a file the path that arrived last with it; each leads to the one before. */
    private final ConcurrentMap<String, PathHistory> byName = new ConcurrentHashMap<>();

    private final ConcurrentMap<ContentHash, Blob> blobs = new ConcurrentHashMap<>();
    private volatile Blob[] byNumber = NO_BLOBS;
    private int blobCount;

    /** The paths of one workspace, by name and in order. */
    private static final class Workspace {
        private static final Comparator<PathHistory> BY_PATH = Comparator.comparing(PathHistory::path);

        private final ConcurrentMap<String, PathHistory> paths = new ConcurrentHashMap<>();
        /** In order of arrival, as many as {@code count}; then nothing. */
        private volatile PathHistory[] arrived = NONE;

        private volatile int count;
        private volatile PathHistory[] sorted = NONE;

        /** By the owner only. */
        void add(PathHistory history) {
            paths.put(history.path(), history);
            int next = count;
            PathHistory[] room = arrived;
            if (next == room.length) {
                room = Arrays.copyOf(room, Math.max(64, 2 * next));
            }
            room[next] = history;
            arrived = room;
            count = next + 1;
        }

        /**
         * The paths in order. May hold paths that are newer than the caller's view, which shows nothing at them; never
         * lacks one that the view shows, as the count was raised before the view was made.
         */
        PathHistory[] sorted() {
            int now = count;
            PathHistory[] known = sorted;
            if (known.length >= now) {
                return known;
            }
            // Those known are the first that arrived, in order: the sort merges the few others into them.
            PathHistory[] fresh = Arrays.copyOf(known, now);
            System.arraycopy(arrived, known.length, fresh, known.length, now - known.length);
            Arrays.sort(fresh, BY_PATH);
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
        String name = PathHistory.name(path);
        PathHistory history = new PathHistory(id, path, byName.get(name));
        workspace.add(history);
        byName.put(name, history);
        return history;
    }

    Optional<PathHistory> knownPath(WorkspaceId id, String path) {
        return Optional.ofNullable(workspaces.get(id)).map(workspace -> workspace.paths.get(path));
    }

    /** The path that arrived last with this name of a file, in any workspace; null if there is none. */
    PathHistory lastNamed(String name) {
        return byName.get(name);
    }

    List<WorkspaceId> workspaces() {
        return List.copyOf(workspaces.keySet());
    }

    /** The paths of a workspace in order. */
    PathHistory[] paths(WorkspaceId id) {
        Workspace workspace = workspaces.get(id);
        return workspace == null ? NONE : workspace.sorted();
    }

    /** The content in this language, made if it is new. */
    Blob blob(ContentHash hash, Language language, long size) {
        Blob at = blobs.computeIfAbsent(hash, _ -> numbered(new Blob(hash, language, size, blobCount)));
        while (at.language() != language) {
            if (at.other() == null) {
                at.other(numbered(new Blob(hash, language, size, blobCount)));
            }
            at = at.other();
        }
        return at;
    }

    private Blob numbered(Blob fresh) {
        if (blobCount == byNumber.length) {
            byNumber = Arrays.copyOf(byNumber, Math.max(16, blobCount + (blobCount >> 1)));
        }
        byNumber[blobCount++] = fresh;
        return fresh;
    }

    /** The content with this number. Readers know numbers from what was made after the content was noted here. */
    Blob numbered(int number) {
        return byNumber[number];
    }

    /** How many contents are numbered. By the owner only. */
    int blobCount() {
        return blobCount;
    }

    /** How many paths a workspace has or had, at least. */
    int pathCount(WorkspaceId id) {
        Workspace workspace = workspaces.get(id);
        return workspace == null ? 0 : workspace.count;
    }

    /** The content, to read its text: in a language in which the text is in memory if there is one. */
    Optional<Blob> anyBlob(ContentHash hash) {
        List<Blob> all = blobs(hash);
        return all.stream()
                .filter(blob -> blob.place() != TextSlabs.NOWHERE)
                .findFirst()
                .or(() -> all.stream().findFirst());
    }

    /** The content in each language in which it was brought; the first brought is the first. */
    List<Blob> blobs(ContentHash hash) {
        Blob first = blobs.get(hash);
        if (first == null || first.other() == null) {
            return first == null ? List.of() : List.of(first);
        }
        List<Blob> all = new ArrayList<>();
        for (Blob blob = first; blob != null; blob = blob.other()) {
            all.add(blob);
        }
        return all;
    }

    /** The content in this language, if it was ever brought. */
    Optional<Blob> known(ContentHash hash, Language language) {
        return blobs(hash).stream().filter(blob -> blob.language() == language).findFirst();
    }

    /** The syntax of the content; of several languages the one that found most. Empty while none is parsed. */
    Optional<Blob.Parsed> parsed(ContentHash hash) {
        return blobs(hash).stream()
                .map(Blob::parsed)
                .filter(Objects::nonNull)
                .max(Comparator.comparingInt(parsed -> parsed.syntax().symbols().size()));
    }

    /** Every content in every language. */
    List<Blob> blobs() {
        List<Blob> all = new ArrayList<>();
        for (Blob first : blobs.values()) {
            for (Blob blob = first; blob != null; blob = blob.other()) {
                all.add(blob);
            }
        }
        return all;
    }
}
