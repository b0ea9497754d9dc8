package ai.postdev.dragon.lake.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrepTest {
    private final ExecutorService pool = Executors.newFixedThreadPool(3);
    /** What the journal has: texts that no file holds any more need not be in memory. */
    private final Map<ContentHash, byte[]> journal = new ConcurrentHashMap<>();

    private final CodeEngine engine = new CodeEngine(
            new CodeSettings(1 << 20, 1 << 20, 4, 1, 2, Duration.ofSeconds(5), 1),
            hash -> Optional.ofNullable(journal.get(hash)));
    private long sequence;

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    private void put(String workspace, String path, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ContentHash hash = ContentHash.of(utf8);
        journal.put(hash, utf8);
        sequence++;
        engine.fold(
                new Operation(
                        new ProjectId("p"),
                        new Origin("o"),
                        sequence,
                        HybridTime.of(sequence, 0),
                        new Body.PutDocument(
                                new WorkspaceId(workspace), path, hash, utf8.length, Language.ofPath(path), 0, 0)),
                Map.of(hash, utf8));
    }

    private static long soon() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    }

    private static List<String> paths(GrepAnswer answer) {
        return answer.documents().stream()
                .map(found ->
                        found.document().workspace() + "/" + found.document().path())
                .toList();
    }

    @Test
    void namesLinesAndTheirBytes() throws InvalidPatternException {
        put("w", "a.txt", "é one\ntwo\none more\r\nend one");
        GrepAnswer answer = engine.view().grep(GrepQuery.literal("one", 10, 10, soon()), pool);
        GrepAnswer.GrepDocument found = answer.documents().getFirst();
        assertEquals(3, found.lineCount());
        assertEquals(
                List.of(
                        new GrepAnswer.GrepLine(1, 0, 6),
                        new GrepAnswer.GrepLine(3, 11, 20),
                        new GrepAnswer.GrepLine(4, 21, 28)),
                found.lines());
        assertTrue(answer.complete());
    }

    @Test
    void answersTheFirstDocumentsInOrderWhateverTheThreads() throws InvalidPatternException {
        for (int i = 0; i < 2_000; i++) {
            put("w" + i % 2, String.format("f%04d.txt", i), i % 3 == 0 ? "needle" : "hay");
        }
        List<String> all = paths(engine.view().grep(GrepQuery.literal("needle", Integer.MAX_VALUE, 1, soon()), pool));
        assertEquals(667, all.size());
        assertEquals(all.stream().sorted().toList(), all);
        for (int limit : new int[] {1, 5, 100, 666, 667, 668}) {
            GrepAnswer some = engine.view().grep(GrepQuery.literal("needle", limit, 1, soon()), pool);
            assertEquals(all.subList(0, Math.min(limit, 667)), paths(some));
            assertTrue(some.complete());
        }
    }

    @Test
    void worksOnTheCallersThreadWhenThePoolIsFull() throws InvalidPatternException {
        for (int i = 0; i < 1_000; i++) {
            put("w", "f" + i, "needle");
        }
        GrepAnswer answer = engine.view().grep(GrepQuery.literal("needle", Integer.MAX_VALUE, 0, soon()), _ -> {
            throw new RejectedExecutionException("full");
        });
        assertEquals(1_000, answer.documents().size());
        GrepAnswer ignored = engine.view().grep(GrepQuery.literal("needle", Integer.MAX_VALUE, 0, soon()), _ -> {});
        assertEquals(1_000, ignored.documents().size());
    }

    @Test
    void saysSoWhenTimeRunsOut() throws InvalidPatternException {
        put("w", "f", "needle");
        GrepAnswer answer = engine.view().grep(GrepQuery.literal("needle", 10, 0, System.nanoTime() - 1), pool);
        assertFalse(answer.complete());
        assertTrue(
                answer.missing().getFirst().startsWith("time ran out"),
                answer.missing().toString());
    }

    @Test
    void endsAPatternThatWouldBacktrackForEver() throws InvalidPatternException {
        put("w", "f", "a".repeat(300_000) + "b");
        GrepAnswer answer = engine.view().grep(GrepQuery.regex("(a|aa|a*)*c", 10, 0, soon()), pool);
        assertTrue(answer.complete());
        assertEquals(List.of(), answer.documents());
    }

    @Test
    void saysSoWhenATextIsNotStored() throws InvalidPatternException {
        ContentHash unknown = ContentHash.of("never stored");
        engine.apply(new Operation(
                new ProjectId("p"),
                new Origin("o"),
                1,
                HybridTime.of(1, 0),
                new Body.PutDocument(new WorkspaceId("w"), "f", unknown, 12, Language.TEXT, 0, 0)));
        GrepAnswer answer = engine.view().grep(GrepQuery.literal("never", 10, 0, soon()), pool);
        assertFalse(answer.complete());
        assertEquals(
                List.of("the texts of 1 documents are not stored; doctor --repair reads them again"), answer.missing());
    }

    @Test
    void looksOnceIntoAContentThatManyWorkspacesShare() throws InvalidPatternException {
        put("a", "f", "the needle");
        put("b", "g", "the needle");
        put("c", "h", "the needle");
        GrepAnswer answer = engine.view().grep(GrepQuery.literal("needle", 10, 0, soon()), _ -> {});
        assertEquals(List.of("a/f", "b/g", "c/h"), paths(answer));
        assertEquals("the needle".length(), answer.bytesScanned());
    }

    @Test
    void looksOnlyWhereTheFilterLets() throws InvalidPatternException {
        put("w", "a.java", "needle");
        put("w", "a.py", "needle");
        GrepQuery query =
                GrepQuery.literal("needle", 10, 0, soon()).filtered(document -> document.language() == Language.PYTHON);
        assertEquals(List.of("w/a.py"), paths(engine.view().grep(query, pool)));
    }

    @Test
    void searchesThePastAsItWas() throws InvalidPatternException {
        put("w", "f", "old needle");
        put("w", "f", "new thread");
        assertEquals(List.of(), paths(engine.view().grep(GrepQuery.literal("needle", 10, 0, soon()), pool)));
        assertEquals(List.of("w/f"), paths(engine.view().at(1).grep(GrepQuery.literal("needle", 10, 0, soon()), pool)));
    }

    @Test
    void findsEveryTextThatWasPutWhileTheIndexIsBuiltUnderneath() throws Exception {
        record Shown(CodeView view, int last) {}
        BlockingQueue<Shown> shown = new LinkedBlockingQueue<>();
        List<Future<Integer>> readers = new ArrayList<>();
        for (int r = 0; r < 2; r++) {
            readers.add(pool.submit(() -> {
                int searched = 0;
                for (Shown next = shown.take(); next.last() >= 0; next = shown.take(), searched++) {
                    // Of the text put last, of one before, and of one that is not there yet or any more.
                    assertEquals(List.of("w/f" + next.last() % 500), found(next.view(), "tok" + next.last() + ";"));
                    int before = Math.max(0, next.last() - 450 + searched % 400);
                    assertEquals(List.of("w/f" + before % 500), found(next.view(), "tok" + before + ";"));
                    assertEquals(List.of(), found(next.view(), "tok" + (next.last() + 1) + ";"));
                    assertEquals(List.of(), found(next.view(), "tok" + (next.last() - 500) + ";"));
                }
                shown.add(new Shown(null, -1));
                return searched;
            }));
        }
        for (int i = 0; i < 3_000; i++) {
            put("w", "f" + i % 500, "a text with tok" + i + "; in it\n" + "filler ".repeat(i % 40) + "\n");
            if (i % 7 == 0) {
                shown.add(new Shown(engine.view(), i));
            }
            if (i % 40 == 0) {
                engine.indexAll();
            }
        }
        shown.add(new Shown(null, -1));
        int searched = 0;
        for (Future<Integer> reader : readers) {
            searched += reader.get(60, TimeUnit.SECONDS);
        }
        assertEquals(429, searched);
        assertTrue(engine.view().indexBytes() > 0);
    }

    private static List<String> found(CodeView view, String literal) throws InvalidPatternException {
        return paths(view.grep(GrepQuery.literal(literal, 10, 1, soon()), Runnable::run));
    }

    @Test
    void indexesAgainWhatCameBackAndForgetsWhatIsGone() throws InvalidPatternException {
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 60; i++) {
                put("w", "f" + i, "round " + round % 3 + " of tok" + i + ";\n" + "filler\n".repeat(300));
            }
            engine.indexAll();
            assertEquals(List.of("w/f7"), found(engine.view(), "round " + round % 3 + " of tok7;"));
            assertEquals(List.of(), found(engine.view(), "round " + (round + 1) % 3 + " of tok7;"));
        }
        long texts = 60L * 2_115;
        assertTrue(
                engine.view().indexBytes() < texts,
                "what is gone is left out: " + engine.view().indexBytes());
    }

    @Test
    void refusesAnInvalidPatternWithTheReason() {
        InvalidPatternException refused = assertThrows(
                InvalidPatternException.class, () -> engine.view().grep(GrepQuery.regex("a(b", 10, 0, soon()), pool));
        assertTrue(refused.getMessage().contains("unclosed group"), refused.getMessage());
    }
}
