package ai.postdev.app.house;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes docs/reference/configuration.md from the reference.conf of every module. */
final class ConfigurationPage {
    private static final List<String> MODULES =
            List.of("actors", "cluster-config", "dragon", "developer", "coordinator", "app");

    private ConfigurationPage() {}

    static String render(Path house) throws IOException {
        StringBuilder page = new StringBuilder("""
            # Configuration

            <!-- Written by ReferenceTest from the reference.conf of each module; edit those. -->

            Every key can be set in `config/postdevai.conf` of the home, by its environment variable (`POSTDEVAI_` and the key in
            capitals, `.` and `-` as `_`), or by `-Dkey=value` in `POSTDEVAI_JAVA_OPTS`; the later of these three wins.
            """);
        for (String module : MODULES) {
            Path file = house.resolve(module).resolve("src/main/resources/reference.conf");
            if (!Files.exists(file)) {
                continue;
            }
            List<String> lines = Files.readAllLines(file);
            Config config = ConfigFactory.parseFile(file.toFile(), ConfigParseOptions.defaults())
                    .resolve(ConfigResolveOptions.noSystem());
            if (!config.hasPath("postdevai")) {
                continue;
            }
            page.append("\n## ").append(module).append("\n\n| key | default | what it trades |\n|---|---|---|\n");
            TreeMap<String, ConfigValue> keys = new TreeMap<>();
            collect("postdevai", config.root().get("postdevai"), keys);
            keys.forEach((key, value) -> page.append("| `")
                    .append(key)
                    .append("` | ")
                    .append(fallback(value))
                    .append(" | ")
                    .append(comment(value, lines, variable(key, value, lines)))
                    .append(" |\n"));
        }
        return page.toString();
    }

    private static void collect(String path, ConfigValue value, Map<String, ConfigValue> keys) {
        if (value instanceof ConfigObject object && !path.endsWith("dispatcher")) {
            object.forEach((name, child) -> collect(path + "." + name, child, keys));
        } else {
            keys.put(path, value);
        }
    }

    private static String fallback(ConfigValue value) {
        if (value instanceof ConfigObject) {
            return "a dispatcher";
        }
        return "`"
                + value.render(ConfigRenderOptions.concise())
                        .replace("|", "\\|")
                        .replaceAll("\\$\\{\\?\\w+}", "") + "`";
    }

    private static String comment(ConfigValue value, List<String> file, String variable) {
        String text = String.join(" ", comments(value, file)).replace("|", "\\|");
        return variable == null ? text : text + " `" + variable + "`";
    }

    /** The comment above a key, or above the group of lines without a gap that it stands in. */
    private static List<String> comments(ConfigValue value, List<String> file) {
        List<String> found = new ArrayList<>();
        for (int line = value.origin().lineNumber() - 2; line >= 0; line--) {
            String text = file.get(line).strip();
            boolean comment = text.startsWith("#");
            if (text.isEmpty() || !found.isEmpty() && !comment || !comment && text.endsWith("{")) {
                break;
            }
            if (comment) {
                found.addFirst(text.substring(1).strip());
            }
        }
        return found;
    }

    /** The environment variable of a key: in its own line or the one below it stands {@code name = ${?VARIABLE}}. */
    private static String variable(String key, ConfigValue value, List<String> lines) {
        Pattern override = Pattern.compile(
                "\\s*" + Pattern.quote(key.substring(key.lastIndexOf('.') + 1)) + "\\s*=\\s*\\$\\{\\?(\\w+)}\\s*");
        int own = value.origin().lineNumber() - 1;
        for (int line = Math.max(0, own); line <= own + 1 && line < lines.size(); line++) {
            Matcher matcher = override.matcher(lines.get(line));
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        return null;
    }

    /** Keys without a comment, which a reader could not understand. */
    static List<String> uncommented(Path house) throws IOException {
        List<String> bare = new ArrayList<>();
        for (String module : MODULES) {
            Path file = house.resolve(module).resolve("src/main/resources/reference.conf");
            if (!Files.exists(file)) {
                continue;
            }
            Config config = ConfigFactory.parseFile(file.toFile(), ConfigParseOptions.defaults())
                    .resolve(ConfigResolveOptions.noSystem());
            List<String> lines = Files.readAllLines(file);
            if (config.hasPath("postdevai")) {
                TreeMap<String, ConfigValue> keys = new TreeMap<>();
                collect("postdevai", config.root().get("postdevai"), keys);
                keys.forEach((key, value) -> {
                    if (value.valueType() != ConfigValueType.OBJECT
                            && comments(value, lines).isEmpty()) {
                        bare.add(module + ": " + key);
                    }
                });
            }
        }
        return bare;
    }
}
