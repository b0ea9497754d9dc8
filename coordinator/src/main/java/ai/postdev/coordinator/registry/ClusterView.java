package ai.postdev.coordinator.registry;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ClusterFacts.HeldProject;
import ai.postdev.actors.protocol.ClusterFacts.NodeFacts;
import ai.postdev.v1.ClusterStatus;
import ai.postdev.v1.Member;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The cluster as this node knows it now. Immutable.
 *
 * @param self id of this node
 * @param leader host:port of the node that leads membership; empty while none does
 * @param members in order of address
 * @param projects who holds each project, in order of node id; also nodes that are away now
 */
public record ClusterView(
        Origin self, String leader, List<NodeView> members, Map<ProjectId, List<HeldProject>> projects) {
    public ClusterView {
        members = List.copyOf(members);
        TreeMap<ProjectId, List<HeldProject>> sorted = new TreeMap<>();
        projects.forEach((project, holders) -> sorted.put(project, List.copyOf(holders)));
        projects = Collections.unmodifiableMap(sorted);
    }

    /**
     * One member.
     *
     * @param id empty for a member that did not say
     * @param address host:port
     * @param status as membership names it, such as {@code Up} or {@code Leaving}
     * @param roles without the one that carries the id
     * @param facts empty until the node has spoken
     */
    public record NodeView(
            Optional<Origin> id,
            String address,
            String status,
            List<String> roles,
            boolean reachable,
            Optional<NodeFacts> facts) {
        public NodeView {
            roles = List.copyOf(roles);
        }
    }

    /** The member with this id. */
    public Optional<NodeView> member(Origin node) {
        return members.stream()
                .filter(member -> member.id().filter(node::equals).isPresent())
                .findFirst();
    }

    /**
     * Why the lake of a project cannot answer now; empty if its node is there, or nobody is known to hold it (then it is
     * opened on the node that asks).
     */
    public Optional<String> absence(ProjectId project) {
        List<HeldProject> holders = projects.getOrDefault(project, List.of());
        boolean there = holders.isEmpty()
                || holders.stream()
                        .anyMatch(held ->
                                member(held.node()).filter(NodeView::reachable).isPresent());
        return there
                ? Optional.empty()
                : Optional.of("the memory of " + holders.getFirst().name() + " lies on the node "
                        + holders.getFirst().node() + ", which is not in the cluster now; start it, then ask again");
    }

    /** This view as the doors show it. */
    public ClusterStatus status() {
        ClusterStatus.Builder status = ClusterStatus.newBuilder().setLeader(leader);
        for (NodeView member : members) {
            status.addMembers(Member.newBuilder()
                    .setId(member.id().map(Origin::value).orElse(""))
                    .setAddress(member.address())
                    .setStatus(member.status())
                    .addAllRoles(member.roles())
                    .setReachable(member.reachable()));
        }
        return status.build();
    }
}
