package ai.postdev.actors.op;

/**
 * A node of the metadata graph.
 *
 * @param type {@code commit}, {@code file}, {@code symbol}, {@code note}, …
 * @param key unique within its type and project: commit id, project-relative path, qualified symbol, note id
 */
public record NodeKey(String type, String key) {
    public NodeKey {
        if (type.isBlank() || key.isEmpty()) {
            throw new IllegalArgumentException("node needs a type and a key, found '" + type + "', '" + key + "'");
        }
    }
}
