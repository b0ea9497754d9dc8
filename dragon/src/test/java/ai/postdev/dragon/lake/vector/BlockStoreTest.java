package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A block is handed out again only when nobody can be reading it any more: step by step, so that no luck is needed. */
class BlockStoreTest {
    private final Readers readers = new Readers(() -> new QueryBuffers(16, 16));
    private final BlockStore store = new BlockStore(64, readers);

    @Test
    void aBlockIsNotHandedOutWhileSomebodyWhoMaySeeItIsInside() {
        Random random = Seeded.random("aBlockIsNotHandedOutWhileSomebodyWhoMaySeeItIsInside");
        // Who is inside, and the blocks that were in reach when each came in.
        Map<Readers.Visit, Set<Integer>> inside = new HashMap<>();
        Set<Integer> inUse = new HashSet<>();
        int again = 0;
        int most = 0;
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(5)) {
                case 0 -> inside.put(readers.enter(), new HashSet<>(inUse));
                case 1, 2 ->
                    inside.keySet().stream()
                            .skip(inside.isEmpty() ? 0 : random.nextInt(inside.size()))
                            .findFirst()
                            .ifPresent(visit -> {
                                inside.remove(visit);
                                visit.leave();
                            });
                case 3 -> {
                    int block = store.allocate();
                    assertTrue(inUse.add(block), "block " + block + " is in use");
                    inside.values().forEach(seen -> assertFalse(seen.contains(block), "block " + block + " is read"));
                    assertEquals(0, store.mask(block));
                    store.occupy(block, 5, step);
                    again += block < most ? 1 : 0;
                    most = Math.max(most, block + 1);
                }
                default ->
                    inUse.stream().findAny().ifPresent(block -> {
                        inUse.remove(block);
                        store.retire(block);
                    });
            }
        }
        assertTrue(again > 1_000, again + " blocks were handed out again");
    }

    @Test
    void readersBeyondTheSeatsHoldEveryBlockBack() {
        List<Readers.Visit> seated = new ArrayList<>();
        int seats = Integer.highestOneBit(Math.max(8, 4 * Runtime.getRuntime().availableProcessors()));
        for (int i = 0; i < seats; i++) {
            seated.add(readers.enter());
        }
        Readers.Visit standing = readers.enter();
        int block = store.allocate();
        store.retire(block);
        seated.forEach(Readers.Visit::leave);
        assertEquals(block + 1, store.allocate(), "one without a seat is inside");
        standing.leave();
        assertEquals(block, store.allocate());
    }
}
