package ai.postdev.dragon.lake.text;

import static java.lang.System.Logger.Level.WARNING;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.Backlog;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.code.DocumentListener;
import ai.postdev.dragon.lake.syntax.Syntax;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.store.MMapDirectory;

/**
 * The ranked-text index of one project: a Lucene index of {@link Passages passages}, plus one entry for each file with
 * the words of its path and of the names it defines. Written by one thread, the code
 * store's actor, and analysed on several (see {@link Lanes}). A change is
 * searchable in {@link #current()} when {@link #refresh} returns; what {@link #commit} has written survives a restart
 * together with the sequence up to which it is complete, so only the journal's tail is replayed.
 *
 * <p>The index holds no text. Losing it loses nothing but time: it is rebuilt from the journal and the blobs.
 */
public final class TextIndex implements DocumentListener {
    /** Changes with the analysis or the fields: an index of another format is dropped and built anew. */
    static final String FORMAT = "2";

    static final String KEY = "key";
    static final String BODY = "body";
    static final String DEFINES = "defines";
    static final String PATH = "path";
    static final String LANGUAGE = "language";
    static final String LINES = "lines";
    static final String FILE_DEFINES = "file-defines";
    static final String HASH = "hash";

    /** Text shown by one refresh from which on it counts as part of a first reading: merging waits for its end. */
    private static final long BULK_BYTES = 1 << 20;

    /** Parts of similar size that the index may have. More make writing cheaper and each question dearer. */
    private static final int PARTS_MAX = 8;

    private static final int PARTS_IN_BULK_MAX = 48;

    private static final Lanes.Task NOTHING = _ -> {};
    private static final String SEQUENCE = "sequence";
    private static final String FORMAT_KEY = "format";
    private static final System.Logger LOG = System.getLogger(TextIndex.class.getName());
    private static final Cleaner CLEANER = Cleaner.create();

    private final Directory directory;
    private final IndexWriter writer;
    private final Lanes lanes;
    private final long commitBytes;
    private final Map<String, ContentHash> recovered;
    private long sequence;
    private boolean changed;
    private long told;
    private long bytesSinceCommit;
    private long bytesSinceRefresh;
    private final TieredMergePolicy merging = new TieredMergePolicy();
    private boolean bulk;
    private boolean settling;
    private DirectoryReader reader;
    private volatile TextView view;

    /**
     * Opens the index in {@code folder}, or starts a new one there; also if the one there knows more than the journal,
     * which has lost what it was made of.
     *
     * @param known the newest sequence of the journal
     * @throws UncheckedIOException if the folder cannot be written or another process holds it
     */
    public static TextIndex open(Path folder, TextSettings settings, long known) {
        try {
            try {
                TextIndex index = opened(folder, settings);
                if (index.sequence() <= known) {
                    return index;
                }
                LOG.log(
                        WARNING,
                        "text index in " + folder + " reaches to " + index.sequence() + ", the journal only to " + known
                                + "; it is built anew");
                index.writer.rollback();
                index.directory.close();
                empty(folder);
                return opened(folder, settings);
            } catch (LockObtainFailedException e) {
                throw e;
            } catch (IOException e) {
                LOG.log(WARNING, "text index in " + folder + " is damaged and is built anew: " + e.getMessage(), e);
                empty(folder);
                return opened(folder, settings);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("text index in " + folder + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static TextIndex opened(Path folder, TextSettings settings) throws IOException {
        Path lock = folder.resolve(IndexWriter.WRITE_LOCK_NAME);
        if (Files.exists(lock)) {
            // Held by a lock, never by what is in it; with anything in it no commit would ever succeed.
            Files.write(lock, new byte[0]);
        }
        Directory directory = new MMapDirectory(folder);
        try {
            return new TextIndex(directory, settings);
        } catch (IOException e) {
            directory.close();
            throw e;
        }
    }

    /** The index holds nothing that the journal does not: what cannot be read is made again. */
    private static void empty(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    /** An index in memory that is gone when it is closed; for moments of the past and for tests. */
    public static TextIndex inMemory() {
        try {
            return new TextIndex(new ByteBuffersDirectory(), TextSettings.IN_MEMORY);
        } catch (IOException e) {
            throw new UncheckedIOException("text index in memory cannot be opened: " + e.getMessage(), e);
        }
    }

    private TextIndex(Directory directory, TextSettings settings) throws IOException {
        this.directory = directory;
        this.commitBytes = settings.commitBytes();
        this.lanes = new Lanes(settings.threads());
        boolean usable = DirectoryReader.indexExists(directory) && isWholeAndOfThisFormat(directory);
        merging.setSegmentsPerTier(PARTS_MAX);
        IndexWriterConfig config = new IndexWriterConfig(null)
                .setOpenMode(usable ? IndexWriterConfig.OpenMode.APPEND : IndexWriterConfig.OpenMode.CREATE)
                .setRAMBufferSizeMB(settings.ramBufferMegabytes())
                .setSimilarity(TextView.SIMILARITY)
                .setMergePolicy(merging)
                .setCommitOnClose(false);
        writer = new IndexWriter(directory, config);
        try {
            Map<String, String> data = userData(writer.getLiveCommitData());
            sequence = usable ? Long.parseLong(data.getOrDefault(SEQUENCE, "0")) : 0;
            reader = DirectoryReader.open(writer);
            view = newView(reader);
            recovered = usable ? view.hashes() : new HashMap<>();
        } catch (IOException | RuntimeException e) {
            writer.rollback();
            throw e;
        }
    }

    /** Reads every byte once: a damaged index would find too little, and nobody would see it. */
    private static boolean isWholeAndOfThisFormat(Directory directory) throws IOException {
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
            for (LeafReaderContext part : reader.leaves()) {
                part.reader().checkIntegrity();
            }
            return FORMAT.equals(reader.getIndexCommit().getUserData().get(FORMAT_KEY));
        }
    }

    private static Map<String, String> userData(Iterable<Map.Entry<String, String>> entries) {
        Map<String, String> data = new HashMap<>();
        if (entries != null) {
            entries.forEach(entry -> data.put(entry.getKey(), entry.getValue()));
        }
        return data;
    }

    /** The sequence given to the last {@link #commit}; 0 for a new index. */
    @Override
    public long sequence() {
        return sequence;
    }

    /**
     * Replaces what the index holds of this document. A document that an earlier run has indexed with the same content
     * is passed over, so telling everything again after a restart costs little.
     */
    @Override
    public void documentPut(Document document, byte[] utf8) {
        put(document, utf8, true);
    }

    @Override
    public void documentFirstPut(Document document, byte[] utf8) {
        put(document, utf8, false);
    }

    private void put(Document document, byte[] utf8, boolean mayReplace) {
        String key = key(document.workspace(), document.path());
        ContentHash known = recovered.remove(key);
        if (document.hash().equals(known)) {
            return;
        }
        boolean replaces = mayReplace || known != null;
        lanes.put(key, entries -> {
            StringBuilder names = new StringBuilder();
            if (replaces) {
                // Looked up in every part of the index: in a first reading none of them would find anything.
                writer.deleteDocuments(new Term(KEY, key));
            }
            List<Passages.Passage> passages = new ArrayList<>();
            Passages.cut(utf8, passages::add);
            for (Passages.Passage passage : passages) {
                writer.addDocument(entries.passage(key, document.language(), utf8, passage, names));
            }
            writer.addDocument(entries.file(key, document, names));
        });
        bytesSinceCommit += utf8.length;
        bytesSinceRefresh += utf8.length;
        changed = true;
    }

    private void delete(String key) {
        lanes.put(key, _ -> writer.deleteDocuments(new Term(KEY, key)));
    }

    @Override
    public void behind(Backlog backlog) {
        view = view.with(backlog);
    }

    @Override
    public void documentRemoved(Document document) {
        String key = key(document.workspace(), document.path());
        recovered.remove(key);
        delete(key);
        changed = true;
    }

    /** Passages are cut and definitions found without a parser (see {@link Definitions}), so nothing changes here. */
    @Override
    public void syntaxFound(Document document, Syntax syntax) {}

    /** Shows everything told so far in {@link #current}, and commits it when enough has gathered. */
    @Override
    public void refresh(long sequence) {
        boolean much = bytesSinceRefresh >= BULK_BYTES;
        bulk |= much;
        bytesSinceRefresh = 0;
        merging.setSegmentsPerTier(bulk ? PARTS_IN_BULK_MAX : PARTS_MAX);
        // Each lane writes a part of what it gathered; showing it would otherwise write them all on this thread.
        refreshView(much ? _ -> writer.flushNextBuffer() : NOTHING);
        if (bytesSinceCommit >= commitBytes) {
            commit(sequence);
        }
        told = Math.max(told, sequence);
    }

    /** Merges what a first reading has left in many parts. */
    @Override
    public boolean quiet() {
        if (!bulk && !settling) {
            return false;
        }
        try {
            if (bulk) {
                bulk = false;
                merging.setSegmentsPerTier(PARTS_MAX);
                writer.maybeMerge();
            }
            // Asked before the view is renewed: what is merged by then is in it.
            settling = !writer.getMergingSegments().isEmpty();
            changed = true;
            refreshView(NOTHING);
            return settling;
        } catch (IOException e) {
            throw new UncheckedIOException("text index was not merged: " + e.getMessage(), e);
        }
    }

    /**
     * Drops the documents of an earlier run that were not told again. For a store that after a restart tells every
     * document it holds: what it did not tell is gone.
     */
    public void dropUntold() {
        recovered.keySet().forEach(this::delete);
        changed |= !recovered.isEmpty();
        recovered.clear();
    }

    /** The newest state shown by {@link #refresh}, and what it lacks; safe on any thread. */
    public TextView current() {
        return view;
    }

    private void refreshView(Lanes.Task last) {
        if (changed) {
            lanes.drain(last);
            try {
                DirectoryReader newer = DirectoryReader.openIfChanged(reader, writer);
                if (newer != null) {
                    reader = newer;
                    view = newView(newer).with(view.backlog());
                }
                changed = false;
            } catch (IOException e) {
                throw new UncheckedIOException("text index was not refreshed: " + e.getMessage(), e);
            }
        }
    }

    /** A reader is closed when the last view of it is unreachable: readers of views need not count references. */
    private static TextView newView(DirectoryReader reader) {
        TextView view = new TextView(reader);
        CLEANER.register(view, () -> close(reader));
        return view;
    }

    private static void close(DirectoryReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            LOG.log(WARNING, "a reader of the text index was not closed", e);
        }
    }

    /** Makes the present state durable, marked as complete up to {@code sequence}. */
    public void commit(long sequence) {
        lanes.drain(NOTHING);
        try {
            writer.setLiveCommitData(Map.of(SEQUENCE, Long.toString(sequence), FORMAT_KEY, FORMAT)
                    .entrySet());
            writer.commit();
            this.sequence = sequence;
            bytesSinceCommit = 0;
        } catch (IOException e) {
            throw new UncheckedIOException("text index was not committed: " + e.getMessage(), e);
        }
    }

    /** Commits and closes. Views stay readable until they are unreachable. */
    @Override
    public void close() {
        try {
            try (directory;
                    lanes) {
                closeWriter();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("text index was not closed: " + e.getMessage(), e);
        }
    }

    /** A writer that cannot commit lets go of the folder all the same: the index is opened again as last committed. */
    private void closeWriter() throws IOException {
        try {
            commit(Math.max(told, sequence));
            writer.close();
        } finally {
            if (writer.isOpen()) {
                writer.rollback();
            }
        }
    }

    static String key(WorkspaceId workspace, String path) {
        return workspace.value() + '\0' + path;
    }
}
