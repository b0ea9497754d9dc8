package ai.postdev.app.cli;

/** What a piece of text is, and so how it looks. */
enum Ink {
    PATH("1;36"),
    NUMBER("2"),
    FAINT("2"),
    STRONG("1"),
    GOOD("32"),
    WARNING("33"),
    BAD("1;31");

    private final String code;

    Ink(String code) {
        this.code = code;
    }

    /** The parameters of the ANSI sequence. */
    String code() {
        return code;
    }
}
