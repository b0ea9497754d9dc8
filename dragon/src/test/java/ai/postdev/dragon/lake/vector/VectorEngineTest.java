package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.StoreEngineContractTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class VectorEngineTest extends StoreEngineContractTest<VectorView> {
    private static final int DIMENSIONS = 19; // no multiple of any lane count
    private static final String[] MODELS = {"m1", "m2"};
    private static final int CONTENTS = 4_000;

    @Override
    protected StoreEngine<VectorView> engine() {
        return new VectorEngine(new VectorSettings(10_000, 4), Supersession.NONE);
    }

    private static ContentHash hash(int content) {
        return ContentHash.of("content " + content);
    }

    private static float[] vector(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static Body embedding(Random random) {
        String model = MODELS[random.nextInt(MODELS.length)];
        return new Body.PutEmbedding(hash(random.nextInt(CONTENTS)), model, vector(random, DIMENSIONS));
    }

    @Override
    protected List<Operation> operations(Random random, int count) {
        return Seeded.operations(
                count, () -> random.nextInt(10) == 0 ? new Body.SetSetting("key", "value") : embedding(random));
    }

    @Override
    protected String answers(VectorView view) {
        StringBuilder answers = new StringBuilder();
        answers.append(view.count())
                .append(view.models())
                .append(view.beyondBound())
                .append('\n');
        for (String model : MODELS) {
            float[] query = vector(new Random(5), DIMENSIONS);
            view.nearest(model, query, 7, hash -> (hash.a() & 3) != 0)
                    .forEach(n -> answers.append(n).append('\n'));
            for (int content = 0; content < 200; content++) {
                answers.append(view.contains(model, hash(content)) ? '1' : '0');
            }
        }
        return answers.toString();
    }

    @Override
    protected List<Operation> goldenOperations() {
        return List.of(
                Seeded.operation(1, 1000, new Body.PutEmbedding(hash(1), "m1", vector(new Random(1), DIMENSIONS))),
                Seeded.operation(2, 1001, new Body.PutEmbedding(hash(2), "m1", vector(new Random(2), DIMENSIONS))));
    }

    @Override
    protected String store() {
        return "vector";
    }

    @Test
    void whatIsKeptLessExactlyBeforeItIsWrittenIsWrittenAsKnown() throws IOException {
        Random random = Seeded.random("whatIsKeptLessExactlyBeforeItIsWrittenIsWrittenAsKnown");
        VectorEngine engine = new VectorEngine(NEVER_PARTITIONED, Supersession.NONE);
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            vectors.add(vector(random, 300));
            engine.apply(put(i, vectors.get(i)));
        }
        StoreEngine.Frozen frozen = engine.freeze();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        frozen.write(new DataOutputStream(new FilterOutputStream(bytes) {
            @Override
            public void write(byte[] some, int offset, int length) {
                bytes.write(some, offset, length);
                while (bytes.size() > 100_000 && engine.shrink(0)) {
                    assertTrue(bytes.size() < 600_000, "memory becomes short in the middle");
                }
            }
        }));
        VectorEngine read = new VectorEngine(NEVER_PARTITIONED, Supersession.NONE);
        read.readSnapshot(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertTrue(
                read.view().count() > 50 && read.view().count() < 400,
                "written in full: " + read.view().count());
        assertEquals(Set.of(Precision.FLOAT), read.view().kept().counts().keySet());
        for (int i = 0; i < 600; i++) {
            if (read.view().contains("m", hash(i))) {
                assertEquals(
                        1,
                        read.view().nearest("m", vectors.get(i), 1).getFirst().cosine(),
                        1e-5);
            } else {
                assertTrue(read.view().absent("m", hash(i)).isPresent(), "known where the journal has it: " + i);
            }
        }
    }

    @Test
    void aSnapshotOfFormatThreeIsRead() throws IOException {
        byte[] golden;
        try (InputStream in = VectorEngineTest.class.getResourceAsStream("/golden/vector-snapshot-3.hex")) {
            golden = HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
        StoreEngine<VectorView> read = engine();
        read.readSnapshot(new DataInputStream(new ByteArrayInputStream(golden)));
        StoreEngine<VectorView> folded = engine();
        goldenOperations().forEach(folded::apply);
        assertEquals(answers(folded.view()), answers(read.view()));
    }

    @Test
    void nearestIsWhatBruteForceFinds() {
        Random random = Seeded.random("nearestIsWhatBruteForceFinds");
        for (VectorKernel kernel : List.of(
                VectorKernels.choose(true).vectors(),
                VectorKernels.choose(false).vectors())) {
            for (int round = 0; round < 30; round++) {
                int dimensions = 1 + random.nextInt(200);
                int count = random.nextInt(3_000);
                int k = 1 + random.nextInt(40);
                VectorEngine engine = new VectorEngine(
                        new VectorSettings(10_000, 4),
                        Supersession.NONE,
                        VectorMemory.UNBOUNDED,
                        d -> new ExactVectorIndex(d, kernel));
                List<float[]> vectors = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    float[] vector = vector(random, dimensions);
                    vectors.add(VectorEngine.unit(vector));
                    engine.apply(Seeded.operation(i + 1, i, new Body.PutEmbedding(hash(i), "m", vector)));
                }
                float[] query = vector(random, dimensions);
                Predicate<ContentHash> filter = hash -> (hash.b() & 1) == 0;
                List<VectorView.Neighbour> found = engine.view().nearest("m", query, k, filter);
                List<VectorView.Neighbour> expected = bruteForce(vectors, VectorEngine.unit(query), k, filter);
                assertEquals(expected.size(), found.size());
                for (int i = 0; i < found.size(); i++) {
                    // the sums are added in another order: compare scores, which also allows swapped near-ties
                    assertEquals(expected.get(i).cosine(), found.get(i).cosine(), 1e-5, kernel.name());
                    assertTrue(filter.test(found.get(i).hash()));
                }
            }
        }
    }

    private static List<VectorView.Neighbour> bruteForce(
            List<float[]> vectors, float[] query, int k, Predicate<ContentHash> filter) {
        List<VectorView.Neighbour> all = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            double sum = 0;
            for (int d = 0; d < query.length; d++) {
                sum += (double) query[d] * vectors.get(i)[d];
            }
            if (filter.test(hash(i))) {
                all.add(new VectorView.Neighbour(hash(i), (float) sum));
            }
        }
        all.sort(Comparator.comparingDouble(VectorView.Neighbour::cosine).reversed());
        return all.subList(0, Math.min(k, all.size()));
    }

    @Test
    void equalScoresComeInTheOrderInWhichTheyWereAdded() {
        VectorEngine engine = new VectorEngine(new VectorSettings(100, 1), Supersession.NONE);
        for (int i = 0; i < 50; i++) {
            engine.apply(Seeded.operation(i + 1, i, new Body.PutEmbedding(hash(i), "m", new float[] {1, 1})));
        }
        List<ContentHash> found = engine.view().nearest("m", new float[] {2, 2}, 5, _ -> true).stream()
                .map(VectorView.Neighbour::hash)
                .toList();
        assertEquals(List.of(hash(0), hash(1), hash(2), hash(3), hash(4)), found);
    }

    @Test
    void theFirstEmbeddingOfContentStaysAndIsOfUnitLength() {
        VectorEngine engine = new VectorEngine(new VectorSettings(100, 1), Supersession.NONE);
        engine.apply(Seeded.operation(1, 1, new Body.PutEmbedding(hash(1), "m", new float[] {3, 4})));
        engine.apply(Seeded.operation(2, 2, new Body.PutEmbedding(hash(1), "m", new float[] {0, 1})));
        assertArrayEquals(
                new float[] {0.6f, 0.8f}, engine.view().vector("m", hash(1)).orElseThrow(), 1e-6f);
        assertEquals(1, engine.view().count("m"));
    }

    @Test
    void beyondTheBoundNothingIsTakenInAndTheViewSaysSo() {
        VectorEngine engine = new VectorEngine(new VectorSettings(2, 1), Supersession.NONE);
        for (int i = 0; i < 5; i++) {
            engine.apply(Seeded.operation(i + 1, i, new Body.PutEmbedding(hash(i), "m", new float[] {1, i})));
        }
        engine.apply(Seeded.operation(9, 9, new Body.PutEmbedding(hash(9), "other", new float[] {1})));
        assertEquals(2, engine.view().count());
        assertEquals(4, engine.view().beyondBound());
        assertFalse(engine.view().contains("m", hash(4)));
    }

    @Test
    void aVectorOfOtherDimensionsOrWithoutANumberPoisonsNothing() {
        VectorEngine engine = new VectorEngine(new VectorSettings(10, 2), Supersession.NONE);
        engine.apply(Seeded.operation(1, 1, new Body.PutEmbedding(hash(1), "m", new float[] {1, 0})));
        engine.apply(Seeded.operation(2, 2, new Body.PutEmbedding(hash(2), "m", new float[] {1, 0, 0})));
        engine.apply(Seeded.operation(3, 3, new Body.PutEmbedding(hash(3), "m", new float[] {Float.NaN, 1})));
        List<VectorView.Neighbour> found = engine.view().nearest("m", new float[] {1, 0}, 10, _ -> true);
        assertEquals(
                List.of(hash(1), hash(3)),
                found.stream().map(VectorView.Neighbour::hash).toList());
        assertEquals(0, found.getLast().cosine());
    }

    /** While vectors are partitioned they are not moved, and that is not what these tests are about. */
    private static final VectorSettings NEVER_PARTITIONED =
            new VectorSettings(1_000_000, 1, 4_000_000, new PartitionSettings(10_000_000, 0.99, 0, 10));

    private static byte[] snapshot(VectorEngine engine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.writeSnapshot(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static final int SLAB_ROWS = 1 << 10; // of 256 numbers in a megabyte

    private static Operation put(int i, float[] vector) {
        return Seeded.operation(i + 1, i, new Body.PutEmbedding(hash(i), "m", vector));
    }

    /** Allows what is at most so much. */
    private static final class Allowance implements VectorMemory {
        private long most = Long.MAX_VALUE;
        private long held;

        @Override
        public boolean allows(long bytes) {
            return held + bytes <= most;
        }

        @Override
        public void holds(long bytes) {
            held = bytes;
        }
    }

    @Test
    void withoutMemoryEmbeddingsAreKeptLessExactlyAndThenStayOut() {
        Random random = Seeded.random("withoutMemoryEmbeddingsAreKeptLessExactlyAndThenStayOut");
        Allowance allowed = new Allowance();
        VectorEngine engine = new VectorEngine(NEVER_PARTITIONED, Supersession.NONE, allowed);
        List<float[]> vectors = new ArrayList<>();
        int slabs = 0;
        long most = 0;
        while (engine.view().lacking() == 0) {
            if (vectors.size() == 4 * SLAB_ROWS) {
                allowed.most = 0;
                most = engine.view().memoryBytes();
                assertEquals(
                        Map.of(Precision.FLOAT, 4 * SLAB_ROWS),
                        engine.view().kept().counts());
            }
            float[] vector = vector(random, 256);
            engine.apply(put(vectors.size(), vector));
            vectors.add(vector);
            slabs = vectors.size() / SLAB_ROWS;
            assertTrue(slabs < 100, "it comes to an end");
        }
        VectorView view = engine.view();
        assertTrue(slabs > 8, "the memory of four slabs holds more than twice as many: " + slabs);
        assertTrue(view.memoryBytes() < 1.25 * most, view.memoryBytes() + " bytes after " + most);
        assertEquals(Set.of(Precision.NIBBLE), view.kept().counts().keySet());
        assertEquals(vectors.size() - 1, view.count());
        int last = vectors.size() - 1;
        assertTrue(view.absent("m", hash(last)).isPresent(), "what found no room is known");
        allowed.most = Long.MAX_VALUE;
        engine.restore(List.of(put(last, vectors.get(last))), 1);
        assertTrue(engine.view().contains("m", hash(last)));
        assertEquals(0, engine.view().lacking());
    }

    @Test
    void memoryIsGivenBackOnDemandAndEmbeddingsAreMadeExactAgain() throws IOException {
        Random random = Seeded.random("memoryIsGivenBackOnDemandAndEmbeddingsAreMadeExactAgain");
        VectorEngine engine = new VectorEngine(NEVER_PARTITIONED, Supersession.NONE);
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < 9_000; i++) {
            vectors.add(vector(random, 300));
            engine.apply(put(i, vectors.get(i)));
        }
        VectorView before = engine.view();
        long wanted = before.memoryBytes() - before.kept().givableBytes() / 2;
        while (engine.shrink(wanted)) {
            assertTrue(engine.view().memoryBytes() > wanted);
        }
        VectorView after = engine.view();
        assertTrue(
                after.memoryBytes() <= wanted && after.memoryBytes() > wanted - (2 << 20), "so much and not much more");
        assertEquals(
                Set.of(Precision.FLOAT, Precision.BYTE), after.kept().counts().keySet());
        int more = 0;
        while (engine.shrink(0)) {
            assertTrue(++more < 100, "at the lowest there is nothing to give");
        }
        assertEquals(0, engine.view().kept().givableBytes());
        float cosine = engine.view().nearest("m", vectors.get(7), 1).getFirst().cosine();
        assertEquals(1, cosine, 0.01);

        // A snapshot must not forget what is not exact.
        int slab = engine.view().lowered().size();
        VectorEngine next = new VectorEngine(NEVER_PARTITIONED, Supersession.NONE);
        next.readSnapshot(new DataInputStream(new ByteArrayInputStream(snapshot(engine))));
        assertEquals(engine.view().kept().counts(), next.view().kept().counts());
        assertEquals(9_000, next.view().count());
        assertEquals(slab, next.view().lowered().size());
        // And it is not read into memory beyond what is allowed.
        Allowance little = new Allowance();
        little.most = engine.view().memoryBytes() * 7 / 10;
        VectorEngine small = new VectorEngine(NEVER_PARTITIONED, Supersession.NONE, little);
        small.readSnapshot(new DataInputStream(new ByteArrayInputStream(snapshot(engine))));
        assertTrue(small.view().memoryBytes() < 1.2 * little.most, small.view().memoryBytes() + " of " + little.most);
        assertTrue(small.view().count() < 8_000);
        for (int i = 0; i < 9_000; i++) {
            assertTrue(small.view().contains("m", hash(i))
                    || small.view().absent("m", hash(i)).isPresent());
        }
        engine = next;

        for (List<VectorView.Place> some = engine.view().lowered();
                !some.isEmpty();
                some = engine.view().lowered()) {
            engine.refine(some.stream()
                    .map(place -> (int) place.sequence() - 1)
                    .map(i -> put(i, vectors.get(i)))
                    .toList());
        }
        assertEquals(0, engine.view().kept().missingBytes());
        for (int i = 0; i < 9_000; i += 97) {
            assertArrayEquals(
                    VectorEngine.unit(vectors.get(i)),
                    engine.view().vector("m", hash(i)).orElseThrow());
        }
    }

    private static Operation served(long sequence, String model) {
        return Seeded.operation(sequence, 1_000 + sequence, new Body.SetSetting(LakeProtocol.EMBEDDING_MODEL, model));
    }

    private static Operation put(long sequence, long millis, int content, String model) {
        return Seeded.operation(
                sequence, millis, new Body.PutEmbedding(hash(content), model, vector(new Random(content), DIMENSIONS)));
    }

    @Test
    void embeddingsOfAReplacedModelLeaveMemoryAndStayKnown() throws IOException {
        VectorEngine engine = new VectorEngine(new VectorSettings(100, 2), Supersession.NONE);
        for (int content = 1; content <= 10; content++) {
            engine.apply(put(2 * content, 1_000 + content, content, "m1"));
            engine.apply(put(2 * content + 1, 1_000 + content, content, "m2"));
        }
        VectorView before = engine.view();
        long memory = before.memoryBytes();
        engine.apply(served(200, "m2"));
        assertEquals(0, engine.view().count("m1"));
        assertEquals(10, engine.view().count("m2"));
        assertTrue(engine.view().memoryBytes() < memory, engine.view().memoryBytes() + " of " + memory);
        assertEquals(10, before.nearest("m1", new float[DIMENSIONS], 10).size(), "who reads still sees them");
        assertTrue(engine.view().absent("m1", hash(3)).isPresent(), "the journal has it, and that is known");
        assertEquals(0, engine.view().lacking());

        engine.apply(put(201, 1_050, 11, "m1"));
        assertEquals(0, engine.view().count("m1"), "made before its model was replaced, it came late");
        engine.apply(put(202, 2_000, 12, "m1"));
        assertEquals(1, engine.view().count("m1"), "made since: the model comes back");
        engine.apply(Seeded.operation(203, 1_100, new Body.SetSetting(LakeProtocol.EMBEDDING_MODEL, "m1")));
        assertEquals(10, engine.view().count("m2"), "a setting that is older than the last one says nothing");

        engine.restore(List.of(put(3, 1_003, 3, "m1")), 1);
        assertTrue(engine.view().contains("m1", hash(3)), "it comes back from the journal");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.writeSnapshot(new DataOutputStream(bytes));
        VectorEngine read = new VectorEngine(new VectorSettings(100, 2), Supersession.NONE);
        read.readSnapshot(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertEquals(2, read.view().count("m1"));
        assertTrue(read.view().absent("m1", hash(4)).isPresent());

        read.apply(served(300, "m2"));
        read.apply(put(301, 3_000, 1, "m3"));
        assertEquals(1, read.view().count("m3"), "a model without anything in memory makes room for another");
        assertEquals(Set.of("m2", "m3"), read.view().models());
    }
}
