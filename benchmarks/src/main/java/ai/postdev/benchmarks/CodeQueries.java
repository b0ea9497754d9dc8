package ai.postdev.benchmarks;

import ai.postdev.dragon.lake.code.GrepQuery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The queries that searches in code are measured with. */
final class CodeQueries {
    private CodeQueries() {}

    /** One of them. */
    record Query(boolean literal, String pattern) {
        /** For the code store; ends by itself within a minute. */
        GrepQuery grep(int documentsMax, int linesMax) {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            return literal
                    ? GrepQuery.literal(pattern, documentsMax, linesMax, deadline)
                    : GrepQuery.regex(pattern, documentsMax, linesMax, deadline);
        }

        /** Has ripgrep search a folder with as many threads as there are processors; answers files and lines. */
        long[] ripgrep(Path folder) throws IOException, InterruptedException {
            int threads = Runtime.getRuntime().availableProcessors();
            List<String> command = new ArrayList<>(
                    List.of("rg", "--no-config", "-uu", "-j" + threads, "--count", "--no-filename", "-e", pattern));
            if (literal) {
                command.add("-F");
            }
            command.add(folder.toString());
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return new long[] {
                out.lines().count(), out.lines().mapToLong(Long::parseLong).sum()
            };
        }
    }

    /** 16 literals and 8 regular expressions. */
    static final List<Query> ALL = Stream.concat(
                    Stream.of(
                                    "return nil",
                                    "public static",
                                    "import java",
                                    "self.",
                                    "Exception",
                                    "err != nil",
                                    "TODO",
                                    "throw new",
                                    "newFixedThreadPool",
                                    "ConcurrentSkipListMap",
                                    "ErrUnexpectedEOF",
                                    "lapack_lite",
                                    "AtomicReferenceFieldUpdater",
                                    "hasLittleEndianVarHandle",
                                    "knn_query",
                                    "zzqyx_nomatch_97")
                            .map(pattern -> new Query(true, pattern)),
                    Stream.of(
                                    "func \\(.*\\) ServeHTTP\\(",
                                    "class \\w+Exception extends",
                                    "def test_\\w+_async",
                                    "(read|write)Fully\\(",
                                    "synchronized\\s*\\(this\\)",
                                    "java\\.util\\.concurrent\\.\\w+Queue;",
                                    "[A-Z]{3,}_TIMEOUT_MS",
                                    "(?i)fixme.*race")
                            .map(pattern -> new Query(false, pattern)))
            .toList();

    /** Expressions that make other engines take for ever, and ones of which no gram is known. Not in the percentiles. */
    static final List<Query> HARD = Stream.of(
                    "(a|aa|a*)*c!", "(x+x+)+y", "(\\w+\\s*)*;;;;", ".*.*=.*=.*=x", "\\w{30,}", "[A-Z]{3,}\\d{2}")
            .map(pattern -> new Query(false, pattern))
            .toList();

    /** Whether a program is installed. */
    static boolean installed(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.waitFor();
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
