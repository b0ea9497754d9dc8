package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.dragon.lake.Seeded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which embeddings are in memory when there is not room for all. */
class VectorEvictionTest {
    private static final int MAX = 40;
    private static final VectorSettings SETTINGS = new VectorSettings(MAX, 2, 1_000, PartitionSettings.USUAL);

    /** When documents let go of a content; what is not here is held. */
    private final Map<ContentHash, Long> superseded = new HashMap<>();

    private final Supersession supersession = hash -> superseded.getOrDefault(hash, Supersession.HELD);

    private VectorEngine engine() {
        return new VectorEngine(SETTINGS, supersession);
    }

    private static ContentHash hash(int content) {
        return ContentHash.of("content " + content);
    }

    private static float[] vector(int content) {
        Random random = new Random(content);
        float[] vector = new float[8];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static Operation put(Origin origin, long sequence, int content) {
        return Seeded.operation(origin, sequence, sequence, new Body.PutEmbedding(hash(content), "m", vector(content)));
    }

    private static Operation put(long sequence, int content) {
        return put(Seeded.ORIGIN, sequence, content);
    }

    @Test
    void theOneSupersededFirstMakesRoomAndWhatIsHeldStays() {
        Random random = Seeded.random("theOneSupersededFirstMakesRoomAndWhatIsHeldStays");
        VectorEngine engine = engine();
        // content and when it was superseded, in the order of their embedding
        Map<ContentHash, Boolean> inMemory = new LinkedHashMap<>();
        long time = 0;
        for (int content = 0; content < 400; content++) {
            for (int i = 0; i < 3; i++) {
                ContentHash other = hash(random.nextInt(content + 1));
                if (random.nextInt(4) == 0) {
                    superseded.remove(other); // a document holds it again
                } else if (!superseded.containsKey(other)) {
                    superseded.put(other, ++time);
                }
            }
            superseded.remove(hash(content));
            Optional<ContentHash> oldest = inMemory.keySet().stream()
                    .filter(superseded::containsKey)
                    .min((a, b) -> Long.compare(superseded.get(a), superseded.get(b)));
            if (inMemory.size() == MAX) {
                oldest.ifPresent(inMemory::remove);
            }
            engine.apply(put(content + 1, content));
            if (inMemory.size() < MAX) {
                inMemory.put(hash(content), true);
            }
            VectorView view = engine.view();
            assertEquals(inMemory.size(), view.count());
            for (int i = 0; i <= content; i++) {
                boolean held = inMemory.containsKey(hash(i));
                assertEquals(held, view.contains("m", hash(i)), "content " + i + " after " + content);
                assertEquals(held, view.vector("m", hash(i)).isPresent());
                assertEquals(held, view.absent("m", hash(i)).isEmpty());
            }
        }
        assertEquals(MAX, engine.view().nearest("m", vector(0), 1_000).size());
    }

    @Test
    void whenDocumentsHoldAllTheViewIsFullAndSaysWhatIsLacking() {
        VectorEngine engine = engine();
        for (int content = 0; content < MAX + 7; content++) {
            engine.apply(put(content + 1, content));
        }
        assertTrue(engine.view().isFull());
        assertEquals(7, engine.view().beyondBound());
        assertEquals(
                Optional.of(new VectorView.Place(Seeded.ORIGIN, MAX + 3)),
                engine.view().absent("m", hash(MAX + 2)));
        superseded.put(hash(3), 1L);
        superseded.put(hash(4), 2L);
        engine.restore(List.of(put(MAX + 3, MAX + 2)), 7);
        assertFalse(engine.view().isFull());
        assertTrue(engine.view().contains("m", hash(MAX + 2)));
        assertFalse(engine.view().contains("m", hash(3)));
        assertTrue(engine.view().contains("m", hash(4)));
        assertEquals(6, engine.view().lacking());
    }

    @Test
    void whatLeftComesBackAsItWas() {
        Random random = Seeded.random("whatLeftComesBackAsItWas");
        VectorEngine engine = engine();
        Map<ContentHash, Operation> journal = new HashMap<>();
        int contents = 3 * MAX;
        for (int content = 0; content < contents; content++) {
            superseded.put(hash(content), (long) random.nextInt(1_000));
            Operation operation = put(content + 1, content);
            journal.put(hash(content), operation);
            engine.apply(operation);
        }
        for (int round = 0; round < 200; round++) {
            int content = random.nextInt(contents);
            superseded.remove(hash(content));
            Optional<VectorView.Place> place = engine.view().absent("m", hash(content));
            place.ifPresent(where -> assertEquals(journal.get(hash(content)).sequence(), where.sequence()));
            engine.restore(List.of(journal.get(hash(content))), 1);
            VectorView view = engine.view();
            assertTrue(view.contains("m", hash(content)));
            assertTrue(view.absent("m", hash(content)).isEmpty());
            assertEquals(
                    hash(content),
                    view.nearest("m", vector(content), 1).getFirst().hash());
            assertEquals(MAX, view.count());
            superseded.put(hash(content), 1_000L + round);
        }
    }

    /** Replicas hear of embeddings in another order: they know the same, and hold all that documents hold. */
    @Test
    void theOrderOfOperationsDoesNotMatter() {
        Random random = Seeded.random("theOrderOfOperationsDoesNotMatter");
        Origin other = new Origin("node-b");
        for (int round = 0; round < 20; round++) {
            superseded.clear();
            List<Operation> first = new ArrayList<>();
            List<Operation> second = new ArrayList<>();
            Set<Integer> held = new HashSet<>();
            for (int i = 1; i <= 2 * MAX; i++) {
                first.add(put(i, random.nextInt(4 * MAX)));
                second.add(put(other, i, random.nextInt(4 * MAX)));
            }
            for (int content = 0; content < 4 * MAX; content++) {
                if (held.size() < MAX && random.nextInt(5) == 0) {
                    held.add(content);
                } else {
                    superseded.put(hash(content), (long) random.nextInt(1_000));
                }
            }
            List<VectorView> views = new ArrayList<>();
            for (int order = 0; order < 3; order++) {
                views.add(replica(first, second, new Random(random.nextLong())));
            }
            for (int content = 0; content < 4 * MAX; content++) {
                boolean known = knows(views.getFirst(), content);
                for (VectorView view : views) {
                    assertEquals(known, knows(view, content));
                    assertEquals(
                            known && held.contains(content),
                            held.contains(content) && view.contains("m", hash(content)));
                }
            }
        }
    }

    private static boolean knows(VectorView view, int content) {
        return view.contains("m", hash(content))
                || view.absent("m", hash(content)).isPresent();
    }

    private VectorView replica(List<Operation> first, List<Operation> second, Random random) {
        VectorEngine engine = engine();
        List<Boolean> turns = new ArrayList<>(Collections.nCopies(first.size(), true));
        turns.addAll(Collections.nCopies(second.size(), false));
        Collections.shuffle(turns, random);
        int[] at = new int[2];
        turns.forEach(turn -> engine.apply(turn ? first.get(at[0]++) : second.get(at[1]++)));
        return engine.view();
    }

    private static byte[] snapshot(VectorEngine engine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.writeSnapshot(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    @Test
    void aSnapshotKnowsWhatIsNotInMemory() throws IOException {
        Random random = Seeded.random("aSnapshotKnowsWhatIsNotInMemory");
        VectorEngine engine = engine();
        for (int content = 0; content < 3 * MAX; content++) {
            superseded.put(hash(content), (long) random.nextInt(1_000));
            engine.apply(put(content + 1, content));
        }
        int plain = snapshot(engine).length;
        for (int round = 0; round < 50; round++) {
            int content = random.nextInt(3 * MAX);
            engine.restore(List.of(put(content + 1, content)), 0); // most get a second ordinal, some a third
        }
        byte[] bytes = snapshot(engine);
        assertEquals(plain, bytes.length, "each embedding is written once");
        VectorEngine read = engine();
        read.readSnapshot(new DataInputStream(new ByteArrayInputStream(bytes)));
        assertEquals(MAX, read.view().count());
        for (int content = 0; content < 3 * MAX; content++) {
            assertEquals(engine.view().contains("m", hash(content)), read.view().contains("m", hash(content)));
            assertEquals(engine.view().absent("m", hash(content)), read.view().absent("m", hash(content)));
        }
    }

    @Test
    void whatIsKnownIsBoundedTooAndMemoryStaysAsItIs() {
        int known = 3 * MAX;
        VectorEngine engine =
                new VectorEngine(new VectorSettings(MAX, 2, known, PartitionSettings.USUAL), supersession);
        for (int content = 0; content < 10 * MAX; content++) {
            superseded.put(hash(content), (long) content);
            engine.apply(put(content + 1, content));
            VectorView view = engine.view();
            assertEquals(Math.min(content + 1, MAX), view.count());
            assertTrue(view.contains("m", hash(content)));
            int absent = 0;
            for (int i = 0; i <= content; i++) {
                absent += view.absent("m", hash(i)).isPresent() ? 1 : 0;
                assertEquals(i > content - MAX, view.contains("m", hash(i)));
            }
            assertTrue(absent + view.count() < known);
        }
    }
}
