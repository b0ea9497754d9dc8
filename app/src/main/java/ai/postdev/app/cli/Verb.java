package ai.postdev.app.cli;

import java.util.List;

/**
 * One command of the program: the only description that the fast parser, picocli, the completion and the reference
 * pages are made from.
 *
 * @param positional what stands for the arguments in the help; empty if there are none
 * @param min fewest arguments
 * @param max most arguments
 * @param words what the first argument may be; empty: anything
 */
record Verb(String name, String positional, int min, int max, List<String> words, List<Option> options, String help) {
    /** Any number of arguments. */
    static final int MANY = Integer.MAX_VALUE;

    Option option(String optionName) {
        for (Option option : options) {
            if (option.name().equals(optionName)) {
                return option;
            }
        }
        return null;
    }
}
