package ai.postdev.developer.watch;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.LakeProtocol.ManifestEntry;
import ai.postdev.developer.ingest.Skip;
import ai.postdev.developer.ingest.Stat;
import ai.postdev.developer.ingest.TreeScan;
import ai.postdev.v1.SkippedReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What one workspace holds: every document with the state of the file it was read from, and every path that is left
 * out, with the reason. Single-threaded.
 */
final class Ledger {
    private static final int EXAMPLES = 5;
    /** Times of files are this coarse at worst on the usual file systems: a change within it may not show in the time. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** As above, for file systems that keep whole seconds. */
    static final long COARSE_TICK_NANOS = TimeUnit.SECONDS.toNanos(2);

    /**
     * A file that was read.
     *
     * @param hash of what was stored; empty if it is no text
     * @param stat of the file when it was read
     * @param exact false if the time is known in milliseconds only
     * @param readAtNanos when it was read, since the epoch
     */
    record Known(Optional<ContentHash> hash, Stat stat, boolean exact, long readAtNanos) {
        /**
         * Whether a file that looks like {@code seen} is certainly the one that was read. Git's rule for racily clean
         * entries: same size and time, and the time is older than the reading by more than a tick.
         */
        boolean matches(Stat seen) {
            boolean same = seen.bytes() == stat.bytes()
                    && (exact
                            ? seen.modifiedNanos() == stat.modifiedNanos()
                            : seen.modifiedMillis() == stat.modifiedMillis());
            long tick = seen.modifiedNanos() % 1_000_000_000L == 0 ? COARSE_TICK_NANOS : TICK_NANOS;
            return same && seen.modifiedNanos() < readAtNanos - tick;
        }
    }

    private final TreeMap<String, Known> documents = new TreeMap<>();
    private final TreeMap<String, Skip> skipped = new TreeMap<>();
    /** Files that were opened in vain. */
    private final TreeMap<String, Known> opened = new TreeMap<>();

    private long bytes;

    Optional<Known> document(String path) {
        return Optional.ofNullable(documents.get(path));
    }

    void put(String path, Known known) {
        Known older = documents.put(path, known);
        bytes += known.stat().bytes() - (older == null ? 0 : older.stat().bytes());
        skipped.remove(path);
        opened.remove(path);
    }

    /** Removes the document at {@code path} and all below it; the answer is what was removed. */
    List<String> remove(String path) {
        List<String> removed = new ArrayList<>();
        Known own = documents.remove(path);
        if (own != null) {
            removed.add(path);
            bytes -= own.stat().bytes();
        }
        NavigableMap<String, Known> below = below(documents, path);
        below.forEach((name, known) -> {
            removed.add(name);
            bytes -= known.stat().bytes();
        });
        below.clear();
        skipped.remove(path);
        below(skipped, path).clear();
        opened.remove(path);
        below(opened, path).clear();
        return removed;
    }

    /** A path is left out; {@code read} tells the state of a file whose content was the reason. */
    void skip(String path, Skip reason, Optional<Known> read) {
        skipped.put(path, reason);
        read.ifPresent(known -> opened.put(path, known));
    }

    /**
     * Compares a walk of the folder {@code under} with what is held, and takes over what it left out.
     *
     * @return paths that must be looked at: new, changed, perhaps changed, or gone
     */
    List<String> compare(String under, TreeScan.Result walked) {
        List<String> suspects = new ArrayList<>();
        walked.files().forEach((path, stat) -> {
            Known known = documents.getOrDefault(path, opened.get(path));
            if (known == null || !known.matches(stat)) {
                suspects.add(path);
            }
        });
        for (String path : below(documents, under).keySet()) {
            if (!walked.files().containsKey(path)) {
                suspects.add(path);
            }
        }
        // what was found out by looking closer stays known as long as the file is there
        skipped.remove(under);
        below(skipped, under).entrySet().removeIf(entry -> !walked.files().containsKey(entry.getKey()));
        skipped.putAll(walked.skipped());
        return suspects;
    }

    /**
     * Documents whose files were written so shortly before they were read that a later change may not show in the time.
     * Files from the future stay so and are left out.
     */
    List<String> unsure(long nowNanos) {
        List<String> unsure = new ArrayList<>();
        documents.forEach((path, known) -> {
            if (known.stat().modifiedNanos() <= nowNanos && !known.matches(known.stat())) {
                unsure.add(path);
            }
        });
        return unsure;
    }

    /**
     * Begins anew from what the lake says that it holds.
     *
     * @param settledMillis a moment at which everything held was certainly as on disk, see {@link #unsure}; 0 if there
     *     was none. A document that the lake has had since then, from a file older than it, is what its file was
     */
    void reset(Collection<ManifestEntry> entries, long settledMillis, long nowNanos) {
        documents.clear();
        skipped.clear();
        opened.clear();
        bytes = 0;
        long nowMillis = TimeUnit.NANOSECONDS.toMillis(nowNanos);
        // Nothing was read after the newest time that is not in the future, give or take a tick; older files cannot
        // have changed unseen within the tick of their reading.
        long newest = entries.stream()
                .mapToLong(ManifestEntry::modifiedMillis)
                .filter(millis -> millis <= nowMillis)
                .max()
                .orElse(0);
        long sure = TimeUnit.MILLISECONDS.toNanos(newest) - COARSE_TICK_NANOS;
        for (ManifestEntry entry : entries) {
            Stat stat = new Stat(entry.fileSize(), TimeUnit.MILLISECONDS.toNanos(entry.modifiedMillis()));
            boolean settled = stat.modifiedNanos() < sure
                    || (entry.putMillis() <= settledMillis && entry.modifiedMillis() < settledMillis);
            put(entry.path(), new Known(Optional.of(entry.hash()), stat, false, settled ? nowNanos : 0));
        }
    }

    int files() {
        return documents.size();
    }

    long bytes() {
        return bytes;
    }

    int skippedCount() {
        return skipped.size();
    }

    /** Reasons with counts and a few examples. */
    List<SkippedReason> skippedReasons() {
        Map<Skip, SkippedReason.Builder> reasons = new EnumMap<>(Skip.class);
        skipped.forEach((path, skip) -> {
            SkippedReason.Builder reason = reasons.computeIfAbsent(
                    skip, s -> SkippedReason.newBuilder().setReason(s.id()));
            reason.setCount(reason.getCount() + 1);
            if (reason.getExamplesCount() < EXAMPLES) {
                reason.addExamples(path);
            }
        });
        return reasons.values().stream().map(SkippedReason.Builder::build).toList();
    }

    private static <V> NavigableMap<String, V> below(TreeMap<String, V> map, String folder) {
        return folder.isEmpty() ? map : map.subMap(folder + "/", true, folder + "0", false);
    }
}
