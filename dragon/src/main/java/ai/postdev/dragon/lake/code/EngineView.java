package ai.postdev.dragon.lake.code;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.syntax.Syntax;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The code engine up to a bound. Reads the engine's growing tables and passes over what came later. */
final class EngineView implements CodeView {
    private static final Comparator<Document> BY_PLACE =
            Comparator.comparing(Document::workspace).thenComparing(Document::path);

    private final CodeTables tables;
    private final Texts texts;
    private final CodeSettings settings;
    private final SyntaxIndex index;
    private final BlobIndex blobIndex;
    private final BlobIndex.Snapshot grams;
    private final PathHistory.Bound bound;
    private final long sequence;
    private final Map<WorkspaceId, Long> sequences;
    /** Whether this looks back: the index need not know what was defined then. */
    private final boolean past;

    EngineView(
            CodeTables tables,
            Texts texts,
            CodeSettings settings,
            SyntaxIndex index,
            BlobIndex blobIndex,
            BlobIndex.Snapshot grams,
            PathHistory.Bound bound,
            long sequence,
            Map<WorkspaceId, Long> sequences,
            boolean past) {
        this.tables = tables;
        this.texts = texts;
        this.settings = settings;
        this.index = index;
        this.blobIndex = blobIndex;
        this.grams = grams;
        this.bound = bound;
        this.sequence = sequence;
        this.sequences = sequences;
        this.past = past;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public List<WorkspaceId> workspaces() {
        return sequences.keySet().stream().sorted().toList();
    }

    @Override
    public long sequence(WorkspaceId workspace) {
        return sequences.getOrDefault(workspace, 0L);
    }

    @Override
    public Optional<Document> document(WorkspaceId workspace, String path) {
        return tables.knownPath(workspace, path)
                .map(history -> history.documentAt(bound))
                .map(PathHistory.Version::document);
    }

    @Override
    public List<Document> documents(WorkspaceId workspace) {
        List<Document> documents = new ArrayList<>();
        versions(workspace, (_, version) -> documents.add(version.document()));
        return documents;
    }

    @Override
    public List<Document> documents() {
        List<Document> documents = new ArrayList<>();
        versions((_, version) -> documents.add(version.document()));
        return documents;
    }

    @Override
    public List<Document> documentsNamed(String name) {
        List<Document> documents = new ArrayList<>();
        for (PathHistory path = tables.lastNamed(name); path != null; path = path.formerNamed()) {
            PathHistory.Version version = path.documentAt(bound);
            if (version != null) {
                documents.add(version.document());
            }
        }
        documents.sort(BY_PLACE);
        return documents;
    }

    @Override
    public List<Document> documents(ContentHash hash) {
        List<Blob> blobs = tables.blobs(hash);
        if (blobs.size() == 1) {
            return holders(blobs.getFirst());
        }
        List<Document> documents = new ArrayList<>();
        blobs.forEach(blob -> documents.addAll(holders(blob)));
        documents.sort(BY_PLACE);
        return documents;
    }

    /** The documents of this view with this content. */
    private List<Document> holders(Blob blob) {
        PathHistory[] holders = blob.holders();
        if (holders.length == 1) {
            PathHistory.Version version = holders[0].documentAt(bound);
            return version != null && version.blob() == blob ? List.of(version.document()) : List.of();
        }
        List<Document> documents = new ArrayList<>();
        for (PathHistory holder : holders) {
            PathHistory.Version version = holder.documentAt(bound);
            if (version != null && version.blob() == blob) {
                documents.add(version.document());
            }
        }
        documents.sort(BY_PLACE);
        return documents;
    }

    /** Takes the paths that this view shows. */
    interface VersionVisitor {
        void visit(PathHistory path, PathHistory.Version version);
    }

    void versions(VersionVisitor visitor) {
        workspaces().forEach(workspace -> versions(workspace, visitor));
    }

    private void versions(WorkspaceId workspace, VersionVisitor visitor) {
        for (PathHistory path : tables.paths(workspace)) {
            PathHistory.Version version = path.documentAt(bound);
            if (version != null) {
                visitor.visit(path, version);
            }
        }
    }

    @Override
    public List<DocumentVersion> history(WorkspaceId workspace, String path) {
        Optional<PathHistory> known = tables.knownPath(workspace, path);
        if (known.isEmpty()) {
            return List.of();
        }
        PathHistory history = known.get();
        List<DocumentVersion> steps = new ArrayList<>();
        for (int i = 0; i < history.count(bound); i++) {
            PathHistory.Version version = history.version(i);
            steps.add(new DocumentVersion(version.sequence(), version.time(), Optional.ofNullable(version.document())));
        }
        return steps;
    }

    @Override
    public CodeView at(long sequenceThen) {
        if (sequenceThen >= sequence) {
            return this;
        }
        Map<WorkspaceId, Long> then = new HashMap<>();
        PathHistory.Bound earlier =
                new PathHistory.Bound(bound.position(), Math.min(bound.sequence(), sequenceThen), bound.millis());
        return back(earlier, Math.max(0, sequenceThen), then);
    }

    @Override
    public CodeView atTime(Instant time) {
        PathHistory.Bound earlier = new PathHistory.Bound(
                bound.position(), bound.sequence(), Math.min(bound.millis(), time.toEpochMilli()));
        return back(earlier, -1, new HashMap<>());
    }

    /** A view of the past; its sequences are worked out from what it shows. */
    private CodeView back(PathHistory.Bound earlier, long knownSequence, Map<WorkspaceId, Long> then) {
        for (WorkspaceId workspace : workspaces()) {
            long last = 0;
            for (PathHistory path : tables.paths(workspace)) {
                PathHistory.Version version = path.at(earlier);
                last = version == null ? last : Math.max(last, version.sequence());
            }
            if (last > 0) {
                then.put(workspace, last);
            }
        }
        long newest = knownSequence >= 0
                ? knownSequence
                : then.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return new EngineView(
                tables, texts, settings, index, blobIndex, grams, earlier, newest, Map.copyOf(then), true);
    }

    @Override
    public Optional<byte[]> text(ContentHash hash) {
        return tables.anyBlob(hash).flatMap(texts::read);
    }

    @Override
    public boolean texts(List<Document> documents, TextVisitor visitor) {
        return texts.each(documents, tables, visitor);
    }

    @Override
    public Optional<Syntax> syntax(ContentHash hash) {
        return tables.parsed(hash).map(Blob.Parsed::syntax);
    }

    @Override
    public List<ContentHash> chunkHashes(ContentHash hash) {
        return tables.parsed(hash).map(Blob.Parsed::chunkHashes).orElse(List.of());
    }

    /** What is indexed for exact search and what waits for it. */
    BlobIndex.Snapshot grams() {
        return blobIndex.newest(grams);
    }

    CodeTables tables() {
        return tables;
    }

    PathHistory.Bound bound() {
        return bound;
    }

    boolean past() {
        return past;
    }

    @Override
    public long indexBytes() {
        return grams().indexed().bytes();
    }

    @Override
    public long textBytesInMemory() {
        return texts.bytes();
    }

    @Override
    public Counts counts(WorkspaceId workspace) {
        long[] sums = new long[5];
        versions(workspace, (_, version) -> {
            sums[0]++;
            sums[1] += version.document().size();
            Blob.Parsed parsed = version.blob().parsed();
            if (parsed != null) {
                sums[2]++;
                sums[3] += parsed.syntax().symbols().size();
                sums[4] += parsed.syntax().chunks().size();
            }
        });
        return new Counts(sums[0], sums[1], sums[2], sums[3], sums[4]);
    }

    @Override
    public List<SymbolHit> symbolsNamed(String name, int limit) {
        if (past) {
            return symbolsWhere(name::equals, limit);
        }
        List<SymbolHit> hits = new ArrayList<>();
        addNamed(name, limit, hits);
        return hits;
    }

    @Override
    public List<SymbolHit> symbolsNamedIgnoringCase(String name, int limit) {
        return past
                ? symbolsWhere(SymbolNames.equalTo(name), limit)
                : named(index.namesIgnoringCase(name), limit, new ArrayList<>());
    }

    @Override
    public List<SymbolHit> symbolsStartingWith(String prefix, int limit) {
        if (past) {
            List<SymbolHit> hits = symbolsWhere(SymbolNames.startingWith(prefix), Integer.MAX_VALUE);
            hits.sort(SymbolNames.ORDER);
            return List.copyOf(hits.subList(0, Math.min(limit, hits.size())));
        }
        List<SymbolHit> hits = new ArrayList<>();
        for (SyntaxIndex.Names names : index.startingWith(prefix)) {
            if (hits.size() >= limit) {
                break;
            }
            named(names.all(), limit, hits);
        }
        return hits;
    }

    @Override
    public List<SymbolHit> symbolsWithWord(String word, int limit) {
        return past
                ? symbolsWhere(SymbolNames.withWord(word), limit)
                : named(index.namesWithWord(word), limit, new ArrayList<>());
    }

    private List<SymbolHit> named(List<String> names, int limit, List<SymbolHit> hits) {
        for (String name : names) {
            if (hits.size() >= limit) {
                break;
            }
            addNamed(name, limit, hits);
        }
        return hits;
    }

    private void addNamed(String name, int limit, List<SymbolHit> hits) {
        SyntaxIndex.Places places = index.named(name);
        for (int i = 0; places != null && i < places.count() && hits.size() < limit; i++) {
            Blob blob = places.blob(i);
            Syntax.Symbol symbol = blob.parsed().syntax().symbols().get(places.index(i));
            for (Document document : holders(blob)) {
                if (hits.size() < limit) {
                    hits.add(new SymbolHit(document, symbol));
                }
            }
        }
    }

    /** By a pass over every document; for views of the past, which no index knows. */
    private List<SymbolHit> symbolsWhere(Predicate<String> wanted, int limit) {
        List<SymbolHit> hits = new ArrayList<>();
        versions((_, version) -> {
            Blob.Parsed parsed = version.blob().parsed();
            if (parsed != null && hits.size() < limit) {
                for (Syntax.Symbol symbol : parsed.syntax().symbols()) {
                    if (hits.size() < limit && wanted.test(symbol.name())) {
                        hits.add(new SymbolHit(version.document(), symbol));
                    }
                }
            }
        });
        return hits;
    }

    @Override
    public boolean isIndexed() {
        return !past;
    }

    @Override
    public List<ChunkHit> chunks(ContentHash chunkHash) {
        List<ChunkHit> hits = new ArrayList<>();
        if (past) {
            chunks(hit -> {
                if (hit.hash().equals(chunkHash)) {
                    hits.add(hit);
                }
                return true;
            });
            return hits;
        }
        SyntaxIndex.Places places = index.chunk(chunkHash);
        for (int i = 0; places != null && i < places.count(); i++) {
            Blob blob = places.blob(i);
            Syntax.Chunk chunk = blob.parsed().syntax().chunks().get(places.index(i));
            holders(blob).forEach(document -> hits.add(new ChunkHit(document, chunk, chunkHash)));
        }
        return hits;
    }

    @Override
    public void chunks(Predicate<ChunkHit> visitor) {
        for (PathHistory.Version version : byTouch()) {
            Blob.Parsed parsed = version.blob().parsed();
            for (int i = 0; parsed != null && i < parsed.chunkHashes().size(); i++) {
                Syntax.Chunk chunk = parsed.syntax().chunks().get(i);
                if (!visitor.test(new ChunkHit(
                        version.document(), chunk, parsed.chunkHashes().get(i)))) {
                    return;
                }
            }
        }
    }

    @Override
    public void documentsByTouch(Consumer<Document> visitor) {
        byTouch().forEach(version -> visitor.accept(version.document()));
    }

    /** Documents that changed while they were watched come first, the last change first; then those newest on disk. */
    private List<PathHistory.Version> byTouch() {
        record Touched(PathHistory.Version version, boolean changed) {}
        List<Touched> touched = new ArrayList<>();
        versions((path, version) -> touched.add(new Touched(version, path.count(bound) > 1)));
        Comparator<Touched> changedFirst =
                Comparator.comparing(Touched::changed).reversed();
        Comparator<Touched> newestFirst = Comparator.comparingLong((Touched each) -> each.changed()
                        ? each.version().position()
                        : each.version().document().modifiedMillis())
                .reversed();
        touched.sort(changedFirst.thenComparing(newestFirst));
        return touched.stream().map(Touched::version).toList();
    }

    @Override
    public GrepAnswer grep(GrepQuery query, Executor executor) throws InvalidPatternException {
        return Grep.run(this, texts, query, executor, settings.grepThreads());
    }
}
