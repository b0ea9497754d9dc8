package ai.postdev.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Puts the settings of a node together, strongest first: command line, {@code -D}, environment, the home's
 * {@code config/postdevai.conf}, {@code postdevai-cluster.conf}, every {@code reference.conf}.
 */
public final class NodeConfig {
    private static final String ROOT = "postdevai";
    private static final String PREFIX = "POSTDEVAI_";

    private NodeConfig() {}

    /**
     * Everything that is set for {@code home}.
     *
     * @param commandLine full keys such as {@code postdevai.cluster.join} and their values
     * @throws NodeRefused if the home's file cannot be understood
     */
    public static Config load(Home home, Map<String, ?> commandLine) {
        return load(home, commandLine, System.getenv());
    }

    static Config load(Home home, Map<String, ?> commandLine, Map<String, String> environment) {
        ConfigFactory.invalidateCaches(); // system properties may have changed since
        try {
            Config builtIn = ConfigFactory.parseResources(NodeConfig.class.getClassLoader(), "postdevai-cluster.conf")
                    .withFallback(ConfigFactory.defaultReferenceUnresolved(OwnManifests.LOADER));
            Config file = ConfigFactory.parseFile(home.configFile().toFile());
            return ConfigFactory.parseMap(commandLine, "command line")
                    .withFallback(ConfigFactory.parseMap(
                            Map.of(ROOT + ".home", home.root().toString()), "home"))
                    .withFallback(ConfigFactory.defaultOverrides())
                    .withFallback(fromEnvironment(builtIn, environment))
                    .withFallback(file)
                    .withFallback(builtIn)
                    .resolve();
        } catch (ConfigException e) {
            throw new NodeRefused(
                    "the settings cannot be understood: " + e.getMessage() + "; see " + home.configFile(), e);
        }
    }

    /**
     * What the environment sets. Two ways lead here: {@code key = ${?SOME_NAME}} in a reference.conf, which would lose to
     * the home's file if it stayed there, and the name that follows from the key.
     */
    private static Config fromEnvironment(Config builtIn, Map<String, String> environment) {
        ConfigResolveOptions blind =
                ConfigResolveOptions.defaults().setUseSystemEnvironment(false).setAllowUnresolved(true);
        Config own = builtIn.withOnlyPath(ROOT);
        Config without = own.resolve(blind);
        Config with = ConfigFactory.parseMap(ours(environment), "environment")
                .withFallback(own)
                .resolve(blind);
        Map<String, Object> found = new HashMap<>();
        for (Map.Entry<String, ConfigValue> entry : with.getConfig(ROOT).entrySet()) {
            String key = ROOT + "." + entry.getKey();
            if (!without.hasPathOrNull(key) || !without.getValue(key).equals(entry.getValue())) {
                found.put(key, entry.getValue());
            }
            String set = environment.get(variable(key));
            if (set != null && !set.isBlank()) {
                found.put(key, value(set, entry.getValue().valueType()));
            }
        }
        return ConfigFactory.parseMap(found, "environment");
    }

    /** The name under which the environment can set {@code key}. */
    static String variable(String key) {
        return PREFIX
                + key.substring(ROOT.length() + 1)
                        .toUpperCase(Locale.ROOT)
                        .replace('.', '_')
                        .replace('-', '_');
    }

    private static Object value(String text, ConfigValueType type) {
        if (type != ConfigValueType.LIST) {
            return text;
        }
        List<Object> items = new ArrayList<>();
        for (String item : text.split(",")) {
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
        return ConfigValueFactory.fromIterable(items);
    }

    /** Only our own names: others could hide a key of the configuration, such as {@code home}. */
    private static Map<String, String> ours(Map<String, String> all) {
        Map<String, String> ours = new HashMap<>();
        all.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                ours.put(name, value);
            }
        });
        return ours;
    }
}
