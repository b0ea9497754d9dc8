package ai.postdev.benchmarks.vector;

import ai.postdev.dragon.lake.vector.Effort;
import ai.postdev.dragon.lake.vector.PartitionSettings;
import ai.postdev.dragon.lake.vector.PartitionedVectorIndex;
import ai.postdev.dragon.lake.vector.SampledRecall;
import ai.postdev.dragon.lake.vector.VectorIndex;
import ai.postdev.dragon.lake.vector.VectorKernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The index as it follows what its own checks find, beside what it really finds: questions are asked one after the other
 * while vectors come and go, and from time to time each question's true neighbours among what is there are found by
 * looking at all. It starts with the first third of the vectors, grows by the second, and replaces the first by the third.
 *
 * <p>Arguments: {@code VECTORS QUESTIONS MINUTES}: two files of {@link EmbeddedTree}, the second of questions in words.
 */
public final class RecallOverTime {
    private static final int TELL_SECONDS = 20;
    /** Between two questions. */
    private static final long PAUSE_MILLIS = 2;

    private static final int TRUE_QUESTIONS = 200;
    private static final long SEED = 7;
    private static final float SAME = 1e-5f;

    private RecallOverTime() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 3) {
            System.out.println("arguments: VECTORS QUESTIONS MINUTES");
            return;
        }
        float[][] vectors = VectorData.vectors(Path.of(args[0]));
        float[][] questions = VectorData.vectors(Path.of(args[1]));
        run(vectors, questions, Double.parseDouble(args[2]));
    }

    private static void run(float[][] vectors, float[][] questions, double minutes) throws InterruptedException {
        ExecutorService background = Executors.newSingleThreadExecutor();
        try {
            PartitionedVectorIndex index = new PartitionedVectorIndex(
                    vectors[0].length, VectorKernels.best(), new PartitionSettings(4_096, 0.99, 8, 10), background);
            Random random = new Random(SEED);
            int third = vectors.length / 3;
            int next = 0;
            int gone = 0;
            while (next < third) {
                index.add(vectors[next++]);
            }
            long start = System.nanoTime();
            double seconds = minutes * 60;
            double tell = 0;
            long asked = 0;
            int[] ordinals = new int[VectorData.K];
            float[] scores = new float[VectorData.K];
            for (double now = 0; now < seconds; now = (System.nanoTime() - start) / 1e9) {
                index.reader()
                        .nearest(
                                questions[random.nextInt(questions.length)],
                                VectorData.K,
                                VectorIndex.ALL,
                                ordinals,
                                scores);
                asked++;
                Thread.sleep(PAUSE_MILLIS);
                int due = third + (int) (2 * third * now / seconds);
                while (next < due) {
                    index.add(vectors[next++]);
                    if (next > 2 * third) {
                        index.remove(gone++);
                    }
                }
                if (now >= tell) {
                    tell(index, Arrays.copyOfRange(vectors, gone, next), questions, random, now, asked);
                    tell += TELL_SECONDS;
                }
            }
            tell(index, Arrays.copyOfRange(vectors, gone, next), questions, random, seconds, asked);
        } finally {
            background.shutdownNow();
        }
    }

    private static void tell(
            PartitionedVectorIndex index, float[][] there, float[][] questions, Random random, double now, long asked) {
        SampledRecall told = index.recall();
        Effort effort = index.effort();
        VectorIndex.Reader reader = index.reader();
        long found = 0;
        long wanted = 0;
        for (int i = 0; i < TRUE_QUESTIONS; i++) {
            float[] question = questions[random.nextInt(questions.length)];
            float[] truth = all(there, question);
            for (float score :
                    reader.nearest(question, VectorData.K, VectorIndex.ALL).scores()) {
                found += score >= truth[0] - SAME ? 1 : 0;
            }
            wanted += truth.length;
        }
        System.out.printf(
                Locale.ROOT,
                "%6.0f s  %6d vectors  %9d asked  true recall %.4f  told %s  %s%n",
                now,
                index.live(),
                asked,
                (double) found / wanted,
                told.wanted() == 0
                        ? "nothing"
                        : String.format(
                                Locale.ROOT, "%.4f of %d", (double) told.found() / told.wanted(), told.wanted()),
                effort == null ? "not partitioned" : effort.toString());
    }

    /** The scores of the ten nearest, worst first. */
    private static float[] all(float[][] there, float[] question) {
        float[] best = new float[VectorData.K];
        Arrays.fill(best, Float.NEGATIVE_INFINITY);
        for (float[] vector : there) {
            float score = VectorData.dot(vector, question);
            if (score > best[0]) {
                best[0] = score;
                Arrays.sort(best);
            }
        }
        return best;
    }
}
