package ai.postdev.dragon.lake.code;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.column.SnapshotFrames;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The snapshot of the code engine: every version of every path, contents by hash only. Texts are blobs already and
 * syntax is kept beside them, so the file is small and reads in milliseconds. It is written and read as it goes, block by
 * block; the former format was one block, made in memory.
 */
final class CodeSnapshot {
    static final int FORMAT = 2;
    private static final String STORE = "code";

    /** The former format begins with this. */
    private static final int FORMER_MAGIC = 0x50444301;
    /** A file of the former format that claims to be larger than this is taken for broken rather than allocated. */
    private static final int BYTES_MAX = 1 << 30;

    private static final int STEP = 1 << 20;
    private static final byte PUT = 1;
    private static final byte REMOVED = 2;

    /** A version as it was written, to be given its position. */
    record Step(long sequence, HybridTime time, Document document, Blob blob) {
        PathHistory.Version at(long position) {
            return new PathHistory.Version(position, sequence, time, document, blob);
        }
    }

    /** Takes what was read, in the order in which it once happened within each workspace. */
    interface Sink {
        void add(PathHistory path, Step step);
    }

    private record Entry(PathHistory path, Step step) {}

    private record Body(long sequence, List<Entry> entries) {}

    private CodeSnapshot() {}

    /**
     * How much there was at a moment.
     *
     * @param position of the last version
     * @param sequence of the last operation folded in by then
     * @param blobs contents, in each language, by then
     */
    record Bounds(long position, long sequence, int blobs) {}

    /** Writes what there was at a moment. Any thread, while more is added. */
    static void write(DataOutput out, CodeTables tables, Bounds bounds) throws IOException {
        SnapshotFrames.write(STORE, FORMAT, out, body -> {
            body.writeLong(bounds.sequence());
            writeBlobs(body, tables, bounds.blobs());
            PathHistory.Bound bound = new PathHistory.Bound(bounds.position(), Long.MAX_VALUE, Long.MAX_VALUE);
            // Workspaces and paths that came since have no version within the bound.
            List<WorkspaceId> workspaces = tables.workspaces().stream()
                    .filter(workspace -> known(tables.paths(workspace), bound) > 0)
                    .toList();
            body.writeInt(workspaces.size());
            for (WorkspaceId workspace : workspaces) {
                writeText(body, workspace.value());
                writePaths(body, tables.paths(workspace), bound);
            }
        });
    }

    private static int known(PathHistory[] paths, PathHistory.Bound bound) {
        int known = 0;
        for (PathHistory path : paths) {
            known += path.count(bound) > 0 ? 1 : 0;
        }
        return known;
    }

    private static void writeBlobs(DataOutput out, CodeTables tables, int count) throws IOException {
        out.writeInt(count);
        for (int number = 0; number < count; number++) {
            Blob blob = tables.numbered(number);
            out.write(blob.hash().toBytes());
            writeText(out, blob.language().id());
            out.writeLong(blob.size());
        }
    }

    private static void writePaths(DataOutput out, PathHistory[] paths, PathHistory.Bound bound) throws IOException {
        out.writeInt(known(paths, bound));
        for (PathHistory path : paths) {
            int count = path.count(bound);
            if (count > 0) {
                writeText(out, path.path());
                out.writeInt(count);
                for (int i = 0; i < count; i++) {
                    writeVersion(out, path.version(i));
                }
            }
        }
    }

    private static void writeVersion(DataOutput out, PathHistory.Version version) throws IOException {
        Document document = version.document();
        out.writeByte(document == null ? REMOVED : PUT);
        out.writeLong(version.sequence());
        out.writeLong(version.time().value());
        if (document != null) {
            out.writeInt(version.blob().number());
            out.writeLong(document.modifiedMillis());
            out.writeLong(document.fileSize());
        }
    }

    private static void writeText(DataOutput out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    /**
     * Reads a snapshot; answers the sequence of the last operation in it.
     *
     * @throws IOException if it is none; contents and paths that were read by then are in {@code tables}, without versions
     */
    static long read(DataInput in, CodeTables tables, Sink sink) throws IOException {
        int magic = in.readInt();
        Body[] body = new Body[1];
        if (magic == FORMER_MAGIC) {
            body[0] = readBody(former(in), false, tables);
        } else {
            SnapshotFrames.readAfter(
                    magic, STORE, FORMAT, FORMAT, in, (_, data) -> body[0] = readBody(data, true, tables));
        }
        // Only now is all of it known to be right.
        List<Entry> entries = body[0].entries();
        // By time, so that positions grow with sequences within each workspace as they did when it happened.
        entries.sort((a, b) -> {
            int byTime = a.step().time().compareTo(b.step().time());
            return byTime != 0
                    ? byTime
                    : Long.compare(a.step().sequence(), b.step().sequence());
        });
        entries.forEach(entry -> sink.add(entry.path(), entry.step()));
        return body[0].sequence();
    }

    /** The content of a snapshot of the former format, checked. */
    private static DataInput former(DataInput in) throws IOException {
        int length = in.readInt();
        long expected = in.readLong();
        if (length < 0 || length > BYTES_MAX) {
            throw new IOException("code snapshot claims " + length + " bytes, at most " + BYTES_MAX + " are possible");
        }
        byte[] content = content(in, length);
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        if (checksum.getValue() != expected) {
            throw new IOException("code snapshot is damaged: its checksum does not match its " + length + " bytes");
        }
        return new DataInputStream(new ByteArrayInputStream(content));
    }

    /** @param exact whether each version names a content in its own language: formerly it told the language besides */
    private static Body readBody(DataInput body, boolean exact, CodeTables tables) throws IOException {
        long sequence = body.readLong();
        List<Blob> blobs = readBlobs(body, tables);
        List<Entry> entries = new ArrayList<>();
        for (int w = body.readInt(); w > 0; w--) {
            WorkspaceId workspace = new WorkspaceId(readText(body));
            for (int p = body.readInt(); p > 0; p--) {
                PathHistory path = tables.path(workspace, readText(body));
                for (int v = body.readInt(); v > 0; v--) {
                    entries.add(new Entry(path, readStep(body, exact, path, blobs, tables)));
                }
            }
        }
        return new Body(sequence, entries);
    }

    /** Never takes much more memory than there are bytes, whatever the damaged length says. */
    private static byte[] content(DataInput in, int length) throws IOException {
        byte[] content = new byte[Math.min(length, STEP)];
        for (int read = 0; read < length; read = content.length) {
            content = Arrays.copyOf(content, Math.min(length, Math.max(STEP, 2 * read)));
            in.readFully(content, read, content.length - read);
        }
        return content;
    }

    private static List<Blob> readBlobs(DataInput in, CodeTables tables) throws IOException {
        List<Blob> blobs = new ArrayList<>();
        byte[] hash = new byte[ContentHash.BYTES];
        for (int i = in.readInt(); i > 0; i--) {
            in.readFully(hash);
            Language language = Language.byId(readText(in));
            blobs.add(tables.blob(ContentHash.fromBytes(hash), language, in.readLong()));
        }
        return blobs;
    }

    private static Step readStep(DataInput in, boolean exact, PathHistory path, List<Blob> blobs, CodeTables tables)
            throws IOException {
        byte kind = in.readByte();
        long sequence = in.readLong();
        HybridTime time = new HybridTime(in.readLong());
        return switch (kind) {
            case REMOVED -> new Step(sequence, time, null, null);
            case PUT -> {
                Blob named = blobs.get(in.readInt());
                // The first snapshots of the former format knew a content in one language only.
                Blob blob = exact ? named : tables.blob(named.hash(), Language.byId(readText(in)), named.size());
                Document document = new Document(
                        path.workspace(),
                        path.path(),
                        blob.hash(),
                        blob.size(),
                        blob.language(),
                        in.readLong(),
                        in.readLong(),
                        sequence,
                        time);
                yield new Step(sequence, time, document, blob);
            }
            default -> throw new IOException("code snapshot has a step of unknown kind " + kind);
        };
    }

    private static String readText(DataInput in) throws IOException {
        byte[] utf8 = new byte[in.readInt()];
        in.readFully(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
