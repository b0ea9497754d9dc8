package ai.postdev.app.cli;

import ai.postdev.v1.CodeThen;
import java.util.List;

/** Code as it was when something happened, and what a change made of it, for people. */
final class CodeView {
    private static final String INDENT = "    ";

    private CodeView() {}

    static void print(CodeThen code, Terminal terminal) {
        String line = code.getLine() > 0 ? ":" + code.getLine() : "";
        terminal.out()
                .println(INDENT
                        + terminal.paint(Ink.PATH, Words.harmless(code.getPath()) + line)
                        + terminal.paint(Ink.FAINT, " as it was then, show it all with --at " + code.getSequence()));
        List<String> lines = List.of(code.getText().split("\n", -1));
        int digits = Integer.toString(code.getEndLine()).length();
        for (int i = 0; i < lines.size(); i++) {
            int number = code.getStartLine() + i;
            String shown = " ".repeat(digits - Integer.toString(number).length()) + number + " "
                    + Words.cut(Words.harmless(lines.get(i)), Math.max(20, terminal.width() - digits - 8));
            boolean named = number == code.getLine();
            terminal.out()
                    .println((INDENT + (named ? terminal.paint(Ink.STRONG, "> " + shown) : "  " + shown))
                            .stripTrailing());
        }
        if (code.getChange().isEmpty()) {
            return;
        }
        terminal.out()
                .println(INDENT
                        + terminal.paint(
                                Ink.FAINT,
                                "changed " + Words.time(code.getChangedTime(), terminal.zone())
                                        + (code.getCut() ? ", the nearest lines:" : ":")));
        code.getChange()
                .lines()
                .map(changed -> Words.cut(changed, Math.max(20, terminal.width() - 6)))
                .forEach(changed -> terminal.out().println(INDENT + "  " + DiffView.line(changed, terminal)));
    }
}
