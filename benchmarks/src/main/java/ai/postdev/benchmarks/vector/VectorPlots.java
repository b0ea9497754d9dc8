package ai.postdev.benchmarks.vector;

import ai.postdev.benchmarks.plot.SvgPlot;
import ai.postdev.benchmarks.plot.SvgPlot.Axis;
import ai.postdev.benchmarks.plot.SvgPlot.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Draws what {@link VectorSideBySide} measured: for each set the questions a second against recall, of each engine the
 * settings that no other one of it beats in both, and for one set the time of a question against the number of vectors.
 *
 * <p>Arguments: {@code CSV FOLDER}.
 */
public final class VectorPlots {
    private static final double RECALL = 0.99;
    private static final String AGAIN = "; again";
    private static final double[] RECALLS = {0.9, 0.92, 0.94, 0.96, 0.98, 1};
    private static final double[] RATES = {1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000};
    private static final double[] SIZES = {10_000, 30_000, 100_000, 300_000, 1_000_000};
    private static final double[] MICROS = {10, 20, 50, 100, 200, 500, 1_000};

    private VectorPlots() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.out.println("arguments: CSV FOLDER");
            return;
        }
        List<Measured> all = Measured.read(Path.of(args[0]));
        Path folder = Files.createDirectories(Path.of(args[1]));
        for (String set : new TreeSet<>(all.stream().map(Measured::set).toList())) {
            List<Measured> ofSet =
                    all.stream().filter(row -> row.set().equals(set)).toList();
            TreeSet<Integer> sizes =
                    new TreeSet<>(ofSet.stream().map(Measured::vectors).toList());
            for (int size : sizes) {
                List<Measured> rows =
                        ofSet.stream().filter(row -> row.vectors() == size).toList();
                Files.writeString(folder.resolve("recall-" + set + "-" + size + ".svg"), recall(set, size, rows));
            }
            if (sizes.size() > 1) {
                Files.writeString(folder.resolve("size-" + set + ".svg"), sizes(set, sizes, ofSet));
            }
        }
    }

    private static List<String> engines(List<Measured> rows) {
        return rows.stream()
                .map(row -> row.row().engine())
                .filter(engine -> !engine.endsWith(AGAIN))
                .distinct()
                .toList();
    }

    private static String recall(String set, int size, List<Measured> rows) {
        SvgPlot plot = new SvgPlot(
                "Set " + set + ", " + number(size) + " vectors of 384 numbers",
                new Axis("recall of the ten nearest", false, RECALLS, tick -> String.format(Locale.ROOT, "%.2f", tick)),
                new Axis("questions for a second of one thread", true, RATES, VectorPlots::number));
        for (String engine : engines(rows)) {
            plot.add(new Series(engine, false, frontier(rows, engine)));
        }
        return plot.draw();
    }

    /** The settings of an engine, by recall, of which none is both faster and more exact. */
    private static List<double[]> frontier(List<Measured> rows, String engine) {
        List<Row> sorted = rows.stream()
                .map(Measured::row)
                .filter(row -> row.engine().equals(engine))
                .sorted(Comparator.comparingDouble(Row::recall)
                        .thenComparingDouble(Row::rate)
                        .reversed())
                .toList();
        List<double[]> points = new ArrayList<>();
        double fastest = 0;
        for (Row row : sorted) {
            if (row.rate() > fastest) {
                fastest = row.rate();
                points.addFirst(new double[] {row.recall(), row.rate()});
            }
        }
        return points;
    }

    private static String sizes(String set, TreeSet<Integer> sizes, List<Measured> rows) {
        SvgPlot plot = new SvgPlot(
                "Set " + set + ", a question at recall 0.99",
                new Axis("vectors of 384 numbers", true, SIZES, VectorPlots::number),
                new Axis("microseconds of one thread", true, MICROS, VectorPlots::number));
        for (String engine : engines(rows)) {
            List<double[]> means = new ArrayList<>();
            List<double[]> slowest = new ArrayList<>();
            for (int size : sizes) {
                Optional<Row> best = rows.stream()
                        .filter(row -> row.vectors() == size)
                        .map(Measured::row)
                        .filter(row -> row.engine().equals(engine) && row.recall() >= RECALL)
                        .max(Comparator.comparingDouble(Row::rate));
                best.ifPresent(row -> {
                    means.add(new double[] {size, 1e6 / row.rate()});
                    slowest.add(new double[] {size, row.p99Micros()});
                });
            }
            if (!means.isEmpty()) {
                plot.add(new Series(engine, false, means));
                plot.add(new Series("its slowest of a hundred", true, slowest));
            }
        }
        return plot.draw();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value).replace(',', '\u2009');
    }
}
