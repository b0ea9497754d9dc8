package ai.postdev.benchmarks.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * Lines over two axes as an SVG picture without a background: its colours are readable on white and on black, and text
 * follows what the reader prefers. Lines differ in colour and in the marks of their points.
 */
public final class SvgPlot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 430;
    private static final int LEFT = 76;
    private static final int TOP = 44;
    private static final int RIGHT = 540;
    private static final int BOTTOM = 372;
    private static final int LEGEND = 560;
    private static final int LINE = 22;
    private static final String[] COLOURS = {"#1f83d6", "#d55e00", "#0b9a6d", "#b0579a", "#8a6d00", "#7a7f87"};
    private static final String STYLE = """
            <style>
            text{font:13px system-ui,sans-serif;fill:#424a53}
            .title{font-weight:600;font-size:15px}
            .grid{stroke:#8b949e;stroke-opacity:.35}
            .line{fill:none;stroke-width:2}
            @media (prefers-color-scheme:dark){text{fill:#c9d1d9}}
            </style>
            """;

    /**
     * One axis.
     *
     * @param logarithmic whether equal steps are equal ratios
     * @param ticks where it is labelled; the first and the last are its ends
     */
    public record Axis(String label, boolean logarithmic, double[] ticks, DoubleFunction<String> name) {
        private double part(double value) {
            double first = ticks[0];
            double last = ticks[ticks.length - 1];
            return logarithmic ? Math.log(value / first) / Math.log(last / first) : (value - first) / (last - first);
        }
    }

    /** One line: {@code points[i]} is a pair of numbers; a dashed one shares the colour of the one before it. */
    public record Series(String name, boolean dashed, List<double[]> points) {}

    private final StringBuilder svg = new StringBuilder();
    private final Axis across;
    private final Axis up;
    private final List<Series> all = new ArrayList<>();

    /** An empty plot. */
    public SvgPlot(String title, Axis across, Axis up) {
        this.across = across;
        this.up = up;
        svg.append(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                WIDTH, HEIGHT, title));
        svg.append(format("<title>%s</title>%n", title)).append(STYLE);
        text(LEFT, TOP - 18, "start", "title", title);
    }

    /** Adds a line; its points are drawn as far as they lie within the axes. */
    public void add(Series series) {
        all.add(series);
    }

    /** The picture, as the text of a file. */
    public String draw() {
        axes();
        int colour = -1;
        int line = 0;
        for (Series series : all) {
            colour += series.dashed() ? 0 : 1;
            String paint = COLOURS[colour % COLOURS.length];
            StringBuilder path = new StringBuilder();
            for (double[] point : series.points()) {
                if (within(point)) {
                    path.append(path.isEmpty() ? "M" : "L").append(format("%.1f %.1f", x(point[0]), y(point[1])));
                }
            }
            svg.append(format(
                    "<path class=\"line\" stroke=\"%s\"%s d=\"%s\"/>%n",
                    paint, series.dashed() ? " stroke-dasharray=\"5 4\"" : "", path));
            for (double[] point : series.points()) {
                if (within(point)) {
                    mark(colour, paint, x(point[0]), y(point[1]));
                }
            }
            double at = TOP + 12.0 + LINE * line++;
            svg.append(format(
                    "<path class=\"line\" stroke=\"%s\"%s d=\"M%d %.1fh28\"/>%n",
                    paint, series.dashed() ? " stroke-dasharray=\"5 4\"" : "", LEGEND, at));
            mark(colour, paint, LEGEND + 14.0, at);
            text(LEGEND + 36, at + 4, "start", "", series.name());
        }
        return svg.append("</svg>\n").toString();
    }

    private void axes() {
        for (double tick : across.ticks()) {
            svg.append(format("<path class=\"grid\" d=\"M%.1f %dV%d\"/>%n", x(tick), TOP, BOTTOM));
            text(x(tick), BOTTOM + 20, "middle", "", across.name().apply(tick));
        }
        for (double tick : up.ticks()) {
            svg.append(format("<path class=\"grid\" d=\"M%d %.1fH%d\"/>%n", LEFT, y(tick), RIGHT));
            text(LEFT - 8, y(tick) + 4, "end", "", up.name().apply(tick));
        }
        text((LEFT + RIGHT) / 2.0, HEIGHT - 12, "middle", "", across.label());
        svg.append(format(
                "<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>%n",
                (TOP + BOTTOM) / 2, up.label()));
    }

    private boolean within(double[] point) {
        return across.part(point[0]) >= 0
                && across.part(point[0]) <= 1
                && up.part(point[1]) >= 0
                && up.part(point[1]) <= 1;
    }

    private double x(double value) {
        return LEFT + across.part(value) * (RIGHT - LEFT);
    }

    private double y(double value) {
        return BOTTOM - up.part(value) * (BOTTOM - TOP);
    }

    private void mark(int kind, String paint, double x, double y) {
        String shape = switch (kind % COLOURS.length) {
            case 0 -> format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"", x, y);
            case 1 -> format("<rect x=\"%.1f\" y=\"%.1f\" width=\"7\" height=\"7\"", x - 3.5, y - 3.5);
            case 2 -> format("<path d=\"M%.1f %.1fl4 7h-8z\"", x, y - 4);
            case 3 -> format("<path d=\"M%.1f %.1fl4 -4l4 4l-4 4z\"", x - 4, y);
            case 4 -> format("<path d=\"M%.1f %.1fl4 -7h-8z\"", x, y + 4);
            default -> format("<path d=\"M%.1f %.1fh8v2h-8z\"", x - 4, y - 1);
        };
        svg.append(shape).append(format(" fill=\"%s\"/>%n", paint));
    }

    private void text(double x, double y, String anchor, String kind, String text) {
        svg.append(format(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>%n",
                x, y, anchor, kind.isEmpty() ? "" : " class=\"" + kind + "\"", text));
    }

    private static String format(String format, Object... args) {
        return String.format(Locale.ROOT, format.replace("%n", "\n"), args);
    }
}
