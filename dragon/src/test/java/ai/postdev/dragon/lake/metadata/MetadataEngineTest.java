package ai.postdev.dragon.lake.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.StoreEngineContractTest;
import ai.postdev.dragon.lake.metadata.MetadataView.Direction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MetadataEngineTest extends StoreEngineContractTest<MetadataView> {
    private static final int NODES = 12;
    private static final String[] TYPES = {"calls", "fixes"};
    private static final int LARGE = 1_000;

    @Override
    protected StoreEngine<MetadataView> engine() {
        return new MetadataEngine(new MetadataSettings(100_000, 100_000, 5, 4));
    }

    @Override
    protected String store() {
        return "metadata";
    }

    private static NodeKey node(int n) {
        return new NodeKey(n % 3 == 0 ? "symbol" : "error", "n" + n);
    }

    private static Body body(Random random) {
        NodeKey from = node(random.nextInt(NODES));
        NodeKey to = node(random.nextInt(NODES));
        String type = TYPES[random.nextInt(TYPES.length)];
        return switch (random.nextInt(9)) {
            case 0 -> new Body.PutNode(from, Map.of("v", "" + random.nextInt(100)));
            case 1 -> new Body.RemoveNode(from);
            case 2, 3 -> new Body.RemoveEdge(from, type, to);
            case 4 ->
                new Body.SetSetting("s" + random.nextInt(3), random.nextInt(4) == 0 ? "" : "" + random.nextInt(50));
            case 5 -> commit(random);
            default ->
                new Body.PutEdge(from, type, to, 1_000_000L + random.nextInt(700), Map.of("w", "" + random.nextInt(9)));
        };
    }

    private static Body commit(Random random) {
        Set<String> paths = new TreeSet<>();
        for (int i = random.nextInt(7); i >= 0; i--) {
            paths.add("f" + random.nextInt(9));
        }
        String id = Integer.toHexString(random.nextInt(100));
        return new Body.AppendEvent(
                "commit",
                900_000 + random.nextInt(1_000),
                "Subject " + id + "\n\nbody",
                Map.of("commit", id),
                List.copyOf(paths));
    }

    @Override
    protected List<Operation> operations(Random random, int count) {
        return Seeded.operations(count, () -> body(random));
    }

    private static String answersAt(MetadataView view, Instant asOf) {
        StringBuilder answers = new StringBuilder();
        for (int n = 0; n < NODES; n++) {
            answers.append(view.node(node(n), asOf));
            answers.append(view.neighbours(node(n), MetadataView.ANY, Direction.BOTH, asOf, LARGE))
                    .append('\n');
        }
        return answers.toString();
    }

    @Override
    protected String answers(MetadataView view) {
        StringBuilder answers = new StringBuilder();
        answers.append(answersAt(view, MetadataView.NOW)).append(answersAt(view, Instant.ofEpochMilli(1_000_150)));
        for (int s = 0; s < 3; s++) {
            answers.append(view.setting("s" + s))
                    .append(view.settingHistory("s" + s))
                    .append('\n');
        }
        for (int f = 0; f < 9; f++) {
            answers.append(view.touching("f" + f, 5))
                    .append(view.changesWith("f" + f, 5))
                    .append('\n');
        }
        return answers.append(new TreeMap<>(view.touchCounts()))
                .append(view.nodeCount())
                .append(view.edgeCount())
                .toString();
    }

    @Override
    protected List<String> formerFormats() {
        return List.of("-1");
    }

    @Override
    protected List<Operation> goldenOperations() {
        return List.of(
                Seeded.operation(
                        1,
                        2000,
                        new Body.AppendEvent("commit", 1000, "Mend", Map.of("commit", "c0ffee"), List.of("A"))),
                Seeded.operation(2, 2001, new Body.PutEdge(node(1), "fixes", node(2), 1500, Map.of("by", "Ada"))),
                Seeded.operation(3, 2002, new Body.RemoveEdge(node(1), "fixes", node(2))),
                Seeded.operation(4, 2003, new Body.SetSetting("k", "v")));
    }

    /** The rules written down once more, over plain lists: quadratic, but plain to see. */
    private static Set<String> oracleEdges(List<Operation> operations, NodeKey of, long at) {
        Set<String> valid = new TreeSet<>();
        for (Operation operation : operations) {
            if (operation.body() instanceof Body.PutEdge put
                    && (put.from().equals(of) || put.to().equals(of))
                    && put.validFromMillis() <= at
                    && operations.stream().noneMatch(r -> removes(r, operation, put, at))) {
                valid.add(put.from() + put.type() + put.to());
            }
        }
        return valid;
    }

    private static boolean removes(Operation removal, Operation addition, Body.PutEdge put, long at) {
        boolean later =
                removal.time().compareTo(addition.time()) > 0 && removal.time().millis() <= at;
        return later
                && switch (removal.body()) {
                    case Body.RemoveEdge r ->
                        r.from().equals(put.from()) && r.type().equals(put.type()) && r.to().equals(put.to());
                    case Body.RemoveNode r ->
                        r.node().equals(put.from()) || r.node().equals(put.to());
                    default -> false;
                };
    }

    @Test
    void edgesAtAnyTimeAreWhatTheRulesSay() {
        Random random = Seeded.random("edgesAtAnyTimeAreWhatTheRulesSay");
        List<Operation> operations = operations(random, 600);
        StoreEngine<MetadataView> engine = engine();
        operations.forEach(engine::apply);
        MetadataView view = engine.view();
        for (long at : new long[] {1_000_000, 1_000_100, 1_000_333, 1_000_600, Long.MAX_VALUE}) {
            for (int n = 0; n < NODES; n++) {
                NodeKey of = node(n);
                Set<String> found = new TreeSet<>();
                view.neighbours(of, MetadataView.ANY, Direction.BOTH, Instant.ofEpochMilli(at), LARGE)
                        .forEach(e -> found.add(e.outgoing() ? of + e.type() + e.other() : e.other() + e.type() + of));
                assertEquals(oracleEdges(operations, of, at), found, "node " + of + " at " + at);
            }
        }
    }

    @Test
    void replicasThatHearInAnotherOrderAgree() {
        Random random = Seeded.random("replicasThatHearInAnotherOrderAgree");
        List<List<Operation>> byOrigin = new ArrayList<>();
        for (int o = 0; o < 3; o++) {
            List<Operation> operations = new ArrayList<>();
            for (int i = 1; i <= 150; i++) {
                Body body = body(random);
                if (!(body instanceof Body.AppendEvent)) {
                    operations.add(new Operation(
                            Seeded.PROJECT,
                            new Origin("node-" + o),
                            operations.size() + 1,
                            HybridTime.of(1_000_000 + i * 4L + random.nextInt(4), 0),
                            body));
                }
            }
            byOrigin.add(operations);
        }
        Set<String> seen = new HashSet<>();
        for (int round = 0; round < 8; round++) {
            List<Integer> turns = new ArrayList<>();
            for (int o = 0; o < 3; o++) {
                turns.addAll(Collections.nCopies(byOrigin.get(o).size(), o));
            }
            Collections.shuffle(turns, random);
            int[] next = new int[3];
            StoreEngine<MetadataView> engine = engine();
            for (int o : turns) {
                engine.apply(byOrigin.get(o).get(next[o]++));
            }
            MetadataView view = engine.view();
            StringBuilder answers = new StringBuilder(answersAt(view, MetadataView.NOW));
            answers.append(answersAt(view, Instant.ofEpochMilli(1_000_300)));
            for (int s = 0; s < 3; s++) {
                answers.append(view.settingHistory("s" + s));
            }
            seen.add(answers.toString());
        }
        assertEquals(1, seen.size(), "replicas hold " + seen.size() + " different graphs");
    }

    @Test
    void filesThatChangeTogetherAreCountedAndLargeCommitsAreNot() {
        Random random = Seeded.random("filesThatChangeTogetherAreCountedAndLargeCommitsAreNot");
        StoreEngine<MetadataView> engine = engine();
        Map<String, Set<String>> commits = new HashMap<>();
        for (int i = 1; i <= 200; i++) {
            Body.AppendEvent commit = (Body.AppendEvent) commit(random);
            commits.putIfAbsent(commit.attributes().get("commit"), new TreeSet<>(commit.paths()));
            engine.apply(Seeded.operation(i, 1_000_000 + i, commit));
        }
        for (int f = 0; f < 9; f++) {
            String file = "f" + f;
            Map<String, Integer> expected = new TreeMap<>();
            commits.values().stream()
                    .filter(paths -> paths.contains(file) && paths.size() <= 4)
                    .forEach(paths -> paths.stream()
                            .filter(p -> !p.equals(file))
                            .forEach(p -> expected.merge(p, 1, Integer::sum)));
            Map<String, Integer> found = new TreeMap<>();
            engine.view().changesWith(file, 100).forEach(c -> found.put(c.path(), c.commits()));
            assertEquals(expected, found);
            assertEquals(
                    commits.values().stream().filter(p -> p.contains(file)).count(),
                    engine.view().touchCount(file));
        }
    }

    @Test
    void theCommitsOfAFileComeNewestFirstWithTheirSubject() {
        StoreEngine<MetadataView> engine = engine();
        for (int i = 1; i <= 3; i++) {
            engine.apply(Seeded.operation(
                    i,
                    5_000 + i,
                    new Body.AppendEvent(
                            "commit",
                            5_000 - i,
                            "Subject " + i + "\nbody",
                            Map.of("commit", "c" + i, "author", "Ada"),
                            List.of("A"))));
        }
        List<MetadataView.Node> commits = engine.view().touching("A", 2);
        assertEquals(
                List.of("c1", "c2"), commits.stream().map(c -> c.key().key()).toList());
        assertEquals("Subject 1", commits.getFirst().attributes().get(MetadataEngine.TEXT));
        assertEquals("Ada", commits.getFirst().attributes().get("author"));
    }

    @Test
    void aCommitNodeThatAnEdgeMentionedFirstIsStillDerived() {
        StoreEngine<MetadataView> engine = engine();
        engine.apply(
                Seeded.operation(1, 10, new Body.PutEdge(node(1), "fixes", new NodeKey("commit", "c1"), 5, Map.of())));
        engine.apply(
                Seeded.operation(2, 11, new Body.AppendEvent("commit", 6, "S", Map.of("commit", "c1"), List.of("A"))));
        assertEquals(1, engine.view().touchCount("A"));
        assertTrue(engine.view().node(new NodeKey("commit", "c1")).isPresent());
    }

    @Test
    void aNoteAboutAFileIsBesideTheFile() {
        StoreEngine<MetadataView> engine = engine();
        engine.apply(
                Seeded.operation(7, 10, new Body.AppendEvent("note", 9, "Mind the order", Map.of(), List.of("src/A"))));
        MetadataView.Neighbour note = engine.view()
                .neighbours(new NodeKey("file", "src/A"), "about", Direction.IN, MetadataView.NOW, 5)
                .getFirst();
        assertEquals(new NodeKey("note", "node-a/7"), note.other());
        assertEquals(
                "Mind the order",
                engine.view().node(note.other()).orElseThrow().attributes().get(MetadataEngine.TEXT));
    }

    @Test
    void theLastWriterOfASettingWinsAndTheLoserStaysReadable() {
        StoreEngine<MetadataView> engine = engine();
        engine.apply(Seeded.operation(1, 200, new Body.SetSetting("theme", "dark")));
        engine.apply(Seeded.operation(new Origin("node-b"), 1, 100, new Body.SetSetting("theme", "light")));
        assertEquals("dark", engine.view().setting("theme").orElseThrow());
        assertEquals(
                List.of("dark", "light"),
                engine.view().settingHistory("theme").stream()
                        .map(SettingValue::value)
                        .toList());
        engine.apply(Seeded.operation(2, 300, new Body.SetSetting("theme", "")));
        assertTrue(engine.view().setting("theme").isEmpty());
    }

    @Test
    void anAdditionBesideARemovalAtTheSameTimeSurvives() {
        StoreEngine<MetadataView> engine = engine();
        engine.apply(Seeded.operation(1, 10, new Body.PutEdge(node(1), "fixes", node(2), 5, Map.of())));
        engine.apply(Seeded.operation(new Origin("node-b"), 1, 10, new Body.RemoveEdge(node(1), "fixes", node(2))));
        assertEquals(
                1,
                engine.view()
                        .neighbours(node(1), "fixes", Direction.OUT, MetadataView.NOW, 5)
                        .size());
    }

    @Test
    void beyondTheBoundNothingIsTakenInAndTheViewSaysSo() {
        MetadataEngine engine = new MetadataEngine(new MetadataSettings(100, 3, 5, 4));
        for (int i = 1; i <= 6; i++) {
            engine.apply(Seeded.operation(i, i, new Body.PutNode(node(i), Map.of())));
        }
        assertEquals(3, engine.view().nodeCount());
        assertEquals(3, engine.view().beyondBound());
    }
}
