package ai.postdev.app.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.coordinator.metrics.Metric;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The Grafana board asks only for what a node exposes. */
class BoardTest {
    private static final Pattern NAME = Pattern.compile("postdevai_[a-z_]+");
    private static final Pattern SELECTOR = Pattern.compile("(postdevai_[a-z_]+)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=");
    private static final Pattern BY = Pattern.compile("by \\(([a-z_, ]+)\\)");

    private static final Map<String, Metric> METRICS =
            Arrays.stream(Metric.values()).collect(Collectors.toMap(Metric::id, Function.identity()));

    private static Metric metric(String sample) {
        Metric found = METRICS.get(sample);
        for (String suffix : List.of("_bucket", "_sum", "_count")) {
            if (found == null && sample.endsWith(suffix)) {
                Metric whole = METRICS.get(sample.substring(0, sample.length() - suffix.length()));
                found = whole != null && whole.type() == Metric.Type.HISTOGRAM ? whole : null;
            }
        }
        return found;
    }

    @Test
    void everyMetricAndLabelOnTheBoardExists() throws IOException {
        JsonObject board = JsonParser.parseString(
                        Files.readString(House.root().resolve("docs/reference/grafana-board.json")))
                .getAsJsonObject();
        Set<Integer> ids = new HashSet<>();
        Set<Metric> shown = new HashSet<>();
        List<String> wrong = new ArrayList<>();
        for (JsonElement each : board.getAsJsonArray("panels")) {
            JsonObject panel = each.getAsJsonObject();
            assertTrue(ids.add(panel.get("id").getAsInt()), "two panels with the id " + panel.get("id"));
            if (panel.get("type").getAsString().equals("row")) {
                continue;
            }
            for (JsonElement target : panel.getAsJsonArray("targets")) {
                String expression = target.getAsJsonObject().get("expr").getAsString();
                Matcher names = NAME.matcher(expression);
                Set<String> labels = new HashSet<>(Set.of("le"));
                while (names.find()) {
                    Metric metric = metric(names.group());
                    if (metric == null) {
                        wrong.add(names.group() + " in " + expression);
                    } else {
                        shown.add(metric);
                        labels.addAll(metric.labels());
                    }
                }
                Matcher selectors = SELECTOR.matcher(expression);
                while (selectors.find()) {
                    Metric metric = metric(selectors.group(1));
                    Matcher label = LABEL.matcher(selectors.group(2));
                    while (metric != null && label.find()) {
                        if (!metric.labels().contains(label.group(1))) {
                            wrong.add("label " + label.group(1) + " in " + expression);
                        }
                    }
                }
                Matcher by = BY.matcher(expression);
                while (by.find()) {
                    for (String label : by.group(1).split(", ")) {
                        if (!labels.contains(label)) {
                            wrong.add("label " + label + " in " + expression);
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
        Set<Metric> models = Arrays.stream(Metric.values())
                .filter(metric -> metric.name().startsWith("MODEL"))
                .filter(metric -> !shown.contains(metric))
                .collect(Collectors.toSet());
        assertEquals(Set.of(), models, "metrics of models that the board does not show");
    }
}
