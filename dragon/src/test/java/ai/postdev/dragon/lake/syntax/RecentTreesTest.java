package ai.postdev.dragon.lake.syntax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.dragon.lake.Seeded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A next version of a text, parsed only where it differs, has the symbols and chunks that a parse of the whole finds. */
class RecentTreesTest {
    private static final int EDITS = Integer.getInteger("postdevai.reparse.edits", 60);

    /** A folder of real sources to edit too, when given. */
    private static final String SOURCES = System.getProperty("postdevai.reparse.sources", "");

    private static final List<String> SAMPLES = List.of("java", "py", "go", "rs", "ts", "js", "c", "cpp", "kt", "sh");

    private static SyntaxSettings settings(int from, int recent) {
        return new SyntaxSettings(
                1500, 60, 500, 16_384, 4 << 20, Duration.ofSeconds(20), from, recent, 20_000, 2_000, 120);
    }

    @Test
    void editedTextsHaveWhatAParseOfTheWholeFinds() throws IOException {
        Random random = Seeded.random("parsed again");
        try (TreeSitterSyntax again = new TreeSitterSyntax(settings(0, 1 << 20));
                TreeSitterSyntax whole = new TreeSitterSyntax(settings(0, 0))) {
            for (String sample : SAMPLES) {
                String source = new String(SymbolsTest.resource("sample." + sample), StandardCharsets.UTF_8);
                edited(random, again, whole, Language.ofPath("x." + sample), source.repeat(1 + random.nextInt(4)));
            }
            if (!SOURCES.isEmpty()) {
                for (Path file : sources(random)) {
                    edited(random, again, whole, Language.ofPath(file.toString()), Files.readString(file));
                }
            }
            System.out.println(again.recent().versions() + " texts were parsed as versions of others");
            assertTrue(
                    again.recent().versions() >= SAMPLES.size() * EDITS / 2,
                    "versions: " + again.recent().versions());
            assertEquals(0, whole.recent().versions());
        }
    }

    private static List<Path> sources(Random random) throws IOException {
        try (Stream<Path> walk = Files.walk(Path.of(SOURCES))) {
            List<Path> files = new ArrayList<>(walk.filter(Files::isRegularFile)
                    .filter(file -> GrammarRules.cover(Language.ofPath(file.toString())))
                    .sorted()
                    .toList());
            Collections.shuffle(files, random);
            return files.subList(0, Math.min(200, files.size()));
        }
    }

    private static void edited(
            Random random, TreeSitterSyntax again, TreeSitterSyntax whole, Language language, String source) {
        String text = source;
        for (int i = 0; i < EDITS; i++) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            Syntax expected = whole.parse(language, utf8);
            assertEquals(expected, again.parse(language, utf8), () -> language + " after some edits");
            // Most edits break the text: the next ones start from what is whole again.
            text = edit(random, random.nextInt(3) == 0 ? source : text);
        }
    }

    /** A person's save: a few places changed, lines moved, a name changed everywhere, or a text broken in the middle. */
    private static String edit(Random random, String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("(?<=\n)")));
        int at = random.nextInt(lines.size());
        int to = Math.min(lines.size(), at + 1 + random.nextInt(8));
        return switch (random.nextInt(8)) {
            case 0 -> {
                lines.addAll(random.nextInt(lines.size()), List.copyOf(lines.subList(at, to)));
                yield String.join("", lines);
            }
            case 1 -> {
                lines.subList(at, to).clear();
                yield String.join("", lines);
            }
            case 2 -> {
                lines.add(at, "// größe 😀 " + random.nextInt(100) + "\n");
                lines.add(random.nextInt(lines.size()), "\n");
                yield String.join("", lines);
            }
            case 3 -> {
                String word = words(text).get(random.nextInt(words(text).size()));
                yield text.replace(word, word + "X");
            }
            case 4 -> {
                String word = words(text).get(random.nextInt(words(text).size()));
                int place = Math.max(0, text.indexOf(word));
                yield text.substring(0, place) + "renamed"
                        + text.substring(Math.min(text.length(), place + word.length()));
            }
            case 5 -> RandomTexts.damage(random, text);
            case 6 -> text + lines.get(at);
            default -> text.replaceFirst("(?m)^(\\s+\\S.*)$", "$1\n$1");
        };
    }

    private static List<String> words(String text) {
        List<String> words = Arrays.stream(text.split("[^A-Za-z]+"))
                .filter(word -> word.length() > 5)
                .distinct()
                .toList();
        return words.isEmpty() ? List.of("class") : words;
    }

    /** Made from the last to the first in the bytes of the earlier text, the edits give the later one; rows are as counted. */
    @Test
    void editsMakeOneTextOfTheOther() {
        Random random = Seeded.random("edits of a text");
        int several = 0;
        for (int round = 0; round < 2000; round++) {
            String before = RandomTexts.text(random).repeat(1 + random.nextInt(3));
            String after = before.isEmpty() ? "a" : edit(random, before);
            if (random.nextInt(3) == 0) {
                after = after.isEmpty() ? after : edit(random, after);
            }
            byte[] now = before.getBytes(StandardCharsets.UTF_8);
            Lines fresh = new Lines(after.getBytes(StandardCharsets.UTF_8));
            List<TextEdit> edits = TextEdit.between(new Lines(now), fresh);
            several += edits.size() > 1 ? 1 : 0;
            for (TextEdit edit : edits.reversed()) {
                ByteArrayOutputStream made = new ByteArrayOutputStream();
                checkPoint(now, edit.start(), edit.startRow(), edit.startColumn());
                checkPoint(now, edit.oldEnd(), edit.oldEndRow(), edit.oldEndColumn());
                made.write(now, 0, edit.start());
                int newFrom = newStart(edits, edit);
                made.write(fresh.utf8(), newFrom, edit.newEnd() - edit.start());
                made.write(now, edit.oldEnd(), now.length - edit.oldEnd());
                now = made.toByteArray();
                checkPoint(now, edit.newEnd(), edit.newEndRow(), edit.newEndColumn());
            }
            assertArrayEquals(fresh.utf8(), now);
        }
        assertTrue(several > 20, "texts with several edits: " + several);
    }

    /** Where the new bytes of an edit begin in the later text: its start, moved by what the edits before it add. */
    private static int newStart(List<TextEdit> edits, TextEdit edit) {
        int moved = 0;
        for (TextEdit each : edits) {
            if (each == edit) {
                break;
            }
            moved += each.newEnd() - each.oldEnd();
        }
        return edit.start() + moved;
    }

    private static void checkPoint(byte[] text, int offset, int row, int column) {
        int rows = 0;
        int start = 0;
        for (int i = 0; i < offset; i++) {
            if (text[i] == '\n') {
                rows++;
                start = i + 1;
            }
        }
        assertEquals(rows, row);
        assertEquals(offset - start, column);
    }

    @Test
    void keptTextsAreBoundedAndOneTextIsKeptOnce() throws IOException {
        byte[] python = new String(SymbolsTest.resource("sample.py"), StandardCharsets.UTF_8)
                .repeat(4)
                .getBytes(StandardCharsets.UTF_8);
        byte[] java = SymbolsTest.resource("sample.java");
        byte[] go = SymbolsTest.resource("sample.go");
        int bound = python.length + Math.max(java.length, go.length);
        try (TreeSitterSyntax syntax = new TreeSitterSyntax(settings(0, bound))) {
            for (int i = 0; i < 5; i++) {
                syntax.parse(Language.PYTHON, python);
            }
            assertEquals(python.length, syntax.recent().bytes());
            assertEquals(4, syntax.recent().versions());
            syntax.parse(Language.JAVA, java);
            assertEquals(python.length + java.length, syntax.recent().bytes());
            syntax.parse(Language.GO, go);
            assertEquals(java.length + go.length, syntax.recent().bytes(), "the oldest went");
            syntax.parse(Language.JAVA, "class {{{".repeat(10).getBytes(StandardCharsets.UTF_8));
            assertEquals(java.length + go.length, syntax.recent().bytes(), "a text with errors is not kept");
            syntax.close();
            assertEquals(0, syntax.recent().bytes());
        }
        try (TreeSitterSyntax syntax = new TreeSitterSyntax(settings(java.length + 1, bound))) {
            syntax.parse(Language.JAVA, java);
            assertEquals(0, syntax.recent().bytes(), "too small to be worth it");
        }
    }

    @Test
    void threadsSideBySideParseVersionsOfOneText() throws Exception {
        String source = new String(SymbolsTest.resource("sample.java"), StandardCharsets.UTF_8);
        try (TreeSitterSyntax again = new TreeSitterSyntax(settings(0, 1 << 20));
                TreeSitterSyntax whole = new TreeSitterSyntax(settings(0, 0));
                var pool = Executors.newFixedThreadPool(4)) {
            List<Callable<Void>> versions = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                byte[] text = source.replace("class", "/* " + i + " */ class").getBytes(StandardCharsets.UTF_8);
                versions.add(() -> {
                    assertEquals(whole.parse(Language.JAVA, text), again.parse(Language.JAVA, text));
                    return null;
                });
            }
            for (var each : pool.invokeAll(versions)) {
                each.get();
            }
            assertTrue(again.recent().versions() > 200);
        }
    }

    @Test
    void likenessGoesByLinesWhereverTheyStand() {
        Random random = Seeded.random("likeness");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            lines.add("line " + random.nextLong() + "\n");
        }
        LineSketch all = sketch(String.join("", lines));
        assertEquals(1, all.likeness(all));
        List<String> moved = new ArrayList<>(lines.subList(300, 600));
        moved.addAll(lines.subList(0, 300));
        assertEquals(1, all.likeness(sketch(String.join("\n", moved))), 1e-9);
        List<String> other = lines.stream().map(line -> "other " + line).toList();
        assertEquals(0, all.likeness(sketch(String.join("", other))));
        assertEquals(0, all.likeness(sketch("")));
        List<String> half = new ArrayList<>(lines.subList(0, 300));
        half.addAll(other.subList(0, 300));
        // A third of all lines of both is in both; a sample of 64 is off by 0.06, so this is five times that.
        assertEquals(1 / 3.0, all.likeness(sketch(String.join("", half))), 0.3);
    }

    private static LineSketch sketch(String text) {
        return LineSketch.of(new Lines(text.getBytes(StandardCharsets.UTF_8)));
    }
}
