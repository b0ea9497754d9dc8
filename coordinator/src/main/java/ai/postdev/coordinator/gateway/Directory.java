package ai.postdev.coordinator.gateway;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.v1.Member;
import java.util.List;
import java.util.Optional;

/** What this node knows of the cluster. Answers at once from memory; safe on any thread. */
public interface Directory {
    /** Every workspace of every project in memory, across the cluster; a project with two checkouts has two rows. */
    List<KnownProject> projects();

    /** Why the lake of a project cannot answer now, for people; empty if there is no such reason. */
    Optional<String> absence(ProjectId project);

    /** The members of the cluster as this node sees them. */
    List<Member> members();

    /** Address of the leader; empty while there is none. */
    String leader();

    /**
     * One workspace of a project.
     *
     * @param name for people, usually the folder's name
     * @param root absolute path on the node that watches it
     * @param node id of that node
     */
    record KnownProject(ProjectId id, String name, String root, String node) {}
}
