package ai.postdev.actors.protocol;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.wire.WireMessage;
import java.util.List;

/**
 * What nodes tell all others about themselves, through Distributed Data. Each fact is written by the node it is about and
 * by no other, so the last one written is always right.
 */
public interface ClusterFacts {
    /**
     * What a node can do and how busy it is.
     *
     * @param models names of the models it can serve
     * @param processors that it may use
     * @param cpuLoad share of its processors in use by all programs, 0 to 1; negative when the system does not say
     * @param memoryBytes of the machine or container
     * @param freeMemoryBytes that programs could still take
     * @param projects how many lakes lie on it
     * @param reportedMillis when it said so, by its own clock
     */
    record NodeFacts(
            Origin node,
            String version,
            List<String> models,
            int processors,
            double cpuLoad,
            long memoryBytes,
            long freeMemoryBytes,
            int projects,
            long reportedMillis)
            implements WireMessage {
        public NodeFacts {
            models = List.copyOf(models);
        }
    }

    /**
     * The lake of a project lies on a node.
     *
     * @param checkouts the folders of the project that the node watches
     */
    record HeldProject(ProjectId project, Origin node, String name, List<Checkout> checkouts) implements WireMessage {
        public HeldProject {
            checkouts = List.copyOf(checkouts);
        }
    }

    /**
     * One folder of a project.
     *
     * @param root absolute path on its node
     */
    record Checkout(WorkspaceId workspace, String root) implements WireMessage {}
}
