package ai.postdev.dragon.model.template;

/**
 * A piece of a template.
 *
 * @param value text of data, name or operator, what a string says, or digits of a number
 */
record Token(Kind kind, String value, int line) {
    enum Kind {
        DATA,
        BLOCK_BEGIN,
        BLOCK_END,
        PRINT_BEGIN,
        PRINT_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind other, String text) {
        return kind == other && value.equals(text);
    }

    boolean operator(String text) {
        return is(Kind.OPERATOR, text);
    }

    boolean name(String text) {
        return is(Kind.NAME, text);
    }

    /** For people. */
    String shown() {
        return kind == Kind.END ? "the end" : "'" + value + "'";
    }
}
