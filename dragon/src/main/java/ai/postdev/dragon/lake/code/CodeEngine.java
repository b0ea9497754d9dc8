package ai.postdev.dragon.lake.code;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.BlobSource;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.code.pattern.PatternWarming;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.memory.Slabs;
import java.io.DataInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Folds the documents of a project: for each workspace and path every version, with the contents shared by hash. All of
 * it grows only, so a view is a bound on what is there; nothing is copied for it. One thread writes.
 */
public final class CodeEngine implements StoreEngine<CodeView> {
    /** What an operation did to a document. */
    public sealed interface Change {
        /** What the path holds now, or held last. */
        Document document();

        /**
         * A path holds this now.
         *
         * @param first whether it never held anything before
         */
        record Put(Document document, boolean first) implements Change {}

        /** A path holds nothing now; {@code document} is what it held. */
        record Removed(Document document) implements Change {}
    }

    /** A content that waits for the parser. */
    public record Unparsed(ContentHash hash, Language language) {}

    private final CodeSettings settings;
    private final Texts texts;
    private final CodeTables tables = new CodeTables();
    private final BlobIndex grams;
    private final Map<WorkspaceId, Long> sequences = new TreeMap<>();
    private final Deque<Blob> unparsed = new ArrayDeque<>();
    private final HeldSymbols symbols = new HeldSymbols();
    private long position;
    private long sequence;

    /** An empty engine that finds older texts in {@code source}, with memory of its own. */
    public CodeEngine(CodeSettings settings, BlobSource source) {
        this(settings, source, Slabs.upTo(settings.textBytesMax()));
    }

    /** An empty engine that finds older texts in {@code source} and keeps texts in {@code memory} while that lasts. */
    public CodeEngine(CodeSettings settings, BlobSource source, Slabs memory) {
        this.settings = settings;
        this.texts = new Texts(source, memory, settings.textBytesMax());
        this.grams = new BlobIndex(tables, texts, settings.indexBytesMax());
    }

    @Override
    public void apply(Operation operation) {
        fold(operation, Map.of());
    }

    /**
     * Folds one operation in and tells what it did to a document.
     *
     * @param fresh texts just written, by hash, so that none is read back
     */
    public Optional<Change> fold(Operation operation, Map<ContentHash, byte[]> fresh) {
        sequence = Math.max(sequence, operation.sequence());
        return switch (operation.body()) {
            case Body.PutDocument put -> put(operation, put, fresh.get(put.hash()));
            case Body.RemoveDocument remove -> remove(operation, remove);
            case Body.AppendEvent _,
                    Body.PutNode _,
                    Body.RemoveNode _,
                    Body.PutEdge _,
                    Body.RemoveEdge _,
                    Body.PutEmbedding _,
                    Body.SetSetting _,
                    Body.PinEvent _,
                    Body.DropEvents _ -> Optional.empty();
        };
    }

    private Optional<Change> put(Operation operation, Body.PutDocument put, byte[] text) {
        PathHistory path = tables.path(put.workspace(), put.path());
        PathHistory.Version last = path.last();
        if (last != null && operation.sequence() <= last.sequence()) {
            return Optional.empty(); // seen before
        }
        Blob blob = tables.blob(put.hash(), put.language(), put.size());
        if (text != null) {
            texts.keep(blob, text);
        }
        Document document = new Document(
                put.workspace(),
                put.path(),
                put.hash(),
                put.size(),
                put.language(),
                put.modifiedMillis(),
                put.fileSize(),
                operation.sequence(),
                operation.time());
        add(path, new PathHistory.Version(++position, operation.sequence(), operation.time(), document, blob));
        return Optional.of(new Change.Put(document, last == null));
    }

    private Optional<Change> remove(Operation operation, Body.RemoveDocument remove) {
        Optional<PathHistory> path = tables.knownPath(remove.workspace(), remove.path());
        PathHistory.Version last = path.map(PathHistory::last).orElse(null);
        if (last == null || last.document() == null || operation.sequence() <= last.sequence()) {
            return Optional.empty();
        }
        add(path.get(), new PathHistory.Version(++position, operation.sequence(), operation.time(), null, null));
        return Optional.of(new Change.Removed(last.document()));
    }

    /** Adds a version and keeps account of which contents are held. */
    private void add(PathHistory path, PathHistory.Version version) {
        PathHistory.Version last = path.last();
        Blob blob = version.blob();
        if (blob != null) {
            blob.addHolder(path);
            hold(blob);
        }
        path.add(version);
        if (last != null && last.blob() != null) {
            release(last.blob());
        }
        sequences.merge(path.workspace(), version.sequence(), Math::max);
        // Here and not when a view is asked for: whoever has a view until the next operation sees what is found
        // meanwhile.
        symbols.sweep(tables::blobs);
    }

    private void hold(Blob blob) {
        if (blob.current++ > 0) {
            return;
        }
        texts.revive(blob);
        grams.hold(blob);
        if (blob.parsed() == null) {
            enqueue(blob);
        } else {
            symbols.held(blob);
        }
    }

    private void release(Blob blob) {
        if (--blob.current > 0) {
            return;
        }
        texts.supersede(blob);
        grams.release(blob);
        symbols.released(blob);
    }

    private void enqueue(Blob blob) {
        if (!blob.queued) {
            blob.queued = true;
            unparsed.addFirst(blob);
        }
    }

    /**
     * Takes up to {@code limit} contents that have no syntax yet, newest first. Each is handed out once: the taker
     * answers with {@link #attachSyntax}.
     */
    public List<Unparsed> takeUnparsed(int limit) {
        List<Unparsed> taken = new ArrayList<>();
        while (taken.size() < limit && !unparsed.isEmpty()) {
            Blob blob = unparsed.removeFirst();
            if (blob.current > 0 && blob.parsed() == null) {
                taken.add(new Unparsed(blob.hash(), blob.language()));
            } else {
                blob.queued = false;
            }
        }
        return taken;
    }

    /** Whether any content waits for the parser. */
    public boolean hasUnparsed() {
        return !unparsed.isEmpty();
    }

    /** How many contents wait for the parser at most: some may be gone or have their syntax already. */
    public int unparsed() {
        return unparsed.size();
    }

    /**
     * Attaches what the parser found in a text, in every language in which it waits for a parser; one that nobody knows
     * any more is passed over.
     *
     * @return the documents that hold the text now
     */
    public List<Document> attachSyntax(ContentHash hash, Syntax syntax) {
        byte[] text = text(hash)
                .orElseThrow(() -> new IllegalArgumentException("syntax for a text that is not stored: " + hash));
        List<ContentHash> chunkHashes = chunkHashes(syntax, text);
        for (Blob blob : tables.blobs(hash)) {
            attach(blob, syntax, chunkHashes);
        }
        return view().documents(hash);
    }

    /**
     * Attaches what the parser found in a text.
     *
     * @param chunkHashes of the syntax's chunks, from {@link #chunkHashes}
     * @return the documents that hold the text now
     */
    public List<Document> attachSyntax(Unparsed of, Syntax syntax, List<ContentHash> chunkHashes) {
        for (Blob blob : tables.blobs(of.hash())) {
            if (blob.language() == of.language()) {
                attach(blob, syntax, chunkHashes);
            }
        }
        return view().documents(of.hash());
    }

    private void attach(Blob blob, Syntax syntax, List<ContentHash> chunkHashes) {
        if (chunkHashes.size() != syntax.chunks().size()) {
            throw new IllegalArgumentException(
                    syntax.chunks().size() + " chunks but " + chunkHashes.size() + " hashes of " + blob.hash());
        }
        blob.queued = false;
        if (blob.parsed() == null) {
            blob.parsed(new Blob.Parsed(syntax, chunkHashes));
            symbols.parsed(blob);
        }
    }

    /**
     * Keeps the index for exact search in files of a folder from now on, and takes what is there as work to be done first.
     *
     * @throws UncheckedIOException if the folder cannot be made or looked into
     */
    public void keepIndexIn(Path folder) {
        try {
            grams.keepIn(new GramFiles(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether texts wait to be indexed for exact search. */
    public boolean hasIndexWork() {
        return grams.hasWork();
    }

    /** A piece of work on the index for exact search. Each is answered by {@link #install} or {@link #abandon}. */
    Optional<IndexWork> takeIndexWork() {
        return grams.take();
    }

    /** Takes the outcome of such work in; what is searched meanwhile is exact with and without it. */
    void install(IndexWork.Done done) {
        grams.install(done, position);
    }

    /** Such work failed; its texts stay to be looked through. */
    void abandon(IndexWork work) {
        grams.abandon(work);
    }

    /** Indexes everything that waits, on the calling thread, the owner's. For benchmarks and tests. */
    public void indexAll() {
        for (Optional<IndexWork> work = grams.take(); work.isPresent(); work = grams.take()) {
            install(work.get().run());
        }
    }

    /** The hashes of the chunks' own bytes, in their order; may run on any thread. */
    public static List<ContentHash> chunkHashes(Syntax syntax, byte[] text) {
        return syntax.chunks().stream()
                .map(chunk -> ContentHash.of(text, chunk.startByte(), chunk.endByte() - chunk.startByte()))
                .toList();
    }

    /** The text with this hash, of the present or the past. Safe on any thread; may read the disk. */
    public Optional<byte[]> text(ContentHash hash) {
        return tables.anyBlob(hash).flatMap(texts::read);
    }

    /** What is known of the text with this hash; empty while not parsed. Safe on any thread. */
    public Optional<Syntax> syntax(ContentHash hash) {
        return tables.parsed(hash).map(Blob.Parsed::syntax);
    }

    /**
     * Lets go of texts in memory until so many bytes are given back or none are left; they are read from the source when
     * they are needed. Safe on any thread.
     *
     * @return bytes given back
     */
    public long evictTexts(long bytes) {
        return texts.evict(bytes);
    }

    /**
     * When the last document that held a chunk let go of it, in steps that grow with every version of a document;
     * {@link Long#MAX_VALUE} while a document of any workspace holds it. 0 for a chunk that is not known: its text is not
     * parsed yet, was let go of before the last start, or so long ago that the index has been swept. Safe on any thread.
     */
    public long supersededAt(ContentHash chunk) {
        SyntaxIndex.Places places = symbols.index().chunk(chunk);
        long last = 0;
        // The newest first: it is the most likely to be held, and what it answers shortens the look at the others.
        for (int i = places == null ? -1 : places.count() - 1; i >= 0 && last < Long.MAX_VALUE; i--) {
            Blob blob = places.blob(i);
            for (PathHistory path : blob.holders()) {
                last = path.supersededAt(blob, last);
            }
        }
        return last;
    }

    /** Bytes of text in memory. Safe on any thread. */
    public long textBytesInMemory() {
        return texts.bytes();
    }

    /**
     * Work for a thread of its own, which may read the disk: reads the texts of the present documents into memory as far
     * as they fit, newest first, and runs the search on made-up text until the platform has compiled it. Ends early when
     * that thread is interrupted.
     */
    public Runnable warming() {
        CodeView present = view();
        return () -> {
            present.documentsByTouch(document -> {
                if (!Thread.currentThread().isInterrupted()) {
                    texts.read(tables.blob(document.hash(), document.language(), document.size()));
                }
            });
            PatternWarming.run();
        };
    }

    @Override
    public CodeView view() {
        PathHistory.Bound bound = new PathHistory.Bound(position, Long.MAX_VALUE, Long.MAX_VALUE);
        return new EngineView(
                tables,
                texts,
                settings,
                symbols.index(),
                grams,
                grams.snapshot(position),
                bound,
                sequence,
                Map.copyOf(sequences),
                false);
    }

    @Override
    public Frozen freeze() {
        CodeSnapshot.Bounds bounds = new CodeSnapshot.Bounds(position, sequence, tables.blobCount());
        return out -> CodeSnapshot.write(out, tables, bounds);
    }

    @Override
    public void readSnapshot(DataInput in) throws IOException {
        if (position > 0) {
            throw new IllegalStateException("a snapshot is read into an empty engine only");
        }
        sequence = CodeSnapshot.read(in, tables, (path, step) -> add(path, step.at(++position)));
        // Newest and most-touched first, as enqueue puts the last one in front.
        List<Blob> order = new ArrayList<>();
        view().documentsByTouch(
                        document -> order.add(tables.blob(document.hash(), document.language(), document.size())));
        unparsed.clear();
        tables.blobs().forEach(blob -> blob.queued = false);
        order.reversed().forEach(this::enqueue);
    }

    @Override
    public void close() {
        unparsed.clear();
        texts.close();
    }
}
