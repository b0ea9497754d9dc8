package ai.postdev.dragon.lake.code;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.WorkspaceId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The snapshot of the code engine: every version of every path, contents by hash only. Texts are blobs already and
 * syntax is kept beside them, so the file is small and reads in milliseconds.
 */
final class CodeSnapshot {
    private static final int MAGIC = 0x50444301;
    /** A file that claims to be larger than this is taken for broken rather than allocated. */
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

    private CodeSnapshot() {}

    /**
     * Writes the versions up to a position. Any thread, while more are added.
     *
     * @param sequence of the last operation folded in by then
     */
    static void write(DataOutput out, CodeTables tables, long position, long sequence) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeLong(sequence);
        PathHistory.Bound bound = new PathHistory.Bound(position, Long.MAX_VALUE, Long.MAX_VALUE);
        Map<Blob, Integer> numbers = writeBlobs(body, tables);
        List<WorkspaceId> workspaces = tables.workspaces();
        body.writeInt(workspaces.size());
        for (WorkspaceId workspace : workspaces) {
            writeText(body, workspace.value());
            PathHistory[] paths = tables.paths(workspace);
            body.writeInt(paths.length);
            for (PathHistory path : paths) {
                writePath(body, path, bound, numbers);
            }
        }
        body.flush();
        byte[] content = bytes.toByteArray();
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        out.writeInt(MAGIC);
        out.writeInt(content.length);
        out.writeLong(checksum.getValue());
        out.write(content);
    }

    private static Map<Blob, Integer> writeBlobs(DataOutput out, CodeTables tables) throws IOException {
        Map<Blob, Integer> numbers = new HashMap<>();
        List<Blob> blobs = tables.blobs();
        out.writeInt(blobs.size());
        for (Blob blob : blobs) {
            numbers.put(blob, numbers.size());
            out.write(blob.hash().toBytes());
            writeText(out, blob.language().id());
            out.writeLong(blob.size());
        }
        return numbers;
    }

    private static void writePath(DataOutput out, PathHistory path, PathHistory.Bound bound, Map<Blob, Integer> numbers)
            throws IOException {
        int count = path.count(bound);
        writeText(out, path.path());
        out.writeInt(count);
        for (int i = 0; i < count; i++) {
            PathHistory.Version version = path.version(i);
            Document document = version.document();
            out.writeByte(document == null ? REMOVED : PUT);
            out.writeLong(version.sequence());
            out.writeLong(version.time().value());
            if (document != null) {
                out.writeInt(numbers.get(version.blob()));
                writeText(out, document.language().id());
                out.writeLong(document.modifiedMillis());
                out.writeLong(document.fileSize());
            }
        }
    }

    private static void writeText(DataOutput out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    /** Reads a snapshot; answers the sequence of the last operation in it. */
    static long read(DataInput in, CodeTables tables, Sink sink) throws IOException {
        int magic = in.readInt();
        if (magic != MAGIC) {
            throw new IOException("not a code snapshot of this version: starts with " + Integer.toHexString(magic)
                    + ", expected " + Integer.toHexString(MAGIC));
        }
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
        DataInputStream body = new DataInputStream(new ByteArrayInputStream(content));
        long sequence = body.readLong();
        List<Blob> blobs = readBlobs(body, tables);
        List<Entry> entries = new ArrayList<>();
        for (int w = body.readInt(); w > 0; w--) {
            WorkspaceId workspace = new WorkspaceId(readText(body));
            for (int p = body.readInt(); p > 0; p--) {
                PathHistory path = tables.path(workspace, readText(body));
                for (int v = body.readInt(); v > 0; v--) {
                    entries.add(new Entry(path, readStep(body, path, blobs, tables)));
                }
            }
        }
        // By time, so that positions grow with sequences within each workspace as they did when it happened.
        entries.sort((a, b) -> {
            int byTime = a.step().time().compareTo(b.step().time());
            return byTime != 0
                    ? byTime
                    : Long.compare(a.step().sequence(), b.step().sequence());
        });
        entries.forEach(entry -> sink.add(entry.path(), entry.step()));
        return sequence;
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

    private static Step readStep(DataInput in, PathHistory path, List<Blob> blobs, CodeTables tables)
            throws IOException {
        byte kind = in.readByte();
        long sequence = in.readLong();
        HybridTime time = new HybridTime(in.readLong());
        return switch (kind) {
            case REMOVED -> new Step(sequence, time, null, null);
            case PUT -> {
                Blob named = blobs.get(in.readInt());
                Language language = Language.byId(readText(in));
                // Snapshots of before knew a content in one language only.
                Blob blob = tables.blob(named.hash(), language, named.size());
                Document document = new Document(
                        path.workspace(),
                        path.path(),
                        blob.hash(),
                        blob.size(),
                        language,
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
