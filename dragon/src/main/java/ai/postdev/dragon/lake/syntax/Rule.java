package ai.postdev.dragon.lake.syntax;

/**
 * What to do at a node of one type.
 *
 * @param kind kind of the definition that the node is; null if it is none
 * @param enter whether definitions are looked for among its children
 * @param wrap whether a definition right inside begins where this node begins (decorators, {@code export})
 * @param imports whether the node names something imported
 * @param requires field without which the node is no definition, such as the body of a struct; null if none
 * @param local whether it counts inside functions as well
 * @param special the way the language differs here
 */
record Rule(
        String kind, boolean enter, boolean wrap, boolean imports, String requires, boolean local, Special special) {
    /** Where a plain "field {@code name}, given kind" is not enough. */
    enum Special {
        NONE,
        /** Not a symbol itself, but its field {@code type} names the container of what is inside: Rust's impl. */
        CONTAINER,
        /** Kind by the field {@code type}: struct, interface, or another type. */
        GO_TYPE,
        /** One declaration may name several things. */
        GO_NAMES,
        /** The field {@code receiver} names the container. */
        GO_RECEIVER,
        /** A function if its value is one; otherwise the given kind, or nothing if none was given. */
        JS_VALUE,
        /** As {@link #JS_VALUE}, named by the property on its left side. */
        JS_ASSIGN,
        /** A function without a name: what is inside it is local. */
        JS_FUNCTION,
        /** An import if it takes from another module. */
        JS_EXPORT,
        /** A member if it stands right in an enum. */
        TS_ENUM_MEMBER,
        /** An import if it calls {@code require} or {@code import}. */
        JS_CALL,
        /** A function if its declarator is one. */
        C_DECLARATION,
        /** What is inside belongs to the struct, if that has a name of its own. */
        C_TYPEDEF,
        /** Interface and enum by their keyword. */
        KOTLIN_CLASS,
        /** An assignment to one plain name. */
        PYTHON_ASSIGN,
        /** An import if the command is {@code source} or a dot. */
        BASH_COMMAND
    }

    static Rule define(String kind) {
        return new Rule(kind, false, false, false, null, true, Special.NONE);
    }

    static Rule through() {
        return new Rule(null, true, false, false, null, true, Special.NONE);
    }

    static Rule importing() {
        return new Rule(null, false, false, true, null, true, Special.NONE);
    }

    /** The same, looking inside too. */
    Rule entered() {
        return new Rule(kind, true, wrap, imports, requires, local, special);
    }

    Rule wrapping() {
        return new Rule(kind, true, true, imports, requires, local, special);
    }

    Rule requiring(String field) {
        return new Rule(kind, enter, wrap, imports, field, local, special);
    }

    Rule outsideFunctions() {
        return new Rule(kind, enter, wrap, imports, requires, false, special);
    }

    Rule special(Special way) {
        return new Rule(kind, enter, wrap, imports, requires, local, way);
    }
}
