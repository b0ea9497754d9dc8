package ai.postdev.cluster;

import java.util.Locale;

/** What a node does in the cluster. */
public enum Role {
    /** Holds memory and models. */
    DRAGON,
    /** Watches the work and talks to the person. */
    DEVELOPER,
    /** Finds nodes and routes requests. */
    COORDINATOR;

    /** The name used in settings and by the cluster. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Role byId(String id) {
        for (Role role : values()) {
            if (role.id().equals(id)) {
                return role;
            }
        }
        throw new NodeRefused("unknown role '" + id + "' in postdevai.node.roles, expected dragon, developer, "
                + "coordinator or all");
    }
}
