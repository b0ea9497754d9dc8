package ai.postdev.dragon.model.constrain;

import ai.postdev.dragon.model.constrain.Grammar.Part;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Looks whether every rule has an end and a beginning: none only leads to itself again. */
final class Productive {
    private Productive() {}

    /**
     * The grammar, if whatever is begun can be ended.
     *
     * @throws UnsupportedSchemaException if not
     */
    static Grammar checked(Grammar grammar) {
        Set<String> ends = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (Map.Entry<String, Part> rule : grammar.rules().entrySet()) {
                more |= ends(rule.getValue(), ends) && ends.add(rule.getKey());
            }
        }
        grammar.rules().forEach((name, part) -> {
            if (!ends.contains(name)) {
                throw new UnsupportedSchemaException("", "a value that has to contain itself has no end");
            }
            if (beginsWith(part, name, grammar, new HashSet<>())) {
                throw new UnsupportedSchemaException("", "a $ref leads to itself with nothing in between");
            }
        });
        return grammar;
    }

    private static boolean ends(Part part, Set<String> rules) {
        return switch (part) {
            case Part.Text _ -> true;
            case Part.Chars _ -> true;
            case Part.Seq seq -> seq.parts().stream().allMatch(one -> ends(one, rules));
            case Part.Alt alt -> alt.parts().stream().anyMatch(one -> ends(one, rules));
            case Part.Repeat repeat -> repeat.min() == 0 || ends(repeat.part(), rules);
            case Part.Use use -> rules.contains(use.rule());
        };
    }

    /** Whether the rule can come again before any character. */
    private static boolean beginsWith(Part part, String rule, Grammar grammar, Set<String> seen) {
        return switch (part) {
            case Part.Text _ -> false;
            case Part.Chars _ -> false;
            case Part.Seq seq -> {
                for (Part one : seq.parts()) {
                    if (beginsWith(one, rule, grammar, seen)) {
                        yield true;
                    }
                    if (!isNullable(one)) {
                        yield false;
                    }
                }
                yield false;
            }
            case Part.Alt alt -> alt.parts().stream().anyMatch(one -> beginsWith(one, rule, grammar, seen));
            case Part.Repeat repeat -> beginsWith(repeat.part(), rule, grammar, seen);
            case Part.Use use ->
                use.rule().equals(rule)
                        || seen.add(use.rule()) && beginsWith(grammar.rules().get(use.rule()), rule, grammar, seen);
        };
    }

    /** Whether it can be nothing; rules are taken for something, but for the one of white space. */
    private static boolean isNullable(Part part) {
        return switch (part) {
            case Part.Text text -> text.text().isEmpty();
            case Part.Chars _ -> false;
            case Part.Seq seq -> seq.parts().stream().allMatch(Productive::isNullable);
            case Part.Alt alt -> alt.parts().stream().anyMatch(Productive::isNullable);
            case Part.Repeat repeat -> repeat.min() == 0 || isNullable(repeat.part());
            case Part.Use use -> use.equals(JsonParts.SPACE);
        };
    }
}
