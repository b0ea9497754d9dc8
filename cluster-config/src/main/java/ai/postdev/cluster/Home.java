package ai.postdev.cluster;

import ai.postdev.actors.door.HomeFolder;
import ai.postdev.actors.op.Origin;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The directory that holds everything of one node. Two homes are two independent nodes. {@link #at} only names it, so
 * that a client can look without writing; {@link #prepare} makes it, {@link #lock} claims it for one process.
 *
 * <p>This class loads neither Pekko nor a cryptography library, so that a command line can use it cheaply.
 */
public final class Home {
    private static final String VARIABLE = HomeFolder.VARIABLE;

    /** The layout of the home that this version writes. */
    static final int FORMAT = 1;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path root;

    private Home(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** The home in this directory, which may not exist yet. */
    public static Home at(Path directory) {
        return new Home(directory);
    }

    /** The home that the environment names, or the platform's data directory, see {@link HomeFolder#ofProcess}. */
    public static Home locate() {
        return at(HomeFolder.ofProcess().root());
    }

    /** The directory itself, absolute. */
    public Path root() {
        return root;
    }

    /** Journals, blobs and indexes. */
    public Path data() {
        return root.resolve("data");
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
                RANDOM.nextBytes(random);
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

    /** Where the socket for local clients lies, as {@link HomeFolder} says. */
    public Path socket() {
        return folder().socket();
    }

    /** The names that clients use for this home. */
    public HomeFolder folder() {
        return new HomeFolder(root);
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

    @Override
    public String toString() {
        return root.toString();
    }
}
