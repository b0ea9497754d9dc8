package ai.postdev.app.bench;

import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.MemoryHolding;
import ai.postdev.v1.StatusRequest;
import java.io.IOException;
import java.io.PrintStream;
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
    private static final int CUTS_MAX = 5;
    /** A budget that is smaller by less is the same. */
    private static final double SAME = 0.98;

    /** What was made room for is given back within this time; later the budget holds. */
    private static final Duration SETTLING = Duration.ofSeconds(15);

    private final ScratchRun frame;
    private final BenchNode node;
    private final Path tree;

    private OverloadBench(ScratchRun frame, Path tree) {
        this.frame = frame;
        this.node = frame.node();
        this.tree = tree;
    }

    /** Runs it for so long; the answer is an exit code. */
    public static int run(Path launcher, Path tree, Duration time, PrintStream out, PrintStream err) {
        return ScratchRun.of("overload", launcher, out, err, frame -> new OverloadBench(frame, tree).measure(time));
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

    /**
     * Cuts the budget to what the program takes and {@code stores}, and again as long as the program itself gives memory
     * back for that: the stores would be given what it left.
     */
    private long cut(NodeClient client, long stores, Path saves) throws IOException, InterruptedException, ClientFault {
        long budget = Long.MAX_VALUE;
        for (int round = 0; round < CUTS_MAX; round++) {
            long next = client.lake(LakeRequest.getDefaultInstance()).getBaseBytes() + stores;
            if (next > budget * SAME) {
                break;
            }
            budget = next;
            client.lake(LakeRequest.newBuilder().setBudgetBytes(budget).build());
            frame.row("budget from now on", "%.1f MB, of which %.1f for the stores", budget / 1e6, stores / 1e6);
            new SteadyUse(client, node.info().pid(), Questions.of(tree, 40), saves).run(WARM_UP);
        }
        return budget;
    }

    private void measure(Duration time) throws IOException, InterruptedException, ClientFault {
        Path saves = Scratch.smallProject(frame.scratch().resolve("saves"));
        frame.machineRow();
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
            frame.row("with room enough", parts(roomy));
            long budget = cut(client, held(roomy) / OVERLOAD, saves);
            SteadyUse use = new SteadyUse(client, node.info().pid(), Questions.of(tree, 40), saves);
            use.run(time);
            use.report(frame.out());
            List<Long> resident = use.resident(SETTLING);
            long most = resident.stream().mapToLong(Long::longValue).max().orElse(0);
            frame.row("most that the process took", "%.1f MB: %.3f of the budget", most / 1e6, (double) most / budget);
            frame.row(
                    "samples over the budget",
                    resident.stream().filter(bytes -> bytes > budget).count() + " of " + resident.size()
                            + ", by more than 3 %: "
                            + resident.stream()
                                    .filter(bytes -> bytes > budget * 1.03)
                                    .count());
            frame.row("at the end", parts(client.lake(LakeRequest.getDefaultInstance())));
            long left = BenchNode.project(client.status(StatusRequest.getDefaultInstance()), tree)
                    .getFiles();
            frame.row("files", left == files ? files + ", none lost" : files + " before and " + left + " after");
        }
    }
}
