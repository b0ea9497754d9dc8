package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.code.GrepAnswer.GrepDocument;
import ai.postdev.dragon.lake.code.GrepAnswer.GrepLine;
import ai.postdev.dragon.lake.code.ngram.Candidates;
import ai.postdev.dragon.lake.code.pattern.LineMatcher;
import ai.postdev.dragon.lake.code.pattern.LinePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Looks through the texts of a view with several threads, only where the index of grams leaves something. Documents are
 * cut into batches in their order; workers take batches in that order, so that the first documents with a match are
 * known before the later ones are looked at. Batches are cut when they are taken: who wants few documents pays for few.
 */
final class Grep {
    /** The first batch is full at this many bytes of text, each next one at twice as many. */
    private static final long FIRST_BATCH_BYTES = 1 << 16;
    /** No batch is larger, so that the workers end at about the same time. */
    private static final long BATCH_BYTES_MAX = 1 << 19;
    /** A batch is full at this many documents: small or unread ones cost time too. */
    private static final int BATCH_DOCUMENTS = 256;
    /** What a document costs that the index leaves a part of, in bytes looked through. */
    private static final long INDEXED_COST_BYTES = 8192;

    private record Match(List<GrepLine> lines, int count) {
        static final Match NONE = new Match(List.of(), 0);
    }

    private record Batch(int number, List<PathHistory.Version> versions) {}

    private final EngineView view;
    private final Texts texts;
    private final GrepQuery query;
    private final LinePattern pattern;
    private final GrepDocuments documents;
    /** Contents that several documents share are looked through once. */
    private final Map<Blob, Match> shared = new ConcurrentHashMap<>();

    private final Object lock = new Object();
    /** What was found in each batch; null while it is being looked into. */
    private final List<List<GrepDocument>> found = new ArrayList<>();

    private long batchBytes = FIRST_BATCH_BYTES;
    private boolean exhausted;
    private int finished;
    /** Batches whose predecessors are finished too, and the matches in them. */
    private int settled;

    private int settledMatches;
    private long bytes;
    private int scanned;
    private int unreadable;
    private boolean timedOut;
    private RuntimeException failure;

    private Grep(EngineView view, Texts texts, GrepQuery query) throws InvalidPatternException {
        this.view = view;
        this.texts = texts;
        this.query = query;
        this.pattern = query.literal()
                ? LinePattern.literal(query.pattern(), query.ignoreCase())
                : LinePattern.regex(query.pattern(), query.ignoreCase());
        this.documents = new GrepDocuments(view, pattern.grams(), query.filter());
    }

    static GrepAnswer run(EngineView view, Texts texts, GrepQuery query, Executor executor, int threads)
            throws InvalidPatternException {
        return new Grep(view, texts, query).run(executor, threads);
    }

    private GrepAnswer run(Executor executor, int threads) {
        Worker worker = worker();
        Batch first = take();
        if (first != null) {
            look(first, worker);
        }
        for (int i = 1; i < threads && wantsMore(); i++) {
            try {
                executor.execute(() -> work(worker()));
            } catch (RejectedExecutionException _) {
                break; // the pool is full or closing: this thread does the work
            }
        }
        work(worker);
        synchronized (lock) {
            // Only batches that a worker has taken are waited for: one that never started took none.
            while (finished < found.size()) {
                try {
                    lock.wait();
                } catch (InterruptedException _) {
                    timedOut = true;
                    Thread.currentThread().interrupt();
                    break;
                }
            }
            exhausted = true;
            if (failure != null) {
                throw failure;
            }
            return answer();
        }
    }

    private GrepAnswer answer() {
        List<GrepDocument> all = new ArrayList<>();
        for (List<GrepDocument> batch : found) {
            if (batch != null) {
                all.addAll(batch.subList(0, Math.min(batch.size(), query.documentsMax() - all.size())));
            }
        }
        List<String> missing = new ArrayList<>();
        if (timedOut && all.size() < query.documentsMax()) {
            int[] count = new int[1];
            view.versions((_, version) -> count[0] += query.filter().test(version.document()) ? 1 : 0);
            missing.add("time ran out after " + scanned + " of " + count[0] + " documents");
        }
        if (unreadable > 0) {
            missing.add("the texts of " + unreadable + " documents are not stored; doctor --repair reads them again");
        }
        return new GrepAnswer(all, missing.isEmpty(), missing, scanned, bytes);
    }

    private Worker worker() {
        return new Worker(pattern.matcher(this::expired), new TextBuffer());
    }

    private void work(Worker worker) {
        for (Batch batch = take(); batch != null; batch = take()) {
            look(batch, worker);
        }
    }

    private boolean expired() {
        return System.nanoTime() - query.deadlineNanos() > 0;
    }

    private boolean wantsMore() {
        synchronized (lock) {
            boolean enough = settledMatches >= query.documentsMax();
            return !exhausted && !enough && !timedOut && failure == null;
        }
    }

    /** The next batch; null when there is none or enough is found. */
    private Batch take() {
        synchronized (lock) {
            if (!wantsMore()) {
                return null;
            }
            List<PathHistory.Version> versions = new ArrayList<>();
            long size = 0;
            while (size < batchBytes && versions.size() < BATCH_DOCUMENTS) {
                PathHistory.Version next = documents.next();
                if (next == null) {
                    exhausted = true;
                    break;
                }
                versions.add(next);
                long cost = next.document().size();
                size += documents.candidates(next.blob()) == null ? cost : Math.min(cost, INDEXED_COST_BYTES);
            }
            if (versions.isEmpty()) {
                return null;
            }
            batchBytes = Math.min(BATCH_BYTES_MAX, 2 * batchBytes);
            found.add(null);
            return new Batch(found.size() - 1, versions);
        }
    }

    private void look(Batch batch, Worker worker) {
        List<GrepDocument> hits = new ArrayList<>();
        Tally tally = new Tally();
        RuntimeException thrown = null;
        try {
            look(batch, worker, hits, tally);
        } catch (RuntimeException e) {
            thrown = e;
        }
        finish(batch, hits, tally, thrown);
    }

    private void finish(Batch batch, List<GrepDocument> hits, Tally tally, RuntimeException thrown) {
        synchronized (lock) {
            found.set(batch.number(), hits);
            finished++;
            scanned += tally.documents;
            bytes += tally.bytes;
            unreadable += tally.unreadable;
            timedOut |= tally.timedOut;
            failure = failure == null ? thrown : failure;
            while (settled < found.size() && found.get(settled) != null) {
                settledMatches += found.get(settled++).size();
            }
            lock.notifyAll();
        }
    }

    /** What one thread looks with. */
    private record Worker(LineMatcher matcher, TextBuffer text) {}

    private static final class Tally {
        private long bytes;
        private int documents;
        private int unreadable;
        private boolean timedOut;
    }

    private void look(Batch batch, Worker worker, List<GrepDocument> hits, Tally tally) {
        LineMatcher matcher = worker.matcher();
        for (PathHistory.Version version : batch.versions()) {
            Match match = match(version.blob(), worker, tally);
            if (matcher.timedOut() || expired()) {
                tally.timedOut = true;
                return;
            }
            if (match.count() > 0) {
                hits.add(new GrepDocument(version.document(), match.lines(), match.count()));
            }
        }
    }

    private Match match(Blob blob, Worker worker, Tally tally) {
        boolean several = blob.holders().length > 1;
        Match known = several ? shared.get(blob) : null;
        if (known != null) {
            tally.documents++;
            return known;
        }
        TextBuffer text = worker.text();
        if (!texts.read(blob, text)) {
            tally.unreadable++;
            return Match.NONE;
        }
        MatchCollector collector = new MatchCollector(text, worker.matcher(), query.linesMax());
        Candidates candidates = documents.candidates(blob);
        if (candidates == null) {
            collector.visit(0, text.length(), 1);
        } else {
            candidates.ranges(blob.number(), text.length(), collector);
        }
        tally.documents++;
        tally.bytes += collector.bytes();
        Match match = collector.count() == 0 ? Match.NONE : new Match(collector.lines(), collector.count());
        if (several && !worker.matcher().timedOut()) {
            shared.put(blob, match);
        }
        return match;
    }
}
