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
        Path scratch;
        try {
            scratch = Files.createTempDirectory("postdevai-bench");
        } catch (IOException e) {
            err.println("postdevai: bench " + name + " has no folder for its node: " + e.getMessage());
            return 1;
        }
        BenchNode node = new BenchNode(launcher, scratch);
        // Also when the measurement is stopped from outside, as by Ctrl-C.
        Thread hook = Thread.ofPlatform().name("bench-end").unstarted(() -> end(node, scratch, err));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            measurement.run(new ScratchRun(node, scratch, out));
            return 0;
        } catch (IOException | ClientFault | IllegalStateException e) {
            err.println("postdevai: bench " + name + " ended early: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            out.flush();
            if (removed(hook)) {
                end(node, scratch, err);
            }
        }
    }

    /** False if this process is being ended: the hook then runs by itself. */
    private static boolean removed(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            return false;
        }
    }

    private static void end(BenchNode node, Path scratch, PrintStream err) {
        try {
            node.end();
        } catch (IOException | IllegalStateException e) {
            err.println("postdevai: the node of the measurement was not ended: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Scratch.remove(scratch, err);
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
