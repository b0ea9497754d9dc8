package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.ChunkHit;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.code.SymbolHit;
import ai.postdev.dragon.lake.history.HistoryEvent;
import ai.postdev.dragon.lake.history.HistoryQuery;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataView;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.syntax.Syntax.Chunk;
import ai.postdev.dragon.lake.syntax.Syntax.Symbol;
import ai.postdev.dragon.lake.vector.VectorView;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.Relation;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What belongs to a file, a line, a symbol or a commit: the commits that touched it, the files that change with it, what
 * it defines and imports, notes about it, and what is like it.
 */
final class Related {
    /** Of a file without a line, the chunks from its beginning that are compared in meaning. */
    private static final int CHUNKS_COMPARED = 3;

    /** Chunks less near than this are not alike. */
    private static final double SIMILAR_MIN = 0.4;

    private static final Pattern WITH_LINE = Pattern.compile("(.+?):(\\d{1,9})(?::\\d+)?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{4,64}");

    private final LakeViews views;
    private final String model;
    private final int limit;
    private final RelatedAnswer.Builder answer = RelatedAnswer.newBuilder().setComplete(true);

    /** @param limit relations of each kind */
    Related(LakeViews views, String model, int limit) {
        this.views = views;
        this.model = model;
        this.limit = limit;
    }

    Reply<RelatedAnswer> of(String named) {
        long started = System.nanoTime();
        String target = named.strip();
        if (target.isEmpty()) {
            return new Reply.Refused<>(
                    Reply.Reason.INVALID, "nothing was named; give a path, path:line, a symbol or a commit");
        }
        Matcher withLine = WITH_LINE.matcher(target);
        int line = withLine.matches() ? Integer.parseInt(withLine.group(2)) : 0;
        Optional<Document> file = Targets.file(line > 0 ? withLine.group(1) : target, views);
        Optional<HistoryEvent> commit =
                COMMIT.matcher(target).matches() ? views.history().commit(target) : Optional.empty();
        List<SymbolHit> symbols = views.code().symbolsNamed(QueryText.lastName(target), limit);
        if (file.isPresent()) {
            ofFile(file.get(), line);
        } else if (commit.isPresent()) {
            ofCommit(commit.get());
        } else if (!symbols.isEmpty()) {
            ofSymbol(target, symbols);
        } else {
            return new Reply.Refused<>(
                    Reply.Reason.NOT_FOUND,
                    "'" + target + "' is no file, symbol or commit of project "
                            + ProjectName.of(views.project(), views.metadata())
                            + "; give a project-relative path, path:line, a name or a commit id");
        }
        return new Reply.Answered<>(answer.setTarget(target)
                .setTookMs((System.nanoTime() - started) / 1_000 / 1_000.0)
                .build());
    }

    private void ofFile(Document document, int line) {
        answer.setKind("file");
        Optional<Syntax> syntax = views.code().syntax(document.hash());
        if (line > 0) {
            syntax.ifPresent(known -> known.symbols().reversed().stream()
                    .filter(symbol -> symbol.startLine() <= line && line <= symbol.endLine())
                    .forEach(symbol -> addSymbol("inside", symbol)));
        } else {
            syntax.ifPresent(known -> known.symbols().stream()
                    .filter(symbol ->
                            symbol.container().isEmpty() || !symbol.container().contains("."))
                    .limit(limit)
                    .forEach(symbol -> addSymbol("defines", symbol)));
        }
        notes(new NodeKey(MetadataEngine.FILE, document.path()));
        commits(document.path());
        changesWith(document.path());
        syntax.ifPresent(known ->
                known.imports().stream().limit(limit).forEach(name -> add(relation("imports", "module", name))));
        syntax.ifPresent(known -> similar(document, known, line, line));
    }

    private void ofSymbol(String target, List<SymbolHit> symbols) {
        answer.setKind("symbol");
        for (SymbolHit hit : symbols) {
            add(relation("defined-in", "file", hit.document().path())
                    .setStartLine(hit.symbol().startLine())
                    .setText(hit.symbol().signature()));
        }
        notes(new NodeKey("symbol", target));
        SymbolHit first = symbols.getFirst();
        String name = first.symbol().name().toLowerCase(Locale.ROOT);
        Set<String> mentioned = new HashSet<>();
        symbols.forEach(hit -> mentioned.add(hit.document().path()));
        views.text().passages(Map.of(name, 1f), 0, Optional.empty(), 8 * limit).stream()
                .filter(passage -> mentioned.size() < limit + symbols.size() && mentioned.add(passage.path()))
                .forEach(passage -> add(relation("mentioned-in", "file", passage.path())
                        .setStartLine(passage.startLine())
                        .setText("lines " + passage.startLine() + " to " + passage.endLine())));
        commits(first.document().path());
        changesWith(first.document().path());
        views.code()
                .syntax(first.document().hash())
                .ifPresent(known -> similar(
                        first.document(),
                        known,
                        first.symbol().startLine(),
                        first.symbol().endLine()));
    }

    private void ofCommit(HistoryEvent commit) {
        answer.setKind("commit");
        commit.paths().stream().limit(limit).forEach(path -> add(relation("touches", "file", path)));
        notes(new NodeKey(MetadataEngine.COMMIT, commit.attributes().getOrDefault("commit", "")));
        for (String parent : commit.attributes().getOrDefault("parents", "").split(" ")) {
            if (!parent.isEmpty()) {
                Relation.Builder relation = relation("parent", "commit", parent);
                views.history().commit(parent).ifPresent(known -> describe(relation, known));
                add(relation);
            }
        }
        Map<String, Relation.Builder> next = new LinkedHashMap<>();
        for (String path : commit.paths().stream().limit(limit).toList()) {
            views.history()
                    .find(HistoryQuery.newest(limit)
                            .withKinds(Set.of("commit"))
                            .withPath(path)
                            .withTime(commit.timeMillis() + 1, Long.MAX_VALUE))
                    .forEach(later -> next.computeIfAbsent(
                            later.attributes().getOrDefault("commit", ""),
                            id -> describe(relation("later-touched-by", "commit", id), later)));
        }
        next.values().stream().limit(limit).forEach(this::add);
    }

    private void commits(String path) {
        views.history()
                .find(HistoryQuery.newest(limit).withKinds(Set.of("commit")).withPath(path))
                .forEach(commit -> add(describe(
                        relation("touched-by", "commit", commit.attributes().getOrDefault("commit", "")), commit)));
    }

    private static Relation.Builder describe(Relation.Builder relation, HistoryEvent commit) {
        return relation.setText(commit.text().lines().findFirst().orElse(""))
                .setTime(Instant.ofEpochMilli(commit.timeMillis()).toString());
    }

    private void changesWith(String path) {
        for (MetadataView.Cochange other : views.metadata().changesWith(path, limit)) {
            add(relation("changes-with", "file", other.path())
                    .setScore(other.share())
                    .setText(other.commits() == 1 ? "in 1 commit" : "in " + other.commits() + " commits"));
        }
    }

    private void notes(NodeKey about) {
        if (about.key().isEmpty()) {
            return;
        }
        views.metadata()
                .neighbours(about, MetadataEngine.ABOUT, MetadataView.Direction.IN, MetadataView.NOW, limit)
                .forEach(edge -> {
                    Relation.Builder note = relation(
                                    "notes", edge.other().type(), edge.other().key())
                            .setTime(
                                    Instant.ofEpochMilli(edge.validFromMillis()).toString());
                    views.metadata()
                            .node(edge.other())
                            .ifPresent(node -> note.setText(node.attributes().getOrDefault(MetadataEngine.TEXT, "")));
                    add(note);
                });
    }

    /** The chunks of other files nearest in meaning to those at the lines, or at the beginning of the file. */
    private void similar(Document document, Syntax syntax, int startLine, int endLine) {
        List<ContentHash> hashes = views.code().chunkHashes(document.hash());
        Map<String, Relation.Builder> best = new LinkedHashMap<>();
        NearChunks chunks = new NearChunks(views.code(), Scope.EVERYTHING, views.vectors(), model);
        int compared = 0;
        for (int i = 0; i < Math.min(hashes.size(), syntax.chunks().size()) && compared < CHUNKS_COMPARED; i++) {
            Chunk chunk = syntax.chunks().get(i);
            boolean wanted = startLine == 0 || chunk.startLine() <= endLine && startLine <= chunk.endLine();
            Optional<float[]> vector = wanted ? views.vectors().vector(model, hashes.get(i)) : Optional.empty();
            if (vector.isEmpty()) {
                continue;
            }
            compared++;
            for (VectorView.Neighbour near : chunks.nearest(vector.get(), 4 * limit)) {
                addSimilar(best, near, document);
            }
        }
        best.values().stream()
                .sorted((a, b) -> Double.compare(b.getScore(), a.getScore()))
                .limit(limit)
                .forEach(this::add);
    }

    private void addSimilar(Map<String, Relation.Builder> best, VectorView.Neighbour near, Document document) {
        for (ChunkHit hit : views.code().chunks(near.hash())) {
            String path = hit.document().path();
            Relation.Builder known = best.get(path);
            boolean better = known == null || known.getScore() < near.cosine();
            if (!path.equals(document.path()) && near.cosine() >= SIMILAR_MIN && better) {
                best.put(
                        path,
                        relation("similar", "file", path)
                                .setScore(near.cosine())
                                .setStartLine(hit.chunk().startLine())
                                .setText(hit.chunk().symbol()));
            }
        }
    }

    private void addSymbol(String kind, Symbol symbol) {
        add(relation(kind, "symbol", symbol.qualifiedName())
                .setText(symbol.signature())
                .setStartLine(symbol.startLine()));
    }

    private Relation.Builder relation(String kind, String type, String key) {
        return Relation.newBuilder()
                .setKind(kind)
                .setType(type)
                .setKey(key)
                .setProject(views.project().value());
    }

    private void add(Relation.Builder relation) {
        answer.addRelations(relation);
    }
}
