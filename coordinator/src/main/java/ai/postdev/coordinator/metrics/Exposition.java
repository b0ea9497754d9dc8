package ai.postdev.coordinator.metrics;

import java.math.BigDecimal;
import java.util.List;

/**
 * Writes metrics in Prometheus's text format 0.0.4: of each metric its help, its type and then all of its samples. The
 * caller names each metric once. Single-threaded.
 */
final class Exposition {
    /** What HTTP calls the format. */
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder(16_384);
    private Metric metric;

    /** What follows belongs to {@code next}. */
    Exposition begin(Metric next) {
        metric = next;
        text.append("# HELP ").append(next.id()).append(' ');
        escape(next.help(), false);
        text.append("\n# TYPE ")
                .append(next.id())
                .append(' ')
                .append(next.type().id())
                .append('\n');
        return this;
    }

    /** One sample of a count or of bytes. @param labels values of the metric's labels, in their order */
    Exposition sample(long value, String... labels) {
        return sample("", List.of(), Long.toString(value), labels);
    }

    /** One sample of anything else. */
    Exposition sample(double value, String... labels) {
        return sample("", List.of(), number(value), labels);
    }

    /** A metric that has no labels, whole. */
    Exposition single(Metric one, long value) {
        return begin(one).sample(value);
    }

    /** The same of anything that is not whole. */
    Exposition single(Metric one, double value) {
        return begin(one).sample(value);
    }

    /** The samples of one histogram. */
    Exposition histogram(Histogram.Figures figures, String... labels) {
        long count = 0;
        for (int i = 0; i < figures.bounds().size(); i++) {
            count += figures.counts().get(i);
            sample("_bucket", List.of("le", number(figures.bounds().get(i))), Long.toString(count), labels);
        }
        count += figures.counts().getLast();
        sample("_bucket", List.of("le", "+Inf"), Long.toString(count), labels);
        sample("_sum", List.of(), number(figures.sumSeconds()), labels);
        return sample("_count", List.of(), Long.toString(count), labels);
    }

    private Exposition sample(String suffix, List<String> further, String value, String... labels) {
        if (labels.length != metric.labels().size()) {
            throw new IllegalArgumentException(metric.id() + " has the labels " + metric.labels() + ", found "
                    + labels.length + " values: " + List.of(labels));
        }
        text.append(metric.id()).append(suffix);
        if (labels.length + further.size() > 0) {
            text.append('{');
            for (int i = 0; i < labels.length; i++) {
                label(i > 0, metric.labels().get(i), labels[i]);
            }
            if (!further.isEmpty()) {
                label(labels.length > 0, further.get(0), further.get(1));
            }
            text.append('}');
        }
        text.append(' ').append(value).append('\n');
        return this;
    }

    private void label(boolean next, String name, String value) {
        text.append(next ? "," : "").append(name).append("=\"");
        escape(value, true);
        text.append('"');
    }

    /** A line must not end within a value, nor a value within a line. */
    private void escape(String value, boolean quoted) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '"' -> text.append(quoted ? "\\\"" : "\"");
                default -> text.append(c);
            }
        }
    }

    /** Without an exponent, as people write numbers. */
    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (Double.isNaN(value)) {
            return "NaN";
        }
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** Everything so far; ends with a line feed. */
    String text() {
        return text.toString();
    }
}
