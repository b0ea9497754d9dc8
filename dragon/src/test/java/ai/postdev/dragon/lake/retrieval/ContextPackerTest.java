package ai.postdev.dragon.lake.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.text.ContextMarkdown;
import ai.postdev.actors.text.TokenBound;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import ai.postdev.dragon.lake.retrieval.SourceText.Definition;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.Relation;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What must hold of every packed context, on random files, passages, facts and budgets. */
class ContextPackerTest {
    private static final ContextSettings SETTINGS =
            ContextSettings.from(ConfigFactory.parseResources("reference.conf").resolve());
    private static final ProjectId PROJECT = new ProjectId("p");
    private static final int ROUNDS = 1_500;

    /** What is kept for lines of the frame that are shorter or absent in the end. */
    private static final int FRAME_SLACK = 40;

    /** Random material. */
    private record Material(List<Passage> passages, List<Relation> facts, List<String> missing, int budget) {
        ContextAnswer pack() {
            return new ContextPacker(SETTINGS, PROJECT, budget).pack(passages, facts, missing);
        }

        static Material of(Random random) {
            List<SourceText> files = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(8); i++) {
                SourceText original = files.isEmpty() || random.nextInt(5) > 0 ? null : files.getFirst();
                files.add(original == null ? file("src/f" + i + ".java", random) : copy(original, i));
            }
            List<Passage> passages = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                SourceText file = files.get(random.nextInt(files.size()));
                int start = 1 + random.nextInt(file.lines().size());
                int end = Math.min(file.lines().size(), start + random.nextInt(12));
                passages.add(new Passage(
                        file,
                        new Place(start, end),
                        random.nextInt(10) / 10.0,
                        random.nextBoolean() ? List.of("words: a, b") : List.of("defines X", "by meaning 0.4")));
            }
            passages.sort(Comparator.comparingDouble(Passage::score).reversed());
            List<Relation> facts = IntStream.range(0, random.nextInt(12))
                    .mapToObj(i -> Relation.newBuilder()
                            .setProject("p")
                            .setKind("touched-by")
                            .setType("commit")
                            .setKey("c0ffee" + i)
                            .setTime("2026-05-03T15:00:00Z")
                            .setText("subject ".repeat(random.nextInt(30)))
                            .build())
                    .toList();
            List<String> missing =
                    random.nextInt(4) == 0 ? List.of("ranked text: 日本 ".repeat(random.nextInt(40))) : List.of();
            return new Material(passages, facts, missing, 256 + random.nextInt(random.nextBoolean() ? 600 : 8_000));
        }

        private static SourceText copy(SourceText of, int number) {
            return new SourceText(
                    of.workspace(),
                    "copy/f" + number + ".java",
                    of.language(),
                    of.hash(),
                    of.lines(),
                    of.chunks(),
                    of.definitions());
        }

        private static SourceText file(String path, Random random) {
            List<String> lines = new ArrayList<>();
            List<Place> chunks = new ArrayList<>();
            List<Definition> definitions = new ArrayList<>();
            while (lines.size() < 20 + random.nextInt(200)) {
                int start = lines.size() + 1;
                int length = 1 + random.nextInt(25);
                boolean shared = random.nextInt(6) == 0;
                for (int i = 0; i < length; i++) {
                    lines.add(shared ? "shared line " + i + " {" : "  call" + random.nextInt(1000) + "(`x`, 日);");
                }
                chunks.add(new Place(start, lines.size()));
                if (random.nextBoolean()) {
                    definitions.add(new Definition("A.b" + start, new Place(start, lines.size())));
                }
                for (int i = random.nextInt(3); i > 0; i--) {
                    lines.add("");
                }
            }
            boolean parsed = random.nextInt(4) > 0;
            return new SourceText(
                    "w", path, "java", path, lines, parsed ? chunks : List.of(), parsed ? definitions : List.of());
        }
    }

    @Test
    void whatMustHoldHolds() {
        Random random = Seeded.random("ContextPackerTest");
        double filled = 0;
        int full = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Material material = Material.of(random);
            ContextAnswer answer = material.pack();
            obeysTheBudget(material, answer);
            isTrueToTheFiles(material, answer);
            saysEverythingOnce(answer);
            countsWhatIsLeftOut(material, answer);
            assertEquals(answer, material.pack(), "the same input gives the same answer");
            if (answer.getLeftOut() > 5) {
                filled += (double) answer.getTokens() / answer.getBudget();
                full++;
            }
        }
        assertTrue(full > 50, "rounds with more than fits: " + full);
        assertTrue(filled / full > 0.8, "where there is more than fits, " + filled / full + " of the budget is used");
    }

    private static void obeysTheBudget(Material material, ContextAnswer answer) {
        int tokens = TokenBound.of(ContextMarkdown.of(answer));
        assertTrue(tokens <= material.budget(), tokens + " of " + material.budget());
        assertEquals(tokens, answer.getTokens());
    }

    private static void isTrueToTheFiles(Material material, ContextAnswer answer) {
        Map<String, SourceText> files = new HashMap<>();
        material.passages().forEach(passage -> files.put(passage.source().path(), passage.source()));
        for (ContextItem item : answer.getItemsList()) {
            List<String> lines = files.get(item.getPath()).lines().subList(item.getStartLine() - 1, item.getEndLine());
            assertEquals(String.join("\n", lines), item.getText());
            item.getAlsoAtList()
                    .forEach(other -> assertEquals(
                            files.get(item.getPath()).lines(), files.get(other).lines()));
        }
    }

    private static void saysEverythingOnce(ContextAnswer answer) {
        Set<String> texts = new HashSet<>();
        Map<String, boolean[]> lines = new HashMap<>();
        String path = "";
        Set<String> closed = new HashSet<>();
        int last = 0;
        for (ContextItem item : answer.getItemsList()) {
            assertTrue(texts.add(item.getText()), () -> "twice: " + item);
            boolean[] shown = lines.computeIfAbsent(item.getPath(), _ -> new boolean[1_000]);
            for (int line = item.getStartLine(); line <= item.getEndLine(); line++) {
                assertTrue(!shown[line], () -> "overlaps: " + item);
            }
            Arrays.fill(shown, item.getStartLine(), item.getEndLine() + 1, true);
            assertTrue(item.getPath().equals(path) ? item.getStartLine() > last + 1 : closed.add(item.getPath()));
            path = item.getPath();
            last = item.getEndLine();
        }
    }

    /** Every passage is shown, or its text is, or it would not have fitted; the last are counted. */
    private static void countsWhatIsLeftOut(Material material, ContextAnswer answer) {
        int absent = 0;
        for (Passage passage : material.passages()) {
            String text = passage.source().text(passage.place());
            if (answer.getItemsList().stream().anyMatch(item -> item.getText().contains(text))) {
                continue;
            }
            absent++;
            ContextItem alone = ContextItem.newBuilder()
                    .setPath(passage.source().path())
                    .setLanguage("java")
                    .setStartLine(passage.place().startLine())
                    .setEndLine(passage.place().endLine())
                    .setSymbol(passage.source().nameOf(passage.place()))
                    .addAllWhy(passage.why())
                    .addAllAlsoAt(List.of("copy/f1.java", "copy/f2.java", "copy/f3.java"))
                    .setText(text)
                    .build();
            int room = answer.getBudget() - answer.getTokens() - FRAME_SLACK;
            assertTrue(
                    ContextMarkdown.itemTokens(alone, false) > room,
                    () -> room + " tokens are free, but this was left out: " + alone);
        }
        assertTrue(absent <= answer.getLeftOut(), absent + " are absent, told are " + answer.getLeftOut());
    }

    @Test
    void noFileTakesMoreThanItsShareWhileOthersHaveSomethingToSay() {
        Random random = Seeded.random("ContextPackerTest");
        List<Passage> passages = new ArrayList<>();
        SourceText flood = flood("flood.java");
        for (int start = 1; start < 390; start += 13) {
            passages.add(new Passage(flood, new Place(start, start + 9), 0.9, List.of("words: x")));
        }
        for (int i = 0; i < 20; i++) {
            passages.add(new Passage(
                    flood("other" + i + ".java"), new Place(1, 1 + random.nextInt(10)), 0.5, List.of("words: x")));
        }
        ContextAnswer answer = new ContextPacker(SETTINGS, PROJECT, 2_000).pack(passages, List.of(), List.of());
        int flooded = answer.getItemsList().stream()
                .filter(item -> item.getPath().equals("flood.java"))
                .mapToInt(item -> ContextMarkdown.itemTokens(item, false))
                .sum();
        assertTrue(flooded <= 2_000 * SETTINGS.fileShare(), "tokens of the one file: " + flooded);
        assertTrue(
                answer.getItemsList().stream()
                                .map(ContextItem::getPath)
                                .distinct()
                                .count()
                        > 5,
                answer::toString);
    }

    private static SourceText flood(String path) {
        List<String> lines = IntStream.range(0, 400)
                .mapToObj(i -> i % 13 == 12 ? "// " + i : "call(" + path + i + ");")
                .toList();
        return new SourceText("w", path, "java", path, lines, List.of(), List.of());
    }

    @Test
    void variantsOfAFileWaitUntilOthersHaveSpoken() {
        List<Passage> passages = new ArrayList<>();
        for (String language : List.of("en", "de", "fr", "ja")) {
            passages.add(new Passage(
                    flood("docs/" + language + "/docs/guide/start.java"), new Place(1, 12), 0.9, List.of("words: x")));
        }
        passages.add(new Passage(flood("src/one/util.java"), new Place(1, 12), 0.5, List.of("words: x")));
        passages.add(new Passage(flood("src/two/util.java"), new Place(1, 12), 0.4, List.of("words: x")));
        int three = 3
                * ContextMarkdown.itemTokens(
                        new ContextPacker(SETTINGS, PROJECT, 4_000)
                                .pack(passages.subList(0, 1), List.of(), List.of())
                                .getItems(0),
                        false);
        ContextAnswer answer = new ContextPacker(SETTINGS, PROJECT, three + 60).pack(passages, List.of(), List.of());
        assertEquals(
                List.of("docs/en/docs/guide/start.java", "src/one/util.java", "src/two/util.java"),
                answer.getItemsList().stream().map(ContextItem::getPath).toList());
        ContextAnswer all = new ContextPacker(SETTINGS, PROJECT, 20_000).pack(passages, List.of(), List.of());
        assertEquals(6, all.getItemsCount());
    }

    @Test
    void aPassageIsShownWithTheDefinitionAroundIt() {
        List<String> lines = IntStream.range(0, 60).mapToObj(i -> "line " + i).toList();
        SourceText source = new SourceText(
                "w",
                "a.py",
                "python",
                "h",
                lines,
                List.of(new Place(1, 20), new Place(21, 60)),
                List.of(new Definition("outer", new Place(1, 60)), new Definition("outer.inner", new Place(5, 15))));
        ContextAnswer answer = new ContextPacker(SETTINGS, PROJECT, 4_000)
                .pack(List.of(new Passage(source, new Place(7, 8), 1, List.of("words: x"))), List.of(), List.of());
        assertEquals("outer.inner", answer.getItems(0).getSymbol());
        assertEquals("a.py:5-15", ContextMarkdown.place(answer.getItems(0)));
        assertEquals(0, answer.getLeftOut());
    }

    @Test
    void factsHaveRoomOfTheirOwnAndTakeWhatIsLeft() {
        List<Relation> facts = IntStream.range(0, 100)
                .mapToObj(i -> Relation.newBuilder()
                        .setProject("p")
                        .setKind("notes")
                        .setType("note")
                        .setText("fact " + i)
                        .build())
                .toList();
        List<Passage> passages = IntStream.range(0, 20)
                .mapToObj(i -> new Passage(flood("f" + i), new Place(1, 12), 1, List.of()))
                .toList();
        ContextAnswer both = new ContextPacker(SETTINGS, PROJECT, 600).pack(passages, facts, List.of());
        assertTrue(both.getFactsCount() > 5 && both.getItemsCount() > 1, both::toString);
        ContextAnswer only = new ContextPacker(SETTINGS, PROJECT, 600).pack(List.of(), facts, List.of());
        assertTrue(only.getFactsCount() > 3 * both.getFactsCount(), only::toString);
        assertEquals("fact 0", only.getFacts(0).getText());
    }
}
