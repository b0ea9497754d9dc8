package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The keys of the journal's families. Ids consist of {@code [0-9a-z-]}, so a zero byte ends them and the order of keys
 * is project, origin, sequence.
 */
final class JournalKeys {
    private static final byte END = 0;
    private static final byte AFTER_END = 1;

    private JournalKeys() {}

    /** Where an operation stands. */
    record Slot(ProjectId project, Origin origin, long sequence) {
        boolean sameOrigin(Slot other) {
            return project.equals(other.project) && origin.equals(other.origin);
        }

        @Override
        public String toString() {
            return "operation " + sequence + " of origin " + origin + " in project " + project;
        }
    }

    static byte[] operation(ProjectId project, Origin origin, long sequence) {
        byte[] prefix = origin(project, origin, END);
        return ByteBuffer.allocate(prefix.length + Long.BYTES)
                .put(prefix)
                .putLong(sequence)
                .array();
    }

    static byte[] operation(Slot slot) {
        return operation(slot.project(), slot.origin(), slot.sequence());
    }

    /** The least key after every operation of this origin. */
    static byte[] afterOrigin(ProjectId project, Origin origin) {
        return origin(project, origin, AFTER_END);
    }

    /** The least key of a project. */
    static byte[] project(ProjectId project) {
        return terminated(project.value(), END);
    }

    /** The least key after every key of a project. */
    static byte[] afterProject(ProjectId project) {
        return terminated(project.value(), AFTER_END);
    }

    /** Reads an operation's key; fails with {@link IllegalArgumentException} on anything else. */
    static Slot slot(byte[] key) {
        int projectEnd = indexOfEnd(key, 0);
        int originEnd = projectEnd < 0 ? -1 : indexOfEnd(key, projectEnd + 1);
        if (originEnd < 0 || key.length != originEnd + 1 + Long.BYTES) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes is no operation's key");
        }
        return new Slot(
                new ProjectId(new String(key, 0, projectEnd, StandardCharsets.US_ASCII)),
                new Origin(new String(key, projectEnd + 1, originEnd - projectEnd - 1, StandardCharsets.US_ASCII)),
                ByteBuffer.wrap(key, originEnd + 1, Long.BYTES).getLong());
    }

    /**
     * The sequence in a key that begins like another one's; -1 if it is of another project or origin.
     *
     * @param of the key of an operation
     */
    static long sequence(byte[] key, byte[] of) {
        int prefix = of.length - Long.BYTES;
        return key.length == of.length && Arrays.equals(key, 0, prefix, of, 0, prefix)
                ? ByteBuffer.wrap(key).getLong(prefix)
                : -1;
    }

    /** Where it is noted with which sequence an origin begins, if not with 1. */
    static byte[] start(ProjectId project, Origin origin) {
        return noted(origin(project, origin, END));
    }

    /** The least key of such notes of a project. */
    static byte[] starts(ProjectId project) {
        return noted(project(project));
    }

    /** The least key after every such note of a project. */
    static byte[] afterStarts(ProjectId project) {
        return noted(afterProject(project));
    }

    /** Whether a key is such a note. */
    static boolean isStart(byte[] key) {
        byte[] prefix = noted(new byte[0]);
        return key.length > prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Where it is noted that the events which the operation at {@code slot} drops are erased. */
    static byte[] erasure(Slot slot) {
        return prefixed("erased ", operation(slot));
    }

    /** The least key of such notes of a project; under it itself: how many bytes were erased whose room is not given back. */
    static byte[] erasures(ProjectId project) {
        return prefixed("erased ", project(project));
    }

    /** The least key after every such note of a project. */
    static byte[] afterErasures(ProjectId project) {
        return prefixed("erased ", afterProject(project));
    }

    /** Where it is noted for which folder a project was restored. */
    static byte[] folder(ProjectId project) {
        return prefixed("folder ", project(project));
    }

    /** The least key of such notes. */
    static byte[] folders() {
        return prefixed("folder ", new byte[0]);
    }

    /** The project of such a note; empty for any other key. */
    static Optional<ProjectId> folderOf(byte[] key) {
        byte[] prefix = folders();
        int from = prefix.length;
        boolean isOne = key.length > from + 1
                && Arrays.equals(key, 0, from, prefix, 0, from)
                && indexOfEnd(key, from) == key.length - 1;
        return isOne
                ? Optional.of(new ProjectId(new String(key, from, key.length - from - 1, StandardCharsets.US_ASCII)))
                : Optional.empty();
    }

    private static byte[] noted(byte[] key) {
        return prefixed("start ", key);
    }

    private static byte[] prefixed(String word, byte[] key) {
        byte[] prefix = word.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(prefix.length + key.length)
                .put(prefix)
                .put(key)
                .array();
    }

    static byte[] blob(ContentHash hash) {
        return hash.toBytes();
    }

    static byte[] derived(String kind, ContentHash hash) {
        byte[] prefix = kind(kind);
        return ByteBuffer.allocate(prefix.length + ContentHash.BYTES)
                .put(prefix)
                .put(hash.toBytes())
                .array();
    }

    /** The least key of a kind of derived data. */
    static byte[] kind(String kind) {
        if (!kind.matches("[0-9a-z.-]{1,64}")) {
            throw new IllegalArgumentException("kind must be 1 to 64 of [0-9a-z.-], found '" + kind + "'");
        }
        return terminated(kind, END);
    }

    /** The least key after every key of a kind. */
    static byte[] afterKind(String kind) {
        return terminated(kind, AFTER_END);
    }

    /** The kind in a derived key. */
    static String kindOf(byte[] key) {
        int end = indexOfEnd(key, 0);
        if (end < 0) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes is no derived key");
        }
        return new String(key, 0, end, StandardCharsets.US_ASCII);
    }

    private static byte[] origin(ProjectId project, Origin origin, byte end) {
        byte[] first = terminated(project.value(), END);
        byte[] second = terminated(origin.value(), end);
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static byte[] terminated(String id, byte end) {
        byte[] ascii = id.getBytes(StandardCharsets.US_ASCII);
        byte[] key = new byte[ascii.length + 1];
        System.arraycopy(ascii, 0, key, 0, ascii.length);
        key[ascii.length] = end;
        return key;
    }

    private static int indexOfEnd(byte[] key, int from) {
        for (int i = from; i < key.length; i++) {
            if (key[i] == END) {
                return i;
            }
        }
        return -1;
    }
}
