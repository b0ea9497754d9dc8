package ai.postdev.dragon.lake.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.dragon.lake.Seeded;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Paths beside a plain search of a plain graph, and facts that were superseded. */
class ConnectionTest {
    private static final String[] TYPES = {"calls", "touches", "about"};

    private static NodeKey node(int i) {
        return new NodeKey(i % 3 == 0 ? "file" : "symbol", "n" + i);
    }

    private static MetadataEngine engine() {
        return new MetadataEngine(new MetadataSettings(100_000, 100_000, 8, 50));
    }

    private static MetadataView view(List<Operation> operations) {
        MetadataEngine engine = engine();
        operations.forEach(engine::apply);
        return engine.view();
    }

    /** An edge that is there from a time on, until another. */
    private record Life(int from, String type, int to, long since, long until) {
        boolean at(long time) {
            return since <= time && time < until;
        }
    }

    private static List<Life> lives(Random random, int nodes) {
        Map<String, Life> lives = new HashMap<>();
        for (int i = random.nextInt(nodes * 2); i >= 0; i--) {
            long since = 1_000 + random.nextInt(1_000);
            long until = random.nextInt(3) == 0 ? since + 1 + random.nextInt(1_000) : Long.MAX_VALUE;
            Life life = new Life(
                    random.nextInt(nodes), TYPES[random.nextInt(TYPES.length)], random.nextInt(nodes), since, until);
            lives.put(life.from() + life.type() + life.to(), life);
        }
        return List.copyOf(lives.values());
    }

    /** The first and only operation of an origin: such may arrive in any order. */
    private static Operation alone(int origin, long time, Body body) {
        return Seeded.operation(new Origin("o" + origin), 1, time, body);
    }

    private static List<Operation> operations(List<Life> lives) {
        List<Operation> operations = new ArrayList<>();
        for (Life life : lives) {
            NodeKey from = node(life.from());
            NodeKey to = node(life.to());
            operations.add(alone(
                    operations.size(),
                    life.since(),
                    new Body.PutEdge(from, life.type(), to, life.since(), Map.of("since", "" + life.since()))));
            if (life.until() < Long.MAX_VALUE) {
                operations.add(alone(operations.size(), life.until(), new Body.RemoveEdge(from, life.type(), to)));
            }
        }
        return operations;
    }

    /** Breadth first from one end; -1: no way. */
    private static int distance(List<Life> lives, int from, int to, long time) {
        Map<Integer, Integer> reached = new HashMap<>(Map.of(from, 0));
        ArrayDeque<Integer> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            int node = next.remove();
            for (Life life : lives) {
                boolean here = life.from() == node || life.to() == node;
                int other = life.from() == node ? life.to() : life.from();
                if (here && life.at(time) && reached.putIfAbsent(other, reached.get(node) + 1) == null) {
                    next.add(other);
                }
            }
        }
        return reached.getOrDefault(to, -1);
    }

    @Test
    void aPathIsAsShortAsAPlainSearchFindsAndEveryStepWasValidThen() {
        Random random = Seeded.random("aPathIsAsShortAsAPlainSearchFindsAndEveryStepWasValidThen");
        for (int round = 0; round < 1_000; round++) {
            int nodes = 2 + random.nextInt(30);
            List<Life> lives = lives(random, nodes);
            List<Operation> operations = new ArrayList<>(operations(lives));
            int from = random.nextInt(nodes);
            int to = random.nextInt(nodes);
            long time = 900 + random.nextInt(2_300);
            int stepsMax = 1 + random.nextInt(8);
            Instant asOf = Instant.ofEpochMilli(time);
            MetadataView.Connection found =
                    view(operations).connection(node(from), node(to), asOf, stepsMax, Integer.MAX_VALUE);
            boolean known = lives.stream().anyMatch(l -> l.from() == from || l.to() == from)
                    && lives.stream().anyMatch(l -> l.from() == to || l.to() == to);
            int expected = known ? distance(lives, from, to, time) : -1;
            String what = "round " + round + " " + lives + " from " + from + " to " + to + " at " + time;
            assertTrue(found.complete(), what);
            assertEquals(expected >= 0 && expected <= stepsMax, found.connected(), what);
            assertEquals(found.connected() ? expected : 0, found.steps().size(), what);
            walked(lives, found.steps(), from, to, time, what);
            Collections.shuffle(operations, random);
            assertEquals(
                    found,
                    view(operations).connection(node(from), node(to), asOf, stepsMax, Integer.MAX_VALUE),
                    "in another order of arrival, " + what);
        }
    }

    private static void walked(
            List<Life> lives, List<MetadataView.Step> steps, int from, int to, long time, String what) {
        NodeKey at = node(from);
        for (MetadataView.Step step : steps) {
            NodeKey here = at;
            Life life = lives.stream()
                    .filter(l -> node(step.outgoing() ? l.from() : l.to()).equals(here))
                    .filter(l -> node(step.outgoing() ? l.to() : l.from()).equals(step.to()))
                    .filter(l -> l.type().equals(step.type()) && l.at(time))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(what + ": no such edge " + step));
            assertEquals("" + life.since(), step.attributes().get("since"), what);
            assertEquals(life.since(), step.recorded().millis(), what);
            assertTrue(step.origin().value().startsWith("o"), what);
            at = step.to();
        }
        assertTrue(steps.isEmpty() || at.equals(node(to)), what);
    }

    @Test
    void theBoundOnEdgesEndsTheSearchAndIsSaid() {
        List<Life> star = new ArrayList<>();
        for (int i = 1; i < 100; i++) {
            star.add(new Life(0, "calls", i, 1_000, Long.MAX_VALUE));
        }
        MetadataView view = view(operations(star));
        assertFalse(view.connection(node(1), node(2), MetadataView.NOW, 4, 20).complete());
        assertTrue(view.connection(node(1), node(2), MetadataView.NOW, 4, 1_000).connected());
    }

    /** A fact is replaced, taken back, or both, by several writers whose operations arrive in any order. */
    @Test
    void aSupersededFactIsNeverGivenAsTheCurrentOne() {
        Random random = Seeded.random("aSupersededFactIsNeverGivenAsTheCurrentOne");
        for (int round = 0; round < 500; round++) {
            int versions = 2 + random.nextInt(6);
            List<Operation> operations = new ArrayList<>();
            Set<String> superseded = new HashSet<>();
            String current = "";
            NodeKey file = node(random.nextInt(9));
            NodeKey owner = node(10 + random.nextInt(9));
            for (int v = 1; v <= versions; v++) {
                long time = 1_000L * v + random.nextInt(900);
                if (!current.isEmpty()) {
                    superseded.add(current);
                }
                boolean gone = random.nextInt(4) == 0;
                current = gone ? "" : "v" + v;
                Map<String, String> fact = Map.of("owner", current);
                operations.add(alone(2 * v - 1, time, gone ? new Body.RemoveNode(file) : new Body.PutNode(file, fact)));
                operations.add(alone(
                        2 * v,
                        time,
                        gone
                                ? new Body.RemoveEdge(file, "owned-by", owner)
                                : new Body.PutEdge(file, "owned-by", owner, time, fact)));
            }
            Collections.shuffle(operations, random);
            MetadataView view = view(operations);
            String now = view.node(file).map(n -> n.attributes().get("owner")).orElse("");
            assertEquals(current, now, "round " + round + " " + operations);
            List<MetadataView.Step> steps =
                    view.connection(file, owner, MetadataView.NOW, 3, 1_000).steps();
            String edge = steps.isEmpty() ? "" : steps.getFirst().attributes().get("owner");
            assertEquals(current, edge, "round " + round + " " + operations);
            List<String> neighbours =
                    view.neighbours(file, MetadataView.ANY, MetadataView.Direction.BOTH, MetadataView.NOW, 10).stream()
                            .map(n -> n.attributes().get("owner"))
                            .toList();
            assertTrue(Collections.disjoint(neighbours, superseded), "round " + round + " " + operations);
        }
    }
}
