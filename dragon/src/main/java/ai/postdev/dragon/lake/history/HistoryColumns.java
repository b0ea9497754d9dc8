package ai.postdev.dragon.lake.history;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.dragon.lake.column.Attributes;
import ai.postdev.dragon.lake.column.BytesColumn;
import ai.postdev.dragon.lake.column.Chains;
import ai.postdev.dragon.lake.column.PackedColumn;
import ai.postdev.dragon.lake.column.StringTable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** The events, one row each, and what finds them. One writer, readers on any thread below their {@link Bounds}. */
final class HistoryColumns {
    private static final int COUNTED_AT_ONCE = 1024;

    private final PackedColumn times = new PackedColumn();
    private final PackedColumn hybridTimes = new PackedColumn();
    private final PackedColumn sequences = new PackedColumn();
    private final PackedColumn originRows = new PackedColumn();
    private final PackedColumn kindRows = new PackedColumn();
    private final PackedColumn attributeRows = new PackedColumn();
    /** For each link of {@code byPath}, the path. */
    private final PackedColumn pathRows = new PackedColumn();

    private final BytesColumn texts = new BytesColumn();
    private final StringTable origins = new StringTable();
    private final StringTable kinds = new StringTable();
    private final PathTable paths = new PathTable();
    private final StringTable commits = new StringTable();
    private final PackedColumn commitEvents = new PackedColumn();
    private final Attributes attributes = new Attributes();
    private final FingerprintIndex fingerprints = new FingerprintIndex();
    private final Chains byPath = new Chains();
    private final TextBlocks blocks = new TextBlocks(texts);
    private volatile Origin[] knownOrigins = new Origin[0];

    /** Up to where a view may look. */
    record Bounds(int events, int kinds, int paths, int commits, int pathLinks, int blocks) {}

    Bounds bounds() {
        return new Bounds(times.size(), kinds.size(), paths.size(), commits.size(), byPath.links(), blocks.size());
    }

    int append(Operation operation, Body.AppendEvent event, int textMax, IndexedText seen) {
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
        texts.append(cut(event.text(), textMax));
        blocks.add(row, event.timeMillis(), seen.words());
        link(seen.value(), row);
        for (long line : seen.otherLines()) {
            link(line, row);
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

    /** How many events there are of each kind. Writer only. */
    Map<String, Long> countKinds() {
        long[] counts = new long[kinds.size()];
        long[] rows = new long[COUNTED_AT_ONCE];
        for (int from = 0; from < size(); from += COUNTED_AT_ONCE) {
            int to = Math.min(size(), from + COUNTED_AT_ONCE);
            kindRows.copy(from, to, rows);
            for (int i = 0; i < to - from; i++) {
                counts[(int) rows[i]]++;
            }
        }
        Map<String, Long> byKind = new HashMap<>();
        for (int kind = 0; kind < counts.length; kind++) {
            if (counts[kind] > 0) {
                byKind.put(kinds.text(kind), counts[kind]);
            }
        }
        return byKind;
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

    /** The paths that an event touches. */
    List<String> paths(int event, Bounds bounds) {
        List<String> touched = new ArrayList<>();
        for (int link = firstLink(event, bounds); link < bounds.pathLinks() && byPath.value(link) == event; link++) {
            touched.add(paths.text(pathRows.getInt(link)));
        }
        return List.copyOf(touched);
    }

    /** Whether an event touches a file of one of these names. */
    boolean touches(int event, FileNames names, Bounds bounds) {
        for (int link = firstLink(event, bounds); link < bounds.pathLinks() && byPath.value(link) == event; link++) {
            if (names.anyOf(paths, pathRows.getInt(link))) {
                return true;
            }
        }
        return false;
    }

    HistoryEvent event(int row, Bounds bounds, boolean pinned) {
        return new HistoryEvent(
                row,
                origin(row),
                sequences.get(row),
                new HybridTime(hybridTimes.get(row)),
                kinds.text(kindRows.getInt(row)),
                times.get(row),
                texts.text(row),
                attributes.map(attributeRows.getInt(row)),
                paths(row, bounds),
                pinned);
    }

    /** The first link of an event, or of one after it: links come in the order of their events. */
    private int firstLink(int event, Bounds bounds) {
        int low = 0;
        int high = bounds.pathLinks();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (byPath.value(middle) < event) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
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
        paths.eachBelow(path, bounds.paths(), row -> byPath.each(row, bounds.pathLinks(), more));
    }

    /** Shows the events with a fingerprint, last recorded first. */
    void eachOfFingerprint(long fingerprint, Bounds bounds, IntPredicate more) {
        fingerprints.each(fingerprint, bounds.events(), more);
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

    /** How much there is now, to be written on any thread. Writer only. */
    Frozen freeze() {
        return new Frozen(
                bounds(),
                origins.size(),
                commitEvents.size(),
                attributes.bounds(),
                byPath.bounds(),
                fingerprints.freeze(),
                blocks.freeze());
    }

    /** How much there was at a moment. */
    record Frozen(
            Bounds bounds,
            int origins,
            int commitEvents,
            Attributes.Bounds attributes,
            Chains.Bounds byPath,
            FingerprintIndex.Frozen fingerprints,
            TextBlocks.Frozen blocks) {}

    /** Writes what there was at a moment. Any thread. */
    void write(Frozen frozen, DataOutput out) throws IOException {
        Bounds bounds = frozen.bounds();
        for (PackedColumn column : perEvent()) {
            column.save(bounds.events(), out);
        }
        pathRows.save(bounds.pathLinks(), out);
        commitEvents.save(frozen.commitEvents(), out);
        texts.save(bounds.events(), out);
        origins.save(frozen.origins(), out);
        kinds.save(bounds.kinds(), out);
        paths.save(bounds.paths(), out);
        commits.save(bounds.commits(), out);
        attributes.save(frozen.attributes(), out);
        frozen.fingerprints().write(out);
        byPath.save(frozen.byPath(), out);
        blocks.write(frozen.blocks(), out);
    }

    /** @param format of the snapshot */
    void read(int format, DataInput in) throws IOException {
        if (format <= HistoryEngine.FORMAT_ROW_BY_ROW) {
            readFormer(format, in);
            return;
        }
        for (PackedColumn column : perEvent()) {
            column.load(in);
        }
        pathRows.load(in);
        commitEvents.load(in);
        texts.load(in);
        origins.load(in);
        kinds.load(in);
        paths.load(in);
        commits.load(in);
        attributes.load(in);
        fingerprints.read(in);
        byPath.load(in);
        blocks.read(in);
    }

    private void readFormer(int format, DataInput in) throws IOException {
        boolean chained = format <= HistoryEngine.FORMAT_OF_CHAINED_FINGERPRINTS;
        for (PackedColumn column : longs()) {
            column.read(in);
        }
        for (PackedColumn column : List.of(originRows, kindRows, attributeRows)) {
            column.readInts(in);
        }
        if (chained) {
            new PackedColumn().readInts(in); // where the paths of each event end: follows from the links
        }
        pathRows.readInts(in);
        commitEvents.readInts(in);
        texts.read(in);
        origins.read(in);
        kinds.read(in);
        paths.read(in);
        commits.read(in);
        attributes.read(in);
        if (!chained) {
            fingerprints.read(in);
        } else if (format > HistoryEngine.FORMAT_BEFORE_RETENTION) {
            FormerFingerprints.readGenerations(in, fingerprints);
        } else {
            FormerFingerprints.readChains(in, fingerprints);
        }
        byPath.read(in);
        if (chained) {
            blocks.skipFormer(in);
            IndexedText.Looking looking = new IndexedText.Looking();
            for (int event = 0; event < times.size(); event++) {
                blocks.add(
                        event, times.get(event), looking.look(texts.text(event)).words());
            }
        } else {
            blocks.read(in);
        }
    }

    private List<PackedColumn> perEvent() {
        return List.of(times, hybridTimes, sequences, originRows, kindRows, attributeRows);
    }

    private List<PackedColumn> longs() {
        return List.of(times, hybridTimes, sequences);
    }

    private List<PackedColumn> ints() {
        return List.of(originRows, kindRows, attributeRows, pathRows, commitEvents);
    }

    long memoryBytes() {
        return longs().stream().mapToLong(PackedColumn::memoryBytes).sum()
                + ints().stream().mapToLong(PackedColumn::memoryBytes).sum()
                + origins.memoryBytes()
                + kinds.memoryBytes()
                + paths.memoryBytes()
                + commits.memoryBytes()
                + texts.memoryBytes()
                + attributes.memoryBytes()
                + fingerprints.memoryBytes()
                + byPath.memoryBytes()
                + blocks.memoryBytes();
    }
}
