package ai.postdev.dragon.model.constrain;

import static ai.postdev.dragon.model.constrain.Grammar.UNBOUNDED;
import static ai.postdev.dragon.model.constrain.Grammar.alt;
import static ai.postdev.dragon.model.constrain.Grammar.chars;
import static ai.postdev.dragon.model.constrain.Grammar.optional;
import static ai.postdev.dragon.model.constrain.Grammar.seq;
import static ai.postdev.dragon.model.constrain.Grammar.text;

import ai.postdev.dragon.model.constrain.Grammar.Part;
import ai.postdev.dragon.model.constrain.Grammar.Range;
import java.util.List;
import java.util.Map;

/** The rules of JSON itself. Numbers have bounded digits and white space is short, so that no answer loses itself in them. */
final class JsonParts {
    static final Part SPACE = new Part.Use("space");
    static final Part VALUE = new Part.Use("value");
    static final Part CHAR = new Part.Use("char");
    static final Part INTEGER = new Part.Use("integer");
    static final Part NUMBER = new Part.Use("number");
    static final Part BOOLEAN = alt(text("true"), text("false"));
    static final Part NULL = text("null");
    static final Part QUOTE = text("\"");
    static final Part STRING = seq(QUOTE, new Part.Repeat(CHAR, 0, UNBOUNDED), QUOTE);

    /** Characters that stand for themselves in a string. */
    static final List<Range> PLAIN = List.of(
            new Range(' ', '!'),
            new Range('#', '['),
            new Range(']', '~'),
            new Range(0x80, 0xD7FF),
            new Range(0xE000, 0x10FFFF));

    private static final Part HEX = chars("09AFaf");
    private static final Part DIGIT = chars("09");
    private static final int DIGITS_MAX = 15;
    private static final int INDENT_MAX = 16;

    private JsonParts() {}

    /** The rules that others use, by name. */
    static Map<String, Part> rules() {
        Part digits = new Part.Repeat(DIGIT, 1, DIGITS_MAX);
        Part item = seq(VALUE, SPACE);
        Part member = seq(STRING, SPACE, text(":"), SPACE, VALUE, SPACE);
        return Map.of(
                "space",
                alt(text(""), text(" "), seq(text("\n"), new Part.Repeat(text(" "), 0, INDENT_MAX))),
                "char",
                alt(
                        new Part.Chars(PLAIN),
                        seq(
                                text("\\"),
                                alt(
                                        chars("\"\"\\\\//bbffnnrrtt"),
                                        // No half of a surrogate pair alone.
                                        seq(
                                                text("u"),
                                                alt(
                                                        seq(chars("09ACEFacef"), HEX, HEX, HEX),
                                                        seq(chars("DDdd"), chars("07"), HEX, HEX)))))),
                "integer",
                seq(optional(text("-")), alt(text("0"), seq(chars("19"), new Part.Repeat(DIGIT, 0, DIGITS_MAX - 1)))),
                "number",
                seq(
                        INTEGER,
                        optional(seq(text("."), digits)),
                        optional(seq(chars("EEee"), optional(chars("++--")), new Part.Repeat(DIGIT, 1, 2)))),
                "value",
                alt(
                        seq(text("{"), SPACE, optional(list(member)), text("}")),
                        seq(text("["), SPACE, optional(list(item)), text("]")),
                        STRING,
                        NUMBER,
                        BOOLEAN,
                        NULL));
    }

    /** One or more, with commas. */
    private static Part list(Part item) {
        return seq(item, new Part.Repeat(seq(text(","), SPACE, item), 0, UNBOUNDED));
    }
}
