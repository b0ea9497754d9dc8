package ai.postdev.cluster;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.remote.RemoteTransportException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a node: keys, actor system, membership, management port. Blocks the calling thread until the node is a member of
 * its cluster.
 */
public final class NodeBootstrap {
    /** Name of every node's actor system; equal on all nodes, because it is part of their addresses. */
    public static final String SYSTEM = "postdevai";

    private static final Logger LOG = LoggerFactory.getLogger(NodeBootstrap.class);
    private static final int MILLIS_TO_BIND_AGAIN = 3_000;

    private NodeBootstrap() {}

    /**
     * Starts a node. When it ends, however that comes about, the lock is given back and, if the settings say so, the
     * process exits.
     *
     * @param guardian created once more for each port that turns out to be taken, so it must not start anything before
     *     its setup runs
     * @throws NodeRefused if it cannot start or finds no cluster to join: the message says why. The lock stays with the
     *     caller then.
     */
    public static <G> RunningNode<G> start(HomeLock lock, NodeSettings settings, Behavior<G> guardian) {
        return start(lock, settings, guardian, () -> {});
    }

    /**
     * Starts a node as {@link #start(HomeLock, NodeSettings, Behavior)} does.
     *
     * @param others waits for what is begun beside the actor system and must be there too; what it throws ends the start
     */
    public static <G> RunningNode<G> start(
            HomeLock lock, NodeSettings settings, Behavior<G> guardian, Runnable others) {
        Trust trust = Trust.of(settings.home(), settings.trustDirectory());
        ManagementPort.Credentials credentials = ManagementPort.Credentials.of(settings.home());
        ActorSystem<G> system = create(settings, guardian);
        try {
            join(system, settings, trust);
            String management = ManagementPort.open(system, credentials);
            others.run();
            Address self = Cluster.get(system).selfMember().address();
            RunningNode<G> node = new RunningNode<>(
                    system,
                    settings,
                    self.getHost().orElseThrow() + ":" + self.getPort().orElseThrow(),
                    management,
                    credentials.file());
            NodeEnd.whenEnded(system, settings, lock);
            LOG.info("node {} is up at {}, management at {}", settings.id(), node.cluster(), management);
            return node;
        } catch (RuntimeException e) {
            stop(system);
            throw e;
        }
    }

    private static <G> ActorSystem<G> create(NodeSettings settings, Behavior<G> guardian) {
        int first = settings.port() == 0 ? settings.firstPort() : settings.port();
        int tries = settings.port() == 0 && first != 0 ? settings.portTries() : 1;
        BootstrapSetup asFound = BootstrapSetup.create().withClassloader(OwnManifests.LOADER);
        for (int port = first; port < first + tries; port++) {
            if (!isFree(settings.host(), port)) {
                continue;
            }
            Config config = settings.actorSystemConfig(port);
            try {
                return ActorSystem.create(guardian, SYSTEM, ActorSystemSetup.create(asFound.withConfig(config)));
            } catch (RemoteTransportException e) {
                // Another process took the port between the look and the start.
                LOG.info("port {} was taken meanwhile: {}", port, e.getMessage());
            }
        }
        throw new NodeRefused(
                settings.port() != 0
                        ? "the cluster port " + settings.host() + ":" + first
                                + " is taken; stop what uses it, or set postdevai.cluster.port to another (0: any)"
                        : "no free cluster port at " + settings.host() + " from " + first + " to " + (first + tries - 1)
                                + "; set postdevai.cluster.first-port to another");
    }

    private static boolean isFree(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new NodeRefused("the address '" + host + "' in postdevai.cluster.host is not known to this machine");
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
            return true;
        } catch (BindException e) {
            if (String.valueOf(e.getMessage()).contains("assign")) {
                throw new NodeRefused(
                        "this machine has no network address " + host + "; set postdevai.cluster.host to one it has",
                        e);
            }
            return false;
        } catch (IOException e) {
            throw new NodeRefused("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    private static void join(ActorSystem<?> system, NodeSettings settings, Trust trust) {
        CompletableFuture<Void> up = new CompletableFuture<>();
        org.apache.pekko.cluster.Cluster.get(system.classicSystem()).registerOnMemberUp(() -> up.complete(null));
        Cluster cluster = Cluster.get(system);
        if (settings.join().isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            List<Address> seeds = settings.join().stream()
                    .map(seed -> AddressFromURIString.parse("pekko://" + SYSTEM + "@" + seed))
                    .toList();
            cluster.manager().tell(new JoinSeedNodes(seeds));
        }
        try {
            up.get(settings.joinTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new NodeRefused(
                    settings.join().isEmpty()
                            ? "this node did not become a cluster of its own within " + settings.joinTimeout()
                                    + "; the machine may be overloaded, see the log in "
                                    + settings.home().logs()
                            : "no cluster was joined at " + String.join(", ", settings.join()) + " within "
                                    + settings.joinTimeout()
                                    + "; check that a node runs there, that it is reachable, and that it trusts the"
                                    + " same CA (sha256 of this node's"
                                    + " keys/ca.pem:"
                                    + " " + trust.authorityFingerprint() + ")",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes this exceptionally", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeRefused("interrupted while joining the cluster", e);
        }
    }

    /** Ends a system that did not become a node, so that its ports are free again for the next try. */
    private static void stop(ActorSystem<?> system) {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(MILLIS_TO_BIND_AGAIN, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the actor system did not end in time", e);
        }
    }
}
