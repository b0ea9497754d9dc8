package ai.postdev.app.bench;

import ai.postdev.app.bench.SembleQuestions.Question;
import ai.postdev.app.bench.SembleQuestions.Repository;
import ai.postdev.coordinator.ask.CheckedAnswer;
import ai.postdev.coordinator.ask.Evidence;
import ai.postdev.coordinator.ask.Relevance;
import ai.postdev.coordinator.gateway.GatewaySettings;
import ai.postdev.dragon.lake.retrieval.ContextSettings;
import ai.postdev.v1.Citation;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.Hit;
import com.google.gson.JsonObject;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts questions that a repository answers, and such as it cannot, to the part of {@code ask} that no model has a hand in: which
 * places an answer cites, and whether one is given at all. Of the questions of the semble benchmark those in words are taken;
 * the others are about things that none of the trees has anything of. Documents are read too, as a user's node does.
 */
public final class AskBench {
    private static final String USAGE =
            "usage: bench ask DIR [--questions FOLDER] [--embeddings FILE] [--text-only] [--per-query]"
                    + " [--json]\n"
                    + "  DIR holds one checked-out tree for each repository, under its name;"
                    + " FILE keeps embeddings\n  for the next run";
    private static final String UNANSWERABLE = "unanswerable.txt";

    /** What became of a question that can be answered. */
    private enum Fate {
        /** A needed file is among those cited. */
        CITED("a needed file is cited"),
        /** The evidence holds a needed file, but others come before it. */
        BEHIND("a needed file is in the evidence, behind those cited"),
        /** A needed file was found, and left out when the evidence was packed. */
        LEFT_OUT("a needed file was found and is not in the evidence"),
        /** No needed file was found. */
        NOT_FOUND("no needed file was found"),
        /** No answer was given, though a needed file would have been cited. */
        REFUSED("refused, though a needed file would have been cited"),
        /** No answer was given, and it would have cited no needed file. */
        REFUSED_RIGHTLY("refused, and no needed file would have been cited");

        private final String words;

        Fate(String words) {
            this.words = words;
        }
    }

    /** What became of the questions. */
    private static final class Tally {
        private final Map<Fate, Integer> answerable = new EnumMap<>(Fate.class);
        private int unanswerable;
        private int refused;

        void add(Fate fate) {
            answerable.merge(fate, 1, Integer::sum);
        }

        private int count(Fate fate) {
            return answerable.getOrDefault(fate, 0);
        }

        private int all() {
            return answerable.values().stream().mapToInt(Integer::intValue).sum();
        }

        private static double share(int part, int whole) {
            return whole == 0 ? 0 : (double) part / whole;
        }

        void print(PrintStream out) {
            out.printf(Locale.ROOT, "answerable    %d%n", all());
            for (Fate fate : Fate.values()) {
                out.printf(
                        Locale.ROOT, "  %4d  %5.1f %%  %s%n", count(fate), 100 * share(count(fate), all()), fate.words);
            }
            out.printf(
                    Locale.ROOT,
                    "unanswerable  %d: %d refused (%.1f %%)%n",
                    unanswerable,
                    refused,
                    100 * share(refused, unanswerable));
        }

        JsonObject json() {
            JsonObject json = new JsonObject();
            json.addProperty("answerable", all());
            json.addProperty("cited", count(Fate.CITED));
            json.addProperty("behind", count(Fate.BEHIND));
            json.addProperty("leftOut", count(Fate.LEFT_OUT));
            json.addProperty("notFound", count(Fate.NOT_FOUND));
            json.addProperty("refusedWrongly", count(Fate.REFUSED) + count(Fate.REFUSED_RIGHTLY));
            json.addProperty("unanswerable", unanswerable);
            json.addProperty("refused", refused);
            return json;
        }
    }

    private AskBench() {}

    /** Runs as a program of its own. */
    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    /**
     * Runs the benchmark.
     *
     * @param args what follows {@code bench ask}
     * @return the exit code: 0 done, 2 wrong use, 5 failed
     */
    public static int run(List<String> args, PrintStream out, PrintStream err) {
        return QuestionRun.run(args, Set.of(), USAGE, err, run -> measure(run, out, err));
    }

    private static void measure(QuestionRun run, PrintStream out, PrintStream err) throws IOException {
        List<String> unanswerable = unanswerable();
        Config config = ConfigFactory.load();
        int tokens = GatewaySettings.from(config).evidenceTokens();
        int candidates = ContextSettings.from(config).passagesMax();
        Tally tally = new Tally();
        run.forEach(err, (repository, tree, lake) -> {
            lake.read(tree, "", true);
            ask(lake, repository, unanswerable, tokens, candidates, run.each(out), tally);
        });
        if (run.json()) {
            out.println(tally.json());
        } else {
            tally.print(out);
        }
    }

    private static List<String> unanswerable() throws IOException {
        try (InputStream in = AskBench.class.getResourceAsStream(UNANSWERABLE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .toList();
        }
    }

    private static void ask(
            BenchLake lake,
            Repository repository,
            List<String> unanswerable,
            int tokens,
            int candidates,
            Optional<PrintStream> each,
            Tally tally) {
        for (Question question : repository.questions()) {
            if (question.category().equals("symbol")) {
                continue;
            }
            Fate fate = fate(lake, question, tokens, candidates);
            tally.add(fate);
            each.ifPresent(out -> out.printf("%-15s %-14s %s%n", fate.name(), repository.name(), question.query()));
        }
        for (String question : unanswerable) {
            boolean answered = Relevance.enough(question, Evidence.of(lake.context(question, tokens)));
            tally.unanswerable++;
            tally.refused += answered ? 0 : 1;
            each.ifPresent(out ->
                    out.printf("%-15s %-14s %s%n", answered ? "ANSWERED" : "refused", repository.name(), question));
        }
    }

    private static Fate fate(BenchLake lake, Question question, int tokens, int candidates) {
        Evidence evidence = Evidence.of(lake.context(question.query(), tokens));
        boolean cited = needs(
                question, CheckedAnswer.of("", evidence).citations().stream().map(Citation::getPath));
        if (!Relevance.enough(question.query(), evidence)) {
            return cited ? Fate.REFUSED : Fate.REFUSED_RIGHTLY;
        }
        if (cited) {
            return Fate.CITED;
        }
        if (needs(question, evidence.passages().stream().map(ContextItem::getPath))) {
            return Fate.BEHIND;
        }
        Stream<String> found =
                lake.search(question.query(), candidates).getHitsList().stream().map(Hit::getPath);
        return needs(question, found) ? Fate.LEFT_OUT : Fate.NOT_FOUND;
    }

    /** Whether one of the paths is a file that the question needs. */
    private static boolean needs(Question question, Stream<String> paths) {
        return paths.anyMatch(path ->
                question.needed().stream().anyMatch(target -> target.path().equals(path)));
    }
}
