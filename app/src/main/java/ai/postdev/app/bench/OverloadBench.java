package ai.postdev.app.bench;

import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.MemoryHolding;
import ai.postdev.v1.StatusRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A node that has to serve four times what its memory budget can hold: a tree is read with room enough, then the budget is cut to
 * what the program takes and a quarter of what the stores hold. From then on questions are asked one after another and files
 * are saved, while embedding goes on. Told are the most that the process took, how questions were answered, and whether all is
 * there at the end.
 */
public final class OverloadBench {
    private static final int OVERLOAD = 4;
    private static final Duration WARM_UP = Duration.ofMinutes(1);
    /** What was made room for is given back within this time; later the budget holds. */
    private static final Duration SETTLING = Duration.ofSeconds(15);

    private final BenchNode node;
    private final Path tree;
    private final Path scratch;
    private final PrintStream out;

    private OverloadBench(Path launcher, Path tree, Path scratch, PrintStream out) {
        this.node = new BenchNode(launcher, scratch);
        this.tree = tree;
        this.scratch = scratch;
        this.out = out;
    }

    /** Runs it for so long; the answer is an exit code. */
    public static int run(Path launcher, Path tree, Duration time, PrintStream out, PrintStream err) {
        Path scratch = null;
        try {
            scratch = Files.createTempDirectory("postdevai-bench");
            OverloadBench bench = new OverloadBench(launcher, tree, scratch, out);
            try {
                bench.measure(time);
            } finally {
                bench.node.end();
            }
            return 0;
        } catch (IOException | ClientFault | IllegalStateException e) {
            err.println("postdevai: bench overload ended early: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            out.flush();
            if (scratch != null) {
                Scratch.remove(scratch, err);
            }
        }
    }

    private static long held(LakeAnswer lake) {
        return lake.getHoldingsList().stream()
                .mapToLong(MemoryHolding::getBytes)
                .sum();
    }

    private static String parts(LakeAnswer lake) {
        Map<String, Long> parts = new TreeMap<>(lake.getHoldingsList().stream()
                .collect(Collectors.groupingBy(
                        MemoryHolding::getPart, Collectors.summingLong(MemoryHolding::getBytes))));
        return parts.entrySet().stream()
                .map(part -> String.format(Locale.ROOT, "%s %.1f", part.getKey(), part.getValue() / 1e6))
                .collect(Collectors.joining(", ", "", " MB"));
    }

    private void measure(Duration time) throws IOException, InterruptedException, ClientFault {
        Path saves = Scratch.smallProject(scratch.resolve("saves"));
        row("machine", Runtime.getRuntime().availableProcessors() + " processors, load " + Scratch.load());
        node.launch("up", tree.toString());
        node.launch("up", saves.toString());
        try (NodeClient client = node.client()) {
            BenchNode.await(
                    client,
                    status -> BenchNode.project(status, tree).getParsed()
                            >= BenchNode.project(status, tree).getFiles());
            long files = BenchNode.project(client.status(StatusRequest.getDefaultInstance()), tree)
                    .getFiles();
            // The embedder loads, the platform compiles: what the program takes is known when it has worked for a
            // while.
            new SteadyUse(client, node.info().pid(), Questions.of(tree, 40), saves).run(WARM_UP);
            LakeAnswer roomy = client.lake(LakeRequest.getDefaultInstance());
            row("with room enough", parts(roomy));
            long budget = roomy.getBaseBytes() + held(roomy) / OVERLOAD;
            client.lake(LakeRequest.newBuilder().setBudgetBytes(budget).build());
            row("budget from now on", "%.1f MB, of which %.1f for the stores", budget / 1e6, held(roomy) / 4e6);
            SteadyUse use = new SteadyUse(client, node.info().pid(), Questions.of(tree, 40), saves);
            use.run(time);
            use.report(out);
            List<Long> resident = use.resident(SETTLING);
            long most = resident.stream().mapToLong(Long::longValue).max().orElse(0);
            row("most that the process took", "%.1f MB: %.3f of the budget", most / 1e6, (double) most / budget);
            row(
                    "samples over the budget",
                    resident.stream().filter(bytes -> bytes > budget).count() + " of " + resident.size()
                            + ", by more than 3 %: "
                            + resident.stream()
                                    .filter(bytes -> bytes > budget * 1.03)
                                    .count());
            row("at the end", parts(client.lake(LakeRequest.getDefaultInstance())));
            long left = BenchNode.project(client.status(StatusRequest.getDefaultInstance()), tree)
                    .getFiles();
            row("files", left == files ? files + ", none lost" : files + " before and " + left + " after");
        }
    }

    private void row(String what, String format, Object... values) {
        out.printf(
                Locale.ROOT,
                "%-45s %s%n",
                what,
                values.length == 0 ? format : String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
