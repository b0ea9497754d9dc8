package ai.postdev.app.bench;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol.ChunkText;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.retrieval.LakeViews;
import ai.postdev.dragon.lake.retrieval.QueryMeaning;
import ai.postdev.dragon.lake.retrieval.Retrieval;
import ai.postdev.dragon.lake.retrieval.RetrievalSettings;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.syntax.SyntaxSettings;
import ai.postdev.dragon.lake.syntax.TreeSitterSyntax;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One tree in the engines of a lake, without the node around them: the same code store, text index, parser, embedder and
 * retrieval that answer a user, in this process. One thread.
 */
final class BenchLake implements AutoCloseable {
    /** What the published runs do not index: no code. */
    private static final Set<Language> NO_CODE = Collections.unmodifiableSet(EnumSet.of(
            Language.TEXT,
            Language.MARKDOWN,
            Language.YAML,
            Language.JSON,
            Language.TOML,
            Language.XML,
            Language.HTML,
            Language.CSS));

    private static final ProjectId PROJECT = new ProjectId("bench");
    private static final Origin ORIGIN = new Origin("bench");
    private static final WorkspaceId WORKSPACE = new WorkspaceId("bench");

    private final CodeEngine code;
    private final TextIndex text = TextIndex.inMemory();
    private final VectorEngine vectors;
    private final HistoryEngine history;
    private final MetadataEngine metadata;
    private final TreeSitterSyntax parser;
    private final Optional<BenchEmbedder> embedder;
    private final List<ChunkText> unembedded = new ArrayList<>();
    private final Retrieval retrieval;
    private long sequence;
    private int files;
    private long bytes;
    private long embedded;

    BenchLake(Config config, Optional<BenchEmbedder> embedder) {
        this.code = new CodeEngine(CodeSettings.from(config), _ -> Optional.empty());
        this.vectors = new VectorEngine(VectorSettings.from(config), code::supersededAt);
        this.history = new HistoryEngine(HistorySettings.from(config));
        this.metadata = new MetadataEngine(MetadataSettings.from(config));
        this.parser = new TreeSitterSyntax(SyntaxSettings.from(config));
        this.embedder = embedder;
        QueryMeaning meaning =
                embedder.map(it -> QueryMeaning.by(it.embedder())).orElse(QueryMeaning.NONE);
        this.retrieval = new Retrieval(RetrievalSettings.from(config), meaning, Runnable::run);
    }

    /**
     * Reads the files below {@code root} of {@code tree}, in the order of their paths.
     *
     * @param proseToo whether also what is no code, as documents and settings
     * @throws IOException if there is no file, one cannot be read, or a chunk cannot be embedded
     */
    void read(Path tree, String root, boolean proseToo) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(tree.resolve(root), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return folder.endsWith(".git") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && (proseToo || !NO_CODE.contains(Language.ofPath(file.toString())))) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        if (found.isEmpty()) {
            throw new IOException("no file to read below " + tree.resolve(root));
        }
        Collections.sort(found);
        List<Path> leftOut = new ArrayList<>();
        for (Path file : found) {
            try {
                String utf16 = Files.readString(file);
                put(tree.relativize(file).toString().replace('\\', '/'), utf16.getBytes(StandardCharsets.UTF_8));
            } catch (CharacterCodingException _) {
                leftOut.add(file);
            }
        }
        if (!leftOut.isEmpty()) {
            System.err.println(leftOut.size() + " of " + found.size() + " files of " + tree
                    + " are left out, as they are no UTF-8 text, such as " + tree.relativize(leftOut.getFirst()));
        }
        text.refresh(sequence);
        if (embedder.isPresent()) {
            embedded += embedder.get().embed(unembedded, embedding -> vectors.apply(operation(embedding)));
            unembedded.clear();
        }
    }

    private void put(String path, byte[] utf8) {
        ContentHash hash = ContentHash.of(utf8);
        Language language = Language.ofPath(path);
        Body put = new Body.PutDocument(WORKSPACE, path, hash, utf8.length, language, 0, utf8.length);
        if (code.fold(operation(put), Map.of(hash, utf8)).orElseThrow()
                instanceof CodeEngine.Change.Put(var document, var _)) {
            text.documentPut(document, utf8);
        }
        Syntax syntax = parser.parse(language, utf8);
        code.attachSyntax(hash, syntax);
        if (embedder.isPresent()) {
            unembedded.addAll(BenchEmbedder.chunks(language, syntax, utf8));
        }
        files++;
        bytes += utf8.length;
    }

    private Operation operation(Body body) {
        sequence++;
        return new Operation(PROJECT, ORIGIN, sequence, HybridTime.of(sequence, 0), body);
    }

    int files() {
        return files;
    }

    long bytes() {
        return bytes;
    }

    long embedded() {
        return embedded;
    }

    SearchAnswer search(String query, int limit) {
        SearchRequest request =
                SearchRequest.newBuilder().setQuery(query).setLimit(limit).build();
        return answered(query, retrieval.search(request, views()));
    }

    /** The evidence for a question, within a budget of tokens. */
    ContextAnswer context(String query, int tokens) {
        ContextRequest request =
                ContextRequest.newBuilder().setQuery(query).setTokens(tokens).build();
        return answered(query, retrieval.context(request, views(), List.of()));
    }

    private LakeViews views() {
        return new LakeViews(
                PROJECT, code.view(), text.current(), vectors.view(), history.view(), metadata.view(), Map.of());
    }

    private static <T> T answered(String query, Reply<T> reply) {
        return switch (reply) {
            case Reply.Answered<T>(T answer) -> answer;
            case Reply.Refused<T>(Reply.Reason _, String message) ->
                throw new IllegalStateException("the question '" + query + "' was refused: " + message);
        };
    }

    @Override
    public void close() {
        text.close();
        code.close();
        vectors.close();
        history.close();
        metadata.close();
        parser.close();
    }
}
