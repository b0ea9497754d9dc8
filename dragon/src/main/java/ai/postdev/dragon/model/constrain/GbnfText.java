package ai.postdev.dragon.model.constrain;

import ai.postdev.dragon.model.constrain.Grammar.Part;
import ai.postdev.dragon.model.constrain.Grammar.Range;
import java.util.stream.Collectors;

/**
 * A grammar as the text that llama.cpp reads: GBNF, as its grammars/README.md describes it, in the part of it that every version
 * since {@code {m,n}} came understands: names without underscores, and code points beyond ASCII as {@code \xXX},
 * {@code \}{@code uXXXX} or {@code \UXXXXXXXX}.
 */
public final class GbnfText {
    private GbnfText() {}

    /** The text; each rule is a line. */
    public static String of(Grammar grammar) {
        StringBuilder text = new StringBuilder();
        grammar.rules()
                .forEach((name, part) ->
                        text.append(name).append(" ::= ").append(top(part)).append('\n'));
        return text.toString();
    }

    private static String top(Part part) {
        return part instanceof Part.Alt alt
                ? alt.parts().stream().map(GbnfText::inAlternative).collect(Collectors.joining(" | "))
                : inAlternative(part);
    }

    private static String inAlternative(Part part) {
        return part instanceof Part.Seq seq && !seq.parts().isEmpty()
                ? seq.parts().stream().map(GbnfText::inAlternative).collect(Collectors.joining(" "))
                : single(part);
    }

    /** So that a repetition after it repeats all of it. */
    private static String single(Part part) {
        return switch (part) {
            case Part.Text text ->
                text.text().codePoints().mapToObj(GbnfText::inText).collect(Collectors.joining("", "\"", "\""));
            case Part.Chars chars ->
                chars.ranges().stream().map(GbnfText::range).collect(Collectors.joining("", "[", "]"));
            case Part.Use use -> use.rule();
            case Part.Seq seq -> seq.parts().isEmpty() ? "\"\"" : "(" + inAlternative(seq) + ")";
            case Part.Alt alt -> "(" + top(alt) + ")";
            case Part.Repeat repeat -> repeated(repeat);
        };
    }

    private static String repeated(Part.Repeat repeat) {
        // A literal of several characters would be repeated whole all the same; the brackets are for people.
        String what = repeat.part() instanceof Part.Repeat || repeat.part() instanceof Part.Text
                ? "(" + single(repeat.part()) + ")"
                : single(repeat.part());
        int min = repeat.min();
        int max = repeat.max();
        if (max == Grammar.UNBOUNDED) {
            return what + (min == 0 ? "*" : min == 1 ? "+" : "{" + min + ",}");
        }
        return what + (min == 0 && max == 1 ? "?" : min == max ? "{" + min + "}" : "{" + min + "," + max + "}");
    }

    private static String range(Range range) {
        return range.first() == range.last()
                ? escaped(range.first())
                : escaped(range.first()) + "-" + escaped(range.last());
    }

    private static String inText(int c) {
        if (c == '"' || c == '\\') {
            return "\\" + (char) c;
        }
        return c >= ' ' && c <= '~' ? Character.toString(c) : escaped(c);
    }

    private static String escaped(int c) {
        if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
            return Character.toString(c);
        }
        if (c <= 0xFF) {
            return String.format("\\x%02X", c);
        }
        return c <= 0xFFFF ? String.format("\\u%04X", c) : String.format("\\U%08X", c);
    }
}
