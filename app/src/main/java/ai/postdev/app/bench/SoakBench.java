package ai.postdev.app.bench;

import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A node in steady use for long: memory and open files must stay flat. */
public final class SoakBench {
    private SoakBench() {}

    /** Runs it for so long; the answer is an exit code. */
    public static int run(Path launcher, Path tree, Duration time, PrintStream out, PrintStream err) {
        Path scratch = null;
        try {
            scratch = Files.createTempDirectory("postdevai-bench");
            BenchNode node = new BenchNode(launcher, scratch);
            try {
                measure(node, tree, Scratch.smallProject(scratch.resolve("saves")), time, out);
            } finally {
                node.end();
            }
            return 0;
        } catch (IOException | ClientFault | IllegalStateException e) {
            err.println("postdevai: bench soak ended early: " + e.getMessage());
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

    private static void measure(BenchNode node, Path tree, Path saves, Duration time, PrintStream out)
            throws IOException, InterruptedException, ClientFault {
        out.println("load " + Scratch.load() + ", " + time.toMinutes() + " min");
        node.launch("up", tree.toString());
        node.launch("up", saves.toString());
        try (NodeClient client = node.client()) {
            BenchNode.await(
                    client,
                    status -> status.getModelsList().stream()
                            .findFirst()
                            .map(model -> model.getWaiting() == 0)
                            .orElse(true));
            SteadyUse use = new SteadyUse(client, node.info().pid(), Questions.of(tree, 40), saves);
            use.run(time);
            use.report(out);
        }
    }
}
