package ai.postdev.dragon.lake.code;

import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.WorkspaceId;
import java.util.Arrays;

/** Every version of one path of one workspace, oldest first. Grows only; the engine's owner writes, any thread reads. */
final class PathHistory {
    private static final Version[] NONE = new Version[0];
    private static final long CHANGING = Long.MAX_VALUE;

    /** An answer of {@link #numberAt}: there is no document. */
    static final int NO_DOCUMENT = -1;
    /** An answer of {@link #numberAt}: the history has to be looked at. */
    static final int OLDER = -2;

    /**
     * One step.
     *
     * @param position in the order in which the engine applied operations; with it, sequence and time only grow
     * @param document null if the path was removed
     * @param blob null if the path was removed
     */
    record Version(long position, long sequence, HybridTime time, Document document, Blob blob) {}

    /**
     * How far a view sees.
     *
     * @param millis of the operation's time, inclusive
     */
    record Bound(long position, long sequence, long millis) {
        boolean covers(Version version) {
            return version.position() <= position
                    && version.sequence() <= sequence
                    && version.time().millis() <= millis;
        }
    }

    private final WorkspaceId workspace;
    private final String path;
    private final PathHistory formerNamed;
    /** The filled part comes first; the count is written after the entry, so a reader never sees a hole. */
    private volatile Version[] versions = NONE;

    private volatile int count;

    /** What {@link #numberAt} needs, close at hand: a search passes over most paths. */
    private volatile long lastPosition = CHANGING;

    private volatile int lastNumber;

    /** @param formerNamed the path before it whose last part is the same; null if there is none */
    PathHistory(WorkspaceId workspace, String path, PathHistory formerNamed) {
        this.workspace = workspace;
        this.path = path;
        this.formerNamed = formerNamed;
    }

    /** The last part of a path: the name of the file. */
    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The path that arrived before this one, in any workspace, with the same last part; null after the first. */
    PathHistory formerNamed() {
        return formerNamed;
    }

    WorkspaceId workspace() {
        return workspace;
    }

    String path() {
        return path;
    }

    void add(Version version) {
        int at = count;
        if (at == versions.length) {
            versions = Arrays.copyOf(versions, Math.max(1, at + (at >> 1) + 1));
        }
        versions[at] = version;
        count = at + 1;
        lastPosition = CHANGING;
        lastNumber = version.blob() == null ? NO_DOCUMENT : version.blob().number();
        lastPosition = version.position();
    }

    /**
     * The number of the content that was newest at this position, or one of {@link #NO_DOCUMENT} and {@link #OLDER}. If
     * the writer changes it meanwhile, the position differs when it is read again, as positions only grow.
     */
    int numberAt(long position) {
        long before = lastPosition;
        int number = lastNumber;
        return before <= position && before == lastPosition ? number : OLDER;
    }

    /** The newest version; null if there is none. */
    Version last() {
        int n = count;
        return n == 0 ? null : versions[n - 1];
    }

    /** How many versions a bound shows. */
    int count(Bound bound) {
        int n = count;
        Version[] all = versions;
        if (n > 0 && bound.covers(all[n - 1])) {
            return n;
        }
        int low = 0;
        int high = n;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bound.covers(all[middle])) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** What a bound shows at this path; null if there was nothing yet. A removal is a version too. */
    Version at(Bound bound) {
        int n = count(bound);
        return n == 0 ? null : versions[n - 1];
    }

    /** The version that a bound shows if it is a document, else null. */
    Version documentAt(Bound bound) {
        Version version = at(bound);
        return version == null || version.document() == null ? null : version;
    }

    /**
     * The greater of {@code floor} and the position of the version that took the place of this content for the last time;
     * {@link Long#MAX_VALUE} if the content is still the newest.
     */
    long supersededAt(Blob blob, long floor) {
        int n = count;
        Version[] all = versions;
        if (n > 0 && all[n - 1].blob() == blob) {
            return Long.MAX_VALUE;
        }
        for (int i = n - 2; i >= 0 && all[i + 1].position() > floor; i--) {
            if (all[i].blob() == blob) {
                return all[i + 1].position();
            }
        }
        return floor;
    }

    Version version(int index) {
        return versions[index];
    }
}
