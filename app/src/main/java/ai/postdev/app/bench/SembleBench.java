package ai.postdev.app.bench;

import ai.postdev.app.bench.Ndcg.Entry;
import ai.postdev.app.bench.SembleQuestions.Question;
import ai.postdev.app.bench.SembleQuestions.Repository;
import ai.postdev.dragon.model.MiniLmEmbedder;
import ai.postdev.v1.SearchAnswer;
import com.google.gson.JsonObject;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Runs the question sets of the semble benchmark through the product's own search over their trees and prints nDCG@10
 * for each repository and category.
 *
 * <p>An answer lists every file once before it shows further places of one, so entries are files by their best hit, in
 * the order of the hits. {@code --lines} scores the hits themselves, with their lines, repeats kept; {@code --dedupe}
 * does as the flag of the benchmark's own scorer: the first ten hits, reduced to distinct files.
 */
public final class SembleBench {
    /** More hits than are scored, so that ten distinct files are among them. */
    private static final int HITS = 50;

    /** Times are those of an answer as a person gets it. */
    private static final int TIMED_HITS = 10;

    /** All questions are asked so often to warm the machine, and then so often; of these the fastest of each counts. */
    private static final int WARMING = 60;

    private static final int TIMED = 5;

    /** Each tree is read so often where nothing is embedded. */
    private static final int READINGS = 5;

    private static final String USAGE = "usage: bench semble DIR [--questions FOLDER] [--embeddings FILE] [--text-only]"
            + " [--lines | --dedupe] [--per-query] [--json]\n  DIR holds one checked-out tree for each repository, under its name";

    private static final String LINES = "--lines";
    private static final String DEDUPE = "--dedupe";

    private enum Entries {
        FILES,
        LINES,
        DEDUPE
    }

    private record Row(String query, String category, double score) {}

    /**
     * What was measured of one repository.
     *
     * @param readMs what reading and indexing took when it was warm; 0 where it was not measured
     * @param tookMs what each question took when it was warm
     */
    private record Report(
            String name, int files, long bytes, long chunks, double readMs, double[] tookMs, List<Row> rows) {
        double score() {
            return Ndcg.mean(rows.stream().map(Row::score).toList());
        }

        Map<String, Double> byCategory() {
            Map<String, List<Double>> values = new TreeMap<>();
            rows.forEach(row -> values.computeIfAbsent(row.category(), _ -> new ArrayList<>())
                    .add(row.score()));
            Map<String, Double> means = new TreeMap<>();
            values.forEach((category, scores) -> means.put(category, Ndcg.mean(scores)));
            return means;
        }
    }

    private SembleBench() {}

    /** Runs as a program of its own. */
    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    /**
     * Runs the benchmark.
     *
     * @param args what follows {@code bench semble}
     * @return the exit code: 0 done, 2 wrong use, 5 failed
     */
    public static int run(List<String> args, PrintStream out, PrintStream err) {
        return QuestionRun.run(args, Set.of(LINES, DEDUPE), USAGE, err, run -> measure(run, out, err));
    }

    private static void measure(QuestionRun run, PrintStream out, PrintStream err) throws IOException {
        Entries entries = run.flags().contains(DEDUPE)
                ? Entries.DEDUPE
                : run.flags().contains(LINES) ? Entries.LINES : Entries.FILES;
        List<Report> reports = new ArrayList<>();
        run.forEach(err, (repository, tree, lake) -> reports.add(measure(run, repository, tree, lake, entries)));
        if (run.json()) {
            out.println(json(reports));
        } else {
            print(reports, run, entries, out);
        }
    }

    private static Report measure(QuestionRun run, Repository repository, Path tree, BenchLake lake, Entries entries)
            throws IOException {
        lake.read(tree, repository.root(), false);
        List<Row> rows = new ArrayList<>();
        for (Question question : repository.questions()) {
            SearchAnswer answer = lake.search(question.query(), HITS);
            double score = Ndcg.of(entries(answer, entries), question.targets(), entries == Entries.DEDUPE);
            rows.add(new Row(question.query(), question.category(), score));
        }
        return new Report(
                repository.name(),
                lake.files(),
                lake.bytes(),
                lake.embedded(),
                run.textOnly() ? readMs(repository, tree) : 0,
                tookMs(repository, lake),
                rows);
    }

    private static double[] tookMs(Repository repository, BenchLake lake) {
        double[] fastest = new double[repository.questions().size()];
        Arrays.fill(fastest, Double.MAX_VALUE);
        for (int round = 0; round < WARMING + TIMED; round++) {
            for (int i = 0; i < fastest.length; i++) {
                long start = System.nanoTime();
                lake.search(repository.questions().get(i).query(), TIMED_HITS);
                double millis = (System.nanoTime() - start) / 1e6;
                fastest[i] = round < WARMING ? fastest[i] : Math.min(fastest[i], millis);
            }
        }
        return fastest;
    }

    /** The fastest of some readings into a new lake, as the first ones warm the machine. */
    private static double readMs(Repository repository, Path tree) throws IOException {
        double fastest = Double.MAX_VALUE;
        for (int i = 0; i < READINGS; i++) {
            try (BenchLake lake = new BenchLake(ConfigFactory.load(), Optional.empty())) {
                long start = System.nanoTime();
                lake.read(tree, repository.root(), false);
                fastest = Math.min(fastest, (System.nanoTime() - start) / 1e6);
            }
        }
        return fastest;
    }

    private static List<Entry> entries(SearchAnswer answer, Entries entries) {
        return switch (entries) {
            case FILES ->
                answer.getHitsList().stream()
                        .map(hit -> Entry.file(hit.getPath()))
                        .distinct()
                        .toList();
            case LINES, DEDUPE ->
                answer.getHitsList().stream()
                        .map(hit -> new Entry(hit.getPath(), hit.getStartLine(), hit.getEndLine()))
                        .toList();
        };
    }

    private static void print(List<Report> reports, QuestionRun run, Entries entries, PrintStream out) {
        out.printf(
                "nDCG@10, %s, entries: %s%n",
                run.textOnly() ? "text and rules only" : "text, rules and " + MiniLmEmbedder.MODEL,
                switch (entries) {
                    case FILES -> "distinct files by their best hit";
                    case LINES -> "hits with lines, repeats kept";
                    case DEDUPE -> "first ten hits reduced to distinct files";
                });
        Map<String, List<Double>> categories = new TreeMap<>();
        for (Report report : reports) {
            run.each(out)
                    .ifPresent(each -> report.rows()
                            .forEach(row -> each.printf(
                                    Locale.ROOT, "  %.4f  %-14s %s%n", row.score(), row.category(), row.query())));
            out.printf(
                    Locale.ROOT,
                    "%-16s %.4f  (%d questions, %d files, %.1f MB, %d chunks embedded)%n",
                    report.name(),
                    report.score(),
                    report.rows().size(),
                    report.files(),
                    report.bytes() / 1e6,
                    report.chunks());
            if (report.readMs() > 0) {
                out.printf(Locale.ROOT, "  read and indexed in %.0f ms%n", report.readMs());
            }
            report.byCategory().forEach((category, score) -> {
                out.printf(Locale.ROOT, "  %-14s %.4f%n", category, score);
                categories.computeIfAbsent(category, _ -> new ArrayList<>()).add(score);
            });
        }
        out.printf(Locale.ROOT, "mean of %d        %.4f%n", reports.size(), Ndcg.mean(scores(reports)));
        categories.forEach(
                (category, scores) -> out.printf(Locale.ROOT, "  %-14s %.4f%n", category, Ndcg.mean(scores)));
        double[] took = took(reports);
        out.printf(
                Locale.ROOT,
                "time of a question, %d hits, warm: p50 %.2f ms, p95 %.2f ms%n",
                TIMED_HITS,
                took[(int) (took.length * 0.5)],
                took[(int) (took.length * 0.95)]);
    }

    private static List<Double> scores(List<Report> reports) {
        return reports.stream().map(Report::score).toList();
    }

    private static double[] took(List<Report> reports) {
        return reports.stream()
                .flatMapToDouble(report -> Arrays.stream(report.tookMs()))
                .sorted()
                .toArray();
    }

    private static JsonObject json(List<Report> reports) {
        JsonObject files = new JsonObject();
        for (Report report : reports) {
            JsonObject one = new JsonObject();
            one.addProperty("ndcg10", report.score());
            one.addProperty("questions", report.rows().size());
            if (report.readMs() > 0) {
                one.addProperty("readMs", report.readMs());
            }
            JsonObject categories = new JsonObject();
            report.byCategory().forEach(categories::addProperty);
            one.add("byCategory", categories);
            files.add(report.name(), one);
        }
        JsonObject all = new JsonObject();
        all.addProperty("ndcg10", Ndcg.mean(scores(reports)));
        double[] took = took(reports);
        all.addProperty("tookMsP50", took[(int) (took.length * 0.5)]);
        all.addProperty("tookMsP95", took[(int) (took.length * 0.95)]);
        all.add("repositories", files);
        return all;
    }
}
