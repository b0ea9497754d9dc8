package ai.postdev.app.cli;

import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.DiffSide;

/** A diff: on a terminal coloured and harmless, in a pipe as {@code git apply} and {@code patch} want it. */
final class DiffView {
    private DiffView() {}

    static void print(DiffAnswer answer, Terminal terminal) {
        if (answer.getChange().equals("none")) {
            // Not on the standard output: there an empty diff is a diff.
            terminal.err()
                    .println("no difference in " + Words.harmless(answer.getPath()) + " from "
                            + moment(answer.getFrom()) + " to " + moment(answer.getTo()));
            return;
        }
        if (!terminal.colour()) {
            terminal.out().print(answer.getDiff());
            return;
        }
        answer.getDiff().lines().forEach(line -> terminal.out().println(line(line, terminal)));
        terminal.out()
                .println(terminal.paint(
                        Ink.FAINT,
                        answer.getChange() + ": +" + answer.getAdded() + " −" + answer.getRemoved() + " from "
                                + moment(answer.getFrom()) + " to " + moment(answer.getTo())
                                + (answer.getMinimal() ? "" : " · not the shortest diff: the texts differ too much")));
    }

    /** A line of a diff, harmless and in its colour. */
    static String line(String line, Terminal terminal) {
        String text = Words.harmless(line);
        if (line.startsWith("@@")) {
            return terminal.paint(Ink.PATH, text);
        }
        if (line.startsWith("diff ") || line.startsWith("+++ ") || line.startsWith("--- ")) {
            return terminal.paint(Ink.STRONG, text);
        }
        return line.startsWith("+")
                ? terminal.paint(Ink.GOOD, text)
                : line.startsWith("-") ? terminal.paint(Ink.BAD, text) : text;
    }

    private static String moment(DiffSide side) {
        String at = side.getAt().isBlank() ? "now" : Words.harmless(side.getAt());
        String commit = side.getAsOf().getCommit();
        return at + (commit.isEmpty() || at.startsWith(Words.brief(commit)) ? "" : " (" + Words.brief(commit) + ")");
    }
}
