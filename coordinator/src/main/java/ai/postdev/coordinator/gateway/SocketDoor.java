package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.door.Frame;
import ai.postdev.actors.door.Frames;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of the command line: a Unix-domain socket of mode 600 in a folder of mode 700, which asks the kernel who is
 * calling and serves nobody but its owner. One virtual thread for each connection; a connection that sends bad frames
 * or sleeps is closed, and none can take the node along.
 */
public final class SocketDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SocketDoor.class);
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> SOCKET = PosixFilePermissions.fromString("rw-------");

    private static final long ACCEPT_PAUSE_NANOS = 50_000_000;
    private static final long ANSWER_MILLIS_MAX = 1_000;
    private static final long ANSWER_LOOK_NANOS = 2_000_000;

    private final Path path;
    private final UserPrincipal owner;
    private final ServerSocketChannel server;
    private final SocketCalls calls;
    private final GatewaySettings settings;
    private final Set<SocketConnection> connections = ConcurrentHashMap.newKeySet();
    private final Cancellable sweep;

    /**
     * Opens the door at {@code path}, which fits a socket address (about 100 bytes). A socket file left by a dead node is replaced; the caller holds the lock
     * of the home, so no living node can own it.
     *
     * @throws IOException if the folder or the socket cannot be made, or if the folder belongs to somebody else
     */
    public static SocketDoor open(ActorSystem<?> system, NodeService service, Path path, GatewaySettings settings)
            throws IOException {
        ownFolder(path.getParent());
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, SOCKET);
            return new SocketDoor(system, server, path, new SocketCalls(system, service), settings);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static void ownFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(folder.getParent());
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(FOLDER));
        }
        UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
        if (!owner.getName().equals(System.getProperty("user.name"))) {
            throw new IOException("folder " + folder + " of the socket belongs to " + owner.getName() + ", expected "
                    + System.getProperty("user.name") + "; remove it or choose another POSTDEVAI_HOME");
        }
        Files.setPosixFilePermissions(folder, FOLDER);
    }

    private SocketDoor(
            ActorSystem<?> system, ServerSocketChannel server, Path path, SocketCalls calls, GatewaySettings settings)
            throws IOException {
        this.path = path;
        this.owner = Files.getOwner(path);
        this.server = server;
        this.calls = calls;
        this.settings = settings;
        this.sweep = system.scheduler()
                .scheduleAtFixedRate(
                        settings.idleMax().dividedBy(4),
                        settings.idleMax().dividedBy(4),
                        this::closeIdle,
                        system.executionContext());
        Thread.ofVirtual().name("socket-door").start(this::accept);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                try {
                    admit(channel);
                } catch (IOException | RuntimeException e) {
                    LOG.warn("A caller at {} was not served", path, e);
                    channel.close();
                }
            } catch (ClosedChannelException _) {
                // The door was closed: that is how this loop ends.
                return;
            } catch (IOException e) {
                LOG.warn("A connection to {} was not accepted", path, e);
                // Out of file handles most likely; without a pause this loop would eat a core.
                LockSupport.parkNanos(ACCEPT_PAUSE_NANOS);
            }
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        UserPrincipal caller =
                channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        if (!caller.equals(owner)) {
            LOG.warn("User {} was refused at {}", caller.getName(), path);
            refuse(
                    channel,
                    FaultCode.PERMISSION_DENIED,
                    "this memory belongs to " + owner.getName() + ", you are " + caller.getName());
            return;
        }
        if (connections.size() >= settings.connectionsMax()) {
            refuse(
                    channel,
                    FaultCode.RESOURCE_EXHAUSTED,
                    "the node has " + connections.size() + " connections, at most " + settings.connectionsMax()
                            + " are allowed (postdevai.gateway.connections-max); try again");
            return;
        }
        SocketConnection connection =
                new SocketConnection(channel, calls, settings.requestBytesMax(), connections::remove);
        connections.add(connection);
        if (!server.isOpen()) {
            // The door closed between accept and here, so its closing may have missed this one.
            connection.close();
        }
        Thread.ofVirtual().name("socket-connection").start(connection);
    }

    private static void refuse(SocketChannel channel, FaultCode code, String message) throws IOException {
        try (channel) {
            Frames.write(channel, new Frame.End(code, message));
        }
    }

    private void closeIdle() {
        long oldest = System.nanoTime() - settings.idleMax().toNanos();
        connections.stream()
                .filter(connection -> connection.lastActive() - oldest < 0)
                .forEach(SocketConnection::close);
    }

    /** Where the door is. */
    public Path path() {
        return path;
    }

    /**
     * Takes no new connections, lets the calls under way be answered, then ends all. Blocks for at most
     * {@value #ANSWER_MILLIS_MAX} ms: a caller who follows a long {@code Up} is not waited for.
     */
    @Override
    public void close() throws IOException {
        sweep.cancel();
        server.close();
        Files.deleteIfExists(path);
        connections.forEach(SocketConnection::end);
        long deadline = System.nanoTime() + ANSWER_MILLIS_MAX * 1_000_000;
        while (!connections.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(ANSWER_LOOK_NANOS);
        }
        connections.forEach(SocketConnection::close);
    }
}
