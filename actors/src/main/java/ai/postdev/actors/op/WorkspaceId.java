package ai.postdev.actors.op;

/**
 * One checkout of a project on one node. Only the node that owns the folder writes documents of a workspace, so its
 * versions never conflict.
 *
 * @param value 1 to 128 characters of {@code [0-9a-z-]}
 */
public record WorkspaceId(String value) implements Comparable<WorkspaceId> {
    public WorkspaceId {
        if (!Ids.isOne(value, 128)) {
            throw new IllegalArgumentException("workspace id must be 1 to 128 of [0-9a-z-], found '" + value + "'");
        }
    }

    @Override
    public int compareTo(WorkspaceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
