package ai.postdev.dragon.lake.syntax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.dragon.lake.syntax.Syntax.Chunk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Chunks cover every line that is not blank exactly once, whatever the text; bounds hold; nothing is lost on disk. */
class ChunkCoverTest {
    private static final long SEED = Long.getLong("postdevai.seed", 20261124L);
    private static final SyntaxSettings SETTINGS = SyntaxSettings.defaults();
    private static final TreeSitterSyntax SYNTAX = new TreeSitterSyntax(SETTINGS);
    private static final List<String> SAMPLES =
            List.of("java", "py", "go", "rs", "ts", "js", "c", "cpp", "kt", "sh", "md");

    @AfterAll
    static void close() {
        SYNTAX.close();
    }

    @Test
    void everyLineOfRandomTextsIsInExactlyOneChunkInEveryLanguage() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 400; round++) {
            Language language = Language.values()[round % Language.values().length];
            byte[] utf8 = RandomTexts.text(random).getBytes(StandardCharsets.UTF_8);
            checkCover("seed " + SEED + " round " + round + " " + language, language, utf8);
        }
    }

    @Test
    void everyLineOfDamagedSourcesIsInExactlyOneChunk() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 300; round++) {
            String file = "sample." + SAMPLES.get(round % SAMPLES.size());
            String source = new String(SymbolsTest.resource(file), StandardCharsets.UTF_8).repeat(1 + round % 7);
            String damaged = RandomTexts.damage(random, source);
            checkCover(
                    "seed " + SEED + " round " + round + " " + file,
                    Language.ofPath(file),
                    damaged.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aBigMethodIsCutBetweenItsStatementsAndEachPieceNamesIt() {
        String body = "        total += values.get(index).weight() * factor; // keeps the sum\n".repeat(120);
        String text =
                "class Big {\n    int small() {\n        return 1;\n    }\n\n    int sum() {\n" + body + "    }\n}\n";
        List<Chunk> chunks = checkCover("big method", Language.JAVA, text.getBytes(StandardCharsets.UTF_8));
        assertTrue(chunks.size() > 4, chunks::toString);
        assertTrue(chunks.stream().allMatch(c -> c.symbol().equals("Big.sum")), chunks::toString);
    }

    @Test
    void aCommentStaysWithTheDefinitionBelowIt() {
        String comment =
                "    /** Line one of a long description of what this is good for and when it may be used. */\n";
        String method =
                "    void m%d() {\n" + "        call(\"some text that makes this longer\");\n".repeat(20) + "    }\n\n";
        StringBuilder text = new StringBuilder("class A {\n");
        for (int i = 0; i < 6; i++) {
            text.append(comment).append(method.formatted(i));
        }
        List<Chunk> chunks = checkCover(
                "comments", Language.JAVA, text.append("}\n").toString().getBytes(StandardCharsets.UTF_8));
        assertEquals(6, chunks.size(), chunks::toString);
        assertEquals("A.m3", chunks.get(3).symbol());
        assertEquals(3 * 24 + 2, chunks.get(3).startLine());
    }

    @Test
    void oneHugeLineIsOneBoundedChunk() {
        byte[] utf8 = "é€😀x".repeat(500_000).getBytes(StandardCharsets.UTF_8);
        for (Language language : List.of(Language.TEXT, Language.JAVASCRIPT, Language.MARKDOWN)) {
            List<Chunk> chunks = SYNTAX.parse(language, utf8).chunks();
            assertEquals(1, chunks.size());
            assertTrue(chunks.getFirst().endByte() <= SETTINGS.overlongBytes());
            checkBoundaries("huge line", utf8, chunks);
        }
    }

    @Test
    void aHundredThousandBracketsDoNotEndTheProcess() {
        for (Language language : Language.values()) {
            for (String bracket : List.of("(", "[", "{")) {
                byte[] utf8 = ("x = " + bracket.repeat(100_000)).getBytes(StandardCharsets.UTF_8);
                assertFalse(SYNTAX.parse(language, utf8).chunks().isEmpty());
            }
        }
        String nested = "class A {".repeat(20_000) + "}".repeat(20_000);
        assertFalse(SYNTAX.parse(Language.JAVA, nested.getBytes(StandardCharsets.UTF_8))
                .symbols()
                .isEmpty());
    }

    @Test
    void scannersThatWouldAbortTheProcessAreGuarded() {
        for (int length = 1000; length < 1030; length++) {
            String name = "A".repeat(length);
            parse(Language.BASH, "cat <<" + name + "\nx\n" + name + "\n");
        }
        parse(Language.KOTLIN, "val x = " + "\"${".repeat(3_000));
        StringBuilder steps = new StringBuilder("x = f'''{\n");
        for (int indent = 0; indent < 700; indent++) {
            steps.append(" ".repeat(indent)).append("if x:\n");
        }
        parse(Language.PYTHON, steps + " ".repeat(700) + "y = f'{x}'\n");
    }

    private static void parse(Language language, String text) {
        assertFalse(SYNTAX.parse(language, text.getBytes(StandardCharsets.UTF_8))
                .chunks()
                .isEmpty());
    }

    @Test
    void aTextThatTakesTooLongGetsWindowsAndTheParserStaysUsable() throws IOException {
        SyntaxSettings hurried =
                new SyntaxSettings(1500, 60, 500, 16_384, 64 << 20, Duration.ofMillis(1), 0, 0, 1000, 1000, 100);
        byte[] big = new String(SymbolsTest.resource("sample.java"), StandardCharsets.UTF_8)
                .repeat(4_000)
                .getBytes(StandardCharsets.UTF_8);
        try (TreeSitterSyntax syntax = new TreeSitterSyntax(hurried)) {
            Syntax late = syntax.parse(Language.JAVA, big);
            assertFalse(late.complete());
            assertEquals(List.of(), late.symbols());
            checkCover("late", big, late.chunks());
            assertEquals(
                    1,
                    syntax.parse(Language.JAVA, "class A {}".getBytes(StandardCharsets.UTF_8))
                            .symbols()
                            .size());
        }
    }

    @Test
    void aTextBeyondTheBoundGetsWindows() throws IOException {
        SyntaxSettings strict =
                new SyntaxSettings(1500, 60, 500, 16_384, 100, Duration.ofSeconds(4), 0, 0, 1000, 1000, 100);
        try (TreeSitterSyntax syntax = new TreeSitterSyntax(strict)) {
            Syntax big = syntax.parse(Language.JAVA, SymbolsTest.resource("sample.java"));
            assertFalse(big.complete());
            assertEquals(List.of(), big.symbols());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryOutsideTheHeapDoesNotGrowWithTheNumberOfTexts() throws IOException {
        byte[] source = new String(SymbolsTest.resource("sample.java"), StandardCharsets.UTF_8)
                .repeat(50)
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20; i++) {
            SYNTAX.parse(Language.JAVA, source);
        }
        // A tree of this source takes about 1 MB, so 200 that are not freed take that much more in each round; what
        // else goes on
        // in this process, or parts of the heap that are touched for the first time, does not do so again and again.
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 4 && least >= 60; round++) {
            long before = anonymousMegabytes();
            for (int i = 0; i < 200; i++) {
                SYNTAX.parse(Language.JAVA, source);
            }
            least = Math.min(least, anonymousMegabytes() - before);
        }
        long grew = least;
        assertTrue(grew < 60, () -> "grew by " + grew + " MB or more with each 200 texts");
    }

    /** Private memory of this process without the Java heap's own growth. */
    private static long anonymousMegabytes() throws IOException {
        long heap = Runtime.getRuntime().totalMemory() >> 20;
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("RssAnon:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024 - heap;
            }
        }
        throw new IOException("/proc/self/status has no line RssAnon");
    }

    @Test
    void theCodecGivesBackWhatItGotAndRefusesDamage() throws IOException {
        Random random = new Random(SEED);
        for (String extension : SAMPLES) {
            Syntax syntax =
                    SYNTAX.parse(Language.ofPath("a." + extension), SymbolsTest.resource("sample." + extension));
            byte[] bytes = SyntaxCodec.encode(syntax);
            assertEquals(syntax, SyntaxCodec.decode(bytes));
            assertArrayEquals(bytes, SyntaxCodec.encode(SyntaxCodec.decode(bytes)));
            for (int cut = 0; cut < bytes.length; cut++) {
                byte[] shorter = Arrays.copyOf(bytes, cut);
                assertThrows(IllegalArgumentException.class, () -> SyntaxCodec.decode(shorter));
            }
            byte[] other = bytes.clone();
            other[0]++;
            assertThrows(IllegalArgumentException.class, () -> SyntaxCodec.decode(other));
            for (int i = 0; i < 200; i++) {
                byte[] damaged = bytes.clone();
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                decodeOrRefuse(damaged);
            }
        }
    }

    @Test
    void threadsSideBySideGetTheSameAndShareAFewParsers() throws Exception {
        byte[] source = SymbolsTest.resource("sample.py");
        Syntax expected = SYNTAX.parse(Language.PYTHON, source);
        try (TreeSitterSyntax syntax = new TreeSitterSyntax(SETTINGS);
                var pool = java.util.concurrent.Executors.newFixedThreadPool(4)) {
            var results =
                    pool.invokeAll(java.util.Collections.nCopies(400, () -> syntax.parse(Language.PYTHON, source)));
            for (var result : results) {
                assertEquals(expected, result.get());
            }
            assertTrue(syntax.idleParsers() <= 4);
        }
    }

    /** Damage may turn into other valid content, but into no other exception. */
    private static void decodeOrRefuse(byte[] damaged) {
        try {
            assertNotNull(SyntaxCodec.decode(damaged));
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().contains("syntax"));
        }
    }

    private static List<Chunk> checkCover(String what, Language language, byte[] utf8) {
        List<Chunk> chunks = SYNTAX.parse(language, utf8).chunks();
        checkCover(what, utf8, chunks);
        return chunks;
    }

    private static void checkCover(String what, byte[] utf8, List<Chunk> chunks) {
        List<String> lines = List.of(new String(utf8, StandardCharsets.UTF_8).split("\n", -1));
        Set<Integer> covered = new HashSet<>();
        int before = 0;
        for (Chunk chunk : chunks) {
            assertTrue(chunk.startLine() > before && chunk.endLine() >= chunk.startLine(), what + " " + chunks);
            before = chunk.endLine();
            for (int line = chunk.startLine(); line <= chunk.endLine(); line++) {
                covered.add(line);
            }
            boolean single = chunk.startLine() == chunk.endLine();
            assertTrue(single || chunk.endByte() - chunk.startByte() <= SETTINGS.chunkBytes(), what + " " + chunk);
            assertTrue(chunk.endLine() - chunk.startLine() < SETTINGS.chunkLines(), what + " " + chunk);
            String text =
                    new String(utf8, chunk.startByte(), chunk.endByte() - chunk.startByte(), StandardCharsets.UTF_8);
            assertTrue(
                    text.length() >= SETTINGS.overlongBytes() / 4
                            || text.replace("\r", "")
                                    .equals(String.join("\n", lines.subList(chunk.startLine() - 1, chunk.endLine()))
                                            .replace("\r", "")),
                    what + " " + chunk);
        }
        for (int line = 1; line <= lines.size(); line++) {
            boolean blank = lines.get(line - 1).chars().allMatch(c -> c <= ' ');
            assertTrue(blank || covered.contains(line), what + ": line " + line + " is in no chunk");
        }
        checkBoundaries(what, utf8, chunks);
    }

    private static void checkBoundaries(String what, byte[] utf8, List<Chunk> chunks) {
        for (Chunk chunk : chunks) {
            for (int offset : new int[] {chunk.startByte(), chunk.endByte()}) {
                assertTrue(
                        offset == utf8.length || (utf8[offset] & 0xc0) != 0x80, what + " cuts a character: " + chunk);
            }
        }
    }
}
