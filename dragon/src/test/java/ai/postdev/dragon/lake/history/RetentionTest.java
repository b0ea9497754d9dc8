package ai.postdev.dragon.lake.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.dragon.lake.Seeded;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Retention beside the rule as one would write it down: a list of events, sorted, from which the oldest are taken. */
class RetentionTest {
    private static final List<Origin> ORIGINS = List.of(new Origin("laptop"), new Origin("studio"));
    private static final String[] KINDS = {"edit", "command", "error", "note", "commit"};

    /** An event as the oracle holds it. */
    private record Held(Origin origin, long sequence, String kind, long time, int bytes, int order) {
        String place() {
            return origin + "/" + sequence;
        }
    }

    private final Map<Origin, Long> last = new HashMap<>();
    private long clock = 1_000_000;

    private Operation next(Origin origin, Body body) {
        long sequence = last.merge(origin, 1L, Long::sum);
        return Seeded.operation(origin, sequence, clock++, body);
    }

    private static HistoryEngine engine() {
        return new HistoryEngine(new HistorySettings(100_000, 40));
    }

    private static HistoryEngine copy(HistoryEngine engine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.writeSnapshot(new DataOutputStream(bytes));
        HistoryEngine copy = engine();
        copy.readSnapshot(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        return copy;
    }

    private static Set<String> places(HistoryView view) {
        Set<String> places = new TreeSet<>();
        view.find(HistoryQuery.newest(100_000)).forEach(event -> places.add(event.origin() + "/" + event.sequence()));
        return places;
    }

    private static List<RetentionRule> rules(Random random) {
        List<RetentionRule> rules = new ArrayList<>();
        for (String kind : List.of("edit", "command", "error")) {
            boolean age = random.nextBoolean();
            boolean bytes = !age || random.nextBoolean();
            if (random.nextInt(5) > 0) {
                rules.add(new RetentionRule(
                        kind,
                        age ? Optional.of(Duration.ofMillis(random.nextInt(4_000))) : Optional.empty(),
                        bytes ? Optional.of((long) random.nextInt(3_000)) : Optional.empty()));
            }
        }
        return rules;
    }

    /** The rule in plain words: while the oldest that is not pinned is too old, or the kind too large, it goes. */
    private static Set<String> oracle(List<Held> events, Set<String> pinned, List<RetentionRule> rules, long now) {
        Set<String> gone = new TreeSet<>();
        for (RetentionRule rule : rules) {
            List<Held> ofKind = events.stream()
                    .filter(event -> event.kind().equals(rule.kind()))
                    .sorted(Comparator.comparingLong(Held::time).thenComparingInt(Held::order))
                    .toList();
            long bytes = ofKind.stream().mapToLong(Held::bytes).sum();
            for (Held event : ofKind) {
                if (pinned.contains(event.place())) {
                    continue;
                }
                boolean old = rule.ageMax().isPresent()
                        && event.time() < now - rule.ageMax().get().toMillis();
                boolean large =
                        rule.bytesMax().isPresent() && bytes > rule.bytesMax().get();
                if (old || large) {
                    gone.add(event.place());
                    bytes -= event.bytes();
                }
            }
        }
        return gone;
    }

    @Test
    void whatStaysIsWhatTheRuleSays() throws IOException {
        Random random = Seeded.random("retention");
        for (int round = 0; round < 60; round++) {
            last.clear();
            HistoryEngine engine = engine();
            List<Operation> journal = new ArrayList<>();
            List<Held> held = new ArrayList<>();
            Set<String> pinned = new TreeSet<>();
            long gone = 0;
            for (int moment = 0; moment < 6; moment++) {
                for (int i = random.nextInt(80); i > 0; i--) {
                    Operation operation =
                            random.nextInt(6) == 0 && !held.isEmpty() ? pin(random, held, pinned) : event(random, held);
                    journal.add(operation);
                    engine.apply(operation);
                }
                List<RetentionRule> rules = rules(random);
                long now = random.nextInt(8_000);
                Set<String> expected = oracle(held, pinned, rules, now);
                int max = 1 + random.nextInt(30);
                long bytes = 0;
                Set<String> dropped = new TreeSet<>();
                for (List<Body.DropEvents> due = Retention.due(engine.view(), rules, now, max);
                        !due.isEmpty();
                        due = Retention.due(engine.view(), rules, now, max)) {
                    for (Body.DropEvents drop : due) {
                        assertTrue(drop.sequences().size() <= max);
                        bytes += drop.textBytes();
                        drop.sequences().forEach(sequence -> dropped.add(drop.of() + "/" + sequence));
                        Operation operation = next(ORIGINS.get(random.nextInt(2)), drop);
                        journal.add(operation);
                        engine.apply(operation);
                    }
                }
                assertEquals(expected, dropped);
                assertEquals(
                        held.stream()
                                .filter(event -> expected.contains(event.place()))
                                .mapToLong(Held::bytes)
                                .sum(),
                        bytes);
                held.removeIf(event -> expected.contains(event.place()));
                gone += expected.size();
                if (random.nextInt(3) == 0) {
                    engine = copy(engine);
                }
                shows(engine.view(), held, pinned, gone);
            }
            shows(folded(journal), held, pinned, gone);
            shows(folded(byOrigin(journal, List.of(ORIGINS.get(1), ORIGINS.get(0)))), held, pinned, gone);
            shows(folded(byOrigin(journal, ORIGINS)), held, pinned, gone);
            HistoryEngine half = engine();
            journal.subList(0, journal.size() / 2).forEach(half::apply);
            HistoryEngine rest = copy(half);
            journal.forEach(rest::apply);
            shows(rest.view(), held, pinned, gone);
        }
    }

    private Operation event(Random random, List<Held> held) {
        String kind = KINDS[random.nextInt(KINDS.length)];
        String text = "x".repeat(random.nextInt(60));
        long time = random.nextInt(5_000);
        Map<String, String> attributes =
                kind.equals("commit") ? Map.of("commit", Long.toHexString(random.nextLong())) : Map.of();
        Operation operation = next(
                ORIGINS.get(random.nextInt(2)),
                new Body.AppendEvent(kind, time, text, attributes, List.of("src/A.java")));
        held.add(new Held(
                operation.origin(), operation.sequence(), kind, time, Math.min(40, text.length()), (int) clock));
        return operation;
    }

    private Operation pin(Random random, List<Held> held, Set<String> pinned) {
        Held event = held.get(random.nextInt(held.size()));
        boolean pin = random.nextInt(3) > 0;
        if (pin) {
            pinned.add(event.place());
        } else {
            pinned.remove(event.place());
        }
        return next(ORIGINS.get(random.nextInt(2)), new Body.PinEvent(event.origin(), event.sequence(), pin));
    }

    /** The journal replays origin by origin. */
    private static List<Operation> byOrigin(List<Operation> journal, List<Origin> order) {
        List<Operation> sorted = new ArrayList<>();
        order.forEach(origin -> journal.stream()
                .filter(operation -> operation.origin().equals(origin))
                .forEach(sorted::add));
        return sorted;
    }

    private static HistoryView folded(List<Operation> operations) {
        HistoryEngine engine = engine();
        operations.forEach(engine::apply);
        return engine.view();
    }

    private static void shows(HistoryView view, List<Held> held, Set<String> pinned, long gone) {
        Set<String> expected = new TreeSet<>();
        Map<String, Long> counts = new HashMap<>();
        held.forEach(event -> {
            expected.add(event.place());
            counts.merge(event.kind(), 1L, Long::sum);
        });
        assertEquals(expected, places(view));
        assertEquals(expected.size(), view.count());
        assertEquals(counts, view.countsByKind());
        assertEquals(gone, view.retained().dropped());
        for (HistoryEvent event : view.find(HistoryQuery.newest(100_000))) {
            assertEquals(pinned.contains(event.origin() + "/" + event.sequence()), event.pinned());
        }
    }

    @Test
    void noQuestionFindsADroppedEvent() {
        HistoryEngine engine = engine();
        Operation error = next(
                ORIGINS.getFirst(),
                new Body.AppendEvent("error", 100, "boom of the flux", Map.of(), List.of("src/A.java")));
        Operation before = next(ORIGINS.getFirst(), new Body.AppendEvent("note", 50, "before", Map.of(), List.of()));
        engine.apply(error);
        engine.apply(before);
        HistoryView old = engine.view();
        engine.apply(next(ORIGINS.getFirst(), new Body.DropEvents("error", 16, error.origin(), List.of(1L))));
        HistoryView view = engine.view();
        HistoryEvent note = view.find(HistoryQuery.newest(1)).getFirst();
        assertEquals(List.of(), view.find(HistoryQuery.newest(9).withText("boom")));
        assertEquals(List.of(), view.find(HistoryQuery.newest(9).withPath("src/A.java")));
        assertEquals(List.of(), view.same(Fingerprint.of("boom of the flux"), 9));
        assertEquals(List.of(), view.similar("boom of the flux", 9, Runnable::run));
        assertEquals(List.of(), view.after(note, 1_000, 9));
        assertEquals(List.of(), view.written(Optional.empty(), 1));
        assertEquals(
                List.of(),
                view.asOf(HybridTime.of(clock, 0)).find(HistoryQuery.newest(9).withText("boom")));
        assertEquals(1, old.find(HistoryQuery.newest(9).withText("boom")).size(), "a view never changes");
        assertEquals(16, view.retained().heldBytes());
        assertEquals(0.5, view.retained().heldShare());
    }

    @Test
    void commitsAndNotesStayWhateverAnOperationSays() {
        HistoryEngine engine = engine();
        engine.apply(next(
                ORIGINS.getFirst(),
                new Body.AppendEvent("commit", 1, "Mend it", Map.of("commit", "c0ffee"), List.of())));
        engine.apply(next(ORIGINS.getFirst(), new Body.AppendEvent("note", 2, "mine", Map.of(), List.of())));
        for (String kind : List.of("commit", "note", "edit")) {
            engine.apply(next(ORIGINS.getFirst(), new Body.DropEvents(kind, 1, ORIGINS.getFirst(), List.of(1L, 2L))));
        }
        assertEquals(2, engine.view().count());
        for (String kind : RetentionRule.KEPT) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new RetentionRule(kind, Optional.of(Duration.ofDays(1)), Optional.empty()));
        }
    }

    @Test
    void aPinOfLaterTimeWinsInWhateverOrderItComes() {
        Random random = Seeded.random("pins");
        List<Operation> pins = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            pins.add(Seeded.operation(
                    new Origin("origin-" + i), 1, 5_000 + i, new Body.PinEvent(ORIGINS.getFirst(), 1, i % 2 == 1)));
        }
        Operation event = next(ORIGINS.getFirst(), new Body.AppendEvent("edit", 1, "a", Map.of(), List.of()));
        for (int round = 0; round < 30; round++) {
            List<Operation> order = new ArrayList<>(pins);
            order.add(event);
            Collections.shuffle(order, random);
            HistoryView view = folded(order);
            assertTrue(view.find(HistoryQuery.newest(1)).getFirst().pinned());
            assertEquals(1, view.retained().pinned());
        }
    }

    @Test
    void aSnapshotFromBeforeRetentionIsReadAsAHistoryThatDroppedNothing() throws IOException {
        HistoryEngine engine = engine();
        try (InputStream in = RetentionTest.class.getResourceAsStream("/golden/history-snapshot-2.hex")) {
            String digits = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            byte[] bytes = HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
            engine.readSnapshot(new DataInputStream(new ByteArrayInputStream(bytes)));
        }
        assertEquals(2, engine.view().count());
        assertEquals(0, engine.view().retained().dropped());
        assertTrue(engine.view().hasCommit("c0ffee"));
        assertEquals(
                List.of(2L),
                engine.view().same(Fingerprint.of("error: 19 of 21 failed"), 9).stream()
                        .map(HistoryEvent::sequence)
                        .toList(),
                "what says the same is found by its fingerprint");
    }

    @Test
    void rulesAreReadFromTheConfiguration() {
        RetentionSettings settings =
                RetentionSettings.from(ConfigFactory.parseString("postdevai.lake.history.retention.rules ="
                                + " [{kind = edit, max-age = 90d}, {kind = command, max-age = 36h, max-bytes = 1KiB}]")
                        .withFallback(ConfigFactory.load()));
        assertEquals(
                List.of("edit: at most 90 days", "command: at most 129600 s, at most 1024 bytes"),
                settings.rules().stream().map(RetentionRule::text).toList());
        assertEquals(
                List.of(), RetentionSettings.from(ConfigFactory.load()).rules(), "nothing goes that nobody asked for");
        for (String bad : List.of(
                "[{kind = edit}]",
                "[{kind = note, max-age = 1d}]",
                "[{kind = edit, max-age = 1d}, {kind = edit, max-bytes = 1}]")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> RetentionSettings.from(
                            ConfigFactory.parseString("postdevai.lake.history.retention.rules = " + bad)
                                    .withFallback(ConfigFactory.load())));
        }
    }
}
