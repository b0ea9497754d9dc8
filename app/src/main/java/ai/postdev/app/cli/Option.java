package ai.postdev.app.cli;

/**
 * An option of a verb.
 *
 * @param name with its dashes
 * @param value what stands for the value in the help; empty for a flag
 * @param many whether it may be given several times
 */
record Option(String name, String value, boolean many, String help) {
    static Option flag(String name, String help) {
        return new Option(name, "", false, help);
    }

    static Option value(String name, String value, String help) {
        return new Option(name, value, false, help);
    }

    boolean takesValue() {
        return !value.isEmpty();
    }
}
