package ai.postdev.dragon.lake;

import ai.postdev.actors.op.HybridClock;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.dragon.lake.Snapshots.Snapshot;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.journal.ReplayReport;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.text.TextSettings;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorMemory;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.dragon.memory.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The engines of one lake, filled: from the newest snapshot if it can be used, then from the journal's tail, else from
 * the whole journal. Made on a thread that may wait for the disk, then handed to the lake and its stores.
 *
 * @param lastSequence of this node's own operations
 * @param replayed operations folded in after the snapshot
 * @param asOf what the engines show
 * @param findings what was not as it should be, for the log
 */
record OpenLake(
        CodeEngine code,
        TextIndex text,
        VectorEngine vector,
        HistoryEngine history,
        MetadataEngine metadata,
        long lastSequence,
        long replayed,
        HybridClock clock,
        VersionVector asOf,
        List<String> findings) {
    OpenLake {
        findings = List.copyOf(findings);
    }

    Views views() {
        return new Views(code.view(), text.current(), vector.view(), history.view(), metadata.view(), asOf);
    }

    /** Lets go of what the engines hold outside the heap and on disk, if no store took them over. */
    void close() {
        text.close();
        new Engines(code, vector, history, metadata).close();
    }

    /**
     * Opens the lake of {@code project}.
     *
     * @throws UncheckedIOException if the journal refuses: the message says what to do
     */
    static OpenLake open(ProjectId project, LakeFiles files) {
        List<String> findings = new ArrayList<>();
        try {
            Snapshots snapshots = new Snapshots(files.folder(project));
            Optional<Snapshot> newest = snapshots.newest();
            if (newest.isPresent()) {
                Optional<OpenLake> opened = fromSnapshot(project, files, newest.get(), findings);
                if (opened.isPresent()) {
                    return opened.get();
                }
            }
            return replay(project, files, new Engines(project, files), VersionVector.EMPTY, findings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<OpenLake> fromSnapshot(
            ProjectId project, LakeFiles files, Snapshot snapshot, List<String> findings) throws IOException {
        if (!files.journal().versionVector(project).covers(snapshot.position())) {
            findings.add("the snapshot " + snapshot.folder().getFileName()
                    + " knows operations that the journal does not; the journal is replayed from its start");
            return Optional.empty();
        }
        Engines engines = new Engines(project, files);
        try {
            engines.read(snapshot, ReplaySettings.from(files.config()).threads());
        } catch (IOException e) {
            engines.close();
            findings.add("the snapshot " + snapshot.folder().getFileName() + " cannot be read (" + e.getMessage()
                    + "); the journal is replayed from its start");
            return Optional.empty();
        }
        return Optional.of(replay(project, files, engines, snapshot.position(), findings));
    }

    private static OpenLake replay(
            ProjectId project, LakeFiles files, Engines engines, VersionVector after, List<String> findings)
            throws JournalRefused {
        ReplayReport report;
        try {
            report = engines.fold(files.journal(), project, after, ReplaySettings.from(files.config()));
        } catch (JournalRefused | RuntimeException e) {
            engines.close();
            throw e;
        }
        keepIndex(project, files, engines.code(), findings);
        engines.warmFreezes();
        if (report.lost() > 0) {
            findings.add(report.lost() + " operations were lost to damage and set aside by a repair");
        }
        return new OpenLake(
                engines.code(),
                TextIndex.open(
                        files.folder(project).resolve("text"),
                        TextSettings.from(files.config()),
                        engines.code().view().sequence()),
                engines.vector(),
                engines.history(),
                engines.metadata(),
                files.journal().lastSequence(project),
                report.operations(),
                new HybridClock(files.wallMillis(), files.journal().lastTime(project)),
                report.upTo(),
                findings);
    }

    /** Without the files exact search works as well, and is indexed anew at each start. */
    private static void keepIndex(ProjectId project, LakeFiles files, CodeEngine code, List<String> findings) {
        try {
            code.keepIndexIn(files.folder(project).resolve("grams"));
        } catch (UncheckedIOException e) {
            findings.add("the index for exact search is not kept: " + e.getMessage());
        }
    }

    /** The four engines while they are being filled. */
    private record Engines(CodeEngine code, VectorEngine vector, HistoryEngine history, MetadataEngine metadata) {
        Engines(ProjectId project, LakeFiles files) {
            this(
                    files,
                    new CodeEngine(
                            CodeSettings.from(files.config()),
                            files.journal(),
                            files.memory().slabs(project, Part.TEXTS)),
                    LakeMemory.ofVectors(project, files.memory()));
        }

        private Engines(LakeFiles files, CodeEngine code, VectorMemory vectors) {
            this(
                    code,
                    new VectorEngine(VectorSettings.from(files.config()), code::supersededAt, vectors),
                    new HistoryEngine(HistorySettings.from(files.config())),
                    new MetadataEngine(MetadataSettings.from(files.config())));
        }

        List<StoreEngine<?>> all() {
            return List.of(code, vector, history, metadata);
        }

        static String name(StoreEngine<?> engine) {
            return switch (engine) {
                case CodeEngine _ -> Stores.CODE;
                case VectorEngine _ -> Stores.VECTOR;
                case HistoryEngine _ -> Stores.HISTORY;
                case MetadataEngine _ -> Stores.METADATA;
                default -> throw new IllegalArgumentException("no store of a lake: " + engine);
            };
        }

        /**
         * Notes each store's state once and drops it: the first time loads classes for some milliseconds, and here no store's
         * thread waits for them.
         */
        void warmFreezes() {
            all().forEach(engine -> {
                StoreEngine.Frozen _ = engine.freeze();
            });
        }

        /** Engines in one list take turns: the vector store asks the code store what documents hold. */
        private List<List<StoreEngine<?>>> lanes() {
            return List.of(List.of(code, vector), List.of(history), List.of(metadata));
        }

        /** @param threads that read beside each other at most; 0: the calling one reads all */
        void read(Snapshot snapshot, int threads) throws IOException {
            if (threads == 0) {
                read(snapshot, all());
                return;
            }
            try (ExecutorService beside = Executors.newFixedThreadPool(
                    Math.min(threads, lanes().size()),
                    Thread.ofPlatform().daemon().name("snapshot-", 0).factory())) {
                CompletableFuture.allOf(lanes().stream()
                                .map(lane -> CompletableFuture.runAsync(() -> readLane(snapshot, lane), beside))
                                .toArray(CompletableFuture[]::new))
                        .join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof UncheckedIOException unread) {
                    throw unread.getCause();
                }
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }

        private static void readLane(Snapshot snapshot, List<StoreEngine<?>> lane) {
            try {
                read(snapshot, lane);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void read(Snapshot snapshot, List<StoreEngine<?>> engines) throws IOException {
            for (StoreEngine<?> engine : engines) {
                snapshot.read(name(engine), engine::readSnapshot);
            }
        }

        ReplayReport fold(Journal journal, ProjectId project, VersionVector after, ReplaySettings settings)
                throws JournalRefused {
            try (ReplayFolding folding = new ReplayFolding(settings, lanes())) {
                ReplayReport report = journal.replay(project, after, folding::add);
                folding.end();
                return report;
            }
        }

        void close() {
            all().forEach(StoreEngine::close);
        }
    }
}
