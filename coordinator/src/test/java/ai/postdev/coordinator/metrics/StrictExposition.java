package ai.postdev.coordinator.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads Prometheus's text format 0.0.4 and refuses whatever is not exactly as it says, letter by letter; and what the
 * conventions of names ask for.
 */
final class StrictExposition {
    /** One metric. @param samples by name and labels, as {@code name{a="b"}}, labels in alphabetical order, unescaped */
    record Family(String name, String type, String help, Map<String, Double> samples) {}

    private final Map<String, Family> families = new LinkedHashMap<>();
    private final Map<String, Double> all = new LinkedHashMap<>();
    private String line;
    private int at;

    private StrictExposition() {}

    static Map<String, Family> parse(String text) {
        StrictExposition exposition = new StrictExposition();
        exposition.read(text);
        return exposition.families;
    }

    /** All samples of {@code text}. */
    static Map<String, Double> samples(String text) {
        Map<String, Double> all = new LinkedHashMap<>();
        parse(text).values().forEach(family -> all.putAll(family.samples()));
        return all;
    }

    private void read(String text) {
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("the last line has no line feed");
        }
        String help = null;
        Family family = null;
        String name = null;
        for (String next : text.substring(0, text.length() - 1).split("\n", -1)) {
            line = next;
            at = 0;
            if (line.startsWith("# HELP ")) {
                at = 7;
                name = name();
                expect(' ');
                help = escaped(false);
                family = null;
            } else if (line.startsWith("# TYPE ")) {
                at = 7;
                check(help != null && name().equals(name), "TYPE follows the HELP of the same metric");
                expect(' ');
                family = new Family(name, line.substring(at), help, new LinkedHashMap<>());
                check(List.of("gauge", "counter", "histogram").contains(family.type()), "a known type");
                check(families.put(name, family) == null, "each metric stands once");
                conventions(family);
                help = null;
            } else {
                check(family != null, "a sample follows the HELP and TYPE of its metric");
                sample(family);
            }
        }
        families.values().stream().filter(one -> one.type().equals("histogram")).forEach(this::histogram);
    }

    private void conventions(Family family) {
        check(family.name().startsWith("postdevai_"), "our prefix");
        check(
                family.type().equals("counter") == family.name().endsWith("_total"),
                "counters and only they end in _total");
        check(!family.name().matches(".*(_ms|_millis|_kb|_mb|_percent)(_.*)?"), "base units");
        check(!family.help().isBlank(), "a help");
    }

    private void sample(Family family) {
        String name = name();
        check(
                name.equals(family.name())
                        || family.type().equals("histogram")
                                && List.of("_bucket", "_sum", "_count")
                                        .contains(name.substring(Math.min(
                                                name.length(), family.name().length())))
                                && name.startsWith(family.name()),
                "a sample of " + family.name());
        Map<String, String> labels = new TreeMap<>();
        if (peek() == '{') {
            at++;
            do {
                String label = name();
                check(!label.contains(":") && !label.startsWith("__"), "a name of a label");
                expect('=');
                expect('"');
                check(labels.put(label, escaped(true)) == null, "each label once");
                expect('"');
            } while (line.charAt(at++) == ',');
            check(line.charAt(at - 1) == '}', "labels end with }");
        }
        expect(' ');
        String number = line.substring(at);
        check(number.matches("[+-]?Inf|NaN|-?\\d+(\\.\\d+)?(E-?\\d+)?"), "a number");
        double value = Double.parseDouble(number.replace("Inf", "Infinity"));
        check(!family.type().equals("counter") || value >= 0, "a counter is not negative");
        String key = name + (labels.isEmpty() ? "" : labels.toString());
        check(all.put(key, value) == null, "each series once");
        family.samples().put(key, value);
    }

    private String name() {
        int from = at;
        while (at < line.length()
                && (Character.toString(line.charAt(at)).matches("[a-zA-Z_:]")
                        || at > from && Character.isDigit(line.charAt(at)))) {
            at++;
        }
        check(at > from, "a name");
        return line.substring(from, at);
    }

    private String escaped(boolean quoted) {
        StringBuilder value = new StringBuilder();
        while (at < line.length() && !(quoted && line.charAt(at) == '"')) {
            char c = line.charAt(at++);
            if (c == '\\') {
                char escape = line.charAt(at++);
                check(escape == 'n' || escape == '\\' || quoted && escape == '"', "a known escape");
                value.append(escape == 'n' ? '\n' : escape);
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }

    /** Buckets grow with their bounds, the last is +Inf and the count; each series has all three. */
    private void histogram(Family family) {
        Map<String, List<double[]>> buckets = new LinkedHashMap<>();
        family.samples().forEach((key, value) -> {
            if (key.startsWith(family.name() + "_bucket")) {
                String bound = key.replaceAll("(?s).*\\ble=([^,}]*).*", "$1");
                String rest = key.substring((family.name() + "_bucket").length())
                        .replaceAll("\\ble=[^,}]*, |(, )?\\ble=[^,}]*", "");
                buckets.computeIfAbsent(rest, _ -> new ArrayList<>())
                        .add(new double[] {Double.parseDouble(bound.replace("Inf", "Infinity")), value});
            }
        });
        buckets.forEach((labels, list) -> {
            for (int i = 1; i < list.size(); i++) {
                check(list.get(i)[0] > list.get(i - 1)[0], "bounds grow in " + labels);
                check(list.get(i)[1] >= list.get(i - 1)[1], "buckets count what is below them too in " + labels);
            }
            check(list.getLast()[0] == Double.POSITIVE_INFINITY, "the last bound is +Inf");
            check(family.samples().get(family.name() + "_count" + labels) == list.getLast()[1], "count of " + labels);
            check(family.samples().containsKey(family.name() + "_sum" + labels), "sum of " + labels);
        });
    }

    private char peek() {
        return at < line.length() ? line.charAt(at) : '\0';
    }

    private void expect(char c) {
        check(peek() == c, "'" + c + "'");
        at++;
    }

    private void check(boolean right, String expected) {
        if (!right) {
            throw new IllegalArgumentException("expected " + expected + " at " + at + " of: " + line);
        }
    }
}
