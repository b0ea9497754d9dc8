package ai.postdev.dragon.lake.history;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.dragon.lake.column.Attributes;
import ai.postdev.dragon.lake.column.BytesColumn;
import ai.postdev.dragon.lake.column.Chains;
import ai.postdev.dragon.lake.column.LongTable;
import ai.postdev.dragon.lake.column.PackedColumn;
import ai.postdev.dragon.lake.column.StringTable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/** The events, one row each, and what finds them. One writer, readers on any thread below their {@link Bounds}. */
final class HistoryColumns {
    private final PackedColumn times = new PackedColumn();
    private final PackedColumn hybridTimes = new PackedColumn();
    private final PackedColumn sequences = new PackedColumn();
    private final PackedColumn originRows = new PackedColumn();
    private final PackedColumn kindRows = new PackedColumn();
    private final PackedColumn attributeRows = new PackedColumn();
    private final PackedColumn pathEnds = new PackedColumn();
    private final PackedColumn pathRows = new PackedColumn();
    private final BytesColumn texts = new BytesColumn();
    private final StringTable origins = new StringTable();
    private final StringTable kinds = new StringTable();
    private final StringTable paths = new StringTable();
    private final StringTable commits = new StringTable();
    private final PackedColumn commitEvents = new PackedColumn();
    private final Attributes attributes = new Attributes();
    private final FingerprintIndex fingerprints = new FingerprintIndex();
    private final Chains byPath = new Chains();
    private final TextBlocks blocks = new TextBlocks(texts);
    private volatile Origin[] knownOrigins = new Origin[0];

    /** Up to where a view may look. */
    record Bounds(int events, int kinds, int paths, int commits, int fingerprints, int pathLinks, int blocks) {}

    Bounds bounds() {
        return new Bounds(
                times.size(),
                kinds.size(),
                paths.size(),
                commits.size(),
                fingerprints.pairs(),
                byPath.links(),
                blocks.size());
    }

    int append(Operation operation, Body.AppendEvent event, int textMax) {
        int row = times.append(event.timeMillis());
        hybridTimes.append(operation.time().value());
        sequences.append(operation.sequence());
        originRows.append(origins.intern(operation.origin().value()));
        kindRows.append(kinds.intern(event.kind()));
        attributeRows.append(attributes.append(event.attributes()));
        for (String path : event.paths()) {
            int pathRow = paths.intern(path);
            pathRows.append(pathRow);
            byPath.add(pathRow, row);
        }
        pathEnds.append(pathRows.size());
        texts.append(cut(event.text(), textMax));
        Fingerprint fingerprint = Fingerprint.of(event.text());
        blocks.add(row, event.timeMillis(), fingerprint.tokens());
        link(fingerprint.value(), row);
        for (long line : fingerprint.lines()) {
            if (line != fingerprint.value()) {
                link(line, row);
            }
        }
        return row;
    }

    void nameCommit(String commit, int event) {
        if (commits.intern(commit) == commitEvents.size()) {
            commitEvents.append(event);
        }
    }

    private void link(long fingerprint, int row) {
        fingerprints.add(fingerprint, row);
    }

    /** The text's UTF-8 bytes, at most {@code max} of them and no half character at the end. */
    private static byte[] cut(String text, int max) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= max) {
            return bytes;
        }
        int end = max;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    long time(int event) {
        return times.get(event);
    }

    /** The times of the events from one to before another. */
    void times(int from, int to, long[] out) {
        times.copy(from, to, out);
    }

    /** The kinds of the events from one to before another, as rows. */
    void kindRows(int from, int to, long[] out) {
        kindRows.copy(from, to, out);
    }

    long hybridTime(int event) {
        return hybridTimes.get(event);
    }

    long sequence(int event) {
        return sequences.get(event);
    }

    Origin origin(int event) {
        return originOf(originRows.getInt(event));
    }

    private Origin originOf(int row) {
        Origin[] known = knownOrigins;
        if (row >= known.length || known[row] == null) {
            known = Arrays.copyOf(known, Math.max(known.length, row + 1));
            known[row] = new Origin(origins.text(row));
            knownOrigins = known; // another thread may have done the same: both hold the same
        }
        return known[row];
    }

    int textBytes(int event) {
        return texts.length(event);
    }

    boolean isOf(int event, Origin origin) {
        return origins.text(originRows.getInt(event)).equals(origin.value());
    }

    int kindRow(int event) {
        return kindRows.getInt(event);
    }

    int kindRow(String kind, Bounds bounds) {
        return kinds.find(kind, bounds.kinds());
    }

    String kind(int kindRow) {
        return kinds.text(kindRow);
    }

    String text(int event) {
        return texts.text(event);
    }

    TextBlocks blocks() {
        return blocks;
    }

    HistoryEvent event(int row, boolean pinned) {
        int to = pathEnds.getInt(row);
        List<String> touched = new ArrayList<>();
        for (int i = row == 0 ? 0 : pathEnds.getInt(row - 1); i < to; i++) {
            touched.add(paths.text(pathRows.getInt(i)));
        }
        return new HistoryEvent(
                row,
                origin(row),
                sequences.get(row),
                new HybridTime(hybridTimes.get(row)),
                kinds.text(kindRows.getInt(row)),
                times.get(row),
                texts.text(row),
                attributes.map(attributeRows.getInt(row)),
                List.copyOf(touched),
                pinned);
    }

    /** Shows the events of a path, or of all paths below a folder, in no order; an event may come more than once. */
    void eachOfPath(String path, Bounds bounds, IntPredicate more) {
        if (!path.endsWith("/")) {
            int row = paths.find(path, bounds.paths());
            if (row >= 0) {
                byPath.each(row, bounds.pathLinks(), more);
            }
            return;
        }
        byte[] folder = path.getBytes(StandardCharsets.UTF_8);
        for (int row = 0; row < bounds.paths(); row++) {
            if (paths.startsWith(row, folder)) {
                byPath.each(row, bounds.pathLinks(), more);
            }
        }
    }

    /** Shows the events with a fingerprint, last recorded first. */
    void eachOfFingerprint(long fingerprint, Bounds bounds, IntPredicate more) {
        fingerprints.each(fingerprint, bounds.fingerprints(), more);
    }

    /** The event of a commit, or -1. */
    int commit(String commit, Bounds bounds) {
        int row = commits.find(commit, bounds.commits());
        return row < 0 ? -1 : commitEvents.getInt(row);
    }

    /** The event of the only commit that starts with these digits, or -1. */
    int commitByPrefix(String prefix, Bounds bounds) {
        int found = -1;
        byte[] digits = prefix.getBytes(StandardCharsets.UTF_8);
        for (int row = 0; row < bounds.commits(); row++) {
            if (commits.startsWith(row, digits)) {
                if (found >= 0) {
                    return -1;
                }
                found = commitEvents.getInt(row);
            }
        }
        return found;
    }

    int size() {
        return times.size();
    }

    void write(DataOutput out) throws IOException {
        for (PackedColumn column : longs()) {
            column.write(out);
        }
        for (PackedColumn column : ints()) {
            column.writeInts(out);
        }
        texts.write(out);
        for (StringTable table : strings()) {
            table.write(out);
        }
        attributes.write(out);
        fingerprints.write(out);
        byPath.write(out);
        blocks.write(out);
    }

    /** @param format of the snapshot */
    void read(int format, DataInput in) throws IOException {
        for (PackedColumn column : longs()) {
            column.read(in);
        }
        for (PackedColumn column : ints()) {
            column.readInts(in);
        }
        texts.read(in);
        for (StringTable table : strings()) {
            table.read(in);
        }
        attributes.read(in);
        if (format > HistoryEngine.FORMAT_BEFORE_RETENTION) {
            fingerprints.read(in);
        } else {
            readFingerprints(in);
        }
        byPath.read(in);
        blocks.read(in);
        if (format <= HistoryEngine.FORMAT_OF_TRIGRAMS) {
            blocks.sign();
        }
    }

    /** As the format before had them: each fingerprint in full, with a chain of its events. */
    private void readFingerprints(DataInput in) throws IOException {
        LongTable values = new LongTable();
        Chains chains = new Chains();
        values.read(in);
        chains.read(in);
        List<long[]> pairs = new ArrayList<>();
        for (int value = 0; value < values.size(); value++) {
            long fingerprint = values.value(value);
            chains.each(value, chains.links(), event -> pairs.add(new long[] {event, fingerprint}));
        }
        pairs.sort(Comparator.comparingLong(pair -> pair[0]));
        pairs.forEach(pair -> fingerprints.add(pair[1], (int) pair[0]));
    }

    private List<PackedColumn> longs() {
        return List.of(times, hybridTimes, sequences);
    }

    private List<PackedColumn> ints() {
        return List.of(originRows, kindRows, attributeRows, pathEnds, pathRows, commitEvents);
    }

    private List<StringTable> strings() {
        return List.of(origins, kinds, paths, commits);
    }

    long memoryBytes() {
        return longs().stream().mapToLong(PackedColumn::memoryBytes).sum()
                + ints().stream().mapToLong(PackedColumn::memoryBytes).sum()
                + strings().stream().mapToLong(StringTable::memoryBytes).sum()
                + texts.memoryBytes()
                + attributes.memoryBytes()
                + fingerprints.memoryBytes()
                + byPath.memoryBytes()
                + blocks.memoryBytes();
    }
}
