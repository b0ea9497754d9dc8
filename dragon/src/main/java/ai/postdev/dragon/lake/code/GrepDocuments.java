package ai.postdev.dragon.lake.code;

import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.ngram.Candidates;
import ai.postdev.dragon.lake.code.ngram.GramQuery;
import ai.postdev.dragon.lake.code.ngram.NgramView;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The documents of a view that may match, one after the other in the order of workspace and path. When the index leaves
 * few contents, their documents are looked up and sorted; otherwise the paths are walked in order, only as far as
 * somebody asks. Not safe for several threads at once, except {@link #candidates}.
 */
final class GrepDocuments {
    /** The documents are looked up when they are fewer than this part of all paths: sorting costs more than walking. */
    private static final int WALKED_PER_LOOKED_UP = 32;

    private static final Comparator<PathHistory.Version> BY_PLACE = Comparator.comparing(
                    (PathHistory.Version version) -> version.document().workspace())
            .thenComparing(version -> version.document().path());

    private final EngineView view;
    private final Predicate<Document> filter;
    private final BlobIndex.Snapshot snapshot;
    private final NgramView indexed;
    /** Null if the index tells nothing. */
    private final Candidates candidates;

    /** The numbers of the contents of which the index leaves a part; null if it tells nothing. */
    private final BitSet left;

    private final List<WorkspaceId> workspaces;
    private int workspace;
    private PathHistory[] paths = new PathHistory[0];
    private int path;
    /** Null while the paths are walked. */
    private List<PathHistory.Version> lookedUp;

    GrepDocuments(EngineView view, GramQuery query, Predicate<Document> filter) {
        this.view = view;
        this.filter = filter;
        this.snapshot = view.grams();
        this.indexed = snapshot.indexed();
        this.workspaces = view.workspaces();
        boolean helps = !(query instanceof GramQuery.All) && indexed.segments() > 0;
        this.candidates = helps ? indexed.candidates(query) : null;
        this.left = helps ? candidates.blobs() : null;
        if (helps && !view.past()) {
            lookUp();
        }
    }

    /** What the index leaves of this content; null if all of it has to be looked through. */
    Candidates candidates(Blob blob) {
        return candidates != null && indexed.holds(blob.number()) ? candidates : null;
    }

    /** The next document; null if there is none. */
    PathHistory.Version next() {
        if (lookedUp != null) {
            return path < lookedUp.size() ? lookedUp.get(path++) : null;
        }
        while (true) {
            if (path == paths.length) {
                if (workspace == workspaces.size()) {
                    return null;
                }
                paths = view.tables().paths(workspaces.get(workspace++));
                path = 0;
                continue;
            }
            PathHistory next = paths[path++];
            if (left != null
                    && !view.past()
                    && !mayMatch(next.numberAt(view.bound().position()))) {
                continue;
            }
            PathHistory.Version version = next.documentAt(view.bound());
            if (version != null && mayMatch(version.blob().number()) && filter.test(version.document())) {
                return version;
            }
        }
    }

    private boolean mayMatch(int number) {
        return number == PathHistory.OLDER
                || number >= 0 && (left == null || left.get(number) || !indexed.holds(number));
    }

    /** Takes the candidates and what is not indexed yet, if they are few. */
    private void lookUp() {
        long walked = 0;
        for (WorkspaceId id : workspaces) {
            walked += view.tables().pathCount(id);
        }
        long most = walked / WALKED_PER_LOOKED_UP;
        if (snapshot.waiting() > most || left.cardinality() + snapshot.waiting() > most) {
            return;
        }
        List<PathHistory.Version> versions = new ArrayList<>();
        left.stream().forEach(number -> add(view.tables().numbered(number), versions));
        for (int i = 0; i < snapshot.waiting(); i++) {
            Blob blob = snapshot.listed()[i];
            if (!indexed.holds(blob.number())) {
                add(blob, versions);
            }
        }
        versions.sort(BY_PLACE);
        lookedUp = versions;
    }

    private void add(Blob blob, List<PathHistory.Version> versions) {
        for (PathHistory holder : blob.holders()) {
            PathHistory.Version version = holder.documentAt(view.bound());
            if (version != null && version.blob() == blob && filter.test(version.document())) {
                versions.add(version);
            }
        }
    }
}
