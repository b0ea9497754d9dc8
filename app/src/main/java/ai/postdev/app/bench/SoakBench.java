package ai.postdev.app.bench;

import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/** A node in steady use for long: memory and open files must stay flat. */
public final class SoakBench {
    private SoakBench() {}

    /** Runs it for so long; the answer is an exit code. */
    public static int run(Path launcher, Path tree, Duration time, PrintStream out, PrintStream err) {
        return ScratchRun.of("soak", launcher, out, err, frame -> measure(frame, tree, time));
    }

    private static void measure(ScratchRun frame, Path tree, Duration time)
            throws IOException, InterruptedException, ClientFault {
        BenchNode node = frame.node();
        Path saves = Scratch.smallProject(frame.scratch().resolve("saves"));
        frame.out().println("load " + Scratch.load() + ", " + time.toMinutes() + " min");
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
            use.report(frame.out());
        }
    }
}
