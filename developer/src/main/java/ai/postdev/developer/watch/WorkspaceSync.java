package ai.postdev.developer.watch;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol.ManifestEntry;
import ai.postdev.developer.ingest.FileReader;
import ai.postdev.developer.ingest.Skip;
import ai.postdev.developer.ingest.Stat;
import ai.postdev.developer.ingest.TreeScan;
import ai.postdev.developer.watch.Ledger.Known;
import ai.postdev.developer.watch.LookQueue.Look;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what a workspace reads next and what it writes to the lake: ledger of what is held, queue of paths to look
 * at, outbox of changes, burst of edits. Knows no threads and no actors; single-threaded.
 */
final class WorkspaceSync {
    /** Guessed size of a file that no scan has seen. */
    private static final long UNKNOWN_BYTES = 16_384;
    /** A scan of a folder with at most so many changes is somebody's work, not a bulk. */
    private static final int URGENT_MAX = 256;

    /**
     * What is left to do after looks were applied.
     *
     * @param again paths to look at once more after a moment: files that are just being written
     * @param unwatch folders that are no longer part of the workspace
     */
    record Rest(List<String> again, List<String> unwatch) {}

    private final WatchSettings settings;
    private final WorkspaceId workspace;
    private final Ledger ledger = new Ledger();
    private final LookQueue looks = new LookQueue();
    private final Outbox outbox;
    private final EditBurst edits = new EditBurst();
    /** Documents whose file was seen empty, and when. */
    private final Map<String, Long> emptied = new HashMap<>();

    private final Map<String, Long> expected = new HashMap<>();
    private long bytesRead;
    private long filesRead;
    private long bytesExpected;
    private int changes;
    private long events;
    private long documentsRead;
    private long documentBytesRead;

    WorkspaceSync(WatchSettings settings, WorkspaceId workspace) {
        this.settings = settings;
        this.workspace = workspace;
        this.outbox = new Outbox(settings);
    }

    /** Begins anew from the lake's own list; what waits in the outbox is still sent. */
    void reset(Collection<ManifestEntry> manifest, long settledMillis) {
        ledger.reset(manifest, settledMillis, WorkspaceDisk.nowNanos());
        looks.clear();
        expected.clear();
        emptied.clear();
        filesRead = 0;
        bytesRead = 0;
        bytesExpected = 0;
        changes = 0;
    }

    /** Readers of an earlier life of the folder will not answer any more. */
    void forgetReaders() {
        looks.forgetReaders();
    }

    /** Paths may have changed; false if too many wait, so that only a scan helps. */
    boolean touched(Collection<String> paths) {
        if (looks.urgentSize() + paths.size() > settings.pathsPendingMax()) {
            return false;
        }
        paths.forEach(path -> looks.add(new Look(path), true));
        return true;
    }

    /** A walk of the folder {@code under} found this. */
    void walked(String under, TreeScan.Result walked, ReadingOrder order) {
        List<String> suspects = ledger.compare(under, walked);
        boolean urgent = suspects.size() <= URGENT_MAX;
        List<String> sorted = order.sorted(
                suspects,
                path -> Optional.ofNullable(walked.files().get(path))
                        .map(Stat::modifiedNanos)
                        .orElse(0L));
        for (String path : sorted) {
            Stat stat = walked.files().get(path);
            if (stat != null && !expected.containsKey(path)) {
                expected.put(path, stat.bytes());
                bytesExpected += stat.bytes();
            }
            looks.add(new Look(path), urgent);
        }
    }

    /** The next paths for one reader; empty while there are none or the lake is too far behind. */
    List<Look> nextLooks() {
        return outbox.bytes() >= settings.outboxBytesMax()
                ? List.of()
                : looks.take(
                        settings.readFilesMax(),
                        settings.readBytesMax(),
                        path -> expected.getOrDefault(path, UNKNOWN_BYTES));
    }

    /** Looks were carried out. */
    Rest looked(List<Look> done, List<WorkspaceDisk.Sight> sights, boolean watching) {
        looks.done(done);
        for (Look look : done) {
            Long size = expected.remove(look.path());
            if (size != null) {
                filesRead++;
                bytesRead += size;
            }
        }
        Rest rest = new Rest(new ArrayList<>(), new ArrayList<>());
        for (WorkspaceDisk.Sight sight : sights) {
            switch (sight) {
                case WorkspaceDisk.Document document -> apply(document, watching, rest);
                case WorkspaceDisk.Gone gone -> remove(gone.path(), rest);
                case WorkspaceDisk.LeftOut out -> apply(out, rest);
                case WorkspaceDisk.Folder folder -> {
                    if (ledger.document(folder.path()).isPresent()) {
                        remove(folder.path(), rest);
                    }
                    walked(folder.path(), folder.walked(), ReadingOrder.BY_TIME);
                }
            }
        }
        return rest;
    }

    /** Looks failed; they are tried again. */
    void abandoned(List<Look> failed) {
        looks.done(failed);
        failed.forEach(look -> looks.add(look, false));
    }

    private void apply(WorkspaceDisk.Document document, boolean watching, Rest rest) {
        String path = document.path();
        FileReader.Document read = document.read();
        documentsRead++;
        documentBytesRead += read.put().size();
        Optional<Known> before = ledger.document(path);
        Optional<ContentHash> hash = Optional.of(read.put().hash());
        Known known = new Known(hash, read.stat(), true, document.readAtNanos());
        if (before.isPresent() && before.get().hash().equals(hash)) {
            ledger.put(path, known);
            emptied.remove(path);
            return;
        }
        if (read.put().size() == 0 && before.isPresent()) {
            // an editor that truncates and then writes: a moment later the text is there
            long now = System.nanoTime();
            Long since = emptied.putIfAbsent(path, now);
            if (since == null) {
                rest.again().add(path);
            }
            if (since == null || now - since < settings.settle().toNanos()) {
                return;
            }
        }
        emptied.remove(path);
        for (String removed : ledger.remove(path)) {
            if (!removed.equals(path)) {
                send(removed);
            }
        }
        ledger.put(path, known);
        changes++;
        edits.changed(path, before.flatMap(Known::hash), hash);
        outbox.put(new Outbox.Item("d:" + path, read.put(), Optional.of(read.blob())), watching);
    }

    private void apply(WorkspaceDisk.LeftOut out, Rest rest) {
        remove(out.path(), rest);
        Skip reason = out.why().reason();
        if (reason == Skip.SUBMODULE) {
            // perhaps it was a folder of the workspace until now, though an empty one
            rest.unwatch().add(out.path());
        }
        ledger.skip(
                out.path(),
                reason,
                out.why().stat().map(stat -> new Known(Optional.empty(), stat, true, out.readAtNanos())));
    }

    private void remove(String path, Rest rest) {
        Optional<Known> own = ledger.document(path);
        List<String> removed = ledger.remove(path);
        if (removed.size() > (own.isPresent() ? 1 : 0)) {
            rest.unwatch().add(path);
        }
        for (String gone : removed) {
            changes++;
            edits.changed(gone, gone.equals(path) ? own.flatMap(Known::hash) : Optional.empty(), Optional.empty());
            send(gone);
        }
    }

    private void send(String removed) {
        outbox.put(
                new Outbox.Item("d:" + removed, new Body.RemoveDocument(workspace, removed), Optional.empty()), true);
    }

    /** Queues an event. */
    void event(Body.AppendEvent event) {
        events++;
        outbox.put(new Outbox.Item("e:" + events, event, Optional.empty()), true);
    }

    /** Queues a setting of the lake. */
    void setting(String key, String value) {
        outbox.put(new Outbox.Item("s:" + key, new Body.SetSetting(key, value), Optional.empty()), true);
    }

    Outbox outbox() {
        return outbox;
    }

    EditBurst edits() {
        return edits;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Whether nothing waits to be read or written. */
    boolean isQuiet() {
        return looks.isEmpty() && outbox.isEmpty();
    }

    /** Documents changed since {@link #reset}. */
    int changes() {
        return changes;
    }

    /** Documents read from the disk, ever. */
    long documentsRead() {
        return documentsRead;
    }

    /** Bytes of these. */
    long documentBytesRead() {
        return documentBytesRead;
    }

    /** Paths that wait to be looked at, and those that are. */
    int waiting() {
        return looks.size();
    }

    long filesRead() {
        return filesRead;
    }

    long filesExpected() {
        return filesRead + expected.size();
    }

    long bytesRead() {
        return bytesRead;
    }

    long bytesExpected() {
        return bytesExpected;
    }
}
