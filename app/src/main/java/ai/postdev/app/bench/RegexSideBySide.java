package ai.postdev.app.bench;

import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The same regular expressions asked over the socket and given to ripgrep over the files, alternating in one run. Where
 * ripgrep is not installed, that is said instead.
 */
final class RegexSideBySide {
    private static final int ROUNDS = 5;
    /** As many hits as a node gives at most by default. */
    private static final int LIMIT = 1_000;

    private static final List<String> PATTERNS = List.of(
            "class \\w+Exception", "synchronized\\s*\\(this\\)", "(?i)fixme.*race", "[A-Z]{3,}\\d{2}", "\\w{30,}");

    private RegexSideBySide() {}

    static List<String> rows(NodeClient client, Path tree, Duration patience)
            throws ClientFault, IOException, InterruptedException {
        if (!isInstalled()) {
            return List.of("ripgrep is not installed: nothing to compare with");
        }
        List<String> rows = new ArrayList<>();
        for (String pattern : PATTERNS) {
            Latencies ours = new Latencies();
            Latencies theirs = new Latencies();
            boolean complete = true;
            for (int round = -1; round < ROUNDS; round++) {
                long start = System.nanoTime();
                SearchAnswer answer = client.search(SearchRequest.newBuilder()
                        .setQuery(pattern)
                        .setMode("regex")
                        .setProject(tree.toString())
                        .setLimit(LIMIT)
                        .build());
                long middle = System.nanoTime();
                ripgrep(pattern, tree, patience);
                long end = System.nanoTime();
                complete = answer.getComplete() && answer.getHitsCount() < LIMIT;
                if (round >= 0) {
                    ours.add(middle - start);
                    theirs.add(end - middle);
                }
            }
            rows.add(String.format(
                    Locale.ROOT,
                    "%-24s %.1f ms, ripgrep %.1f ms: %.2f of its time%s",
                    pattern,
                    ours.millis(0.5),
                    theirs.millis(0.5),
                    ours.millis(0.5) / theirs.millis(0.5),
                    complete ? "" : " (more hits than an answer holds)"));
        }
        return rows;
    }

    private static boolean isInstalled() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (!folder.isEmpty() && Path.of(folder, "rg").toFile().canExecute()) {
                return true;
            }
        }
        return false;
    }

    private static void ripgrep(String pattern, Path tree, Duration patience) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("rg", "--line-number", "-e", pattern, tree.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
            process.destroy();
            throw new IllegalStateException("ripgrep did not end");
        }
    }
}
