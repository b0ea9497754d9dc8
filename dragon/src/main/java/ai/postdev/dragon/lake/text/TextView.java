package ai.postdev.dragon.lake.text;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.Backlog;
import ai.postdev.dragon.lake.code.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/** The ranked-text index at one moment. Immutable; safe on any thread. Searches read memory-mapped files. */
public final class TextView {
    /** Okapi BM25 (Robertson and Zaragoza, 2009), with the constants that its authors found best on long documents. */
    static final Similarity SIMILARITY = new WordsSimilarity(1.2f, 0.75f);

    private final IndexReader reader;
    private final IndexSearcher searcher;

    // Of the first leaves, entries with these keys are not shown: later leaves hold what the documents were.
    private final int presentLeaves;
    private final Set<String> replaced;
    private final Backlog backlog;
    // Kept, for the reader is closed when the view that was made with it is unreachable.
    private final Optional<TextView> root;

    TextView(DirectoryReader reader) {
        this(reader, reader.leaves().size(), Set.of(), Backlog.NONE, Optional.empty());
    }

    private TextView(
            IndexReader reader, int presentLeaves, Set<String> replaced, Backlog backlog, Optional<TextView> root) {
        this.reader = reader;
        this.presentLeaves = presentLeaves;
        this.replaced = replaced;
        this.backlog = backlog;
        this.root = root;
        this.searcher = new IndexSearcher(reader);
        this.searcher.setSimilarity(SIMILARITY);
        this.searcher.setQueryCache(null); // queries do not repeat; a cache would only cost
    }

    /**
     * This view with other versions of some documents.
     *
     * @param versions an index of these versions only
     * @param documents for which nothing of this view is shown; those of {@code versions} among them
     */
    public TextView replacing(TextView versions, Collection<Document> documents) {
        Set<String> keys = new HashSet<>();
        documents.forEach(document -> keys.add(TextIndex.key(document.workspace(), document.path())));
        try {
            IndexReader both = new MultiReader(new IndexReader[] {reader, versions.reader}, false);
            return new TextView(both, reader.leaves().size(), keys, Backlog.NONE, Optional.of(this));
        } catch (IOException e) {
            throw new UncheckedIOException("text index cannot be read: " + e.getMessage(), e);
        }
    }

    /** This view, lacking these documents. */
    TextView with(Backlog documents) {
        return documents == backlog
                ? this
                : new TextView(reader, presentLeaves, replaced, documents, Optional.of(root.orElse(this)));
    }

    /** Documents that are not in the index yet, or not as they are. */
    public Backlog backlog() {
        return backlog;
    }

    IndexReader reader() {
        return reader;
    }

    /**
     * Some lines of a document that match.
     *
     * @param startLine 1-based
     * @param endLine inclusive
     * @param score BM25; comparable within one answer only
     */
    public record PassageHit(WorkspaceId workspace, String path, int startLine, int endLine, double score) {}

    /** A document whose path or defined names match. */
    public record FileHit(WorkspaceId workspace, String path, double score) {}

    /** Parts that the index consists of; each costs every question something. */
    int parts() {
        return reader.leaves().size();
    }

    /** Passages and entries of files in the index. */
    public int entries() {
        return reader.numDocs();
    }

    /**
     * The passages that match best, best first; equal scores in the order of the index.
     *
     * @param terms weight by term
     * @param definesBoost how much more a term counts where it is part of a name that the passage defines
     */
    public List<PassageHit> passages(
            Map<String, Float> terms, float definesBoost, Optional<TextFilter> filter, int limit) {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        terms.forEach((term, weight) -> {
            any.add(boosted(TextIndex.BODY, term, weight), Occur.SHOULD);
            if (definesBoost > 0) {
                any.add(boosted(TextIndex.DEFINES, term, weight * definesBoost), Occur.SHOULD);
            }
        });
        return search(filtered(any.build(), filter), limit, (document, score) -> {
            long lines = document.lines();
            return new PassageHit(document.workspace(), document.path(), (int) (lines >>> 32), (int) lines, score);
        });
    }

    /** The documents whose path holds these terms, best first. */
    public List<FileHit> paths(Map<String, Float> terms, Optional<TextFilter> filter, int limit) {
        return files(TextIndex.PATH, terms, filter, limit);
    }

    /** The documents whose defined names hold these terms, best first. */
    public List<FileHit> defining(Map<String, Float> terms, Optional<TextFilter> filter, int limit) {
        return files(TextIndex.FILE_DEFINES, terms, filter, limit);
    }

    private List<FileHit> files(String field, Map<String, Float> terms, Optional<TextFilter> filter, int limit) {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        terms.forEach((term, weight) -> any.add(boosted(field, term, weight), Occur.SHOULD));
        return search(
                filtered(any.build(), filter),
                limit,
                (document, score) -> new FileHit(document.workspace(), document.path(), score));
    }

    /** In how many passages a term occurs, as a share of all: 0 for a term that occurs nowhere. */
    public double share(String term) {
        try {
            return (double) reader.docFreq(new Term(TextIndex.BODY, term)) / Math.max(1, reader.numDocs());
        } catch (IOException e) {
            throw new UncheckedIOException("text index cannot be read: " + e.getMessage(), e);
        }
    }

    /** For each document by its key, the hash of the content that was indexed. */
    Map<String, ContentHash> hashes() throws IOException {
        Map<String, ContentHash> hashes = new HashMap<>();
        for (LeafReaderContext leaf : reader.leaves()) {
            BinaryDocValues values = DocValues.getBinary(leaf.reader(), TextIndex.HASH);
            BinaryDocValues keys = DocValues.getBinary(leaf.reader(), TextIndex.KEY);
            Bits live = leaf.reader().getLiveDocs();
            while (values.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
                if ((live == null || live.get(values.docID())) && keys.advanceExact(values.docID())) {
                    BytesRef hash = values.binaryValue();
                    hashes.put(
                            keys.binaryValue().utf8ToString(),
                            ContentHash.fromBytes(
                                    Arrays.copyOfRange(hash.bytes, hash.offset, hash.offset + hash.length)));
                }
            }
        }
        return hashes;
    }

    private static Query boosted(String field, String term, float weight) {
        Query query = new TermQuery(new Term(field, new BytesRef(term)));
        return weight == 1 ? query : new BoostQuery(query, weight);
    }

    private static Query filtered(Query query, Optional<TextFilter> filter) {
        if (filter.isEmpty()) {
            return query;
        }
        BooleanQuery.Builder both = new BooleanQuery.Builder().add(query, Occur.MUST);
        filter.get().queries().forEach(part -> both.add(part, Occur.FILTER));
        return both.build();
    }

    private interface HitReader<T> {
        T read(Located document, double score);
    }

    private record Located(WorkspaceId workspace, String path, long lines) {}

    private <T> List<T> search(Query query, int limit, HitReader<T> hits) {
        try {
            List<LeafReaderContext> leaves = reader.leaves();
            BinaryDocValues[] keys = new BinaryDocValues[leaves.size()];
            NumericDocValues[] lines = new NumericDocValues[leaves.size()];
            ScoreDoc[] found = searcher.search(query, limit).scoreDocs;
            // Doc values move forward only: they are read in the order of the index, and told in the order of the hits.
            Integer[] inOrder = new Integer[found.length];
            Arrays.setAll(inOrder, i -> i);
            Arrays.sort(inOrder, Comparator.comparingInt(i -> found[i].doc));
            Located[] located = new Located[found.length];
            for (int i : inOrder) {
                int leaf = ReaderUtil.subIndex(found[i].doc, leaves);
                int doc = found[i].doc - leaves.get(leaf).docBase;
                if (keys[leaf] == null) {
                    keys[leaf] = DocValues.getBinary(leaves.get(leaf).reader(), TextIndex.KEY);
                    lines[leaf] = DocValues.getNumeric(leaves.get(leaf).reader(), TextIndex.LINES);
                }
                if (keys[leaf].advanceExact(doc)) {
                    String key = keys[leaf].binaryValue().utf8ToString();
                    if (leaf >= presentLeaves || !replaced.contains(key)) {
                        located[i] = located(key, lines[leaf].advanceExact(doc) ? lines[leaf].longValue() : 0);
                    }
                }
            }
            List<T> result = new ArrayList<>(found.length);
            for (int i = 0; i < found.length; i++) {
                if (located[i] != null) {
                    result.add(hits.read(located[i], found[i].score));
                }
            }
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException("text index cannot be read: " + e.getMessage(), e);
        }
    }

    private static Located located(String key, long lines) {
        int zero = key.indexOf('\0');
        return new Located(new WorkspaceId(key.substring(0, zero)), key.substring(zero + 1), lines);
    }
}
