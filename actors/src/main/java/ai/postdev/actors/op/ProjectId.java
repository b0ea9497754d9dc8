package ai.postdev.actors.op;

/**
 * Names a project on every machine alike: derived from its root commit, or made at random once for a folder without
 * git.
 *
 * @param value 1 to 64 characters of {@code [0-9a-z-]}
 */
public record ProjectId(String value) implements Comparable<ProjectId> {
    public ProjectId {
        if (!Ids.isOne(value, 64)) {
            throw new IllegalArgumentException("project id must be 1 to 64 of [0-9a-z-], found '" + value + "'");
        }
    }

    @Override
    public int compareTo(ProjectId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
