package ai.postdev.cluster.shard;

import ai.postdev.actors.op.Origin;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.Address;

/**
 * Decides where the lake of a project runs. Pure.
 *
 * <p>The data decides: a lake opened anywhere else would be an empty one beside the real one. So while the node that holds
 * a project is away, its lake runs nowhere, and callers are told who is missing.
 */
final class Placement {
    private Placement() {}

    /** Where to, or why nowhere yet. */
    sealed interface Decision {
        /** The lake runs there. */
        record On(Address node) implements Decision {}

        /** The lake runs nowhere until this changes. */
        record Nowhere(String reason) implements Decision {}
    }

    /**
     * Decides for one project.
     *
     * @param holders nodes on whose disks the lake lies; empty for a new project
     * @param members where each node of the cluster is
     * @param dragons nodes that can run lakes now
     * @param requester who asked
     * @param freeMemory of the nodes that have said so, in bytes
     */
    static Decision decide(
            Collection<Origin> holders,
            Map<Origin, Address> members,
            Set<Address> dragons,
            Address requester,
            Map<Address, Long> freeMemory) {
        if (!holders.isEmpty()) {
            Optional<Address> holder = holders.stream()
                    .sorted()
                    .map(members::get)
                    .filter(address -> address != null && dragons.contains(address))
                    // Several nodes hold it (they met later): whoever asks is served by its own.
                    .min(Comparator.comparing((Address address) -> !address.equals(requester)));
            return holder.<Decision>map(Decision.On::new)
                    .orElseGet(() -> new Decision.Nowhere(
                            "it lies on " + holders + ", which is not up in this cluster now; start that node"));
        }
        if (dragons.contains(requester)) {
            return new Decision.On(requester);
        }
        return dragons.stream()
                .max(Comparator.comparing((Address address) -> freeMemory.getOrDefault(address, 0L))
                        .thenComparing(Address::toString))
                .<Decision>map(Decision.On::new)
                .orElseGet(() -> new Decision.Nowhere("no node with the role dragon is up in this cluster"));
    }
}
