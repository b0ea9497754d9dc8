package ai.postdev.cluster;

import java.nio.file.Path;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * A node that is a member of its cluster.
 *
 * @param system whose guardian is the caller's
 * @param cluster host:port that other nodes join
 * @param management base address of the management port
 * @param managementCredentials file with {@code user:password} of the management port, mode 600
 */
public record RunningNode<G>(
        ActorSystem<G> system, NodeSettings settings, String cluster, String management, Path managementCredentials) {

    /** What clients must know, with all doors still closed: add them ({@link RunInfo#withDoors}), then write it. */
    public RunInfo runInfo() {
        return RunInfo.ofThisProcess(settings.version(), cluster, management, managementCredentials);
    }
}
