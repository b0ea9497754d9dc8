package ai.postdev.dragon.lake.code.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.GrepAnswer;
import ai.postdev.dragon.lake.code.GrepQuery;
import ai.postdev.dragon.lake.code.InvalidPatternException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Answers with the index are those of a plain scan, line by line, and name the files that ripgrep names. */
@Execution(ExecutionMode.CONCURRENT)
class IndexedGrepOracleTest {
    private static final int DOCUMENTS = 70;
    /** Documents of one line: with so many paths, few candidates are looked up instead of walked to. */
    private static final int SMALL_DOCUMENTS = 900;

    private static final WorkspaceId WORKSPACE = new WorkspaceId("w");

    private final long seed = Long.getLong("postdevai.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final CodeEngine indexed = engine(1 << 24);
    private final CodeEngine scanned = engine(0);
    private final List<String> texts = new ArrayList<>();
    private long sequence;
    private long filesFound;
    private long bytesRead;
    private long bytesScanned;

    IndexedGrepOracleTest() {
        System.out.println("seed " + seed + " (set it by -Dpostdevai.seed)");
    }

    private static CodeEngine engine(long indexBytesMax) {
        return new CodeEngine(
                new CodeSettings(1 << 26, indexBytesMax, 1, 1, 1, Duration.ofSeconds(5), 1), _ -> Optional.empty());
    }

    private void put(String path, byte[] utf8) {
        ContentHash hash = ContentHash.of(utf8);
        apply(new Body.PutDocument(WORKSPACE, path, hash, utf8.length, Language.ofPath(path), 0, 0), hash, utf8);
    }

    private void apply(Body body, ContentHash hash, byte[] utf8) {
        sequence++;
        Operation operation =
                new Operation(new ProjectId("p"), new Origin("o"), sequence, HybridTime.of(sequence, 0), body);
        indexed.fold(operation, Map.of(hash, utf8));
        scanned.fold(operation, Map.of(hash, utf8));
    }

    private static GrepQuery query(String pattern, boolean literal, boolean ignoreCase, int documents, int lines) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        return new GrepQuery(pattern, literal, ignoreCase, _ -> true, documents, lines, deadline);
    }

    @Test
    void findsTheSameLinesAsAScan() throws InvalidPatternException {
        compareWithScan(2_000);
    }

    @Test
    @Tag("campaign")
    void findsTheSameLinesAsAScanForTenThousandPatterns() throws InvalidPatternException {
        compareWithScan(10_000);
    }

    @Test
    @Tag("campaign")
    void namesTheSameFilesAsRipgrepForTenThousandPatterns(@TempDir Path folder) throws Exception {
        if (!Ripgrep.installed()) {
            System.out.println("SKIPPED: ripgrep is not installed, so nothing was compared with it");
            Assumptions.abort("ripgrep is not installed");
        }
        for (int i = 0; i < DOCUMENTS; i++) {
            String text = text();
            texts.add(text);
            Files.writeString(folder.resolve("t" + i), text);
            put("t" + i, text.getBytes(StandardCharsets.UTF_8));
        }
        indexed.indexAll();
        CodeView view = indexed.view();
        for (int i = 0; i < 10_000; i++) {
            boolean literal = i % 3 == 0;
            boolean ignoreCase = random.nextInt(3) == 0;
            String pattern = pattern(literal);
            Set<String> expected =
                    Ripgrep.lines(folder, pattern, literal, ignoreCase).keySet();
            GrepAnswer found = view.grep(query(pattern, literal, ignoreCase, Integer.MAX_VALUE, 0), Runnable::run);
            assertEquals(new TreeSet<>(expected), paths(found), () -> "seed " + seed + ", pattern " + pattern);
            filesFound += expected.size();
        }
        assertTrue(filesFound > 10_000, "the patterns hardly match anything");
    }

    private static Set<String> paths(GrepAnswer answer) {
        return answer.documents().stream()
                .map(document -> document.document().path())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void compareWithScan(int patterns) throws InvalidPatternException {
        for (int i = 0; i < DOCUMENTS; i++) {
            change();
        }
        for (int i = 0; i < SMALL_DOCUMENTS; i++) {
            put("s" + i, (one(WORDS) + " " + one(WORDS) + random.nextInt(500)).getBytes(StandardCharsets.UTF_8));
        }
        long middle = sequence;
        for (int i = 0; i < patterns; i++) {
            if (i % 20 == 0) {
                change();
            }
            if (i % 50 == 0) {
                indexed.indexAll();
            }
            boolean literal = i % 3 == 0;
            boolean ignoreCase = random.nextInt(3) == 0;
            String pattern = random.nextInt(8) == 0 && !literal
                    ? GeneratedPattern.regex(random, 2).rust()
                    : pattern(literal);
            boolean first = random.nextInt(4) == 0;
            GrepQuery query = query(
                    pattern, literal, ignoreCase, first ? 1 + random.nextInt(5) : Integer.MAX_VALUE, random.nextInt(8));
            boolean past = random.nextInt(10) == 0;
            GrepAnswer expected = view(scanned, past, middle).grep(query, Runnable::run);
            GrepAnswer found = view(indexed, past, middle).grep(query, Runnable::run);
            assertEquals(
                    expected.documents(),
                    found.documents(),
                    () -> "seed " + seed + ", pattern " + pattern + ", case " + ignoreCase + ", past " + past);
            filesFound += expected.documents().size();
            bytesRead += found.bytesScanned();
            bytesScanned += expected.bytesScanned();
        }
        System.out.println(patterns + " patterns, " + filesFound + " files found, " + bytesRead + " of " + bytesScanned
                + " bytes read");
        assertTrue(filesFound > patterns, "the patterns hardly match anything");
        assertTrue(bytesRead < bytesScanned * 3 / 4, "the index hardly leaves anything out");
    }

    private static CodeView view(CodeEngine engine, boolean past, long sequence) {
        return past ? engine.view().at(sequence) : engine.view();
    }

    /** Puts, replaces or removes a document. */
    private void change() {
        int document = random.nextInt(DOCUMENTS);
        String path = "t" + document + (document % 7 == 0 ? ".java" : "");
        if (random.nextInt(12) == 0) {
            apply(new Body.RemoveDocument(WORKSPACE, path), ContentHash.of(""), new byte[0]);
            return;
        }
        String text = random.nextInt(10) == 0 && !texts.isEmpty() ? one(texts) : text();
        texts.add(text);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(12) == 0 && utf8.length > 0) {
            for (int i = 1 + random.nextInt(20); i > 0; i--) {
                utf8[random.nextInt(utf8.length)] = (byte) random.nextInt(256);
            }
        }
        put(path, utf8);
    }

    private String one(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static final List<String> WORDS = List.of(
            "return",
            "Return",
            "read",
            "write",
            "Fully",
            "count",
            "kelvin",
            "\u212Aelvin",
            "straße",
            "STRASSE",
            "naïve",
            "Σίσυφος",
            "ſet",
            "set",
            "日本語",
            "😀",
            "int",
            "value",
            "index",
            "TIMEOUT",
            "timeout",
            "x",
            "i",
            "=",
            "==",
            "(",
            ")",
            "{",
            "}",
            ";",
            "\"",
            "e\u0301",
            "foo_bar",
            "FooBar",
            "0x7f",
            "1234",
            "\t",
            "  ",
            "ǅ",
            "𐐀");

    private String text() {
        StringBuilder text = new StringBuilder(random.nextInt(10) == 0 ? "\uFEFF" : "");
        int lines = random.nextInt(4) == 0 ? random.nextInt(400) : random.nextInt(40);
        String end = random.nextInt(4) == 0 ? "\r\n" : "\n";
        for (int i = 0; i < lines; i++) {
            int words = random.nextInt(60) == 0 ? random.nextInt(3_000) : random.nextInt(12);
            for (int w = 0; w < words; w++) {
                text.append(random.nextInt(3) == 0 ? "w" + Integer.toString(random.nextInt(40_000), 36) : one(WORDS));
                text.append(random.nextInt(3) == 0 ? "" : " ");
            }
            text.append(i == lines - 1 && random.nextBoolean() ? "" : end);
        }
        return text.toString();
    }

    /** A piece of a line of a text, some of it changed or, in a regular expression, made wider. */
    private String pattern(boolean literal) {
        String[] lines = one(texts).split("\r?\n");
        String line = lines.length == 0 ? "" : lines[random.nextInt(lines.length)];
        int[] points = line.codePoints().toArray();
        if (points.length == 0) {
            points = one(WORDS).codePoints().toArray();
        }
        int from = random.nextInt(points.length);
        int to = Math.min(points.length, from + 1 + random.nextInt(random.nextInt(20) == 0 ? 300 : 14));
        StringBuilder pattern = new StringBuilder();
        for (int i = from; i < to; i++) {
            String one = Character.toString(points[i]);
            if (random.nextInt(40) == 0) {
                one = one(WORDS).substring(0, 1);
                one = Character.isSurrogate(one.charAt(0)) ? "y" : one;
            }
            pattern.append(literal ? one : widened(one));
        }
        if (!literal && random.nextInt(4) == 0) {
            String other = quoted(one(WORDS));
            pattern = new StringBuilder(
                    random.nextBoolean() ? "(" + pattern + "|" + other + ")" : pattern + ".*" + other);
        }
        return pattern.toString();
    }

    private String widened(String one) {
        String quoted = quoted(one);
        return switch (random.nextInt(30)) {
            case 0 -> ".";
            case 1 -> "\\w+";
            case 2 -> "\\s*" + quoted;
            case 3 -> "[" + quoted + "xyz]";
            case 4 -> "(" + quoted + ")+";
            case 5 -> quoted + "?";
            case 6 -> "(?i:" + quoted + ")";
            case 7 -> "(" + quoted + "|abc)";
            case 8 -> "(?:" + quoted + "){1,3}";
            case 9 -> "[^Q]";
            case 10 -> "\\b" + quoted;
            default -> quoted;
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        text.codePoints().forEach(c -> {
            if ("\\.+*?()|[]{}^$#&-~".indexOf(c) >= 0) {
                quoted.append('\\');
            }
            quoted.appendCodePoint(c);
        });
        return quoted.toString();
    }
}
