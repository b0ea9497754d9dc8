package ai.postdev.cluster;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;

/**
 * How to reach the running node of a home: written when its doors are open, removed when it stops. A file left by a
 * process that was killed is recognised by {@link #ofLiveNode}.
 *
 * @param pid of the node
 * @param startedMillis when that process started, as the operating system tells it; tells a reused pid apart
 * @param version of the node
 * @param cluster host:port that other nodes join
 * @param grpc host:port, empty if that door is closed
 * @param http host:port, empty if that door is closed
 * @param management base address, such as {@code http://127.0.0.1:7626}
 * @param socket path of the Unix-domain socket, empty if that door is closed
 * @param apiKeyFile path of the file with the bearer token of the doors
 * @param managementCredentialsFile path of the file with {@code user:password} of the management port
 */
public record RunInfo(
        long pid,
        long startedMillis,
        String version,
        String cluster,
        String grpc,
        String http,
        String management,
        String socket,
        String apiKeyFile,
        String managementCredentialsFile) {

    /** What the running node of {@code home} wrote; empty if none has its doors open. */
    public static Optional<RunInfo> read(Home home) {
        String text;
        try {
            text = Files.readString(home.runFile());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw home.cannotWrite(e);
        }
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
            return Optional.of(new RunInfo(
                    Long.parseLong(properties.getProperty("pid")),
                    Long.parseLong(properties.getProperty("started")),
                    properties.getProperty("version", ""),
                    properties.getProperty("cluster", ""),
                    properties.getProperty("grpc", ""),
                    properties.getProperty("http", ""),
                    properties.getProperty("management", ""),
                    properties.getProperty("socket", ""),
                    properties.getProperty("apiKeyFile", ""),
                    properties.getProperty("managementCredentialsFile", "")));
        } catch (IOException | IllegalArgumentException e) {
            throw new NodeRefused(
                    "cannot understand " + home.runFile() + "; stop the node and start it again, or remove the file",
                    e);
        }
    }

    /** What the running node of {@code home} wrote, if that process still lives. */
    public static Optional<RunInfo> ofLiveNode(Home home) {
        return read(home).filter(info -> info.isAlive(home));
    }

    private boolean isAlive(Home home) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return false;
        }
        long started =
                process.get().info().startInstant().map(Instant::toEpochMilli).orElse(startedMillis);
        // The system derives start times from the wall clock; where that was set, only the lock tells a living node
        // from
        // a reused pid. It is not asked first, because asking can disturb a node that is just starting.
        return started == startedMillis || HomeLock.isHeld(home);
    }

    /** Publishes this to the clients of {@code home}. */
    public void write(Home home) {
        StringBuilder text = new StringBuilder("# How to reach this node; removed when it stops.\n");
        line(text, "pid", Long.toString(pid));
        line(text, "started", Long.toString(startedMillis));
        line(text, "version", version);
        line(text, "cluster", cluster);
        line(text, "grpc", grpc);
        line(text, "http", http);
        line(text, "management", management);
        line(text, "socket", socket);
        line(text, "apiKeyFile", apiKeyFile);
        line(text, "managementCredentialsFile", managementCredentialsFile);
        try {
            PrivateFiles.write(home.runFile(), text.toString());
        } catch (IOException e) {
            throw home.cannotWrite(e);
        }
    }

    /** This, with the doors that are open now; empty for one that is not. */
    public RunInfo withDoors(String grpcAddress, String httpAddress, String socketPath, String keyFile) {
        return new RunInfo(
                pid,
                startedMillis,
                version,
                cluster,
                grpcAddress,
                httpAddress,
                management,
                socketPath,
                keyFile,
                managementCredentialsFile);
    }

    /** This process, reachable through the cluster and the management port only. */
    static RunInfo ofThisProcess(String version, String cluster, String management, Path credentials) {
        ProcessHandle self = ProcessHandle.current();
        long started = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return new RunInfo(self.pid(), started, version, cluster, "", "", management, "", "", credentials.toString());
    }

    private static void line(StringBuilder text, String key, String value) {
        // Properties would also write the date; a backslash must be doubled for its reader.
        text.append(key).append('=').append(value.replace("\\", "\\\\")).append('\n');
    }
}
