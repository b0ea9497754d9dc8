package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.vector.VectorIndexContractTest.Mixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The store with nothing but codes of one bit in memory, and embeddings in full in the journal. */
@Execution(ExecutionMode.CONCURRENT)
class CodesAloneTest {
    private static final int DIMENSIONS = 96;
    private static final int COUNT = 4_000;
    private static final int K = 10;
    private static final String MODEL = "m";
    private static final PartitionSettings SETTINGS = new PartitionSettings(1_000, 0.99);

    private final Random random = Seeded.random("CodesAloneTest");
    private final Mixture mixture = new Mixture(random, DIMENSIONS);
    private final float[][] vectors = new float[COUNT][];
    private final Map<ContentHash, Integer> numbers = new HashMap<>();
    private long allowed = Long.MAX_VALUE;
    private VectorEngine engine = engine(new VectorSettings(10_000, 1));

    private VectorEngine engine(VectorSettings settings) {
        VectorMemory memory = new VectorMemory() {
            private long held;

            @Override
            public boolean allows(long bytes) {
                return held + bytes <= allowed;
            }

            @Override
            public void holds(long bytes) {
                held = bytes;
            }
        };
        return new VectorEngine(
                settings,
                Supersession.NONE,
                memory,
                dimensions -> new PartitionedVectorIndex(dimensions, VectorKernels.best(), SETTINGS, Runnable::run));
    }

    private Operation put(int i) {
        return Seeded.operation(i + 1, i, new Body.PutEmbedding(ContentHash.of("content " + i), MODEL, vectors[i]));
    }

    @BeforeEach
    void fill() {
        for (int i = 0; i < COUNT; i++) {
            vectors[i] = mixture.next();
            numbers.put(ContentHash.of("content " + i), i);
            engine.apply(put(i));
        }
    }

    /** Gives back all that it can. */
    private static void shrink(VectorEngine engine) {
        long before = Long.MAX_VALUE;
        while (engine.view().memoryBytes() < before) {
            before = engine.view().memoryBytes();
            boolean more = true;
            while (more) {
                more = engine.shrink(0);
            }
        }
    }

    private VectorView asked(VectorEngine of) {
        FullVectors journal = (places, _, to) -> {
            for (int i = 0; i < places.size(); i++) {
                to.vector(i, vectors[(int) places.get(i).sequence() - 1]);
            }
            return Optional.empty();
        };
        return of.view().with(new ColdRerank(journal, new RerankSettings(256, Duration.ofMinutes(5))));
    }

    private double recall(VectorEngine of) {
        int hits = 0;
        for (int q = 0; q < 50; q++) {
            float[] query = mixture.next();
            List<Integer> truth = IntStream.of(VectorIndexContractTest.bruteForce(vectors, query, K, VectorIndex.ALL))
                    .boxed()
                    .toList();
            hits += (int) asked(of).nearest(MODEL, query, K).stream()
                    .filter(near -> truth.contains(numbers.get(near.hash())))
                    .count();
        }
        return hits / (50.0 * K);
    }

    private static void is(Precision precision, int count, VectorEngine engine) {
        assertEquals(Map.of(precision, count), engine.view().kept().counts());
    }

    @Test
    void theTrueOnesAreFoundAlsoAfterAStartAndAllAreExactAgainOnceThereIsRoom() throws IOException {
        shrink(engine);
        is(Precision.BIT, COUNT, engine);
        assertEquals(0, engine.view().kept().givableBytes());
        double before = recall(engine);
        assertTrue(before >= 0.95, "recall " + before);

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.writeSnapshot(new DataOutputStream(bytes));
        engine = engine(new VectorSettings(10_000, 1));
        engine.readSnapshot(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        is(Precision.NIBBLE, COUNT, engine);
        double restarted = recall(engine);
        assertTrue(restarted >= 0.95, "recall " + restarted + " after a start");
        shrink(engine);
        is(Precision.BIT, COUNT, engine);
        double again = recall(engine);
        assertTrue(again >= 0.93, "recall " + again + " at one bit, coded from what one bit told");

        for (List<VectorView.Place> some = engine.view().lowered();
                !some.isEmpty();
                some = engine.view().lowered()) {
            engine.refine(
                    some.stream().map(place -> put((int) place.sequence() - 1)).toList());
        }
        is(Precision.FLOAT, COUNT, engine);
        for (int i = 0; i < COUNT; i += 97) {
            assertArrayEquals(
                    VectorEngine.unit(vectors[i]),
                    engine.view().vector(MODEL, ContentHash.of("content " + i)).orElseThrow());
        }
        assertTrue(recall(engine) >= 0.95);
    }

    @Test
    void codesAskForMemoryToo() {
        shrink(engine);
        allowed = 0;
        float[][] more = new float[3 * COUNT][];
        int taken = 0;
        for (int i = COUNT; i < 3 * COUNT; i++) {
            more[i] = mixture.next();
            Body body = new Body.PutEmbedding(ContentHash.of("content " + i), MODEL, more[i]);
            engine.apply(Seeded.operation(i + 1, i, body));
            taken += engine.view().contains(MODEL, ContentHash.of("content " + i)) ? 1 : 0;
        }
        assertTrue(taken < COUNT, taken + " found room in what was held already");
        assertEquals(2 * COUNT - taken, engine.view().lacking());
        is(Precision.BIT, COUNT + taken, engine);
    }

    @Test
    void whatIsForgottenToSaveMemoryLeavesTheOthersAsExactAsTheyAre() {
        engine = engine(new VectorSettings(COUNT + 1, 1, 2 * COUNT + 2, SETTINGS));
        for (int i = 0; i < COUNT; i++) {
            engine.apply(put(i));
        }
        shrink(engine);
        is(Precision.BIT, COUNT, engine);
        int known = COUNT;
        for (int i = COUNT; engine.view().kept().counts().containsKey(Precision.BIT); i++) {
            Body body = new Body.PutEmbedding(ContentHash.of("content " + i), MODEL, mixture.next());
            engine.apply(Seeded.operation(i + 1, i, body));
            assertTrue(++known < 3 * COUNT, "they are forgotten at the bound");
        }
        assertTrue(
                engine.view().kept().counts().getOrDefault(Precision.NIBBLE, 0) >= COUNT,
                "no coarse one counts as exact");
    }
}
