package ai.postdev.dragon.model.constrain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A context-free grammar over code points.
 *
 * @param rules by name, of letters, digits and dashes; {@code root} is what an answer has to be
 */
public record Grammar(Map<String, Part> rules) {
    /** The rule that is the whole. */
    public static final String ROOT = "root";

    /** No end to a repetition. */
    public static final int UNBOUNDED = -1;

    public Grammar {
        rules = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    }

    /** A piece of a rule. */
    public sealed interface Part {
        /** These characters. */
        record Text(String text) implements Part {}

        /** One character of these ranges; they do not overlap, and hold no surrogates. */
        record Chars(List<Range> ranges) implements Part {
            public Chars {
                ranges = List.copyOf(ranges);
            }
        }

        /** One after the other. */
        record Seq(List<Part> parts) implements Part {
            public Seq {
                parts = List.copyOf(parts);
            }
        }

        /** One of them. */
        record Alt(List<Part> parts) implements Part {
            public Alt {
                parts = List.copyOf(parts);
            }
        }

        /** At least {@code min} times, at most {@code max} or {@link #UNBOUNDED}. */
        record Repeat(Part part, int min, int max) implements Part {}

        /** The rule of that name. */
        record Use(String rule) implements Part {}
    }

    /** Code points from the first to the last. */
    public record Range(int first, int last) {}

    static Part text(String text) {
        return new Part.Text(text);
    }

    static Part seq(Part... parts) {
        return new Part.Seq(List.of(parts));
    }

    static Part alt(Part... parts) {
        return new Part.Alt(List.of(parts));
    }

    static Part optional(Part part) {
        return new Part.Repeat(part, 0, 1);
    }

    /** Pairs of first and last characters. */
    static Part chars(String pairs) {
        List<Range> ranges = new java.util.ArrayList<>();
        for (int i = 0; i < pairs.length(); i += 2) {
            ranges.add(new Range(pairs.charAt(i), pairs.charAt(i + 1)));
        }
        return new Part.Chars(ranges);
    }
}
