package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.code.GrepAnswer.GrepDocument;
import ai.postdev.dragon.lake.code.GrepAnswer.GrepLine;
import ai.postdev.dragon.lake.code.pattern.LineMatcher;
import ai.postdev.dragon.lake.code.pattern.LinePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Looks through the texts of a view with several threads. Documents are cut into batches in their order; workers take
 * batches in that order, so that the first documents with a match are known before the later ones are looked at.
 */
final class Grep {
    /** A batch is full at this many bytes of text, so that its cost outweighs handing it out. */
    private static final long BATCH_BYTES = 1 << 19;
    /** A batch is full at this many documents: small or unread ones cost time too. */
    private static final int BATCH_DOCUMENTS = 256;

    private record Match(List<GrepLine> lines, int count) {
        static final Match NONE = new Match(List.of(), 0);
    }

    private record Batch(int from, int to) {}

    private final Texts texts;
    private final GrepQuery query;
    private final LinePattern pattern;
    private final List<PathHistory.Version> versions = new ArrayList<>();
    private final List<Batch> batches = new ArrayList<>();
    /** Contents that several documents share are looked through once. */
    private final Map<Blob, Match> shared = new ConcurrentHashMap<>();

    private final List<GrepDocument>[] found;
    private final Object lock = new Object();
    private int taken;
    private int finished;
    /** Batches whose predecessors are finished too, and the matches in them. */
    private int settled;

    private int settledMatches;
    private long bytes;
    private int documents;
    private int unreadable;
    private boolean timedOut;
    private RuntimeException failure;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Grep(EngineView view, Texts texts, GrepQuery query) throws InvalidPatternException {
        this.texts = texts;
        this.query = query;
        this.pattern = query.literal()
                ? LinePattern.literal(query.pattern(), query.ignoreCase())
                : LinePattern.regex(query.pattern(), query.ignoreCase());
        view.versions((_, version) -> {
            if (query.filter().test(version.document())) {
                versions.add(version);
            }
        });
        cut();
        this.found = new List[batches.size()];
    }

    static GrepAnswer run(EngineView view, Texts texts, GrepQuery query, Executor executor, int threads)
            throws InvalidPatternException {
        return new Grep(view, texts, query).run(executor, threads);
    }

    private void cut() {
        int from = 0;
        long size = 0;
        for (int i = 0; i < versions.size(); i++) {
            size += versions.get(i).document().size();
            if (size >= BATCH_BYTES || i + 1 - from >= BATCH_DOCUMENTS || i == versions.size() - 1) {
                batches.add(new Batch(from, i + 1));
                from = i + 1;
                size = 0;
            }
        }
    }

    private GrepAnswer run(Executor executor, int threads) {
        for (int i = 1; i < Math.min(threads, batches.size()); i++) {
            try {
                executor.execute(this::work);
            } catch (RejectedExecutionException _) {
                break; // the pool is full or closing: this thread does the work
            }
        }
        work();
        synchronized (lock) {
            // Only batches that a worker has taken are waited for: one that never started took none.
            while (finished < taken) {
                try {
                    lock.wait();
                } catch (InterruptedException _) {
                    timedOut = true;
                    Thread.currentThread().interrupt();
                    break;
                }
            }
            taken = batches.size();
            if (failure != null) {
                throw failure;
            }
            return answer();
        }
    }

    private GrepAnswer answer() {
        List<GrepDocument> all = new ArrayList<>();
        for (List<GrepDocument> batch : found) {
            if (batch == null) {
                continue; // not looked into: enough was found before it, or time ran out
            }
            all.addAll(batch.subList(0, Math.min(batch.size(), query.documentsMax() - all.size())));
        }
        List<String> missing = new ArrayList<>();
        if (timedOut && all.size() < query.documentsMax()) {
            missing.add("time ran out after " + documents + " of " + versions.size() + " documents");
        }
        if (unreadable > 0) {
            missing.add("the texts of " + unreadable + " documents are not stored; doctor --repair reads them again");
        }
        return new GrepAnswer(all, missing.isEmpty(), missing, documents, bytes);
    }

    private void work() {
        LineMatcher matcher = pattern.matcher(this::expired);
        for (int b = take(); b >= 0; b = take()) {
            List<GrepDocument> hits = new ArrayList<>();
            Tally tally = new Tally();
            RuntimeException thrown = null;
            try {
                look(batches.get(b), matcher, hits, tally);
            } catch (RuntimeException e) {
                thrown = e;
            }
            finish(b, hits, tally, thrown);
        }
    }

    private boolean expired() {
        return System.nanoTime() - query.deadlineNanos() > 0;
    }

    /** The next batch; -1 when there is none or enough is found. */
    private int take() {
        synchronized (lock) {
            boolean enough = settledMatches >= query.documentsMax();
            if (taken == batches.size() || enough || timedOut || failure != null) {
                return -1;
            }
            return taken++;
        }
    }

    private void finish(int batch, List<GrepDocument> hits, Tally tally, RuntimeException thrown) {
        synchronized (lock) {
            found[batch] = hits;
            finished++;
            documents += tally.documents;
            bytes += tally.bytes;
            unreadable += tally.unreadable;
            timedOut |= tally.timedOut;
            failure = failure == null ? thrown : failure;
            while (settled < found.length && found[settled] != null) {
                settledMatches += found[settled++].size();
            }
            lock.notifyAll();
        }
    }

    private static final class Tally {
        private long bytes;
        private int documents;
        private int unreadable;
        private boolean timedOut;
    }

    private void look(Batch batch, LineMatcher matcher, List<GrepDocument> hits, Tally tally) {
        for (int i = batch.from(); i < batch.to(); i++) {
            PathHistory.Version version = versions.get(i);
            Match match = match(version.blob(), matcher, tally);
            if (matcher.timedOut() || expired()) {
                tally.timedOut = true;
                return;
            }
            if (match.count() > 0) {
                hits.add(new GrepDocument(version.document(), match.lines(), match.count()));
            }
        }
    }

    private Match match(Blob blob, LineMatcher matcher, Tally tally) {
        boolean several = blob.holders().length > 1;
        Match known = several ? shared.get(blob) : null;
        if (known != null) {
            tally.documents++;
            return known;
        }
        Optional<byte[]> text = texts.read(blob);
        if (text.isEmpty()) {
            tally.unreadable++;
            return Match.NONE;
        }
        tally.documents++;
        tally.bytes += text.get().length;
        Match match = match(text.get(), matcher);
        if (several && !matcher.timedOut()) {
            shared.put(blob, match);
        }
        return match;
    }

    private Match match(byte[] text, LineMatcher matcher) {
        if (!matcher.find(text, 0)) {
            return Match.NONE;
        }
        List<GrepLine> lines = new ArrayList<>();
        int count = 0;
        int line = 1;
        int counted = 0;
        do {
            if (count++ < query.linesMax()) {
                for (; counted < matcher.lineStart(); counted++) {
                    line += text[counted] == '\n' ? 1 : 0;
                }
                lines.add(new GrepLine(line, matcher.lineStart(), matcher.lineEnd()));
            }
        } while (matcher.find(text, matcher.lineEnd() + 1));
        return new Match(lines, count);
    }
}
