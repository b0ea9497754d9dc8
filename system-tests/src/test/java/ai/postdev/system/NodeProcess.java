package ai.postdev.system;

import ai.postdev.cluster.Home;
import ai.postdev.cluster.RunInfo;
import ai.postdev.developer.client.ClientSettings;
import ai.postdev.developer.client.NodeClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node in a JVM of its own, with a home of its own. */
final class NodeProcess implements AutoCloseable {
    /** Machines that run tests are busy: a start that takes 3 s alone can take many times that. */
    static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final Pattern MEMBER = Pattern.compile("\"node\":\"([^\"]+)\"[^}]*?\"status\":\"([^\"]+)\"");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Home home;
    private final Process process;
    private final Path log;

    private NodeProcess(Home home, Process process, Path log) {
        this.home = home;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a node and returns at once.
     *
     * @param main class with the node's {@code main}
     * @param settings full keys and values, given as system properties
     */
    static NodeProcess start(Class<?> main, Path home, Map<String, String> settings) throws IOException {
        return start(main, home, settings, Map.of());
    }

    /** Starts a node with these environment variables too. */
    static NodeProcess start(Class<?> main, Path home, Map<String, String> settings, Map<String, String> environment)
            throws IOException {
        return start(NodeJvm.warm(), main, home, settings, environment);
    }

    static NodeProcess start(
            NodeJvm jvm, Class<?> main, Path home, Map<String, String> settings, Map<String, String> environment)
            throws IOException {
        return start(jvm.command(main, settings), home, environment);
    }

    /** Starts a node with {@code prefix} before its command. */
    static NodeProcess start(
            List<String> prefix,
            Class<?> main,
            Path home,
            Map<String, String> settings,
            Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(NodeJvm.warm().command(main, settings));
        return start(command, home, environment);
    }

    /** Starts what {@code command} says, which may wrap the node's own command. */
    static NodeProcess start(List<String> command, Path home, Map<String, String> environment) throws IOException {
        Path log = Files.createTempFile(home.getParent(), home.getFileName() + "-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("POSTDEVAI_"));
        builder.environment().put("POSTDEVAI_HOME", home.toString());
        // However busy the machine is, no answer lacks something for want of time.
        builder.environment().put("POSTDEVAI_RETRIEVAL_DEADLINE", "20s");
        builder.environment().putAll(environment);
        return new NodeProcess(Home.at(home), builder.start(), log);
    }

    /** A client of this node, which must be up; each has a connection of its own. */
    NodeClient client() {
        return client(ClientSettings.DEFAULT.withDeadline(PATIENCE));
    }

    NodeClient client(ClientSettings settings) {
        return new NodeClient(Path.of(up().socket()), "no node in " + home, settings);
    }

    Home home() {
        return home;
    }

    long pid() {
        return process.pid();
    }

    /** Waits until the node has opened its doors and said so. */
    RunInfo up() {
        return await("it writes its run file", () -> {
            if (!process.isAlive()) {
                throw failed("ended with code " + process.exitValue() + " instead of starting");
            }
            return RunInfo.ofLiveNode(home).filter(info -> info.pid() == process.pid());
        });
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end of the process and returns its exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw failed("did not end");
        }
        return process.exitValue();
    }

    /** Ends the process as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    /** Ends the process as {@code kill} does: SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** What the process printed so far. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new IllegalStateException("no log " + log, e);
        }
    }

    /** The members that this node sees: address to status. */
    Map<String, String> members() {
        RunInfo info = up();
        try {
            String credentials =
                    Files.readString(Path.of(info.managementCredentialsFile())).strip();
            String body = get(
                    info.management() + "/cluster/members",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
            Map<String, String> members = new TreeMap<>();
            for (Matcher match = MEMBER.matcher(body.substring(body.indexOf("\"members\""))); match.find(); ) {
                members.put(match.group(1).replace("pekko://postdevai@", ""), match.group(2));
            }
            return members;
        } catch (IOException e) {
            throw new IllegalStateException("the management port of " + home + " does not answer\n" + log(), e);
        }
    }

    /** Waits until this node sees exactly these members, all up. */
    void awaitMembers(List<NodeProcess> nodes) {
        List<String> expected =
                nodes.stream().map(node -> node.up().cluster()).sorted().toList();
        await("the members are " + expected, () -> {
            Map<String, String> members = members();
            boolean done = List.copyOf(members.keySet()).equals(expected)
                    && members.values().stream().allMatch("Up"::equals);
            return done ? Optional.of(members) : Optional.empty();
        });
    }

    /** The answer of the node's own small door for tests. */
    String ask(String path) throws IOException {
        return get("http://" + up().http() + path, null);
    }

    private static String get(String uri, String authorization) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri)).timeout(PATIENCE);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(uri + " answered " + response.statusCode() + ": " + response.body());
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Looks again and again until there is something, within {@link #PATIENCE}. */
    <T> T await(String what, Supplier<Optional<T>> look) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > deadline) {
                throw failed("was not seen to do this in " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private AssertionError failed(String what) {
        return new AssertionError("the node in " + home + " " + what + "; its log:\n" + log());
    }

    /** As {@link #close}, where an interrupt must not get in the way. */
    void forget() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            kill();
        }
    }
}
