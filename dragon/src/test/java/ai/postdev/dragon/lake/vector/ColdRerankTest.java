package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.vector.VectorIndexContractTest.Mixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The best of a search are read in full where memory keeps them less exactly. */
class ColdRerankTest {
    private static final int DIMENSIONS = 96;
    private static final int COUNT = 3_000;
    private static final int K = 10;
    private static final String MODEL = "m";
    private static final Duration LONG = Duration.ofMinutes(5);

    private final VectorEngine engine = new VectorEngine(new VectorSettings(10_000, 1), Supersession.NONE);
    private final Map<ContentHash, Integer> numbers = new HashMap<>();
    private float[][] vectors;
    private Random random;

    /** Vectors by their place, as a journal; may refuse, and forget some. */
    private final class Fake implements FullVectors {
        private final Set<Integer> forgotten = new HashSet<>();
        private Optional<String> refuses = Optional.empty();
        private final List<Integer> read = new ArrayList<>();

        @Override
        public Optional<String> read(List<VectorView.Place> places, long untilNanos, Sink to) {
            for (int i = 0; i < places.size() && System.nanoTime() - untilNanos < 0; i++) {
                if (refuses.isPresent()) {
                    return refuses;
                }
                int number = (int) places.get(i).sequence() - 1;
                if (!forgotten.contains(number)) {
                    read.add(number);
                    to.vector(i, vectors[number]);
                }
            }
            return Optional.empty();
        }
    }

    private final Fake journal = new Fake();

    @BeforeEach
    void fill() {
        random = Seeded.random("ColdRerankTest");
        Mixture mixture = new Mixture(random, DIMENSIONS);
        vectors = new float[COUNT][];
        for (int i = 0; i < COUNT; i++) {
            vectors[i] = mixture.next();
            ContentHash hash = ContentHash.of("content " + i);
            numbers.put(hash, i);
            engine.apply(Seeded.operation(i + 1, i, new Body.PutEmbedding(hash, MODEL, vectors[i])));
        }
    }

    private void lower() {
        boolean more = true;
        while (more) {
            more = engine.shrink(0);
        }
    }

    private List<Integer> nearest(VectorView view, float[] query, int k) {
        return view.nearest(MODEL, query, k).stream()
                .map(near -> numbers.get(near.hash()))
                .toList();
    }

    private List<Integer> truth(float[] query) {
        return IntStream.of(VectorIndexContractTest.bruteForce(vectors, query, K, VectorIndex.ALL))
                .boxed()
                .toList();
    }

    @Test
    void whatIsFoundIsTheTruthAgainAndFewAreRead() {
        lower();
        int coarse = 0;
        int exact = 0;
        int reads = 0;
        for (int q = 0; q < 100; q++) {
            float[] query = vectors[random.nextInt(COUNT)];
            List<Integer> truth = truth(query);
            coarse += (int) nearest(engine.view(), query, K).stream()
                    .filter(truth::contains)
                    .count();
            VectorView view = engine.view().with(new ColdRerank(journal, new RerankSettings(256, LONG)));
            List<VectorView.Neighbour> found = view.nearest(MODEL, query, K);
            exact += (int) found.stream()
                    .map(near -> numbers.get(near.hash()))
                    .filter(truth::contains)
                    .count();
            ColdRerank.Summary summary = view.reread().orElseThrow();
            assertEquals(new ColdRerank.Summary(summary.read(), 0, false, Optional.empty()), summary);
            reads += summary.read();
            for (int i = 0; i < found.size(); i++) {
                assertTrue(i == 0 || found.get(i).cosine() <= found.get(i - 1).cosine(), "best first");
                double product = VectorIndexContractTest.dot(
                        vectors[numbers.get(found.get(i).hash())], query);
                assertEquals(product, found.get(i).cosine(), 1e-5, "the first ten are read in full");
            }
        }
        assertTrue(coarse < 0.97 * 100 * K, "four bits lose some: " + coarse);
        assertTrue(exact >= 0.995 * 100 * K, exact + " of " + 100 * K);
        assertTrue(reads < 100 * 80, "as many as the data takes, not as many as allowed: " + reads);
        assertEquals(reads, journal.read.size());
    }

    @Test
    void theBoundHoldsAndWhatIsBeyondItKeepsItsPlace() {
        lower();
        float[] query = vectors[7];
        VectorView view = engine.view().with(new ColdRerank(journal, new RerankSettings(5, LONG)));
        List<Integer> found = nearest(view, query, 40);
        assertEquals(5, view.reread().orElseThrow().read());
        assertEquals(40, found.size());
        assertEquals(nearest(engine.view(), query, 5).stream().collect(Collectors.toSet()), Set.copyOf(journal.read));
        VectorView none = engine.view().with(new ColdRerank(journal, new RerankSettings(0, LONG)));
        assertEquals(nearest(engine.view(), query, 40), nearest(none, query, 40));
        assertEquals(5, journal.read.size());
    }

    @Test
    void whatCannotBeReadStaysAsMemoryHasIt() {
        lower();
        float[] query = vectors[11];
        List<VectorView.Neighbour> coarse = engine.view().nearest(MODEL, query, K);
        VectorView late = engine.view().with(new ColdRerank(journal, new RerankSettings(256, Duration.ZERO)));
        assertEquals(coarse, late.nearest(MODEL, query, K));
        assertEquals(
                new ColdRerank.Summary(0, 0, true, Optional.empty()),
                late.reread().orElseThrow());

        journal.refuses = Optional.of("the disk is gone");
        VectorView refused = engine.view().with(new ColdRerank(journal, new RerankSettings(256, LONG)));
        assertEquals(coarse, refused.nearest(MODEL, query, K));
        assertEquals(coarse, refused.nearest(MODEL, query, K));
        assertEquals(
                new ColdRerank.Summary(0, 0, false, journal.refuses),
                refused.reread().orElseThrow());
        ContentHash own = coarse.getFirst().hash();
        assertArrayEquals(
                engine.view().vector(MODEL, own).orElseThrow(),
                refused.vector(MODEL, own).orElseThrow());

        journal.refuses = Optional.empty();
        journal.forgotten.add(numbers.get(own));
        VectorView without = engine.view().with(new ColdRerank(journal, new RerankSettings(256, LONG)));
        List<VectorView.Neighbour> found = without.nearest(MODEL, query, K);
        assertEquals(1, without.reread().orElseThrow().gone());
        assertTrue(found.contains(coarse.getFirst()), "with the product that memory gives");
    }

    @Test
    void aFilterAndAChoiceAreSearchedSoToo() {
        lower();
        float[] query = vectors[3];
        List<ContentHash> even = numbers.keySet().stream()
                .filter(hash -> numbers.get(hash) % 2 == 0)
                .toList();
        List<Integer> truth = IntStream.of(VectorIndexContractTest.bruteForce(vectors, query, K, i -> i % 2 == 0))
                .boxed()
                .toList();
        ColdRerank request = new ColdRerank(journal, new RerankSettings(1_000, LONG));
        VectorView view = engine.view().with(request);
        List<Integer> chosen = view.nearest(MODEL, query, K, even).stream()
                .map(near -> numbers.get(near.hash()))
                .toList();
        List<Integer> filtered = view.nearest(MODEL, query, K, hash -> numbers.get(hash) % 2 == 0).stream()
                .map(near -> numbers.get(near.hash()))
                .toList();
        assertEquals(truth, chosen);
        assertEquals(truth, filtered);
    }

    @Test
    void whatMemoryKeepsInFullIsNotRead() {
        VectorView view = engine.view().with(new ColdRerank(journal, new RerankSettings(256, LONG)));
        assertEquals(truth(vectors[5]), nearest(view, vectors[5], K));
        view.vector(MODEL, ContentHash.of("content 5"));
        assertEquals(0, journal.read.size());
        lower();
        VectorView lowered = engine.view().with(new ColdRerank(journal, new RerankSettings(256, LONG)));
        float[] exact = lowered.vector(MODEL, ContentHash.of("content 5")).orElseThrow();
        assertArrayEquals(VectorEngine.unit(vectors[5]), exact);
        assertFalse(engine.view().reread().isPresent());
    }
}
