package ai.postdev.dragon.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.memory.MemoryLedger.Demand;
import ai.postdev.dragon.memory.MemoryLedger.Key;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryLedgerTest {
    private static final ProjectId A = new ProjectId("aaaaaaaa");
    private static final ProjectId B = new ProjectId("bbbbbbbb");
    private static final Map<Share, Integer> USUAL =
            Map.of(Share.VECTOR, 30, Share.CODE, 40, Share.HISTORY, 20, Share.METADATA, 10);
    private static final Duration COLD = Duration.ofMillis(100);

    private final MemoryLedger ledger = new MemoryLedger(new MemoryBudget(1_000, USUAL), COLD);

    private static Key key(ProjectId project, Part part) {
        return new Key(project, part);
    }

    @Test
    void sharesMustBeAHundredTogether() {
        Map<Share, Integer> less = new HashMap<>(USUAL);
        less.put(Share.CODE, 39);
        assertThrows(IllegalArgumentException.class, () -> new MemoryBudget(1_000, less));
        assertThrows(IllegalArgumentException.class, () -> new MemoryBudget(0, USUAL));
    }

    @Test
    void whatTheProcessNeedsBesidesComesOffTheBudget() {
        ledger.base(400);
        assertEquals(600, ledger.available());
        assertEquals(240, ledger.limit(Share.CODE));
        assertTrue(ledger.reserve(key(A, Part.TEXTS), 600));
        assertFalse(ledger.reserve(key(A, Part.TEXTS), 1));
        ledger.base(5_000);
        assertEquals(0, ledger.available());
    }

    @Test
    void aStoreTakesWhatOthersLeaveAndGivesItBackWhenTheyWantIt() {
        ledger.givable(key(A, Part.TEXTS), Long.MAX_VALUE);
        assertTrue(ledger.reserve(key(A, Part.TEXTS), 1_000));
        assertFalse(ledger.reserve(key(B, Part.VECTORS), 250));
        assertEquals(List.of(new Demand(key(A, Part.TEXTS), 250)), ledger.demands(0));
        assertEquals(List.of(), ledger.demands(0), "what was wanted is answered once");
        ledger.release(key(A, Part.TEXTS), 250);
        assertTrue(ledger.reserve(key(B, Part.VECTORS), 250));
        // Beyond its own share it has nothing to ask for.
        assertFalse(ledger.reserve(key(B, Part.VECTORS), 200));
        assertEquals(List.of(new Demand(key(A, Part.TEXTS), 50)), ledger.demands(0));
    }

    @Test
    void aColdProjectMakesRoomForAnotherOfTheSameStoreAndAWarmOneDoesNot() {
        ledger.givable(key(A, Part.TEXTS), Long.MAX_VALUE);
        ledger.givable(key(B, Part.TEXTS), Long.MAX_VALUE);
        ledger.touch(A, 1_000);
        ledger.touch(B, 1_000);
        ledger.charge(key(A, Part.VECTORS), 300);
        ledger.charge(key(A, Part.EVENTS), 200);
        ledger.charge(key(A, Part.GRAPH), 100);
        assertTrue(ledger.reserve(key(A, Part.TEXTS), 400));
        assertFalse(ledger.reserve(key(B, Part.TEXTS), 64));
        assertEquals(List.of(), ledger.demands(1_099));
        assertFalse(ledger.reserve(key(B, Part.TEXTS), 64));
        assertEquals(List.of(new Demand(key(A, Part.TEXTS), 64)), ledger.demands(1_100));
        assertFalse(ledger.reserve(key(A, Part.TEXTS), 64));
        assertEquals(List.of(), ledger.demands(1_100), "nobody makes room for itself");
    }

    @Test
    void tooMuchInAllIsAskedBackFromSharesBeyondTheirsTheColdestFirst() {
        for (ProjectId project : List.of(A, B)) {
            ledger.givable(key(project, Part.TEXTS), Long.MAX_VALUE);
        }
        ledger.givable(key(A, Part.VECTORS), Long.MAX_VALUE);
        ledger.touch(A, 20);
        ledger.touch(B, 10);
        ledger.reserve(key(A, Part.TEXTS), 300);
        ledger.reserve(key(B, Part.TEXTS), 300);
        ledger.reserve(key(A, Part.VECTORS), 300);
        ledger.base(240); // 760 are left: 140 too much, and a 64th of 760 of slack
        assertEquals(List.of(new Demand(key(B, Part.TEXTS), 151)), ledger.demands(30));
        ledger.base(0);
        ledger.budget(new MemoryBudget(100, USUAL));
        assertEquals(
                Map.of(key(B, Part.TEXTS), 300L, key(A, Part.TEXTS), 231L, key(A, Part.VECTORS), 270L),
                asMap(ledger.demands(30)));
    }

    @Test
    void whoCanGiveOnlyPartOfWhatItHoldsIsAskedForNoMore() {
        ledger.givable(key(A, Part.VECTORS), 120);
        ledger.givable(key(A, Part.TEXTS), Long.MAX_VALUE);
        ledger.charge(key(A, Part.VECTORS), 500);
        ledger.charge(key(A, Part.TEXTS), 400);
        assertEquals(500, ledger.held(key(A, Part.VECTORS)));
        assertEquals(0, ledger.room(key(A, Part.VECTORS)));
        assertTrue(ledger.allows(key(A, Part.VECTORS), 100));
        assertEquals(900, ledger.total(), "to be allowed is not to have");
        ledger.budget(new MemoryBudget(640, USUAL)); // 260 too much, and a 64th of 640
        assertEquals(Map.of(key(A, Part.VECTORS), 120L, key(A, Part.TEXTS), 150L), asMap(ledger.demands(0)));
        assertFalse(ledger.allows(key(A, Part.VECTORS), 1));
        ledger.budget(new MemoryBudget(10_000, USUAL));
        assertEquals(2_500, ledger.room(key(A, Part.VECTORS)));
    }

    private static Map<Key, Long> asMap(List<Demand> demands) {
        Map<Key, Long> map = new HashMap<>();
        demands.forEach(demand -> map.merge(demand.key(), demand.bytes(), Long::sum));
        return map;
    }

    @Test
    void modelsHaveWhatIsFreeAndStoresMakeWayUpToWhatTheyArePromised() {
        ledger.budget(new MemoryBudget(1_100, USUAL, 50));
        ledger.base(100);
        ledger.givable(key(A, Part.TEXTS), Long.MAX_VALUE);
        assertTrue(ledger.reserve(key(A, Part.TEXTS), 700));
        assertEquals(500, ledger.modelsPromised());
        assertEquals(500, ledger.modelsPossible());
        assertFalse(ledger.reserveModels(301, true));
        assertTrue(ledger.reserveModels(300, true));
        assertEquals(700, ledger.available());
        assertEquals(0, ledger.free());
        assertFalse(ledger.reserve(key(B, Part.TEXTS), 1), "what models hold is not the stores'");
        ledger.demands(0);
        assertEquals(List.of(), ledger.demands(0), "nothing is wanted");
        ledger.wantModels(1_000);
        // Promised are 200 more than they hold, and a 64th of what stores may hold is given besides.
        assertEquals(List.of(new Demand(key(A, Part.TEXTS), 200 + 700 / 64)), ledger.demands(0));
        assertEquals(List.of(), ledger.demands(0), "what was wanted is answered once");
        ledger.release(key(A, Part.TEXTS), 700);
        assertTrue(ledger.reserveModels(700, false), "beyond what is promised they have what is left");
        assertEquals(700, ledger.modelsInside());
        assertEquals(1_000, ledger.models());
        ledger.wantModels(500);
        assertEquals(List.of(), ledger.demands(0));
        assertThrows(IllegalArgumentException.class, () -> ledger.releaseModels(301, true));
        assertThrows(IllegalArgumentException.class, () -> ledger.releaseModels(701, false));
        ledger.releaseModels(300, true);
        ledger.releaseModels(700, false);
        assertEquals(1_000, ledger.available());
    }

    @Test
    void whatStoresCannotGiveIsNotPossibleForModels() {
        ledger.budget(new MemoryBudget(1_000, USUAL, 80));
        ledger.charge(key(A, Part.EVENTS), 350);
        assertEquals(650, ledger.modelsPossible());
        ledger.givable(key(A, Part.EVENTS), 100);
        assertEquals(750, ledger.modelsPossible());
        ledger.givable(key(A, Part.EVENTS), 350);
        assertEquals(800, ledger.modelsPossible());
        assertThrows(IllegalArgumentException.class, () -> new MemoryBudget(1_000, USUAL, 101));
    }

    @Test
    void aReleaseOfMoreThanThereIsIsAnError() {
        ledger.reserve(key(A, Part.TEXTS), 10);
        assertThrows(IllegalArgumentException.class, () -> ledger.release(key(A, Part.TEXTS), 11));
        ledger.close(A);
        assertEquals(0, ledger.total());
        assertEquals(0, ledger.used(Share.CODE));
    }

    /** Whatever happens: sums are right, nothing granted goes over the budget, and demands can be met and are enough. */
    @Test
    void randomWork() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("memory ledger: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        List<ProjectId> projects = List.of(A, B, new ProjectId("cccccccc"));
        Map<Key, Long> held = new HashMap<>();
        Map<Part, Long> giving = Map.of(Part.TEXTS, Long.MAX_VALUE, Part.VECTORS, 50L);
        projects.forEach(project -> giving.forEach((part, most) -> ledger.givable(key(project, part), most)));
        for (int step = 0; step < 20_000; step++) {
            Key key = key(projects.get(random.nextInt(3)), Part.values()[random.nextInt(Part.values().length)]);
            long bytes = random.nextInt(120);
            switch (random.nextInt(7)) {
                case 0, 1 -> {
                    if (ledger.reserve(key, bytes)) {
                        held.merge(key, bytes, Long::sum);
                        assertTrue(ledger.total() <= ledger.available());
                    }
                }
                case 2 -> {
                    long some = Math.min(bytes, held.getOrDefault(key, 0L));
                    ledger.release(key, some);
                    held.merge(key, -some, Long::sum);
                }
                case 3 -> {
                    ledger.charge(key, bytes);
                    held.put(key, bytes);
                }
                case 4 -> ledger.touch(key.project(), step);
                case 5 -> ledger.base(random.nextInt(900));
                default -> {
                    long over = Math.max(0, ledger.total() - ledger.available());
                    long givable = held.entrySet().stream()
                            .mapToLong(entry -> Math.min(
                                    entry.getValue(),
                                    giving.getOrDefault(entry.getKey().part(), 0L)))
                            .sum();
                    Map<Key, Long> demands = asMap(ledger.demands(step));
                    demands.forEach((who, some) -> {
                        assertTrue(giving.containsKey(who.part()), "only who can give is asked");
                        assertTrue(
                                some > 0 && some <= Math.min(held.get(who), giving.get(who.part())),
                                "only for what it has and can give");
                    });
                    long asked =
                            demands.values().stream().mapToLong(Long::longValue).sum();
                    assertTrue(asked >= Math.min(over, givable), () -> "asked for " + asked + " of " + over);
                    demands.forEach((who, some) -> {
                        ledger.release(who, some);
                        held.merge(who, -some, Long::sum);
                    });
                }
            }
            assertEquals(held.values().stream().mapToLong(Long::longValue).sum(), ledger.total());
            for (Share share : Share.values()) {
                assertEquals(
                        held.entrySet().stream()
                                .filter(entry -> entry.getKey().part().share() == share)
                                .mapToLong(Map.Entry::getValue)
                                .sum(),
                        ledger.used(share));
            }
        }
    }
}
