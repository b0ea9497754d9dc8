package ai.postdev.dragon.lake.history;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.column.BytesColumn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What signatures of blocks pass over must hold nothing that is wanted: of many blocks, and read from a snapshot. */
class TextBlocksTest {
    private static final int EVENTS = 1_500;
    private static final int QUERIES = 2_000;

    private final Random random = Seeded.random("text blocks");

    /** The text of an event as the snapshot of format 3 has it. */
    private static String text(int i) {
        return "word" + i * i % 97 + " of part" + i % 13 + (i % 5 == 0 ? " failed " : " ended ")
                + Integer.toString(i * 7919 % 1000, 36);
    }

    private static HistoryEngine engine() {
        return new HistoryEngine(new HistorySettings(100_000, 4_096));
    }

    private static void append(HistoryEngine engine, int event, String text) {
        engine.apply(Seeded.operation(
                event,
                1_000 + event,
                new Body.AppendEvent("command", 1_000 + event * 31 % 500, text, Map.of(), List.of())));
    }

    /** Each part of a text is found wherever it stands, and nowhere else. */
    private void findsEverything(HistoryEngine engine, List<String> texts) {
        HistoryView view = engine.view();
        for (int q = 0; q < QUERIES; q++) {
            String text = texts.get(random.nextInt(texts.size()));
            int from = random.nextInt(text.length());
            int to = from + 1 + random.nextInt(text.length() - from);
            String part = text.substring(from, to).strip();
            if (part.isEmpty()) {
                continue;
            }
            List<Long> found = view.find(HistoryQuery.newest(texts.size()).withText('"' + part + '"')).stream()
                    .map(HistoryEvent::sequence)
                    .sorted()
                    .toList();
            List<Long> expected = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                if (texts.get(i).contains(part)) {
                    expected.add(i + 1L);
                }
            }
            assertEquals(expected, found, "\"" + part + "\"");
        }
    }

    /** By the fingerprint of each text all that say the same are found: pairs of several runs and open ones. */
    private static void findsTheSame(HistoryEngine engine, List<String> texts) {
        Map<Long, List<Long>> same = new HashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            long value = Fingerprint.of(texts.get(i)).value();
            same.computeIfAbsent(value, _ -> new ArrayList<>()).add(i + 1L);
        }
        HistoryView view = engine.view();
        for (String text : texts) {
            Fingerprint fingerprint = Fingerprint.of(text);
            assertEquals(
                    same.get(fingerprint.value()),
                    view.same(fingerprint, texts.size()).stream()
                            .map(HistoryEvent::sequence)
                            .sorted()
                            .toList(),
                    text);
        }
    }

    private List<String> texts(HistoryEngine engine) {
        List<String> texts = new ArrayList<>();
        for (int i = 1; i <= EVENTS; i++) {
            texts.add(text(i));
            if (engine != null) {
                append(engine, i, text(i));
            }
        }
        return texts;
    }

    private static HistoryEngine read(DataInputStream in) throws IOException {
        HistoryEngine engine = engine();
        engine.readSnapshot(in);
        return engine;
    }

    @Test
    void whateverStandsInATextIsFound() throws IOException {
        HistoryEngine engine = engine();
        List<String> texts = texts(engine);
        findsEverything(engine, texts);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.writeSnapshot(new DataOutputStream(bytes));
        findsEverything(read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))), texts);
        findsTheSame(read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))), texts);
        Path write = Path.of(System.getProperty("postdevai.golden.write", ""), "history-snapshot-6.gz");
        if (write.isAbsolute()) {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(write))) {
                out.write(bytes.toByteArray());
            }
        }
        try (InputStream in =
                new GZIPInputStream(TextBlocksTest.class.getResourceAsStream("/golden/history-snapshot-6.gz"))) {
            assertArrayEquals(in.readAllBytes(), bytes.toByteArray(), "the format of a history of many blocks");
        }
    }

    @Test
    void aSnapshotWrittenRowByRowIsReadAndHasTheSameBytesFromThen() throws IOException {
        HistoryEngine engine = engine();
        List<String> texts = texts(engine);
        try (DataInputStream in = new DataInputStream(
                new GZIPInputStream(TextBlocksTest.class.getResourceAsStream("/golden/history-snapshot-5.gz")))) {
            HistoryEngine former = read(in);
            findsEverything(former, texts);
            findsTheSame(former, texts);
            for (HistoryEngine each : List.of(engine, former)) {
                append(each, EVENTS + 1, "another part9 failed zz");
            }
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            engine.writeSnapshot(new DataOutputStream(expected));
            ByteArrayOutputStream found = new ByteArrayOutputStream();
            former.writeSnapshot(new DataOutputStream(found));
            assertArrayEquals(expected.toByteArray(), found.toByteArray());
        }
    }

    @Test
    void aSnapshotWithSignaturesOfThreeBytesIsReadAndSignedAnew() throws IOException {
        try (DataInputStream in = new DataInputStream(
                new GZIPInputStream(TextBlocksTest.class.getResourceAsStream("/golden/history-snapshot-3.gz")))) {
            HistoryEngine engine = read(in);
            List<String> texts = texts(null);
            findsEverything(engine, texts);
            findsTheSame(engine, texts);
            String more = "another part9 failed zz";
            append(engine, EVENTS + 1, more);
            texts.add(more);
            findsEverything(engine, texts);
        }
    }

    @Test
    void blocksOfASpanAreFoundBeyondWhereTheirTimesAreKeptTogether() {
        BytesColumn texts = new BytesColumn();
        TextBlocks blocks = new TextBlocks(texts);
        int perBlock = 256;
        int count = 4_100;
        for (int event = 0; event < count * perBlock; event++) {
            texts.append(new byte[0]);
            blocks.add(event, event, new int[0]);
        }
        assertEquals(count, blocks.size());
        List<String> found = new ArrayList<>();
        blocks.eachIn(
                4_094L * perBlock + 7,
                4_098L * perBlock - 1,
                4_097,
                (block, earliest) -> found.add(block + " " + earliest));
        assertEquals(
                IntStream.range(4_094, 4_097)
                        .mapToObj(block -> block + " " + block * perBlock)
                        .toList(),
                found);
    }

    @Test
    void whatStandsSideBySideNowhereIsLookedForInFewTexts() {
        int[] sides = TextBlocks.grams("part1 ended".getBytes(US_ASCII));
        int[] parts = TextBlocks.grams("part1".getBytes(US_ASCII));
        assertEquals(2, parts.length);
        assertTrue(sides.length == 8 + 2, "eight times four bytes, and one space twice: " + sides.length);
        assertEquals(0, TextBlocks.grams("abc".getBytes(US_ASCII)).length, "too short to tell");
    }
}
