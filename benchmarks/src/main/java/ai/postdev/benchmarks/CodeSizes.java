package ai.postdev.benchmarks;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.benchmarks.CodeQueries.Query;
import ai.postdev.benchmarks.plot.SvgPlot;
import ai.postdev.benchmarks.plot.SvgPlot.Axis;
import ai.postdev.benchmarks.plot.SvgPlot.Series;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.GrepWarming;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * How the time of a search grows with the code: the 24 queries at 10 MB to 2 GB, beside ripgrep where it is installed, printed,
 * and drawn as a plot. A folder smaller than the size is taken again and again, each file with a line of its own, so beyond
 * the folder's own size the matches grow with the text. Arguments: a folder of UTF-8 text files, the largest size in
 * megabytes, and a file for the plot.
 */
public final class CodeSizes {
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final int[] MEGABYTES = {10, 30, 100, 300, 1_000, 2_000};
    private static final double[] SIZES = {10, 30, 100, 300, 1_000, 2_000};
    private static final double[] MILLIS = {0.01, 0.1, 1, 10, 100, 1_000, 10_000};
    private static final int WARM_ROUNDS = 3;
    private static final int ROUNDS = 5;
    private static final long TEXT_BYTES_MAX = 3L << 30;

    private record Line(String name, boolean dashed, List<double[]> points) {
        void add(int megabytes, double millis) {
            points.add(new double[] {megabytes, millis});
        }
    }

    private final List<Path> files;
    private final Path folder;
    private final Path copies;
    private final CodeEngine engine;
    private final List<Line> lines = new ArrayList<>();
    private long bytes;
    private int taken;

    private CodeSizes(Path folder, Path copies) throws IOException {
        this.folder = folder;
        this.copies = copies;
        this.engine = new CodeEngine(
                new CodeSettings(TEXT_BYTES_MAX, TEXT_BYTES_MAX / 2, THREADS, 1, 1, Duration.ofSeconds(10), 1),
                _ -> Optional.empty());
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3) {
            System.err.println("usage: CodeSizes FOLDER MEGABYTES PLOT");
            System.exit(2);
        }
        Path copies = Files.createTempDirectory("postdevai-code-sizes");
        try {
            new CodeSizes(Path.of(arguments[0]), copies).measure(Integer.parseInt(arguments[1]), Path.of(arguments[2]));
        } finally {
            delete(copies);
        }
    }

    private void measure(int most, Path plot) throws Exception {
        boolean ripgrep = CodeQueries.installed("rg", "--version");
        if (!ripgrep) {
            System.out.println("NOT COMPARED: rg is absent");
        }
        Line first = line("first 50 documents, p50", false);
        Line firstSlow = line("its p95", true);
        Line all = line("all matches, p50", false);
        Line allSlow = line("its p95", true);
        Line theirs = line("ripgrep, all matches, p50", false);
        for (int megabytes : MEGABYTES) {
            if (megabytes > most) {
                break;
            }
            grow(megabytes * 1_000_000L);
            engine.indexAll();
            engine.warming().run();
            CodeView view = engine.view();
            GrepWarming.run(view);
            double[] firstMillis = new double[CodeQueries.ALL.size()];
            double[] allMillis = new double[firstMillis.length];
            double[] theirMillis = new double[firstMillis.length];
            try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
                for (int i = 0; i < firstMillis.length; i++) {
                    Query query = CodeQueries.ALL.get(i);
                    firstMillis[i] = median(() -> view.grep(query.grep(50, 3), pool));
                    allMillis[i] = median(() -> view.grep(query.grep(Integer.MAX_VALUE, 0), pool));
                    if (ripgrep) {
                        long began = System.nanoTime();
                        query.ripgrep(copies);
                        theirMillis[i] = (System.nanoTime() - began) / 1e6;
                    }
                }
            }
            add(megabytes, firstMillis, first, firstSlow);
            add(megabytes, allMillis, all, allSlow);
            if (ripgrep) {
                add(megabytes, theirMillis, theirs, null);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%,5d MB in %,d files: first 50 %s, all %s, ripgrep %s; index %.3f bytes for a byte of text%n",
                    megabytes,
                    taken,
                    told(firstMillis),
                    told(allMillis),
                    ripgrep ? told(theirMillis) : "-",
                    (double) view.indexBytes() / bytes);
        }
        draw(plot);
    }

    private Line line(String name, boolean dashed) {
        Line line = new Line(name, dashed, new ArrayList<>());
        lines.add(line);
        return line;
    }

    private static void add(int megabytes, double[] millis, Line middle, Line slow) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        middle.add(megabytes, sorted[sorted.length / 2]);
        if (slow != null) {
            slow.add(megabytes, sorted[(int) (sorted.length * 0.95)]);
        }
    }

    private static String told(double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT, "p50 %.2f p95 %.2f ms", sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.95)]);
    }

    /** What is timed. */
    @FunctionalInterface
    private interface Search {
        void run() throws Exception;
    }

    private static double median(Search search) throws Exception {
        double[] times = new double[ROUNDS];
        for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
            long began = System.nanoTime();
            search.run();
            if (round >= 0) {
                times[round] = (System.nanoTime() - began) / 1e6;
            }
        }
        Arrays.sort(times);
        return times[ROUNDS / 2];
    }

    /** Adds files to the store and to the folder for ripgrep until their text is so large. */
    private void grow(long until) throws IOException {
        while (bytes < until) {
            int copy = taken / files.size();
            Path file = files.get(taken % files.size());
            taken++;
            String path = "copy" + copy + "/" + folder.relativize(file);
            byte[] text = Files.readAllBytes(file);
            if (copy > 0) {
                byte[] line = ("// copy " + copy + " of " + path + "\n").getBytes(StandardCharsets.UTF_8);
                byte[] longer = Arrays.copyOf(line, line.length + text.length);
                System.arraycopy(text, 0, longer, line.length, text.length);
                text = longer;
            }
            bytes += text.length;
            ContentHash hash = ContentHash.of(text);
            Body put = new Body.PutDocument(
                    new WorkspaceId("bench"), path, hash, text.length, Language.ofPath(path), 0, text.length);
            Operation operation =
                    new Operation(new ProjectId("bench"), new Origin("bench"), taken, HybridTime.of(taken, 0), put);
            engine.fold(operation, Map.of(hash, text));
            Path written = copies.resolve(path);
            Files.createDirectories(written.getParent());
            Files.write(written, text);
        }
    }

    private void draw(Path plot) throws IOException {
        SvgPlot picture = new SvgPlot(
                "Search in code, 24 queries",
                new Axis("megabytes of code", true, SIZES, CodeSizes::number),
                new Axis("milliseconds", true, MILLIS, CodeSizes::number));
        for (Line line : lines) {
            if (!line.points().isEmpty()) {
                picture.add(new Series(line.name(), line.dashed(), line.points()));
            }
        }
        Files.writeString(plot, picture.draw());
    }

    private static String number(double value) {
        return value < 1
                ? Double.toString(value)
                : String.format(Locale.ROOT, "%,.0f", value).replace(',', '\u2009');
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException failed) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
