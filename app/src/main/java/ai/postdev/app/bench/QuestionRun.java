package ai.postdev.app.bench;

import ai.postdev.app.bench.SembleQuestions.Repository;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What benchmarks over question sets have in common: where trees and questions lie, and a lake for each repository that has a
 * tree.
 *
 * @param trees folder with one checked-out tree for each repository, under its name
 * @param questions folder of the question sets
 * @param kept file that keeps embeddings for the next run; empty: none
 * @param flags that were given
 */
record QuestionRun(Path trees, Path questions, Optional<Path> kept, Set<String> flags) {
    static final String TEXT_ONLY = "--text-only";
    static final String PER_QUERY = "--per-query";
    static final String JSON = "--json";
    private static final String QUESTIONS = "--questions";
    private static final String KEPT = "--embeddings";

    /** Does something with one repository. */
    interface Work {
        /**
         * @param tree of the repository
         * @param lake that is empty
         * @throws IOException if the tree cannot be read
         */
        void with(Repository repository, Path tree, BenchLake lake) throws IOException;
    }

    /** A benchmark after its arguments were read. */
    interface Measure {
        /** @throws IOException if trees or questions cannot be read */
        void measure(QuestionRun run) throws IOException;
    }

    /**
     * Reads {@code DIR [--questions FOLDER] [--embeddings FILE] [FLAG...]}.
     *
     * @param own flags beside those that all have
     * @return empty if they are used wrongly
     */
    static Optional<QuestionRun> of(List<String> args, Set<String> own) {
        Path trees = null;
        Path questions = null;
        Path kept = null;
        Set<String> flags = new HashSet<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals(QUESTIONS) && i + 1 < args.size()) {
                questions = Path.of(args.get(++i));
            } else if (arg.equals(KEPT) && i + 1 < args.size()) {
                kept = Path.of(args.get(++i));
            } else if (own.contains(arg) || Set.of(TEXT_ONLY, PER_QUERY, JSON).contains(arg)) {
                flags.add(arg);
            } else if (arg.startsWith("--") || trees != null) {
                return Optional.empty();
            } else {
                trees = Path.of(arg);
            }
        }
        return trees == null
                ? Optional.empty()
                : Optional.of(new QuestionRun(
                        trees, questions == null ? trees : questions, Optional.ofNullable(kept), flags));
    }

    /**
     * Runs a benchmark as a command.
     *
     * @return the exit code: 0 done, 2 wrong use, 5 failed
     */
    static int run(List<String> args, Set<String> own, String usage, PrintStream err, Measure measure) {
        Optional<QuestionRun> run = of(args, own);
        if (run.isEmpty()) {
            err.println(usage);
            return 2;
        }
        try {
            measure.measure(run.get());
            return 0;
        } catch (IOException e) {
            err.println(e.getMessage());
            return 5;
        }
    }

    /** Whether nothing is embedded. */
    boolean textOnly() {
        return flags.contains(TEXT_ONLY);
    }

    /** Where each question is told; empty if only the sums are wanted. */
    Optional<PrintStream> each(PrintStream out) {
        return flags.contains(PER_QUERY) ? Optional.of(out) : Optional.empty();
    }

    /** Whether the result is printed as JSON. */
    boolean json() {
        return flags.contains(JSON);
    }

    /**
     * Has work done with each repository that has a tree, and says which have none.
     *
     * @throws IOException if something cannot be read, or no repository has a tree
     */
    void forEach(PrintStream err, Work work) throws IOException {
        List<Repository> repositories = SembleQuestions.read(questions);
        Config config = ConfigFactory.load();
        Path cache = Files.createTempDirectory("postdevai-bench");
        int done = 0;
        try (BenchEmbedder embedder = textOnly() ? null : BenchEmbedder.load(config, cache, kept)) {
            for (Repository repository : repositories) {
                Path tree = trees.resolve(repository.name());
                if (Files.isDirectory(tree.resolve(repository.root()))) {
                    try (BenchLake lake = new BenchLake(config, Optional.ofNullable(embedder))) {
                        work.with(repository, tree.toRealPath(), lake); // a link to a folder is not walked
                    }
                    done++;
                } else {
                    err.println(repository.name() + " is left out: no folder " + tree.resolve(repository.root()));
                }
            }
        } finally {
            Scratch.remove(cache, err);
        }
        if (done == 0) {
            throw new IOException(
                    "none of the " + repositories.size() + " repositories of " + questions + " has a tree in " + trees);
        }
    }
}
