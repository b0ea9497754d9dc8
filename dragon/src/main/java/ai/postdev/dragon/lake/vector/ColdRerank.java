package ai.postdev.dragon.lake.vector;

import ai.postdev.dragon.lake.vector.VectorView.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Puts the best of a search in their true order where memory keeps embeddings less exactly: reads them in full from where
 * they are durable. How many that takes follows from the data: after the first few it is known how far products with what
 * memory keeps are off, and of the others those are read that may still belong to the first ten. The bounds of
 * {@link RerankSettings} hold for it; what they, or an unreadable place, leave out keeps its product with what memory has.
 *
 * <p>For one request, which it counts the readings of; one thread. Reads the disk.
 */
public final class ColdRerank {
    /** The order of the first so many is made exact. */
    static final int HEAD = 10;
    /** Read before it is known how exact the products are. */
    private static final int FIRST = HEAD + 6;
    /** Read at once afterwards: the more of them are known, the fewer are worth reading. */
    private static final int NEXT = 8;
    /** Errors of so many standard deviations are reckoned with. */
    private static final float DEVIATIONS = 3;

    private final FullVectors full;
    private final RerankSettings settings;
    private long untilNanos;
    private boolean begun;
    private int asked;
    private int read;
    private boolean late;
    private Optional<String> failure = Optional.empty();

    /**
     * What one request has read.
     *
     * @param read embeddings in full
     * @param gone that were looked for and are not there
     * @param late whether time ran out before all were read that might have been among the first
     * @param failure why none could be read any more
     */
    public record Summary(int read, int gone, boolean late, Optional<String> failure) {}

    /** For one request; its time begins with its first search. */
    public ColdRerank(FullVectors full, RerankSettings settings) {
        this.full = full;
        this.settings = settings;
    }

    /** What this request has read so far. */
    public Summary summary() {
        return new Summary(read, late || failure.isPresent() ? 0 : asked - read, late, failure);
    }

    /** So many neighbours are to be found where {@code k} are wanted: the true ones are among more. */
    int candidates(int k) {
        return Math.max(k, settings.max());
    }

    /**
     * The best {@code k} of what a search found.
     *
     * @param found of {@link #candidates} wanted ones, best first by what memory keeps
     */
    VectorIndex.Found best(VectorView.ModelView view, float[] unitQuery, VectorIndex.Found found, int k) {
        int[] ordinals = found.ordinals();
        float[] scores = found.scores().clone();
        boolean[] exact = new boolean[ordinals.length];
        for (int i = 0; i < ordinals.length; i++) {
            exact[i] = view.reader().isExact(ordinals[i]);
        }
        Pass pass = new Pass(view, unitQuery, ordinals, found.scores(), scores, exact);
        int head = Math.min(Math.min(k, HEAD), ordinals.length);
        begin();
        int left = settings.max();
        for (int wanted = FIRST; left > 0 && failure.isEmpty() && !late; wanted = NEXT) {
            List<Integer> next = pass.next(head, Math.min(wanted, left));
            if (next.isEmpty()) {
                break;
            }
            read(pass, next);
            left -= next.size();
        }
        return pass.best(k);
    }

    /** The embedding of an ordinal in full; empty if memory keeps it so, or it cannot be read. */
    Optional<float[]> vector(VectorView.ModelView view, int ordinal) {
        begin();
        if (view.reader().isExact(ordinal) || settings.max() == 0 || late || failure.isPresent()) {
            return Optional.empty();
        }
        float[][] found = new float[1][];
        read(List.of(view.vectors().place(ordinal)), (_, vector) -> found[0] = VectorEngine.unit(vector));
        return Optional.ofNullable(found[0])
                .filter(vector -> vector.length == view.vectors().index.dimensions());
    }

    private void begin() {
        if (!begun) {
            begun = true;
            untilNanos = System.nanoTime() + settings.time().toNanos();
        }
    }

    private void read(Pass pass, List<Integer> candidates) {
        List<Place> places = candidates.stream()
                .map(i -> pass.view.vectors().place(pass.ordinals[i]))
                .toList();
        // What is gone from the journal stays as memory has it, and is not asked for again.
        candidates.forEach(i -> pass.exact[i] = true);
        read(places, (at, vector) -> pass.take(candidates.get(at), vector));
    }

    private void read(List<Place> places, FullVectors.Sink to) {
        int before = read;
        asked += places.size();
        failure = full.read(places, untilNanos, (at, vector) -> {
            read++;
            to.vector(at, vector);
        });
        late = read - before < places.size() && System.nanoTime() - untilNanos >= 0;
    }

    /** One search. */
    private static final class Pass {
        private final VectorView.ModelView view;
        private final float[] query;
        private final int[] ordinals;
        private final float[] estimates;
        private final float[] scores;
        private final boolean[] exact;
        private double squares;
        private int measured;

        Pass(
                VectorView.ModelView view,
                float[] query,
                int[] ordinals,
                float[] estimates,
                float[] scores,
                boolean[] exact) {
            this.view = view;
            this.query = query;
            this.ordinals = ordinals;
            this.estimates = estimates;
            this.scores = scores;
            this.exact = exact;
        }

        void take(int i, float[] vector) {
            if (vector.length != query.length) {
                return;
            }
            float[] unit = VectorEngine.unit(vector);
            double product = 0;
            for (int d = 0; d < unit.length; d++) {
                product += (double) unit[d] * query[d];
            }
            scores[i] = (float) product;
            squares += (estimates[i] - product) * (estimates[i] - product);
            measured++;
        }

        /** The best by estimate that are not exact and may belong to the head. */
        List<Integer> next(int head, int most) {
            float least = measured == 0
                    ? Float.NEGATIVE_INFINITY
                    : last(head) - DEVIATIONS * (float) Math.sqrt(squares / measured);
            List<Integer> next = new ArrayList<>();
            for (int i = 0; i < ordinals.length && next.size() < most && estimates[i] >= least; i++) {
                if (!exact[i]) {
                    next.add(i);
                }
            }
            return next;
        }

        /** The score of the last of the head. */
        private float last(int head) {
            float[] sorted = scores.clone();
            Arrays.sort(sorted);
            return sorted[sorted.length - head];
        }

        VectorIndex.Found best(int k) {
            int[] order = IntStream.range(0, ordinals.length)
                    .boxed()
                    .sorted(Comparator.<Integer>comparingDouble(i -> -scores[i]).thenComparingInt(i -> ordinals[i]))
                    .mapToInt(Integer::intValue)
                    .limit(k)
                    .toArray();
            int[] best = new int[order.length];
            float[] bestScores = new float[order.length];
            for (int i = 0; i < order.length; i++) {
                best[i] = ordinals[order[i]];
                bestScores[i] = scores[order[i]];
            }
            return new VectorIndex.Found(best, bestScores);
        }
    }
}
