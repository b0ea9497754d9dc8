package ai.postdev.dragon.lake.code.pattern;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/** The named sets of code points: Perl's classes, POSIX classes and Unicode properties. */
final class UnicodeSets {
    static final CodePoints ASCII = CodePoints.range(0, 0x7F);
    static final CodePoints NEW_LINE = CodePoints.of('\n');
    static final CodePoints ASCII_DIGIT = CodePoints.range('0', '9');
    static final CodePoints ASCII_WORD = CodePoints.range('0', '9')
            .union(CodePoints.range('A', 'Z'))
            .union(CodePoints.of('_'))
            .union(CodePoints.range('a', 'z'));
    static final CodePoints ASCII_SPACE = CodePoints.range('\t', '\r').union(CodePoints.of(' '));

    /** White_Space of Unicode; stable since version 6.3. */
    static final CodePoints SPACE = ASCII_SPACE
            .union(CodePoints.of(0x85))
            .union(CodePoints.of(0xA0))
            .union(CodePoints.of(0x1680))
            .union(CodePoints.range(0x2000, 0x200A))
            .union(CodePoints.range(0x2028, 0x2029))
            .union(CodePoints.of(0x202F))
            .union(CodePoints.of(0x205F))
            .union(CodePoints.of(0x3000));

    private static final Map<String, Integer> CATEGORIES = new HashMap<>();
    private static final Map<String, int[]> GROUPS = new HashMap<>();
    private static final Map<String, IntPredicate> PROPERTIES = new HashMap<>();
    private static final Map<String, CodePoints> KNOWN = new ConcurrentHashMap<>();

    static {
        category("lu uppercaseletter", Character.UPPERCASE_LETTER);
        category("ll lowercaseletter", Character.LOWERCASE_LETTER);
        category("lt titlecaseletter", Character.TITLECASE_LETTER);
        category("lm modifierletter", Character.MODIFIER_LETTER);
        category("lo otherletter", Character.OTHER_LETTER);
        category("mn nonspacingmark", Character.NON_SPACING_MARK);
        category("mc spacingmark", Character.COMBINING_SPACING_MARK);
        category("me enclosingmark", Character.ENCLOSING_MARK);
        category("nd decimalnumber digit", Character.DECIMAL_DIGIT_NUMBER);
        category("nl letternumber", Character.LETTER_NUMBER);
        category("no othernumber", Character.OTHER_NUMBER);
        category("pc connectorpunctuation", Character.CONNECTOR_PUNCTUATION);
        category("pd dashpunctuation", Character.DASH_PUNCTUATION);
        category("ps openpunctuation", Character.START_PUNCTUATION);
        category("pe closepunctuation", Character.END_PUNCTUATION);
        category("pi initialpunctuation", Character.INITIAL_QUOTE_PUNCTUATION);
        category("pf finalpunctuation", Character.FINAL_QUOTE_PUNCTUATION);
        category("po otherpunctuation", Character.OTHER_PUNCTUATION);
        category("sm mathsymbol", Character.MATH_SYMBOL);
        category("sc currencysymbol", Character.CURRENCY_SYMBOL);
        category("sk modifiersymbol", Character.MODIFIER_SYMBOL);
        category("so othersymbol", Character.OTHER_SYMBOL);
        category("zs spaceseparator", Character.SPACE_SEPARATOR);
        category("zl lineseparator", Character.LINE_SEPARATOR);
        category("zp paragraphseparator", Character.PARAGRAPH_SEPARATOR);
        category("cc control cntrl", Character.CONTROL);
        category("cf format", Character.FORMAT);
        category("co privateuse", Character.PRIVATE_USE);
        category("cn unassigned", Character.UNASSIGNED);
        group("l letter", "lu ll lt lm lo");
        group("lc casedletter", "lu ll lt");
        group("m mark combiningmark", "mn mc me");
        group("n number", "nd nl no");
        group("p punctuation punct", "pc pd ps pe pi pf po");
        group("s symbol", "sm sc sk so");
        group("z separator", "zs zl zp");
        group("c other", "cc cf co cn");
        property("alphabetic alpha", Character::isAlphabetic);
        property("lowercase lower", Character::isLowerCase);
        property("uppercase upper", Character::isUpperCase);
        property("ideographic ideo", Character::isIdeographic);
        property("whitespace wspace space", SPACE::contains);
        property("emoji", Character::isEmoji);
        property("any", _ -> true);
        property("assigned", c -> Character.getType(c) != Character.UNASSIGNED);
        property("ascii", c -> c < 0x80);
    }

    private UnicodeSets() {}

    private static void category(String names, int type) {
        for (String name : names.split(" ")) {
            CATEGORIES.put(name, type);
        }
    }

    private static void group(String names, String members) {
        int[] types =
                Arrays.stream(members.split(" ")).mapToInt(CATEGORIES::get).toArray();
        for (String name : names.split(" ")) {
            GROUPS.put(name, types);
        }
    }

    private static void property(String names, IntPredicate property) {
        for (String name : names.split(" ")) {
            PROPERTIES.put(name, property);
        }
    }

    /** {@code \w}: letters, marks, decimal digits, connectors and joiners (Unicode Technical Standard 18, Annex C). */
    static CodePoints word() {
        return Word.SET;
    }

    /** {@code \d}. */
    static CodePoints digit() {
        return KNOWN.computeIfAbsent("nd", UnicodeSets::category);
    }

    private static CodePoints category(String name) {
        int type = CATEGORIES.get(name);
        return CodePoints.where(c -> Character.getType(c) == type);
    }

    /**
     * The set of {@code \p{name}}, for general categories, scripts and the binary properties known here.
     *
     * @param written as between the braces: {@code Lu}, {@code Greek}, {@code gc=Letter}, {@code script:Greek}
     */
    static Optional<CodePoints> property(String written) {
        int equals = Math.max(written.indexOf('='), written.indexOf(':'));
        if (equals >= 0) {
            String value = loose(written.substring(equals + 1));
            return switch (loose(written.substring(0, equals))) {
                case "gc", "generalcategory" -> generalCategory(value);
                case "sc", "script" -> script(value);
                default -> Optional.empty();
            };
        }
        String name = loose(written);
        if (PROPERTIES.containsKey(name)) {
            return Optional.of(KNOWN.computeIfAbsent(name, n -> CodePoints.where(PROPERTIES.get(n))));
        }
        return generalCategory(name).or(() -> script(name));
    }

    private static Optional<CodePoints> generalCategory(String name) {
        if (CATEGORIES.containsKey(name)) {
            return Optional.of(KNOWN.computeIfAbsent(name, UnicodeSets::category));
        }
        int[] group = GROUPS.get(name);
        if (group == null) {
            return Optional.empty();
        }
        return Optional.of(KNOWN.computeIfAbsent(
                name, _ -> CodePoints.where(c -> Arrays.stream(group).anyMatch(type -> type == Character.getType(c)))));
    }

    private static Optional<CodePoints> script(String name) {
        return Arrays.stream(Character.UnicodeScript.values())
                .filter(script -> script != Character.UnicodeScript.UNKNOWN)
                .filter(script -> loose(script.name()).equals(name) || sameScript(name, script))
                .findFirst()
                .map(script -> KNOWN.computeIfAbsent(
                        "script " + script, _ -> CodePoints.where(c -> Character.UnicodeScript.of(c) == script)));
    }

    /** Whether {@code name} is the script's ISO 15924 code. */
    private static boolean sameScript(String name, Character.UnicodeScript script) {
        if (name.length() != 4) {
            return false;
        }
        try {
            return Character.UnicodeScript.forName(name) == script;
        } catch (IllegalArgumentException _) {
            return false; // no code of any script
        }
    }

    /** Loose matching of names (Unicode Standard Annex 44, UAX44-LM3). */
    private static String loose(String name) {
        String squeezed = name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
        return squeezed.startsWith("is") && squeezed.length() > 3 ? squeezed.substring(2) : squeezed;
    }

    /** The set of {@code [:name:]}. */
    static Optional<CodePoints> posix(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "alnum" -> ASCII_WORD.without(CodePoints.of('_'));
                    case "alpha" -> CodePoints.range('A', 'Z').union(CodePoints.range('a', 'z'));
                    case "ascii" -> ASCII;
                    case "blank" -> CodePoints.of('\t').union(CodePoints.of(' '));
                    case "cntrl" -> CodePoints.range(0, 0x1F).union(CodePoints.of(0x7F));
                    case "digit" -> ASCII_DIGIT;
                    case "graph" -> CodePoints.range('!', '~');
                    case "lower" -> CodePoints.range('a', 'z');
                    case "print" -> CodePoints.range(' ', '~');
                    case "punct" ->
                        CodePoints.range('!', '~').without(ASCII_WORD).union(CodePoints.of('_'));
                    case "space" -> ASCII_SPACE;
                    case "upper" -> CodePoints.range('A', 'Z');
                    case "word" -> ASCII_WORD;
                    case "xdigit" ->
                        ASCII_DIGIT.union(CodePoints.range('A', 'F')).union(CodePoints.range('a', 'f'));
                    default -> null;
                });
    }

    /** Made when first asked for: it takes some milliseconds. */
    private static final class Word {
        private static final CodePoints SET = CodePoints.where(c -> Character.isAlphabetic(c)
                || c == 0x200C
                || c == 0x200D
                || switch (Character.getType(c)) {
                    case Character.NON_SPACING_MARK,
                            Character.COMBINING_SPACING_MARK,
                            Character.ENCLOSING_MARK,
                            Character.DECIMAL_DIGIT_NUMBER,
                            Character.CONNECTOR_PUNCTUATION -> true;
                    default -> false;
                });
    }
}
