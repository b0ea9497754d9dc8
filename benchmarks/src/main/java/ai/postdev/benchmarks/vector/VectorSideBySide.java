package ai.postdev.benchmarks.vector;

import ai.postdev.dragon.lake.vector.Kernels;
import ai.postdev.dragon.lake.vector.Precision;
import ai.postdev.dragon.lake.vector.VectorKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The vector index beside its peers in one run: one query per call, one thread, for each engine the fastest setting that
 * reaches a recall of 0.95 and of 0.99 on the same queries. Ours is measured before and after the peers.
 *
 * <p>Arguments: {@code SETS COUNT PYTHON ENGINES}, for example {@code A,B 100000 python3 own,own8,own4,plain,hnswlib,fsr,fs,lucene}.
 * {@code C=FILE} is the set that {@link EmbeddedTree} wrote; COUNT does not matter there. Every row measured is added to
 * CSV, which {@link VectorPlots} draws. PYTHON has hnswlib and faiss-cpu; what is missing is skipped and named.
 */
public final class VectorSideBySide {
    private static final int DIMENSIONS = 384;
    private static final double[] TARGETS = {0.95, 0.99};

    private final VectorData data;
    private final Optional<Path> csv;
    private final List<Row> rows = new ArrayList<>();

    private VectorSideBySide(VectorData data, Optional<Path> csv) {
        this.data = data;
        this.csv = csv;
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 4 && args.length != 5) {
            System.out.println(
                    "arguments: SETS COUNT PYTHON ENGINES [CSV], e.g. A,B 100000 python3 own,own8,own4,plain,hnswlib,fsr,fs,lucene");
            return;
        }
        int count = Integer.parseInt(args[1]);
        Set<String> engines = new LinkedHashSet<>(Arrays.asList(args[3].split(",")));
        System.out.println("kernels: " + VectorKernels.best().name());
        for (String set : args[0].split(",")) {
            VectorData data = data(set, count, DIMENSIONS);
            Optional<Path> csv = args.length == 5 ? Optional.of(Path.of(args[4])) : Optional.empty();
            report(data, new VectorSideBySide(data, csv).run(engines, args[2]));
        }
    }

    /** A made set by its letter, or {@code NAME=FILE}. */
    static VectorData data(String set, int count, int dimensions) throws IOException {
        return switch (set) {
            case "A" -> VectorData.isotropic(count, dimensions);
            case "B" -> VectorData.embeddingLike(count, dimensions);
            default -> VectorData.read(set.split("=", 2)[0], Path.of(set.split("=", 2)[1]));
        };
    }

    private List<Row> run(Set<String> engines, String python) throws IOException, InterruptedException {
        if (engines.contains("own")) {
            own("postdevai", VectorKernels.best(), Precision.FLOAT);
        }
        if (engines.contains("own8")) {
            own("postdevai, 8 bit", VectorKernels.best(), Precision.BYTE);
        }
        if (engines.contains("own4")) {
            own("postdevai, 4 bit", VectorKernels.best(), Precision.NIBBLE);
        }
        if (engines.contains("plain")) {
            own("postdevai without the vector module", VectorKernels.plain(), Precision.FLOAT);
        }
        List<String> peers = engines.stream()
                .filter(engine -> engine.equals("hnswlib") || engine.startsWith("fs"))
                .toList();
        if (!peers.isEmpty()) {
            Path folder = Files.createTempDirectory("vectors");
            try {
                add(PythonPeers.measure(python, folder, data, peers));
            } finally {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        }
        if (engines.contains("lucene")) {
            add(LuceneGraph.measure(data));
        }
        if (engines.contains("own")) {
            own("postdevai, again", VectorKernels.best(), Precision.FLOAT);
        }
        return rows;
    }

    private void own(String name, Kernels kernels, Precision precision) throws IOException {
        add(new OwnIndex(name, data, kernels, precision).measure());
    }

    /** Each engine's rows are kept at once: who ends a long run early has what was measured until then. */
    private void add(List<Row> measured) throws IOException {
        rows.addAll(measured);
        if (csv.isPresent()) {
            Measured.append(csv.get(), data, measured);
        }
    }

    private static void report(VectorData data, List<Row> rows) {
        System.out.printf("%nset %s, %d x %d%n", data.name(), data.base().length, data.dimensions());
        for (double target : TARGETS) {
            double peer = best(rows, "hnswlib", target);
            rows.stream()
                    .map(Row::engine)
                    .distinct()
                    .forEach(engine -> rows.stream()
                            .filter(row -> row.engine().equals(engine) && row.recall() >= target)
                            .max(Comparator.comparingDouble(Row::rate))
                            .ifPresentOrElse(
                                    row -> System.out.printf(
                                            "%.2f  %-36s %8.0f q/s  recall %.4f  p99 %5.0f us  %5.2f x hnswlib  build %6.2f CPU s "
                                                    + " %5.0f B  (%s)%n",
                                            target,
                                            engine,
                                            row.rate(),
                                            row.recall(),
                                            row.p99Micros(),
                                            row.rate() / peer,
                                            row.buildCpuSeconds(),
                                            row.bytes(),
                                            row.settings()),
                                    () -> System.out.printf("%.2f  %-36s not reached%n", target, engine)));
        }
        rows.stream()
                .filter(row -> row.settings().startsWith("calibrated"))
                .forEach(row -> System.out.printf(
                        "as it runs: %-31s %8.0f q/s  recall %.4f  (%s)%n",
                        row.engine(), row.rate(), row.recall(), row.settings()));
    }

    private static double best(List<Row> rows, String engine, double target) {
        return rows.stream()
                .filter(row -> row.engine().equals(engine) && row.recall() >= target)
                .mapToDouble(Row::rate)
                .max()
                .orElse(Double.NaN);
    }
}
