package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.cluster.Home;
import ai.postdev.cluster.PrivateFiles;
import ai.postdev.developer.client.ClientFault;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Starts the process of a node, and waits until its door answers. */
final class NodeProcess {
    private static final String MAIN = "ai.postdev.app.NodeMain";
    private static final String HEAP_DEFAULT = "2g";
    /** How long a start may take, in milliseconds; joining a far cluster takes up to a minute by itself. */
    private static final long START_MILLIS_MAX = 120_000;

    private static final long LOOK_EVERY_MILLIS = 25;
    /** A longer log of the console is put aside at the next start. */
    private static final long CONSOLE_BYTES_MAX = 8 << 20;

    private static final int TAIL_LINES = 15;

    private final Home home;
    private final Map<String, String> environment;

    NodeProcess(Home home, Map<String, String> environment) {
        this.home = home;
        this.environment = environment;
    }

    private Path console() {
        return home.logs().resolve("console.log");
    }

    /**
     * Makes sure that a node runs: takes the lock of starting, so that two callers at once make one node, looks again,
     * and starts one in the background.
     *
     * @param reachable whether the node's door answers
     * @return whether a node was started here
     */
    boolean ensure(Arguments arguments, BooleanSupplier reachable) throws ClientFault {
        try {
            PrivateFiles.directory(home.root());
            PrivateFiles.directory(home.run());
            PrivateFiles.directory(home.logs());
            try (FileChannel channel = FileChannel.open(
                            home.run().resolve("start.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid() || reachable.getAsBoolean()) {
                    return false;
                }
                rotateConsole();
                Process process = background(command(arguments)).start();
                await(process, reachable);
                return true;
            }
        } catch (IOException e) {
            throw new ClientFault(
                    FaultCode.INTERNAL,
                    "the node cannot be started in " + home.root() + ": " + e.getMessage()
                            + "; make the folder writable or set POSTDEVAI_HOME");
        }
    }

    /**
     * Runs another program of the distribution on this home to its end, with what it prints in the console's log.
     *
     * @throws ClientFault with the end of that log if it fails
     */
    void runToEnd(String main, List<String> arguments) throws ClientFault {
        try {
            PrivateFiles.directory(home.logs());
            List<String> command = new ArrayList<>(jvm());
            command.add(main);
            command.addAll(arguments);
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(console().toFile()))
                    .start();
            int code = process.waitFor();
            if (code != 0) {
                throw new ClientFault(
                        code == Exit.REFUSED ? FaultCode.FAILED_PRECONDITION : FaultCode.INTERNAL,
                        "it ended with code " + code + tail());
            }
        } catch (IOException e) {
            throw new ClientFault(FaultCode.INTERNAL, "it cannot be started: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ClientFault(FaultCode.CANCELLED, "interrupted while it ran");
        }
    }

    /** Starts a node that shares this process' terminal. */
    Process foreground(Arguments arguments) throws ClientFault {
        try {
            return new ProcessBuilder(command(arguments))
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new ClientFault(FaultCode.INTERNAL, "the node cannot be started: " + e.getMessage());
        }
    }

    /**
     * Waits until the node's door answers.
     *
     * @throws ClientFault with the end of the log if the process dies first
     */
    void await(Process process, BooleanSupplier reachable) throws ClientFault {
        long deadline = System.nanoTime() + START_MILLIS_MAX * 1_000_000;
        while (!reachable.getAsBoolean()) {
            if (!process.isAlive()) {
                throw new ClientFault(
                        process.exitValue() == Exit.REFUSED ? FaultCode.FAILED_PRECONDITION : FaultCode.INTERNAL,
                        "the node ended with code " + process.exitValue() + " while starting" + tail());
            }
            if (System.nanoTime() > deadline) {
                throw new ClientFault(
                        FaultCode.DEADLINE_EXCEEDED,
                        "the node (pid " + process.pid() + ") did not open its door within " + START_MILLIS_MAX / 1000
                                + " s" + tail());
            }
            try {
                Thread.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new ClientFault(FaultCode.CANCELLED, "interrupted while the node was starting");
            }
        }
    }

    private String tail() {
        Path console = console();
        try {
            List<String> lines = Files.readAllLines(console, StandardCharsets.UTF_8);
            List<String> last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
            return last.isEmpty()
                    ? "; its log " + console + " is empty"
                    : "; the end of " + console + ":\n    " + String.join("\n    ", last);
        } catch (IOException e) {
            return "; its log " + console + " cannot be read: " + e.getMessage();
        }
    }

    private void rotateConsole() throws IOException {
        if (Files.exists(console()) && Files.size(console()) > CONSOLE_BYTES_MAX) {
            Files.move(
                    console(),
                    console().resolveSibling("console.1.log"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * A process that outlives this one and its terminal: signals of the terminal are ignored from the start, which a
     * shell can do on every platform and a JVM respects.
     */
    private ProcessBuilder background(List<String> command) {
        List<String> shielded = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$@\"", "postdevai"));
        shielded.addAll(command);
        return new ProcessBuilder(shielded)
                .directory(home.root().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(console().toFile()));
    }

    private List<String> command(Arguments arguments) throws IOException {
        List<String> settings = new ArrayList<>();
        if (!arguments.values("--join").isEmpty()) {
            settings.add("-Dpostdevai.cluster.join=" + String.join(",", arguments.values("--join")));
        }
        if (arguments.has("--role")) {
            settings.add("-Dpostdevai.node.roles=" + arguments.value("--role"));
        }
        List<String> command = new ArrayList<>(jvm(settings.toArray(String[]::new)));
        command.add(MAIN);
        return command;
    }

    /** A JVM with a node's class path and options, up to the main class. */
    private List<String> jvm(String... settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String distribution = System.getProperty("postdevai.dist", "");
        if (distribution.isEmpty()) {
            command.addAll(options());
        } else {
            command.add("@" + Path.of(distribution, "node.options"));
        }
        command.add("-Xmx" + environment.getOrDefault("POSTDEVAI_HEAP", HEAP_DEFAULT));
        command.add("-XX:ErrorFile=" + home.logs().resolve("crash-%p.log"));
        if (!distribution.isEmpty()) {
            Path cache = Path.of(distribution, "node.aot");
            if (Files.exists(cache)) {
                command.add("-XX:AOTCache=" + cache);
            }
        }
        command.add("-Dpostdevai.home=" + home.root());
        command.addAll(List.of(settings));
        for (String option : environment.getOrDefault("POSTDEVAI_JAVA_OPTS", "").split("\\s+")) {
            if (!option.isEmpty()) {
                command.add(option);
            }
        }
        command.add("-cp");
        command.add(classPath(distribution));
        return command;
    }

    private static String classPath(String distribution) throws IOException {
        if (distribution.isEmpty()) {
            return System.getProperty("java.class.path");
        }
        return Files.readString(Path.of(distribution, "node.classpath")).strip();
    }

    private static List<String> options() throws IOException {
        try (InputStream stream = NodeProcess.class.getResourceAsStream("node.options")) {
            if (stream == null) {
                throw new IOException("the program lacks node.options; build it again");
            }
            return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .toList();
        }
    }
}
