package ai.postdev.benchmarks.vector;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.JournalVectors;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalSettings;
import ai.postdev.dragon.lake.journal.JournalWrite;
import ai.postdev.dragon.lake.vector.ColdRerank;
import ai.postdev.dragon.lake.vector.PartitionSettings;
import ai.postdev.dragon.lake.vector.PartitionedVectorIndex;
import ai.postdev.dragon.lake.vector.Precision;
import ai.postdev.dragon.lake.vector.RerankSettings;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorKernels;
import ai.postdev.dragon.lake.vector.VectorMemory;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.dragon.lake.vector.VectorView;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Stream;

/**
 * What each precision of embeddings in memory costs and brings, without and with the best read in full from the journal:
 * the store as a node has it, one question for each call on one thread, with the setting that the index finds by itself.
 *
 * <p>Arguments: {@code SETS COUNT}, for example {@code A,B 100000}, or {@code C=FILE 0} (see {@link VectorSideBySide}).
 */
public final class PrecisionLadder {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int DIMENSIONS = 384;
    private static final int BATCH = 1_000;
    private static final String MODEL = "m";
    private static final ProjectId PROJECT = new ProjectId("0123456789abcdef");
    private static final long WARM_NANOS = 2_000_000_000L;

    private PrecisionLadder() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.out.println("arguments: SETS COUNT, e.g. A,B 100000");
            return;
        }
        for (String set : args[0].split(",")) {
            VectorData data = VectorSideBySide.data(set, Integer.parseInt(args[1]), DIMENSIONS);
            Path folder = Files.createTempDirectory("ladder");
            try (Journal journal = Journal.open(folder, JournalSettings.from(ConfigFactory.load()))) {
                measure(data, journal);
            } finally {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    private static void measure(VectorData data, Journal journal) {
        Queue<Runnable> builds = new ArrayDeque<>();
        PartitionedVectorIndex index = new PartitionedVectorIndex(
                data.dimensions(), VectorKernels.best(), new PartitionSettings(4_096, 0.99), builds::add);
        VectorEngine engine = new VectorEngine(
                new VectorSettings(Integer.MAX_VALUE / 4, 1), Supersession.NONE, VectorMemory.UNBOUNDED, _ -> index);
        Map<ContentHash, Integer> numbers = new HashMap<>();
        Origin origin = journal.origin();
        for (int first = 0; first < data.base().length; first += BATCH) {
            List<Operation> batch = new ArrayList<>();
            for (int i = first; i < Math.min(first + BATCH, data.base().length); i++) {
                ContentHash hash = ContentHash.of("content " + i);
                numbers.put(hash, i);
                batch.add(new Operation(
                        PROJECT,
                        origin,
                        i + 1,
                        HybridTime.of(1_000_000L + i, 0),
                        new Body.PutEmbedding(hash, MODEL, data.base()[i])));
            }
            if (!(journal.append(batch, List.of()) instanceof JournalWrite.Written)) {
                throw new IllegalStateException("the journal refuses the batch from " + first + " on");
            }
            batch.forEach(engine::apply);
        }
        run(builds);
        System.out.printf("%nset %s, %d x %d%n", data.name(), data.base().length, data.dimensions());
        System.out.println(
                "precision  bytes  | memory only: recall, q/s of CPU | read in full: recall, reads, q/s of CPU, q/s of time, p99 us");
        for (Precision precision : Precision.values()) {
            for (boolean more = precision != Precision.FLOAT; more; ) {
                more = index.lower(precision);
                if (!more && !builds.isEmpty()) {
                    run(builds);
                    more = true;
                }
            }
            Answers plain = answers(data, engine.view(), numbers, null, RerankSettings.from(ConfigFactory.load()));
            Answers full = answers(
                    data,
                    engine.view(),
                    numbers,
                    new JournalVectors(PROJECT, journal),
                    new RerankSettings(RerankSettings.from(ConfigFactory.load()).max(), Duration.ofSeconds(1)));
            System.out.printf(
                    "%-9s %6.0f  | %.4f %8.0f | %.4f %6.1f %8.0f %8.0f %6.0f%n",
                    precision.id(),
                    index.memoryBytes() / (double) data.base().length,
                    plain.recall,
                    plain.cpuRate,
                    full.recall,
                    full.reads,
                    full.cpuRate,
                    full.wallRate,
                    full.p99);
        }
    }

    private static void run(Queue<Runnable> builds) {
        while (!builds.isEmpty()) {
            builds.poll().run();
        }
    }

    private record Answers(double recall, double reads, double cpuRate, double wallRate, double p99) {}

    private static Answers answers(
            VectorData data,
            VectorView view,
            Map<ContentHash, Integer> numbers,
            JournalVectors journal,
            RerankSettings settings) {
        long warm = System.nanoTime() + WARM_NANOS;
        for (int q = 0; System.nanoTime() < warm; q = (q + 1) % data.queries().length) {
            ask(view, journal, settings).nearest(MODEL, data.queries()[q], VectorData.K);
        }
        int[][] found = new int[data.queries().length][];
        long[] nanos = new long[found.length];
        long reads = 0;
        long cpu = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        for (int q = 0; q < found.length; q++) {
            long began = System.nanoTime();
            VectorView asked = ask(view, journal, settings);
            found[q] = asked.nearest(MODEL, data.queries()[q], VectorData.K).stream()
                    .mapToInt(near -> numbers.get(near.hash()))
                    .toArray();
            nanos[q] = System.nanoTime() - began;
            reads += asked.reread().map(ColdRerank.Summary::read).orElse(0);
        }
        double wallRate = found.length * 1e9 / (System.nanoTime() - start);
        double cpuRate = found.length * 1e9 / (THREADS.getCurrentThreadCpuTime() - cpu);
        Arrays.sort(nanos);
        return new Answers(data.recall(found), reads / (double) found.length, cpuRate, wallRate, Row.p99(nanos));
    }

    private static VectorView ask(VectorView view, JournalVectors journal, RerankSettings settings) {
        return journal == null ? view : view.with(new ColdRerank(journal, settings));
    }
}
