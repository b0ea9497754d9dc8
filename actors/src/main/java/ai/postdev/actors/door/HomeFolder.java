package ai.postdev.actors.door;

import ai.postdev.actors.op.ContentHash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * The folders of one node: everything it keeps lies under one root, so that two roots are two independent nodes. Only
 * names; nothing here touches the disk.
 *
 * @param root absolute
 */
public record HomeFolder(Path root) {
    /** The environment variable that names the root. */
    public static final String VARIABLE = "POSTDEVAI_HOME";

    /** The longest path that a socket address holds on every platform: {@code sun_path} has 104 bytes on macOS. */
    static final int SOCKET_PATH_BYTES_MAX = 100;

    public HomeFolder {
        if (!root.isAbsolute()) {
            throw new IllegalArgumentException("home must be an absolute path, found '" + root + "'");
        }
        root = root.normalize();
    }

    /**
     * The home that {@value #VARIABLE} names, else the platform's data directory: {@code ~/Library/Application
     * Support/PostDevAI} on macOS, {@code $XDG_DATA_HOME/postdevai} or {@code ~/.local/share/postdevai} elsewhere.
     */
    public static HomeFolder of(Map<String, String> environment, String userHome, String osName) {
        String named = environment.getOrDefault(VARIABLE, "");
        if (!named.isBlank()) {
            return new HomeFolder(Path.of(named).toAbsolutePath());
        }
        if (osName.toLowerCase(Locale.ROOT).contains("mac")) {
            return new HomeFolder(Path.of(userHome, "Library", "Application Support", "PostDevAI"));
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        Path base = data.startsWith("/") ? Path.of(data) : Path.of(userHome, ".local", "share");
        return new HomeFolder(base.resolve("postdevai"));
    }

    /** The home of this process. */
    public static HomeFolder ofProcess() {
        return of(System.getenv(), System.getProperty("user.home"), System.getProperty("os.name"));
    }

    /** What lives only while the node runs: socket, pid, locks. */
    public Path run() {
        return root.resolve("run");
    }

    /** The node's log files. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** Everything that the node says before its log file is open, and what the JVM says when it dies. */
    public Path console() {
        return logs().resolve("console.log");
    }

    /** Held while a node is being started, so that two starts at once make one node. */
    public Path startLock() {
        return run().resolve("start.lock");
    }

    /**
     * The Unix-domain socket of the node. A home too deep for a socket address gets a folder of its own in the
     * temporary directory, named after the home; {@link #socketFolder()} must belong to the user alone either way.
     */
    public Path socket() {
        Path inHome = run().resolve("node.sock");
        if (inHome.toString().getBytes(StandardCharsets.UTF_8).length <= SOCKET_PATH_BYTES_MAX) {
            return inHome;
        }
        String user = System.getProperty("user.name", "user").replaceAll("[^A-Za-z0-9._-]", "_");
        String name = "postdevai-" + user + "-"
                + Long.toHexString(ContentHash.of(root.toString()).a());
        return Path.of("/tmp", name, "node.sock");
    }

    /** The folder of {@link #socket()}, mode 700. */
    public Path socketFolder() {
        return socket().getParent();
    }
}
