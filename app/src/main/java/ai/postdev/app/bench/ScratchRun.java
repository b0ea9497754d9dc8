package ai.postdev.app.bench;

import ai.postdev.developer.client.ClientFault;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The frame of a measurement: a node of its own, in a home that is removed afterwards, and rows that tell what was found.
 *
 * @param scratch removed at the end
 */
record ScratchRun(BenchNode node, Path scratch, PrintStream out) {
    /** What is measured within the frame. */
    interface Measurement {
        void run(ScratchRun frame) throws IOException, InterruptedException, ClientFault;
    }

    /**
     * Runs a measurement; however that ends, its node ends and its home goes.
     *
     * @param name as the command line has it
     * @return an exit code
     */
    static int of(String name, Path launcher, PrintStream out, PrintStream err, Measurement measurement) {
        Path scratch = null;
        try {
            scratch = Files.createTempDirectory("postdevai-bench");
            BenchNode node = new BenchNode(launcher, scratch);
            try {
                measurement.run(new ScratchRun(node, scratch, out));
            } finally {
                node.end();
            }
            return 0;
        } catch (IOException | ClientFault | IllegalStateException e) {
            err.println("postdevai: bench " + name + " ended early: " + e.getMessage());
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

    /** Tells one thing that was found. */
    void row(String what, String format, Object... values) {
        out.printf(
                Locale.ROOT,
                "%-45s %s%n",
                what,
                values.length == 0 ? format : String.format(Locale.ROOT, format, values));
        out.flush();
    }

    /** The machine and what else it is doing: what was measured beside other work should say so. */
    void machineRow() {
        row("machine", Runtime.getRuntime().availableProcessors() + " processors, load " + Scratch.load());
    }
}
