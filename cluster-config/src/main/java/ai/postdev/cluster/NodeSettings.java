package ai.postdev.cluster;

import ai.postdev.actors.op.Origin;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything a node must know to start.
 *
 * @param home prepared and locked by this process
 * @param id of this node, the origin of its operations
 * @param version of the program
 * @param roles at least one
 * @param host that other nodes reach this one at
 * @param port that other nodes join; 0: the first free one from {@code firstPort}
 * @param portTries how many ports from {@code firstPort} are tried
 * @param join host:port of nodes to join; empty: a cluster of its own
 * @param joinTimeout how long to wait to become a member
 * @param trustDirectory where a home without a CA takes one from; empty: it makes its own
 * @param loadInterval between two reports of this node's load
 * @param managementHost the management port listens on
 * @param managementPort 0: any free one
 * @param exitJvm whether the process ends with the node
 * @param config everything, for the settings records of other parts
 */
public record NodeSettings(
        Home home,
        Origin id,
        String version,
        Set<Role> roles,
        String host,
        int port,
        int firstPort,
        int portTries,
        List<String> join,
        Duration joinTimeout,
        String trustDirectory,
        Duration loadInterval,
        String managementHost,
        int managementPort,
        boolean exitJvm,
        Config config) {

    /** Cluster role that carries a node's id, so that membership itself says which node an address is. */
    static final String ID_ROLE = "id-";

    public NodeSettings {
        roles = Set.copyOf(roles);
        join = List.copyOf(join);
    }

    /**
     * The settings of {@code home} as files, environment and {@code commandLine} give them. The home must be locked by
     * this process: its id may be made here.
     *
     * @param commandLine full keys, such as {@code postdevai.cluster.join}, and their values
     * @throws NodeRefused if a value cannot be used
     */
    public static NodeSettings load(Home home, Map<String, ?> commandLine) {
        return from(home, NodeConfig.load(home, commandLine));
    }

    static NodeSettings from(Home home, Config config) {
        try {
            Config cluster = config.getConfig("postdevai.cluster");
            Set<Role> roles = EnumSet.noneOf(Role.class);
            for (String role : strings(config, "postdevai.node.roles")) {
                if (role.equals("all")) {
                    roles.addAll(EnumSet.allOf(Role.class));
                } else {
                    roles.add(Role.byId(role));
                }
            }
            if (roles.isEmpty()) {
                throw new NodeRefused("postdevai.node.roles is empty, expected dragon, developer, coordinator or all");
            }
            List<String> join = strings(cluster, "join");
            join.forEach(NodeSettings::checkAddress);
            return new NodeSettings(
                    home,
                    home.nodeId(),
                    config.getString("postdevai.version"),
                    roles,
                    cluster.getString("host"),
                    port(cluster, "port"),
                    port(cluster, "first-port"),
                    cluster.getInt("port-tries"),
                    join,
                    cluster.getDuration("join-timeout"),
                    cluster.getString("trust-dir"),
                    cluster.getDuration("load-interval"),
                    config.getString("postdevai.management.host"),
                    port(config, "postdevai.management.port"),
                    config.getBoolean("postdevai.node.exit-jvm"),
                    config);
        } catch (ConfigException e) {
            throw new NodeRefused("a setting cannot be used: " + e.getMessage() + "; see " + home.configFile(), e);
        }
    }

    /** The configuration of the actor system when it listens on {@code clusterPort}. */
    Config actorSystemConfig(int clusterPort) {
        Map<String, Object> values = new HashMap<>();
        List<String> clusterRoles = new ArrayList<>();
        roles.stream().map(Role::id).sorted().forEach(clusterRoles::add);
        clusterRoles.add(ID_ROLE + id.value());
        values.put("pekko.cluster.roles", clusterRoles);
        values.put("pekko.cluster.seed-nodes", List.of());
        values.put("pekko.remote.artery.canonical.hostname", host);
        values.put("pekko.remote.artery.canonical.port", clusterPort);
        values.put("pekko.management.http.hostname", managementHost);
        values.put("pekko.management.http.port", managementPort);
        return ConfigFactory.parseMap(values, "settings of this node").withFallback(config);
    }

    /** The id of the node whose member has these cluster roles; empty for a member that is none of ours. */
    public static Optional<Origin> nodeId(Collection<String> clusterRoles) {
        return clusterRoles.stream()
                .filter(role -> role.startsWith(ID_ROLE))
                .map(role -> new Origin(role.substring(ID_ROLE.length())))
                .findFirst();
    }

    /** What the node whose member has these cluster roles does, in order of name. */
    public static List<String> roles(Collection<String> clusterRoles) {
        return clusterRoles.stream()
                .filter(role ->
                        Stream.of(Role.values()).anyMatch(known -> known.id().equals(role)))
                .sorted()
                .toList();
    }

    private static List<String> strings(Config config, String key) {
        return switch (config.getValue(key).valueType()) {
            case LIST -> config.getStringList(key);
            case STRING ->
                List.of(config.getString(key).strip().split("\\s*,\\s*")).stream()
                        .filter(item -> !item.isEmpty())
                        .toList();
            case OBJECT, NUMBER, BOOLEAN, NULL ->
                throw new ConfigException.WrongType(
                        config.getValue(key).origin(), key + " must be a list or a comma-separated text");
        };
    }

    private static int port(Config config, String key) {
        int port = config.getInt(key);
        if (port < 0 || port > 65535) {
            throw new ConfigException.BadValue(key, "a port is 0 to 65535, found " + port);
        }
        return port;
    }

    private static void checkAddress(String address) {
        int colon = address.lastIndexOf(':');
        try {
            if (colon > 0 && Integer.parseInt(address.substring(colon + 1)) > 0) {
                return;
            }
        } catch (NumberFormatException e) {
            throw new NodeRefused("cannot join '" + address + "', expected HOST:PORT", e);
        }
        throw new NodeRefused("cannot join '" + address + "', expected HOST:PORT");
    }
}
