package ai.postdev.dragon.lake.backup;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.OperationCodec;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.dragon.lake.backup.Manifest.End;
import ai.postdev.dragon.lake.backup.Manifest.Part;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.portable.Export;
import ai.postdev.dragon.lake.portable.Line;
import ai.postdev.dragon.lake.portable.OperationLines;
import ai.postdev.dragon.lake.portable.PortableSettings;
import ai.postdev.dragon.lake.portable.PortableWriter;
import ai.postdev.dragon.lake.portable.Tally;
import ai.postdev.dragon.lake.portable.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the operations of one project into parts of a bounded size. One thread; blocks. */
final class PartWriter implements OperationLines.Taker, AutoCloseable {
    private final BackupFolder folder;
    private final ProjectId project;
    private final String name;
    private final Map<Origin, Long> starts;
    private final PortableSettings portable;
    private final BackupSettings settings;
    private final List<Part> written = new ArrayList<>();
    private final Map<Origin, End> ends = new HashMap<>();
    private VersionVector after;
    private WholeFile file;
    private PortableWriter writer;
    private long copiedBytes;
    private int copied;
    private long operations;

    /** @param base what is there already of the project */
    PartWriter(
            BackupFolder folder,
            Manifest.Project base,
            Map<Origin, Long> starts,
            PortableSettings portable,
            BackupSettings settings) {
        this.folder = folder;
        this.project = base.project();
        this.name = base.name();
        this.starts = starts;
        this.portable = portable;
        this.settings = settings;
        this.after = base.upTo();
        if (!base.parts().isEmpty()) {
            base.parts().getLast().ends().forEach(end -> ends.put(end.origin(), end));
        }
    }

    @Override
    public void take(List<Line> lines) throws IOException {
        if (writer == null) {
            file = WholeFile.begin(folder.partial());
            writer = new PortableWriter(file.stream(), Export.header(project, name, starts, after), portable);
        }
        for (Line line : lines) {
            writer.add(line);
            switch (line) {
                case Line.Change(Operation operation) ->
                    ends.put(operation.origin(), new End(operation.origin(), operation.sequence(), hash(operation)));
                case Line.Dropped dropped ->
                    ends.put(dropped.origin(), new End(dropped.origin(), dropped.sequence(), mark(dropped.digest())));
                case Line.Lost lost -> ends.put(lost.origin(), new End(lost.origin(), lost.sequence(), LOST));
                case Line.Text _, Line.LostText _, Line.Header _, Line.End _ -> {}
            }
        }
        operations++;
        if (writer.bytes() >= settings.partBytes()) {
            finish();
        }
    }

    /** Stands for an operation of which only the place is known. */
    private static final ContentHash LOST = ContentHash.of("lost");

    private static ContentHash hash(Operation operation) {
        return ContentHash.of(OperationCodec.encode(operation));
    }

    /** Stands for a dropped event: begins as the hash of the operation did, which is all that is left of it. */
    private static ContentHash mark(long digest) {
        return ContentHash.fromBytes(
                ByteBuffer.allocate(ContentHash.BYTES).putLong(digest).array());
    }

    /** Whether a journal holds the operation that an end names, or the mark of its having been dropped. */
    static boolean holds(Journal journal, ProjectId project, End end) throws IOException {
        if (journal.dropped(project, end.origin(), end.sequence(), end.operation())) {
            return true;
        }
        ContentHash found = journal.operation(project, end.origin(), end.sequence())
                .map(PartWriter::hash)
                .orElse(LOST);
        return found.equals(end.operation());
    }

    /** Ends the part that is being written. */
    void finish() throws IOException {
        if (writer == null) {
            return;
        }
        long plain = writer.bytes();
        after = writer.upTo();
        Tally tally = writer.finish();
        List<End> reached = after.sequences().keySet().stream().map(ends::get).toList();
        Part part = new Part(file.sha256(), file.bytes(), plain, tally, reached);
        Path kept = folder.part(part.sha256());
        // A backup that broke off may have left it.
        if (!Files.exists(kept) || !folder.damage(part).isEmpty()) {
            file.keepAs(kept);
            copiedBytes += part.bytes();
            copied++;
        }
        written.add(part);
        close();
    }

    List<Part> written() {
        return written;
    }

    /** Bytes of the parts that were not there before. */
    long copiedBytes() {
        return copiedBytes + (file == null ? 0 : file.bytes());
    }

    int copied() {
        return copied;
    }

    long operations() {
        return operations;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            writer.close();
            file.close();
            writer = null;
            file = null;
        }
    }
}
