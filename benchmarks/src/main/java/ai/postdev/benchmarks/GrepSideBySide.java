package ai.postdev.benchmarks;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.GrepAnswer;
import ai.postdev.dragon.lake.code.InvalidPatternException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Substring and regular expression search over a tree beside ripgrep, in one run on one machine: the code engine with
 * the texts in memory, ripgrep with the files in the page cache and as many threads. Both count the matching lines of
 * all files; the counts must agree. Argument: a folder of UTF-8 text files.
 */
public final class GrepSideBySide {
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final int ROUNDS = 5;
    private static final long TEXT_BYTES_MAX = 1L << 30;

    private record Group(String name, boolean literal, List<String> patterns) {}

    /** The queries of the research note on retrieval, and regexes without any literal, which are the hardest. */
    private static final List<Group> GROUPS = List.of(
            new Group(
                    "common literals",
                    true,
                    List.of(
                            "return null",
                            "public static",
                            "import java",
                            "self.",
                            "Exception",
                            "err != nil",
                            "TODO",
                            "throw new")),
            new Group(
                    "rare literals",
                    true,
                    List.of(
                            "newFixedThreadPool",
                            "ConcurrentSkipListMap",
                            "ErrUnexpectedEOF",
                            "lapack_lite",
                            "AtomicReferenceFieldUpdater",
                            "hasLittleEndianVarHandle",
                            "knn_query",
                            "zzqyx_nomatch_97")),
            new Group(
                    "regexes",
                    false,
                    List.of(
                            "func \\(.*\\) ServeHTTP\\(",
                            "class \\w+Exception extends",
                            "def test_\\w+_async",
                            "(read|write)Fully\\(",
                            "synchronized\\s*\\(this\\)",
                            "java\\.util\\.concurrent\\.\\w+Queue;",
                            "[A-Z]{3,}_TIMEOUT_MS",
                            "(?i)fixme.*race")),
            new Group(
                    "regexes without a literal",
                    false,
                    List.of("\\w{30,}", "[A-Z]{3,}\\d{2}", "^\\s+\\}$", "\\bget\\w+\\(\\)", "(a|b|c|d)x+y")));

    private GrepSideBySide() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException, InterruptedException, InvalidPatternException {
        if (arguments.length != 1) {
            System.err.println("usage: GrepSideBySide FOLDER");
            System.exit(2);
        }
        Path folder = Path.of(arguments[0]);
        CodeEngine engine = load(folder);
        engine.warming().run();
        try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
            for (Group group : GROUPS) {
                compare(group, engine.view(), pool, folder);
            }
        }
    }

    private static CodeEngine load(Path folder) throws IOException {
        CodeSettings settings =
                new CodeSettings(TEXT_BYTES_MAX, TEXT_BYTES_MAX / 2, THREADS, 1, 1, Duration.ofSeconds(10), 1);
        CodeEngine engine = new CodeEngine(settings, _ -> Optional.empty());
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        long bytes = 0;
        long sequence = 0;
        for (Path file : files) {
            byte[] text = Files.readAllBytes(file);
            bytes += text.length;
            ContentHash hash = ContentHash.of(text);
            String path = folder.relativize(file).toString();
            Body put = new Body.PutDocument(
                    new WorkspaceId("bench"), path, hash, text.length, Language.ofPath(path), 0, text.length);
            sequence++;
            engine.fold(
                    new Operation(
                            new ProjectId("bench"), new Origin("bench"), sequence, HybridTime.of(sequence, 0), put),
                    Map.of(hash, text));
        }
        System.out.printf("%d files, %.0f MB, %d threads%n", files.size(), bytes / 1e6, THREADS);
        return engine;
    }

    private static void compare(Group group, CodeView view, ExecutorService pool, Path folder)
            throws IOException, InterruptedException, InvalidPatternException {
        List<Double> all = new ArrayList<>();
        List<Double> first = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (String pattern : group.patterns()) {
            double[] whole = new double[ROUNDS];
            double[] top = new double[ROUNDS];
            double[] peer = new double[ROUNDS];
            long[] ours = new long[2];
            long[] expected = new long[2];
            for (int round = 0; round < ROUNDS; round++) {
                long began = System.nanoTime();
                ours = count(
                        view.grep(new CodeQueries.Query(group.literal(), pattern).grep(Integer.MAX_VALUE, 0), pool));
                whole[round] = (System.nanoTime() - began) / 1e6;
                began = System.nanoTime();
                view.grep(new CodeQueries.Query(group.literal(), pattern).grep(50, 0), pool);
                top[round] = (System.nanoTime() - began) / 1e6;
                began = System.nanoTime();
                expected = new CodeQueries.Query(group.literal(), pattern).ripgrep(folder);
                peer[round] = (System.nanoTime() - began) / 1e6;
            }
            all.add(median(whole));
            first.add(median(top));
            theirs.add(median(peer));
            System.out.printf(
                    "%-44s all %7.1f ms   first 50 %7.1f ms   ripgrep %7.1f ms   files %d lines %d%s%n",
                    pattern,
                    median(whole),
                    median(top),
                    median(peer),
                    ours[0],
                    ours[1],
                    Arrays.equals(ours, expected) ? "" : "   DIFFERENT: ripgrep " + Arrays.toString(expected));
        }
        System.out.printf("== %s: all %s   first 50 %s   ripgrep %s%n", group.name(), p(all), p(first), p(theirs));
    }

    private static long[] count(GrepAnswer answer) {
        long lines = answer.documents().stream()
                .mapToLong(GrepAnswer.GrepDocument::lineCount)
                .sum();
        return new long[] {answer.documents().size(), lines};
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String p(List<Double> times) {
        double[] sorted =
                times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return String.format("p50 %.1f p95 %.1f ms", sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.95)]);
    }
}
