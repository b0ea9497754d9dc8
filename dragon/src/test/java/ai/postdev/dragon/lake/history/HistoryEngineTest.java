package ai.postdev.dragon.lake.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.StoreEngineContractTest;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HistoryEngineTest extends StoreEngineContractTest<HistoryView> {
    private static final String[] KINDS = {"commit", "note", "command", "error"};
    private static final String[] PATHS = {"src/a/A.java", "src/a/B.java", "src/b/C.java", "README.md", "docs/x.md"};
    private static final String[] WORDS = {
        "Timeout",
        "retry",
        "connection",
        "NullPointerException",
        "cache",
        "über",
        "flush",
        "index",
        "42",
        "parser",
        "of"
    };

    @Override
    protected StoreEngine<HistoryView> engine() {
        return new HistoryEngine(new HistorySettings(100_000, 4_096));
    }

    @Override
    protected String store() {
        return "history";
    }

    private static Body.AppendEvent event(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i >= 0; i--) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(9) == 0 ? '\n' : ' ');
        }
        List<String> paths = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            paths.add(PATHS[random.nextInt(PATHS.length)]);
        }
        String kind = KINDS[random.nextInt(KINDS.length)];
        Map<String, String> attributes =
                kind.equals("commit") ? Map.of("commit", Integer.toHexString(random.nextInt(400) + 0x1000)) : Map.of();
        return new Body.AppendEvent(kind, random.nextInt(5_000), text.toString(), attributes, paths);
    }

    @Override
    protected List<Operation> operations(Random random, int count) {
        return Seeded.operations(count, () -> switch (random.nextInt(12)) {
            case 0 -> new Body.SetSetting("k", "v");
            case 1 -> new Body.PinEvent(Seeded.ORIGIN, 1 + random.nextInt(count), random.nextInt(3) > 0);
            case 2 ->
                new Body.DropEvents(
                        KINDS[random.nextInt(KINDS.length)],
                        1,
                        Seeded.ORIGIN,
                        random.longs(2, 1, count).boxed().toList());
            default -> event(random);
        });
    }

    @Override
    protected String answers(HistoryView view) {
        StringBuilder answers = new StringBuilder();
        answers.append(view.count())
                .append(new java.util.TreeMap<>(view.countsByKind()))
                .append('\n');
        List<HistoryEvent> newest = view.find(HistoryQuery.newest(20));
        answers.append(newest).append('\n');
        answers.append(view.find(HistoryQuery.newest(9).withText("\"retry connection\" flush")))
                .append('\n');
        answers.append(view.find(HistoryQuery.newest(9).withPath("src/a/").withKinds(Set.of("note", "none"))))
                .append('\n');
        answers.append(view.similar("retry of connection failed: Timeout NullPointerException", 5, Runnable::run))
                .append('\n');
        newest.stream().limit(2).forEach(event -> {
            answers.append(view.after(event, 500, 5)).append('\n');
            answers.append(view.same(Fingerprint.of(event.text()), 5)).append('\n');
        });
        answers.append(view.commit("1010").map(HistoryEvent::sequence)).append(view.hasCommit("10ff"));
        return answers.toString();
    }

    @Override
    protected List<String> formerFormats() {
        return List.of("-5");
    }

    @Override
    protected List<Operation> goldenOperations() {
        return List.of(
                Seeded.operation(
                        1,
                        2000,
                        new Body.AppendEvent(
                                "commit",
                                1000,
                                "Mend the cache",
                                Map.of("commit", "c0ffee", "author", "Ada"),
                                List.of("src/A.java"))),
                Seeded.operation(
                        2, 2001, new Body.AppendEvent("note", 1500, "error: 17 of 20 failed", Map.of(), List.of())),
                Seeded.operation(3, 2002, new Body.AppendEvent("edit", 1600, "src/A.java", Map.of(), List.of())),
                Seeded.operation(4, 2003, new Body.PinEvent(Seeded.ORIGIN, 2, true)),
                Seeded.operation(5, 2004, new Body.DropEvents("edit", 10, Seeded.ORIGIN, List.of(3L, 70_000L))));
    }

    @Test
    void aSnapshotWithChainedFingerprintsIsReadAndSignedAnew() throws IOException {
        HistoryEngine engine = new HistoryEngine(new HistorySettings(100_000, 4_096));
        goldenOperations().forEach(engine::apply);
        HistoryEngine former = new HistoryEngine(new HistorySettings(100_000, 4_096));
        try (InputStream in = HistoryEngineTest.class.getResourceAsStream("/golden/history-snapshot-4.hex")) {
            String digits = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            byte[] bytes = HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
            former.readSnapshot(new DataInputStream(new ByteArrayInputStream(bytes)));
        }
        assertEquals(answers(engine.view()), answers(former.view()));
        assertEquals(List.of(1L), paths(former.view()), "the edit of the same file is dropped");
        Operation more = Seeded.operation(
                6, 2005, new Body.AppendEvent("edit", 1700, "again", Map.of(), List.of("src/A.java", "src/B.java")));
        engine.apply(more);
        former.apply(more);
        assertEquals(answers(engine.view()), answers(former.view()));
        assertEquals(List.of(6L, 1L), paths(former.view()));
        assertEquals(
                List.of(List.of("src/A.java", "src/B.java"), List.of(), List.of("src/A.java")),
                former.view().find(HistoryQuery.newest(3)).stream()
                        .map(HistoryEvent::paths)
                        .toList());
    }

    private static List<Long> paths(HistoryView view) {
        return view.find(HistoryQuery.newest(9).withPath("src/A.java")).stream()
                .map(HistoryEvent::sequence)
                .toList();
    }

    @Test
    void findIsWhatAFilterOverAllEventsFinds() {
        Random random = Seeded.random("findIsWhatAFilterOverAllEventsFinds");
        List<Body.AppendEvent> all = new ArrayList<>();
        HistoryEngine engine = new HistoryEngine(new HistorySettings(100_000, 4_096));
        for (int i = 1; i <= 2_000; i++) {
            Body.AppendEvent event = event(random);
            if (!event.kind().equals("commit")) {
                all.add(event);
                engine.apply(Seeded.operation(i, 10_000 + i, event));
            }
        }
        HistoryView view = engine.view();
        for (int round = 0; round < 300; round++) {
            long since = random.nextInt(5_000);
            long until = since + random.nextInt(5_000);
            String kind = random.nextBoolean() ? "" : KINDS[random.nextInt(KINDS.length)];
            String path =
                    random.nextBoolean() ? "" : random.nextBoolean() ? "src/a/" : PATHS[random.nextInt(PATHS.length)];
            List<String> words = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                String word = WORDS[random.nextInt(WORDS.length)];
                int from = random.nextInt(word.length());
                words.add(word.substring(from));
            }
            int limit = 1 + random.nextInt(30);
            HistoryQuery query = HistoryQuery.newest(limit)
                    .withTime(since, until)
                    .withPath(path)
                    .withText(String.join(" ", words).toUpperCase(Locale.ROOT).replace("Ü", "ü"))
                    .withKinds(kind.isEmpty() ? Set.of() : Set.of(kind));
            List<Long> expected = all.stream()
                    .filter(e -> e.timeMillis() >= since && e.timeMillis() <= until)
                    .filter(e -> kind.isEmpty() || e.kind().equals(kind))
                    .filter(e -> path.isEmpty()
                            || e.paths().stream()
                                    .anyMatch(p -> path.endsWith("/") ? p.startsWith(path) : p.equals(path)))
                    .filter(e -> words.stream()
                            .allMatch(w -> e.text().toLowerCase(Locale.ROOT).contains(w.toLowerCase(Locale.ROOT))))
                    .map(Body.AppendEvent::timeMillis)
                    .sorted(Comparator.reverseOrder())
                    .limit(limit)
                    .toList();
            assertEquals(
                    expected,
                    view.find(query).stream().map(HistoryEvent::timeMillis).toList(),
                    query.toString());
        }
    }

    @Test
    void afterIsWhatFollowedOldestFirst() {
        Random random = Seeded.random("afterIsWhatFollowedOldestFirst");
        HistoryEngine engine = new HistoryEngine(new HistorySettings(100_000, 4_096));
        List<Body.AppendEvent> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            String kind = List.of("note", "edit", "test").get(random.nextInt(3));
            // Some follow each other, some come from a machine that was away; enough text for many blocks.
            long time = random.nextInt(4) == 0 ? random.nextInt(2_000) : i;
            List<String> paths = Stream.of("a", "b", "c", "d")
                    .limit(i % 40 == 0 ? 4 : random.nextInt(3))
                    .toList();
            all.add(new Body.AppendEvent(kind, time, ("n" + i + " ").repeat(40), Map.of(), paths));
            engine.apply(Seeded.operation(i + 1, i + 1, all.getLast()));
        }
        HistoryView view = engine.view();
        for (HistoryEvent event : view.find(HistoryQuery.newest(300))) {
            List<HistoryView.Following> asked = List.of(
                    new HistoryView.Following(random.nextInt(600), 1 + random.nextInt(40), Set.of("note", "never")),
                    new HistoryView.Following(random.nextInt(300), 1 + random.nextInt(200)),
                    new HistoryView.Following(10, 10, Set.of("never")),
                    new HistoryView.Following(Long.MAX_VALUE, 3));
            List<List<LaterEvent>> found = view.after(event, asked);
            for (int i = 0; i < asked.size(); i++) {
                assertEquals(
                        following(all, event, asked.get(i)),
                        found.get(i).stream().map(LaterEvent::ordinal).toList(),
                        asked.get(i).toString());
                for (LaterEvent later : found.get(i)) {
                    Body.AppendEvent written = all.get(later.ordinal());
                    assertEquals(written.kind(), later.kind());
                    assertEquals(written.timeMillis(), later.timeMillis());
                    assertEquals(written.paths(), later.paths());
                    assertEquals(written.text(), later.event().text());
                    assertEquals(written.paths(), later.paths());
                }
            }
            assertEquals(found.get(3).stream().map(LaterEvent::event).toList(), view.after(event, Long.MAX_VALUE, 3));
            for (String path : List.of("a", "c", "d", "never")) {
                assertEquals(
                        IntStream.range(0, all.size())
                                .filter(i -> all.get(i).kind().equals("edit")
                                        && all.get(i).paths().contains(path)
                                        && all.get(i).timeMillis() > event.timeMillis())
                                .boxed()
                                .min(Comparator.comparingLong(
                                                (Integer i) -> all.get(i).timeMillis())
                                        .thenComparingInt(i -> i)),
                        view.next("edit", path, event.timeMillis()).map(LaterEvent::ordinal),
                        path);
            }
        }
    }

    private static List<Integer> following(
            List<Body.AppendEvent> all, HistoryEvent event, HistoryView.Following asked) {
        return IntStream.range(0, all.size())
                .filter(i -> all.get(i).timeMillis() > event.timeMillis()
                        || all.get(i).timeMillis() == event.timeMillis() && i > event.ordinal())
                .filter(i -> all.get(i).timeMillis() - event.timeMillis() <= asked.withinMillis())
                .filter(i -> asked.kinds().isEmpty()
                        || asked.kinds().contains(all.get(i).kind()))
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> all.get(i).timeMillis())
                        .thenComparingInt(i -> i))
                .limit(asked.limit())
                .toList();
    }

    @Test
    void theSameErrorWithOtherNumbersAndPathsIsFoundAgainAndComesFirst() {
        HistoryEngine engine = new HistoryEngine(new HistorySettings(100_000, 4_096));
        String first = "ERROR /home/ada/app/Main.java:17 connection to 10.0.0.3:5432 refused after 3 tries";
        String again = "ERROR /srv/ci/build-99/Main.java:21 connection to 192.168.7.8:6000 refused after 12 tries";
        engine.apply(Seeded.operation(1, 1, new Body.AppendEvent("error", 10, first, Map.of(), List.of())));
        engine.apply(Seeded.operation(
                2,
                2,
                new Body.AppendEvent(
                        "command",
                        20,
                        "$ make check\nrunning\n" + again + "\nmake: *** [check] Error 2",
                        Map.of(),
                        List.of())));
        engine.apply(Seeded.operation(
                3,
                3,
                new Body.AppendEvent("note", 30, "the connection was refused by the proxy", Map.of(), List.of())));
        engine.apply(Seeded.operation(4, 4, new Body.AppendEvent("note", 40, "buy milk", Map.of(), List.of())));
        List<HistoryView.Similar> found = engine.view().similar(again, 10, Runnable::run);
        assertEquals(
                List.of(2L, 1L, 3L),
                found.stream().map(s -> s.event().sequence()).toList());
        assertEquals(
                List.of(true, true, false),
                found.stream().map(HistoryView.Similar::same).toList());
    }

    @Test
    void eachEventWithAWordIsFoundInHoweverManyBlocks() {
        HistoryEngine engine = new HistoryEngine(new HistorySettings(100_000, 4_096));
        List<Integer> having = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            boolean has = i % 50 == 7;
            if (has) {
                having.add(i);
            }
            engine.apply(Seeded.operation(i + 1, i + 1, note((has ? "zirkon " : "") + ("word" + i + " ").repeat(40))));
        }
        assertEquals(
                having,
                engine.view().similar("zirkon", 100, Runnable::run).stream()
                        .map(found -> found.event().ordinal())
                        .sorted()
                        .toList());
    }

    @Test
    void anEarlierStateHidesWhatWasRecordedLater() {
        HistoryEngine engine = new HistoryEngine(new HistorySettings(100_000, 4_096));
        Origin other = new Origin("node-b");
        engine.apply(Seeded.operation(1, 100, note("one")));
        engine.apply(Seeded.operation(other, 1, 150, note("two")));
        engine.apply(Seeded.operation(2, 200, note("three")));
        engine.apply(Seeded.operation(other, 2, 250, note("four")));
        HistoryView view = engine.view();
        assertEquals(2, view.asOf(HybridTime.of(150, 0)).count());
        assertEquals(3, view.asOf(Seeded.ORIGIN, 2).count());
        assertEquals(1, view.asOf(Seeded.ORIGIN, 1).count());
        assertEquals(4, view.count());
    }

    private static Body note(String text) {
        return new Body.AppendEvent("note", 1, text, Map.of(), List.of());
    }

    @Test
    void aCommitThatTwoMachinesReportIsOneCommit() {
        HistoryEngine engine = new HistoryEngine(new HistorySettings(100_000, 4_096));
        Body commit = new Body.AppendEvent("commit", 5, "Mend it", Map.of("commit", "abcdef12"), List.of("a"));
        engine.apply(Seeded.operation(1, 100, commit));
        engine.apply(Seeded.operation(new Origin("node-b"), 1, 150, commit));
        HistoryView view = engine.view();
        assertEquals(1, view.count());
        assertTrue(view.hasCommit("abcdef12"));
        assertEquals(List.of("ffff"), view.missingCommits(List.of("abcdef12", "ffff")));
        assertEquals("Mend it", view.commit("abcd").orElseThrow().text());
        assertTrue(view.commit("abce").isEmpty());
    }

    @Test
    void ofEventsAtTheSameTimeTheOneRecordedLastIsTheNewest() {
        HistoryEngine engine = new HistoryEngine(new HistorySettings(100_000, 4_096));
        for (int i = 1; i <= 40; i++) {
            engine.apply(Seeded.operation(i, i, note("n" + i)));
        }
        assertEquals(
                List.of(40L, 39L, 38L),
                engine.view().find(HistoryQuery.newest(3)).stream()
                        .map(HistoryEvent::sequence)
                        .toList());
    }

    @Test
    void whatIsLikeATextIsFoundAmongManyEventsAndTheRarestWordsDecide() {
        Random random = Seeded.random("whatIsLikeATextIsFoundAmongManyEventsAndTheRarestWordsDecide");
        HistoryEngine engine = new HistoryEngine(new HistorySettings(100_000, 4_096));
        int needle = 1 + random.nextInt(5_000);
        for (int i = 1; i <= 5_000; i++) {
            String text = i == needle
                    ? "flush of the KryoRegistry gave up"
                    : event(random).text() + " flush";
            engine.apply(Seeded.operation(i, i, new Body.AppendEvent("note", i, text, Map.of(), List.of())));
        }
        List<HistoryView.Similar> found = engine.view().similar("KryoRegistry: flush impossible", 3, Runnable::run);
        assertEquals(needle, found.getFirst().event().sequence());
        assertFalse(found.getFirst().same());
    }

    @Test
    void beyondTheBoundNothingIsTakenInAndTheViewSaysSo() {
        HistoryEngine engine = new HistoryEngine(new HistorySettings(2, 8));
        for (int i = 1; i <= 5; i++) {
            engine.apply(Seeded.operation(i, i, note("aaaaaaaé and more")));
        }
        assertEquals(2, engine.view().count());
        assertEquals(3, engine.view().beyondBound());
        assertEquals(
                "aaaaaaa", engine.view().find(HistoryQuery.newest(1)).getFirst().text(), "cut between characters");
        assertFalse(engine.view().find(HistoryQuery.newest(1).withText("aaa")).isEmpty());
    }
}
