package ai.postdev.dragon.lake.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.syntax.Syntax;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CodeEngineTest {
    private static final long SEED = Long.getLong("postdevai.seed", System.nanoTime());

    private final Random random = new Random(SEED);
    private final Map<ContentHash, byte[]> disk = new HashMap<>();

    CodeEngineTest() {
        System.out.println("seed " + SEED + " (set it by -Dpostdevai.seed)");
    }

    private CodeEngine engine(long textBytesMax) {
        CodeSettings settings = new CodeSettings(textBytesMax, 1 << 20, 2, 1, 2, Duration.ofSeconds(5), 1);
        return new CodeEngine(settings, hash -> Optional.ofNullable(disk.get(hash)));
    }

    private static Operation operation(long sequence, Body body) {
        return new Operation(
                new ProjectId("p"), new Origin("o"), sequence, HybridTime.of(1_000 + sequence * 10, 0), body);
    }

    private Body put(String workspace, String path, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ContentHash hash = ContentHash.of(utf8);
        disk.put(hash, utf8);
        return new Body.PutDocument(
                new WorkspaceId(workspace), path, hash, utf8.length, Language.ofPath(path), 5, utf8.length);
    }

    private static Body remove(String workspace, String path) {
        return new Body.RemoveDocument(new WorkspaceId(workspace), path);
    }

    /** One symbol for each word of the text, one chunk for each line. */
    private static Syntax syntax(String text) {
        List<Syntax.Symbol> symbols = new ArrayList<>();
        List<Syntax.Chunk> chunks = new ArrayList<>();
        int at = 0;
        int number = 1;
        for (String line : text.split("\n")) {
            for (String word : line.split(" ")) {
                symbols.add(new Syntax.Symbol(word, "method", "", number, number, line));
            }
            int length = line.getBytes(StandardCharsets.UTF_8).length;
            chunks.add(new Syntax.Chunk(number, number, at, at + length, ""));
            at += length + 1;
            number++;
        }
        return new Syntax(symbols, chunks, List.of(), true);
    }

    private void parseAll(CodeEngine engine) {
        for (List<CodeEngine.Unparsed> taken = engine.takeUnparsed(7); !taken.isEmpty(); ) {
            taken.forEach(each -> engine.attachSyntax(
                    each.hash(), syntax(new String(disk.get(each.hash()), StandardCharsets.UTF_8))));
            taken = engine.takeUnparsed(7);
        }
    }

    /** What a moment should show: text by workspace and path. */
    private record Moment(long sequence, Map<String, String> texts, CodeView view) {}

    private static Map<String, String> shown(CodeView view) {
        Map<String, String> texts = new TreeMap<>();
        view.documents()
                .forEach(document -> texts.put(
                        document.workspace() + "/" + document.path(),
                        new String(view.text(document.hash()).orElseThrow(), StandardCharsets.UTF_8)));
        return texts;
    }

    private static Set<String> places(List<SymbolHit> hits) {
        return hits.stream()
                .map(hit -> hit.document().workspace() + "/" + hit.document().path() + ":"
                        + hit.symbol().startLine() + ":" + hit.symbol().name())
                .collect(Collectors.toSet());
    }

    /** Texts that were replaced before the parser came to them have no syntax, in any view. */
    private static boolean parsed(CodeView view, String text) {
        return view.syntax(ContentHash.of(text)).isPresent();
    }

    private static Set<String> expectedPlaces(CodeView view, Map<String, String> texts, Predicate<String> wanted) {
        return texts.entrySet().stream()
                .filter(entry -> parsed(view, entry.getValue()))
                .flatMap(entry -> syntax(entry.getValue()).symbols().stream()
                        .filter(symbol -> wanted.test(symbol.name()))
                        .map(symbol -> entry.getKey() + ":" + symbol.startLine() + ":" + symbol.name()))
                .collect(Collectors.toSet());
    }

    @Test
    void aChunkIsSupersededWhenTheLastDocumentLetsGoOfIt() {
        CodeEngine engine = engine(1 << 20);
        Map<String, String> now = new HashMap<>();
        Map<String, Long> superseded = new HashMap<>();
        long versions = 0;
        for (int step = 1; step <= 2_000; step++) {
            String path = "f" + random.nextInt(6) + ".txt";
            String workspace = "w" + random.nextInt(2);
            String text = random.nextInt(4) == 0 ? null : "a" + random.nextInt(5) + "\nb" + random.nextInt(5);
            String old = text == null ? now.remove(workspace + path) : now.put(workspace + path, text);
            Body body = text == null ? remove(workspace, path) : put(workspace, path, text);
            versions += engine.fold(operation(step, body), Map.of()).isPresent() ? 1 : 0;
            parseAll(engine);
            for (String line : old == null ? new String[0] : old.split("\n")) {
                if (now.values().stream().noneMatch(each -> each.contains(line))) {
                    superseded.put(line, versions);
                }
            }
            now.values().forEach(each -> List.of(each.split("\n")).forEach(superseded::remove));
            for (int i = 0; i < 5; i++) {
                for (String line : List.of("a" + i, "b" + i)) {
                    boolean held = now.values().stream().anyMatch(each -> each.contains(line));
                    assertEquals(
                            held ? Long.MAX_VALUE : superseded.getOrDefault(line, 0L),
                            engine.supersededAt(ContentHash.of(line)),
                            line + " at step " + step);
                }
            }
        }
        assertEquals(0, engine.supersededAt(ContentHash.of("never seen")));
    }

    @Test
    void everyViewShowsItsMomentForEverWhateverComesLater() throws IOException {
        String[] words = {"getName", "get_name", "GetName", "retryCount", "MAX_RETRY", "x", "parseHTTPHeader"};
        CodeEngine engine = engine(2_000);
        Map<String, String> now = new TreeMap<>();
        List<Moment> moments = new ArrayList<>();
        StoreEngine.Frozen frozen = null;
        CodeView frozenAt = null;
        for (long sequence = 1; sequence <= 3_000; sequence++) {
            String workspace = "w" + random.nextInt(3);
            String path = "dir" + random.nextInt(5) + "/file" + random.nextInt(20) + ".java";
            if (random.nextInt(4) == 0) {
                engine.apply(operation(sequence, remove(workspace, path)));
                now.remove(workspace + "/" + path);
            } else {
                String text = words[random.nextInt(words.length)] + " " + words[random.nextInt(words.length)] + "\n"
                        + random.nextInt(30) + "\n";
                Operation put = operation(sequence, put(workspace, path, text));
                engine.apply(put);
                if (random.nextInt(10) == 0) {
                    engine.apply(put); // twice is harmless
                }
                now.put(workspace + "/" + path, text);
            }
            if (random.nextInt(20) == 0) {
                parseAll(engine);
            }
            if (random.nextInt(100) == 0) {
                moments.add(new Moment(sequence, new TreeMap<>(now), engine.view()));
            }
            if (frozen == null && sequence > 500) {
                frozen = engine.freeze();
                frozenAt = engine.view();
            }
        }
        parseAll(engine);
        CodeView last = engine.view();
        check(moments, last);

        ByteArrayOutputStream before = new ByteArrayOutputStream();
        frozen.write(new DataOutputStream(before));
        CodeEngine earlier = engine(2_000);
        earlier.readSnapshot(new DataInputStream(new ByteArrayInputStream(before.toByteArray())));
        parseAll(earlier);
        assertEquals(shown(frozenAt), shown(earlier.view()), "frozen, then gone on");
        assertEquals(frozenAt.sequence(), earlier.view().sequence());

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.writeSnapshot(new DataOutputStream(bytes));
        CodeEngine restarted = engine(2_000);
        restarted.readSnapshot(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        parseAll(restarted);
        assertEquals(shown(last), shown(restarted.view()));
        assertEquals(last.sequence(), restarted.view().sequence());
        moments.replaceAll(moment ->
                new Moment(moment.sequence(), moment.texts(), restarted.view().at(moment.sequence())));
        check(moments, restarted.view());
        assertTrue(restarted.textBytesInMemory() <= 2_000, "the bound on texts holds");
    }

    private static void check(List<Moment> moments, CodeView last) {
        for (Moment moment : moments) {
            String as = "seed " + SEED + ", sequence " + moment.sequence();
            for (CodeView view : List.of(
                    moment.view(),
                    last.at(moment.sequence()),
                    last.atTime(Instant.ofEpochMilli(1_000 + moment.sequence() * 10 + 9)))) {
                assertEquals(moment.texts(), shown(view), as);
                assertEquals(
                        expectedPlaces(view, moment.texts(), "getName"::equals),
                        places(view.symbolsNamed("getName", 10_000)),
                        as);
                assertEquals(
                        expectedPlaces(view, moment.texts(), "getname"::equalsIgnoreCase),
                        places(view.symbolsNamedIgnoringCase("GETNAME", 10_000)),
                        as);
                assertEquals(
                        expectedPlaces(
                                view,
                                moment.texts(),
                                name -> name.toLowerCase(Locale.ROOT).startsWith("get")),
                        places(view.symbolsStartingWith("Get", 10_000)),
                        as);
                assertEquals(
                        expectedPlaces(
                                view, moment.texts(), name -> name.equals("retryCount") || name.equals("MAX_RETRY")),
                        places(view.symbolsWithWord("retry", 10_000)),
                        as);
                checkChunks(moment.texts(), view, as);
                for (String name : List.of("file0.java", "file19.java", "file1.jav", "dir1/file1.java", "")) {
                    assertEquals(
                            view.documents().stream()
                                    .filter(document -> document.path().endsWith("/" + name))
                                    .filter(_ -> !name.contains("/"))
                                    .toList(),
                            view.documentsNamed(name),
                            as);
                }
            }
        }
    }

    private static void checkChunks(Map<String, String> texts, CodeView view, String as) {
        Map<ContentHash, List<String>> expected = new HashMap<>();
        texts.forEach((place, text) -> {
            int line = 1;
            for (String chunk : parsed(view, text) ? text.split("\n") : new String[0]) {
                expected.computeIfAbsent(ContentHash.of(chunk), _ -> new ArrayList<>())
                        .add(place + ":" + line++);
            }
        });
        expected.forEach((hash, places) -> assertEquals(
                places.stream().sorted().toList(),
                view.chunks(hash).stream()
                        .map(hit -> hit.document().workspace() + "/"
                                + hit.document().path() + ":" + hit.chunk().startLine())
                        .sorted()
                        .toList(),
                as));
        List<ChunkHit> all = new ArrayList<>();
        view.chunks(all::add);
        assertEquals(expected.values().stream().mapToInt(List::size).sum(), all.size(), as);
    }

    @Test
    void historyTellsEveryVersionAndRemoval() {
        CodeEngine engine = engine(1_000);
        WorkspaceId workspace = new WorkspaceId("w");
        engine.apply(operation(1, put("w", "a.txt", "one")));
        engine.apply(operation(1, put("w", "a.txt", "one"))); // twice is harmless
        engine.apply(operation(2, remove("w", "a.txt")));
        engine.apply(operation(3, remove("w", "a.txt")));
        engine.apply(operation(1, put("w", "a.txt", "one")));
        engine.apply(operation(4, put("w", "a.txt", "two")));
        List<DocumentVersion> versions = engine.view().history(workspace, "a.txt");
        assertEquals(
                List.of(1L, 2L, 4L),
                versions.stream().map(DocumentVersion::sequence).toList());
        assertEquals(
                List.of(true, false, true),
                versions.stream().map(v -> v.document().isPresent()).toList());
        assertEquals(2, engine.view().at(3).history(workspace, "a.txt").size());
        assertEquals(List.of(), engine.view().history(workspace, "b.txt"));
    }

    @Test
    void textsBeyondTheBoundAreReadFromWhereTheyAreStored() {
        CodeEngine engine = engine(10);
        byte[] text = "longer than ten bytes".getBytes(StandardCharsets.UTF_8);
        Operation put = operation(1, put("w", "a.txt", "longer than ten bytes"));
        engine.fold(put, Map.of(ContentHash.of(text), text));
        assertEquals(0, engine.textBytesInMemory());
        assertArrayEquals(text, engine.view().text(ContentHash.of(text)).orElseThrow());
    }

    @Test
    void textsThatNobodyHoldsMakeRoomFirst() {
        CodeEngine engine = engine(10);
        for (long sequence = 1; sequence <= 3; sequence++) {
            byte[] text = ("version" + sequence).getBytes(StandardCharsets.UTF_8);
            engine.fold(
                    operation(sequence, put("w", "a.txt", "version" + sequence)), Map.of(ContentHash.of(text), text));
        }
        disk.clear();
        // The newest found no room as long as its predecessor was still held; what is held now is in memory or on disk.
        assertTrue(engine.textBytesInMemory() <= 10);
        assertTrue(engine.view().text(ContentHash.of("version1")).isEmpty(), "superseded and dropped");
    }

    @Test
    void documentsThatChangedComeFirstForEmbedding() {
        CodeEngine engine = engine(1_000);
        engine.apply(operation(1, put("w", "a.txt", "a")));
        engine.apply(operation(2, put("w", "b.txt", "b")));
        engine.apply(operation(3, put("w", "c.txt", "c")));
        engine.apply(operation(4, put("w", "b.txt", "b2")));
        engine.apply(operation(5, put("w", "a.txt", "a2")));
        List<String> order = new ArrayList<>();
        engine.view().documentsByTouch(document -> order.add(document.path()));
        assertEquals(List.of("a.txt", "b.txt", "c.txt"), order);
    }

    /** As an editor saves: beside, under a name that says nothing, then renamed. */
    @Test
    void contentUnderNamesOfDifferentLanguagesIsReadInEach() throws IOException {
        byte[] text = "first second".getBytes(StandardCharsets.UTF_8);
        Syntax plain = PlainSyntax.of(text);
        Syntax program = syntax("first second");
        List<ContentHash> chunks = CodeEngine.chunkHashes(program, text);
        CodeEngine engine = engine(1_000);
        engine.apply(operation(1, put("w", "A.java~", "first second")));
        CodeEngine.Unparsed asText = engine.takeUnparsed(10).getFirst();
        assertEquals(Language.TEXT, asText.language());
        engine.apply(operation(2, put("w", "A.java", "first second")));
        CodeView both = engine.view();
        engine.apply(operation(3, remove("w", "A.java~")));
        CodeView view = engine.view();
        engine.attachSyntax(asText, plain, CodeEngine.chunkHashes(plain, text));
        assertEquals(Set.of(), places(view.symbolsNamed("second", 10)));
        assertEquals(0, view.counts(new WorkspaceId("w")).parsed());
        CodeEngine.Unparsed asJava = engine.takeUnparsed(10).getFirst();
        assertEquals(Language.JAVA, asJava.language());
        engine.attachSyntax(asJava, program, chunks);
        assertEquals(Set.of("w/A.java:1:second"), places(view.symbolsNamed("second", 10)));
        assertEquals(Set.of("w/A.java:1:second"), places(both.symbolsNamed("second", 10)));
        assertEquals(Optional.of(program), view.syntax(asJava.hash()));
        assertEquals(2, both.documents(asJava.hash()).size());
        assertEquals(1, view.documents(asJava.hash()).size());

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.writeSnapshot(new DataOutputStream(bytes));
        CodeEngine again = engine(1_000);
        again.readSnapshot(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertEquals(List.of(asJava), again.takeUnparsed(10));
        again.attachSyntax(asJava, program, chunks);
        assertEquals(Set.of("w/A.java:1:second"), places(again.view().symbolsNamed("second", 10)));
    }

    @Test
    void syntaxIsKeptForOneLanguage() {
        Syntax syntax = syntax("one two");
        List<ContentHash> chunks = CodeEngine.chunkHashes(syntax, "one two".getBytes(StandardCharsets.UTF_8));
        byte[] found = SyntaxRecord.found(Language.JAVA, syntax, chunks);
        assertEquals(Optional.of(new SyntaxRecord.Found(syntax, chunks)), SyntaxRecord.read(found, Language.JAVA));
        assertEquals(Optional.empty(), SyntaxRecord.read(found, Language.TEXT));
        assertEquals(Optional.empty(), SyntaxRecord.read(new byte[0], Language.TEXT));
        for (int length = 0; length < found.length; length++) {
            assertEquals(Optional.empty(), SyntaxRecord.read(Arrays.copyOf(found, length), Language.JAVA));
        }
        byte[] attempts = SyntaxRecord.attempts(Language.GO, 3);
        assertEquals(Optional.of(new SyntaxRecord.Attempts(3)), SyntaxRecord.read(attempts, Language.GO));
        assertEquals(Optional.empty(), SyntaxRecord.read(attempts, Language.RUST));
    }

    @Test
    void damagedSnapshotIsRefused() throws IOException {
        CodeEngine engine = engine(1_000);
        engine.apply(operation(1, put("w", "a.txt", "a")));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.writeSnapshot(new DataOutputStream(bytes));
        for (int i = 0; i < bytes.size(); i++) {
            byte[] damaged = bytes.toByteArray();
            damaged[i] ^= 4;
            assertThrows(
                    IOException.class,
                    () -> engine(1_000).readSnapshot(new DataInputStream(new ByteArrayInputStream(damaged))));
        }
    }
}
