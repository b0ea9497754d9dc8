package ai.postdev.cluster;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The directory that holds everything of one node. Two homes are two independent nodes. {@link #at} only names it, so
 * that a client can look without writing; {@link #prepare} makes it, {@link #lock} claims it for one process.
 *
 * <p>This class loads neither Pekko nor a cryptography library, so that a command line can use it cheaply.
 */
public final class Home {
    /** The environment variable that names the home. */
    public static final String VARIABLE = "POSTDEVAI_HOME";

    /** The layout of the home that this version writes. */
    static final int FORMAT = 1;

    /** Longest path of a Unix-domain socket that every platform takes, in bytes: macOS has 104 with the final zero. */
    static final int SOCKET_PATH_MAX = 103;

    private final Path root;

    private Home(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** The home in this directory, which may not exist yet. */
    public static Home at(Path directory) {
        return new Home(directory);
    }

    /**
     * The home that the environment names: {@value #VARIABLE}, else the platform's data directory
     * ({@code $XDG_DATA_HOME/postdevai} or {@code ~/.local/share/postdevai}; on macOS
     * {@code ~/Library/Application Support/PostDevAI}).
     */
    public static Home locate() {
        // The command line passes the home that it found to the node it starts.
        String passed = System.getProperty("postdevai.home", "");
        return !passed.isBlank()
                ? at(Path.of(passed))
                : locate(System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
    }

    static Home locate(Map<String, String> environment, String system, Path userHome) {
        String named = environment.getOrDefault(VARIABLE, "");
        if (!named.isBlank()) {
            return at(Path.of(named));
        }
        if (system.toLowerCase(Locale.ROOT).startsWith("mac")) {
            return at(userHome.resolve("Library/Application Support/PostDevAI"));
        }
        String dataHome = environment.getOrDefault("XDG_DATA_HOME", "");
        // The XDG specification says that a relative path must be ignored.
        Path base = !dataHome.isBlank() && Path.of(dataHome).isAbsolute()
                ? Path.of(dataHome)
                : userHome.resolve(".local/share");
        return at(base.resolve("postdevai"));
    }

    /** The directory itself, absolute. */
    public Path root() {
        return root;
    }

    /** Journals, blobs and indexes. */
    public Path data() {
        return root.resolve("data");
    }

    /** Models: weights and what is known of them. */
    public Path models() {
        return root.resolve("models");
    }

    /** Private keys, certificates and credentials. */
    public Path keys() {
        return root.resolve("keys");
    }

    /** What belongs to the running process: socket, pid, ports. */
    public Path run() {
        return root.resolve("run");
    }

    /** Log files. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** The person's own settings (HOCON); may be absent. */
    public Path configFile() {
        return root.resolve("config").resolve("postdevai.conf");
    }

    /** What clients need to reach the running node. */
    public Path runFile() {
        return run().resolve("node.properties");
    }

    Path lockFile() {
        return run().resolve("lock");
    }

    Path pidFile() {
        return run().resolve("pid");
    }

    /**
     * Makes the home if need be: directories of mode 700, the format mark, the id of the node.
     *
     * @throws NodeRefused if it cannot be written, or a newer version wrote it
     */
    public Home prepare() {
        try {
            if (Files.exists(root) && !Files.isDirectory(root)) {
                throw new NodeRefused("the home " + root + " is a file, expected a directory; " + elsewhere());
            }
            PrivateFiles.directory(root);
            checkFormat();
            for (Path directory :
                    new Path[] {data(), keys(), run(), logs(), configFile().getParent()}) {
                PrivateFiles.directory(directory);
            }
            if (!Files.exists(formatFile())) {
                PrivateFiles.write(formatFile(), FORMAT + "\n");
            }
            return this;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /**
     * Claims the home for this process until the lock is closed or the process ends, however it ends.
     *
     * @throws HomeInUse if another live process holds it
     * @throws NodeRefused if the home cannot be written
     */
    public HomeLock lock() {
        prepare();
        try {
            return HomeLock.acquire(this);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /**
     * The id of this node, made once per home and never again: the origin of every operation it writes. To be called by
     * the process that holds the lock.
     */
    public Origin nodeId() {
        Path file = root.resolve("node-id");
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[8];
                new SecureRandom().nextBytes(random);
                PrivateFiles.write(file, "n-" + HexFormat.of().formatHex(random) + "\n");
            }
            String text = Files.readString(file).strip();
            try {
                return new Origin(text);
            } catch (IllegalArgumentException e) {
                throw new NodeRefused(
                        "the node id in " + file + " is damaged: " + e.getMessage()
                                + "; restore the file from a backup (the journal's operations name it)",
                        e);
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /**
     * Where the socket for local clients lies: {@code run/node.sock}, or, where that path is too long for the platform,
     * a short directory of mode 700 that belongs to this user. {@link RunInfo#socket} records what a running node uses.
     */
    public Path socket() {
        Path inside = run().resolve("node.sock");
        if (bytes(inside) <= SOCKET_PATH_MAX || !PrivateFiles.posix(root)) {
            return inside;
        }
        String name = "postdevai-" + ContentHash.of(root.toString()).hex().substring(0, 16);
        String runtime = Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR")).orElse("");
        if (!runtime.isBlank() && Files.isWritable(Path.of(runtime))) {
            Path socket = Path.of(runtime, name, "node.sock");
            if (bytes(socket) <= SOCKET_PATH_MAX) {
                return socket;
            }
        }
        return Path.of("/tmp", name, "node.sock");
    }

    /**
     * {@link #socket}, with its directory made, and proved to belong to this user alone: in a directory that all users
     * share, another user could have made it first and would then own what the clients talk to.
     *
     * @throws NodeRefused if the directory belongs to somebody else or is open to others
     */
    public Path prepareSocket() {
        Path socket = socket();
        Path directory = socket.getParent();
        try {
            if (!directory.equals(run()) && PrivateFiles.posix(root)) {
                if (!Files.exists(directory)) {
                    PrivateFiles.directory(directory);
                }
                int uid = (Integer) Files.getAttribute(root, "unix:uid");
                if (!PrivateFiles.isOwnedDirectory(directory, uid)) {
                    throw new NodeRefused("the socket directory " + directory
                            + " does not belong to this user alone (expected mode 700); remove it, or use a shorter "
                            + VARIABLE);
                }
            }
            Files.deleteIfExists(socket);
            return socket;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    NodeRefused cannotWrite(IOException cause) {
        String what = switch (cause) {
            case AccessDeniedException denied -> "permission denied at " + denied.getFile();
            case NoSuchFileException missing -> "cannot create " + missing.getFile();
            case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
            default -> cause.toString();
        };
        return new NodeRefused("the home " + root + " cannot be used: " + what + "; " + elsewhere(), cause);
    }

    private String elsewhere() {
        return "make it writable for this user, or set " + VARIABLE + " to a directory that is";
    }

    private Path formatFile() {
        return root.resolve("format");
    }

    private void checkFormat() throws IOException {
        if (!Files.exists(formatFile())) {
            return;
        }
        String text = Files.readString(formatFile()).strip();
        int found;
        try {
            found = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new NodeRefused(
                    "the home " + root + " has the format mark '" + text + "', expected a number up to " + FORMAT
                            + "; is this really a home of PostDevAI?",
                    e);
        }
        if (found > FORMAT) {
            throw new NodeRefused("the home " + root + " has format " + found + ", this version knows formats up to "
                    + FORMAT + ": a newer PostDevAI wrote it; use that version, or another " + VARIABLE);
        }
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
