package ai.postdev.dragon.model.worker;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this program starts a worker of its own build. */
public final class WorkerCommand {
    /** The answers' file descriptor, as a file. */
    private static final String ANSWERS = "/dev/fd/3";

    private WorkerCommand() {}

    /**
     * The command line of a worker: the same Java and class path as this process, a small heap, because weights lie
     * outside it. A shell moves the pipe of the answers from the standard output, where native engines print, to another
     * descriptor, and then becomes the worker.
     */
    public static List<String> thisBuild() {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" 3>&1 1>&2", "postdevai-worker"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Dpostdevai.process=model-worker", // for people who look at their processes
                "-XX:+UseSerialGC",
                "-Xms16m",
                "-Xmx256m",
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.add("-cp");
        command.add(ManagementFactory.getRuntimeMXBean().getClassPath());
        command.add(WorkerMain.class.getName());
        command.add(ANSWERS);
        return List.copyOf(command);
    }
}
