package ai.postdev.app.bench;

import ai.postdev.app.bench.Ndcg.Entry;
import ai.postdev.app.bench.SembleQuestions.Question;
import ai.postdev.app.bench.SembleQuestions.Repository;
import ai.postdev.dragon.model.Embedder;
import ai.postdev.dragon.model.EmbedderSettings;
import ai.postdev.dragon.model.MiniLmEmbedder;
import ai.postdev.v1.SearchAnswer;
import com.google.gson.JsonObject;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

    /** Each question is asked so often; the fastest counts, as the first ones warm the machine. */
    private static final int RUNS = 3;

    private static final String USAGE =
            "usage: bench semble DIR [--questions FOLDER] [--text-only] [--lines | --dedupe]"
                    + " [--per-query] [--json]\n  DIR holds one checked-out tree for each repository, under its name";

    private enum Entries {
        FILES,
        LINES,
        DEDUPE
    }

    private record Options(
            Path trees, Path questions, boolean textOnly, Entries entries, boolean perQuery, boolean json) {}

    private record Row(String query, String category, double score, double tookMs) {}

    private record Report(String name, int files, long bytes, long chunks, List<Row> rows) {
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
        Optional<Options> options = options(args);
        if (options.isEmpty()) {
            err.println(USAGE);
            return 2;
        }
        try {
            return measure(options.get(), out, err);
        } catch (IOException e) {
            err.println(e.getMessage());
            return 5;
        }
    }

    private static Optional<Options> options(List<String> args) {
        Path trees = null;
        Path questions = null;
        Entries entries = Entries.FILES;
        boolean textOnly = false;
        boolean perQuery = false;
        boolean json = false;
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            switch (arg) {
                case "--questions" -> {
                    if (++i == args.size()) {
                        return Optional.empty();
                    }
                    questions = Path.of(args.get(i));
                }
                case "--text-only" -> textOnly = true;
                case "--lines" -> entries = Entries.LINES;
                case "--dedupe" -> entries = Entries.DEDUPE;
                case "--per-query" -> perQuery = true;
                case "--json" -> json = true;
                default -> {
                    if (arg.startsWith("--") || trees != null) {
                        return Optional.empty();
                    }
                    trees = Path.of(arg);
                }
            }
        }
        return trees == null
                ? Optional.empty()
                : Optional.of(
                        new Options(trees, questions == null ? trees : questions, textOnly, entries, perQuery, json));
    }

    private static int measure(Options options, PrintStream out, PrintStream err) throws IOException {
        List<Repository> repositories = SembleQuestions.read(options.questions());
        Config config = ConfigFactory.load();
        List<Report> reports = new ArrayList<>();
        Path cache = Files.createTempDirectory("postdevai-bench");
        try (Embedder embedder =
                options.textOnly() ? null : MiniLmEmbedder.load(EmbedderSettings.from(config, cache))) {
            for (Repository repository : repositories) {
                Path tree = options.trees().resolve(repository.name());
                if (Files.isDirectory(tree.resolve(repository.root()))) {
                    reports.add(measure(repository, tree, config, Optional.ofNullable(embedder), options));
                } else {
                    err.println(repository.name() + " is left out: no folder " + tree.resolve(repository.root()));
                }
            }
        }
        if (reports.isEmpty()) {
            throw new IOException("none of the " + repositories.size() + " repositories of " + options.questions()
                    + " has a tree in " + options.trees());
        }
        if (options.json()) {
            out.println(json(reports));
        } else {
            print(reports, options, out);
        }
        return 0;
    }

    private static Report measure(
            Repository repository, Path tree, Config config, Optional<Embedder> embedder, Options options)
            throws IOException {
        try (BenchLake lake = new BenchLake(config, embedder)) {
            lake.read(tree, repository.root());
            List<Row> rows = new ArrayList<>();
            for (Question question : repository.questions()) {
                SearchAnswer answer = lake.search(question.query(), HITS);
                double tookMs = answer.getTookMs();
                for (int run = 1; run < RUNS; run++) {
                    tookMs =
                            Math.min(tookMs, lake.search(question.query(), HITS).getTookMs());
                }
                double score = Ndcg.of(
                        entries(answer, options.entries()), question.targets(), options.entries() == Entries.DEDUPE);
                rows.add(new Row(question.query(), question.category(), score, tookMs));
            }
            return new Report(repository.name(), lake.files(), lake.bytes(), lake.embedded(), rows);
        }
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

    private static void print(List<Report> reports, Options options, PrintStream out) {
        out.printf(
                "nDCG@10, %s, entries: %s%n",
                options.textOnly() ? "text and rules only" : "text, rules and " + MiniLmEmbedder.MODEL,
                switch (options.entries()) {
                    case FILES -> "distinct files by their best hit";
                    case LINES -> "hits with lines, repeats kept";
                    case DEDUPE -> "first ten hits reduced to distinct files";
                });
        Map<String, List<Double>> categories = new TreeMap<>();
        for (Report report : reports) {
            if (options.perQuery()) {
                report.rows()
                        .forEach(row -> out.printf(
                                Locale.ROOT, "  %.4f  %-14s %s%n", row.score(), row.category(), row.query()));
            }
            out.printf(
                    Locale.ROOT,
                    "%-16s %.4f  (%d questions, %d files, %.1f MB, %d chunks embedded)%n",
                    report.name(),
                    report.score(),
                    report.rows().size(),
                    report.files(),
                    report.bytes() / 1e6,
                    report.chunks());
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
                "time of a question: p50 %.2f ms, p95 %.2f ms%n",
                took[(int) (took.length * 0.5)],
                took[(int) (took.length * 0.95)]);
    }

    private static List<Double> scores(List<Report> reports) {
        return reports.stream().map(Report::score).toList();
    }

    private static double[] took(List<Report> reports) {
        return reports.stream()
                .flatMap(report -> report.rows().stream())
                .mapToDouble(Row::tookMs)
                .sorted()
                .toArray();
    }

    private static JsonObject json(List<Report> reports) {
        JsonObject files = new JsonObject();
        for (Report report : reports) {
            JsonObject one = new JsonObject();
            one.addProperty("ndcg10", report.score());
            one.addProperty("questions", report.rows().size());
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
