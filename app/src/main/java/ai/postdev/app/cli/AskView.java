package ai.postdev.app.cli;

import ai.postdev.v1.AskAnswer;
import ai.postdev.v1.AskEvent;
import ai.postdev.v1.Citation;

/** An answer as it comes: what is waited for, the text piece by piece, then the places it rests on. */
final class AskView {
    private final Terminal terminal;
    private final boolean json;
    private AskAnswer answer = AskAnswer.getDefaultInstance();
    private boolean doing;
    private boolean spoke;

    AskView(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    AskAnswer answer() {
        return answer;
    }

    void show(AskEvent event) {
        switch (event.getEventCase()) {
            case DOING -> doing(event.getDoing());
            case TEXT -> text(event.getText());
            case ANSWER -> end(event.getAnswer());
            case EVIDENCE -> doing("found " + Words.count(event.getEvidence().getItemsCount(), "passage"));
            case EVENT_NOT_SET -> {
                // of a newer node
            }
        }
    }

    private void doing(String what) {
        if (terminal.live()) {
            terminal.err()
                    .print("\r\u001b[K"
                            + terminal.paint(Ink.FAINT, Words.cut(Words.harmless(what), terminal.width() - 1)));
            terminal.err().flush();
            doing = true;
        }
    }

    private void done() {
        if (doing) {
            terminal.err().print("\r\u001b[K");
            terminal.err().flush();
            doing = false;
        }
    }

    /** Only a terminal gets the answer as the model says it; anything else gets it checked, at the end. */
    private void text(String text) {
        if (json || !terminal.colour()) {
            return;
        }
        done();
        terminal.out().print(printable(spoke ? text : text.stripLeading()));
        terminal.out().flush();
        spoke |= !text.isBlank();
    }

    /** Lines stay lines; nothing else that a terminal obeys comes through. */
    private static String printable(String text) {
        StringBuilder lines = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            lines.append(lines.isEmpty() ? "" : "\n").append(line.isEmpty() ? "" : Words.harmless(line));
        }
        return text.startsWith("\n") ? "\n" + lines.toString().stripLeading() : lines.toString();
    }

    private void end(AskAnswer told) {
        answer = told;
        done();
        if (json) {
            return;
        }
        terminal.out().println(spoke ? "" : printable(told.getAnswer()));
        if (told.getCitationsCount() > 0) {
            terminal.out().println();
        }
        for (Citation citation : told.getCitationsList()) {
            String place = citation.getPath() + ":" + citation.getStartLine() + "-" + citation.getEndLine();
            terminal.out()
                    .println("[" + citation.getNumber() + "] " + terminal.paint(Ink.PATH, Words.harmless(place))
                            + (citation.getNamed() ? "" : terminal.paint(Ink.FAINT, "  related")));
        }
        if (told.getRemovedCount() > 0) {
            terminal.out()
                    .println(terminal.paint(
                            Ink.FAINT,
                            "taken out, because it was not in the evidence: "
                                    + Words.harmless(String.join(", ", told.getRemovedList()))));
        }
        StringBuilder last = new StringBuilder(told.getModel().isEmpty() ? told.getReason() : told.getModel());
        if (told.hasUsage()) {
            last.append(" · ")
                    .append(Words.number(told.getUsage().getPromptTokens()))
                    .append(" tokens read, ")
                    .append(Words.number(told.getUsage().getAnswerTokens()))
                    .append(" written");
        }
        last.append(" · ").append(Words.duration((long) told.getTookMs()));
        terminal.out().println(terminal.paint(Ink.FAINT, last.toString()));
        SearchView.missing(told.getMissingCount() == 0, told.getMissingList(), terminal);
    }
}
