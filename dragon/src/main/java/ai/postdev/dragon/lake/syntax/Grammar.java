package ai.postdev.dragon.lake.syntax;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A loaded grammar: {@link GrammarRules} by the numbers that the native library uses. Immutable. */
final class Grammar {
    private static final Set<String> LEADS =
            Set.of("decorator", "attribute_item", "annotation", "marker_annotation", "modifiers");
    private static final Set<String> NAMES = Set.of(
            "identifier",
            "type_identifier",
            "simple_identifier",
            "field_identifier",
            "property_identifier",
            "namespace_identifier",
            "private_property_identifier",
            "destructor_name",
            "operator_name",
            "operator_cast");

    private final MemorySegment language;
    private final Rule[] rules;
    private final boolean[] named;
    private final boolean[] leads;
    private final boolean[] names;
    private final boolean[] declarators;
    private final String[] types;
    private final Map<String, Integer> fields = new HashMap<>();

    private Grammar(MemorySegment language, GrammarRules from) {
        this.language = language;
        int count = TreeSitter.symbolCount(language);
        rules = new Rule[count];
        named = new boolean[count];
        leads = new boolean[count];
        names = new boolean[count];
        declarators = new boolean[count];
        types = new String[count];
        List<String> unknown = new ArrayList<>(from.byType().keySet());
        for (int symbol = 0; symbol < count; symbol++) {
            String type = TreeSitter.symbolName(language, symbol);
            types[symbol] = type;
            named[symbol] = TreeSitter.isNamed(language, symbol);
            if (named[symbol]) {
                rules[symbol] = from.byType().get(type);
                leads[symbol] = LEADS.contains(type) || type.endsWith("comment");
                names[symbol] = NAMES.contains(type);
                declarators[symbol] = type.endsWith("_declarator");
                unknown.remove(type);
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalStateException("the grammar " + from.library() + " has no node types " + unknown
                    + "; its rules are for another version");
        }
        for (String field : List.of(
                "name",
                "declarator",
                "type",
                "receiver",
                "value",
                "left",
                "right",
                "key",
                "property",
                "object",
                "body",
                "function",
                "scope",
                "path",
                "source",
                "module_name",
                "argument",
                "trait",
                "arguments")) {
            fields.put(field, TreeSitter.fieldId(language, field));
        }
    }

    /** Loads the library and checks that it knows every node type of the rules. */
    static Grammar load(GrammarRules rules) {
        return new Grammar(TreeSitter.language(rules.library()), rules);
    }

    MemorySegment language() {
        return language;
    }

    /** The rule for nodes with this symbol; null if there is none. */
    Rule rule(int symbol) {
        return symbol < rules.length ? rules[symbol] : null;
    }

    boolean isNamed(int symbol) {
        return symbol < named.length && named[symbol];
    }

    /** Whether such a node belongs to the one after it: comments, annotations. */
    boolean isLead(int symbol) {
        return symbol < leads.length && leads[symbol];
    }

    boolean isName(int symbol) {
        return symbol < names.length && names[symbol];
    }

    boolean isDeclarator(int symbol) {
        return symbol < declarators.length && declarators[symbol];
    }

    /** Name of a node type; {@code ERROR} for what the parser could not read. */
    String type(int symbol) {
        return symbol < types.length ? types[symbol] : "ERROR";
    }

    /** Number of a field; 0 if the grammar has no such field. */
    int field(String name) {
        return fields.get(name);
    }
}
