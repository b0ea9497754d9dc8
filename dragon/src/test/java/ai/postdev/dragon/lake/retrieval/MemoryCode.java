package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.ChunkHit;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.code.DocumentVersion;
import ai.postdev.dragon.lake.code.GrepAnswer;
import ai.postdev.dragon.lake.code.GrepQuery;
import ai.postdev.dragon.lake.code.InvalidPatternException;
import ai.postdev.dragon.lake.code.SymbolHit;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.text.Terms;
import ai.postdev.dragon.lake.text.TextIndex;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A small code store for tests of what stands on it: maps and plain loops, right by the look of it. */
final class MemoryCode implements CodeView {
    static final WorkspaceId WORKSPACE = new WorkspaceId("w");

    private record Version(long sequence, String path, Optional<Document> document) {}

    private final List<Version> log;
    private final Map<ContentHash, byte[]> texts;
    private final Map<ContentHash, Syntax> syntax;
    private final long bound;
    private final Map<String, Document> now = new TreeMap<>();

    MemoryCode() {
        this(new ArrayList<>(), new HashMap<>(), new HashMap<>(), 0);
    }

    private MemoryCode(List<Version> log, Map<ContentHash, byte[]> texts, Map<ContentHash, Syntax> syntax, long bound) {
        this.log = log;
        this.texts = texts;
        this.syntax = syntax;
        this.bound = bound;
        for (Version version : log) {
            if (version.sequence() <= bound) {
                version.document().ifPresentOrElse(d -> now.put(version.path(), d), () -> now.remove(version.path()));
            }
        }
    }

    /** The view after this text is put, {@code index} told of it. */
    MemoryCode put(String path, String text, TextIndex index) {
        return put(path, text, 0, index);
    }

    MemoryCode put(String path, String text, long modifiedMillis, TextIndex index) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ContentHash hash = ContentHash.of(utf8);
        long sequence = log.size() + 1;
        Document document = new Document(
                WORKSPACE,
                path,
                hash,
                utf8.length,
                Language.ofPath(path),
                modifiedMillis,
                utf8.length,
                sequence,
                HybridTime.of(sequence, 0));
        texts.put(hash, utf8);
        log.add(new Version(sequence, path, Optional.of(document)));
        index.documentPut(document, utf8);
        index.refresh(sequence);
        return new MemoryCode(log, texts, syntax, sequence);
    }

    MemoryCode remove(String path, TextIndex index) {
        index.documentRemoved(now.get(path));
        long sequence = log.size() + 1;
        log.add(new Version(sequence, path, Optional.empty()));
        index.refresh(sequence);
        return new MemoryCode(log, texts, syntax, sequence);
    }

    MemoryCode parsed(String path, Syntax found) {
        syntax.put(now.get(path).hash(), found);
        return this;
    }

    @Override
    public long sequence() {
        return bound;
    }

    @Override
    public List<WorkspaceId> workspaces() {
        return List.of(WORKSPACE);
    }

    @Override
    public long sequence(WorkspaceId workspace) {
        return bound;
    }

    @Override
    public Optional<Document> document(WorkspaceId workspace, String path) {
        return Optional.ofNullable(now.get(path));
    }

    @Override
    public List<Document> documents(WorkspaceId workspace) {
        return documents();
    }

    @Override
    public List<Document> documents() {
        return List.copyOf(now.values());
    }

    @Override
    public List<Document> documents(ContentHash hash) {
        return now.values().stream().filter(d -> d.hash().equals(hash)).toList();
    }

    @Override
    public List<DocumentVersion> history(WorkspaceId workspace, String path) {
        return log.stream()
                .filter(v -> v.path().equals(path) && v.sequence() <= bound)
                .map(v -> new DocumentVersion(v.sequence(), HybridTime.of(v.sequence(), 0), v.document()))
                .toList();
    }

    @Override
    public CodeView at(long sequence) {
        return new MemoryCode(log, texts, syntax, Math.min(bound, sequence));
    }

    @Override
    public CodeView atTime(Instant time) {
        return at(time.toEpochMilli());
    }

    @Override
    public Optional<byte[]> text(ContentHash hash) {
        return Optional.ofNullable(texts.get(hash));
    }

    @Override
    public Optional<Syntax> syntax(ContentHash hash) {
        return Optional.ofNullable(syntax.get(hash));
    }

    @Override
    public List<ContentHash> chunkHashes(ContentHash hash) {
        byte[] text = texts.get(hash);
        return syntax(hash).map(Syntax::chunks).orElse(List.of()).stream()
                .map(c -> ContentHash.of(text, c.startByte(), c.endByte() - c.startByte()))
                .toList();
    }

    @Override
    public Counts counts(WorkspaceId workspace) {
        return new Counts(now.size(), 0, 0, 0, 0);
    }

    private List<SymbolHit> symbols(int limit, Predicate<String> name) {
        List<SymbolHit> hits = new ArrayList<>();
        for (Document document : now.values()) {
            syntax(document.hash())
                    .ifPresent(found -> found.symbols().stream()
                            .filter(symbol -> name.test(symbol.name()))
                            .forEach(symbol -> hits.add(new SymbolHit(document, symbol))));
        }
        return hits.subList(0, Math.min(limit, hits.size()));
    }

    @Override
    public List<SymbolHit> symbolsNamed(String name, int limit) {
        return symbols(limit, name::equals);
    }

    @Override
    public List<SymbolHit> symbolsNamedIgnoringCase(String name, int limit) {
        return symbols(limit, name::equalsIgnoreCase);
    }

    @Override
    public List<SymbolHit> symbolsStartingWith(String prefix, int limit) {
        return symbols(limit, n -> n.toLowerCase(Locale.ROOT).startsWith(prefix.toLowerCase(Locale.ROOT)));
    }

    @Override
    public List<SymbolHit> symbolsWithWord(String word, int limit) {
        return symbols(limit, n -> Terms.all(n).contains(word.toLowerCase(Locale.ROOT)));
    }

    @Override
    public List<ChunkHit> chunks(ContentHash chunkHash) {
        List<ChunkHit> hits = new ArrayList<>();
        chunks(hit -> {
            if (hit.hash().equals(chunkHash)) {
                hits.add(hit);
            }
            return true;
        });
        return hits;
    }

    @Override
    public void chunks(Predicate<ChunkHit> visitor) {
        for (Document document : now.values()) {
            List<ContentHash> hashes = chunkHashes(document.hash());
            for (int i = 0; i < hashes.size(); i++) {
                if (!visitor.test(new ChunkHit(
                        document, syntax.get(document.hash()).chunks().get(i), hashes.get(i)))) {
                    return;
                }
            }
        }
    }

    @Override
    public void documentsByTouch(Consumer<Document> visitor) {
        now.values().forEach(visitor);
    }

    @Override
    public GrepAnswer grep(GrepQuery query, Executor executor) throws InvalidPatternException {
        BiPredicate<String, Integer> matches;
        try {
            Pattern pattern = Pattern.compile(
                    query.pattern(),
                    (query.literal() ? Pattern.LITERAL : 0) | (query.ignoreCase() ? Pattern.CASE_INSENSITIVE : 0));
            matches = (line, _) -> pattern.matcher(line).find();
        } catch (PatternSyntaxException e) {
            throw new InvalidPatternException(e.getMessage());
        }
        List<GrepAnswer.GrepDocument> documents = new ArrayList<>();
        for (Document document : now.values()) {
            List<GrepAnswer.GrepLine> lines = new ArrayList<>();
            List<String> text = Hits.lines(texts.get(document.hash()));
            for (int i = 0; i < text.size() && query.filter().test(document); i++) {
                if (matches.test(text.get(i), i)) {
                    lines.add(new GrepAnswer.GrepLine(i + 1, 0, 0));
                }
            }
            if (!lines.isEmpty() && documents.size() < query.documentsMax()) {
                documents.add(new GrepAnswer.GrepDocument(
                        document, lines.subList(0, Math.min(query.linesMax(), lines.size())), lines.size()));
            }
        }
        return new GrepAnswer(documents, true, List.of(), now.size(), 0);
    }
}
