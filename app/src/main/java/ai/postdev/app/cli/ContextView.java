package ai.postdev.app.cli;

import ai.postdev.actors.text.ContextMarkdown;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.Relation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A context for people: the evidence with its line numbers, facts, and how the budget was used. */
final class ContextView {
    private ContextView() {}

    static void print(ContextAnswer answer, Terminal terminal) {
        Set<String> projects = new HashSet<>();
        answer.getItemsList().forEach(item -> projects.add(item.getProject()));
        answer.getFactsList().forEach(fact -> projects.add(fact.getProject()));
        for (ContextItem item : answer.getItemsList()) {
            item(item, projects.size() > 1, terminal);
        }
        if (answer.getFactsCount() > 0) {
            terminal.out().println(terminal.paint(Ink.STRONG, "also"));
            for (Relation fact : answer.getFactsList()) {
                String name = projects.size() > 1 ? fact.getProjectName() + " " : "";
                String line = Words.harmless(name + ContextMarkdown.factLine(fact));
                terminal.out().println("  " + Words.cut(line, terminal.width() - 2));
            }
            terminal.out().println();
        }
        if (answer.getItemsCount() + answer.getFactsCount() == 0) {
            terminal.out().println("nothing found" + (answer.getLeftOut() > 0 ? " that fits the budget" : ""));
        }
        StringBuilder last = new StringBuilder()
                .append(Words.count(answer.getItemsCount(), "passage"))
                .append(", ")
                .append(Words.count(answer.getFactsCount(), "fact"))
                .append(" · at most ")
                .append(Words.number(answer.getTokens()))
                .append(" of ")
                .append(Words.number(answer.getBudget()))
                .append(" tokens");
        if (answer.getLeftOut() + answer.getFactsLeftOut() > 0) {
            last.append(" · left out: ")
                    .append(Words.count(answer.getLeftOut(), "passage"))
                    .append(", ")
                    .append(Words.count(answer.getFactsLeftOut(), "fact"));
        }
        last.append(" · ").append(Words.tenths(answer.getTookMs())).append(" ms");
        answer.getAsOfList().forEach(asOf -> last.append(" · as of ").append(SearchView.asOf(asOf)));
        terminal.out().println(terminal.paint(Ink.FAINT, last.toString()));
        SearchView.missing(answer.getComplete(), answer.getMissingList(), terminal);
    }

    private static void item(ContextItem item, boolean named, Terminal terminal) {
        StringBuilder head = new StringBuilder(terminal.paint(Ink.PATH, Words.harmless(ContextMarkdown.place(item))));
        if (!item.getSymbol().isEmpty()) {
            head.append("  ").append(terminal.paint(Ink.STRONG, Words.harmless(item.getSymbol())));
        }
        if (named) {
            head.append("  ")
                    .append(terminal.paint(Ink.FAINT, Words.project(item.getProjectName(), item.getProject())));
        }
        terminal.out().println(head);
        faint(String.join(", ", item.getWhyList()), terminal);
        faint(item.getAlsoAtCount() == 0 ? "" : "also at " + String.join(", ", item.getAlsoAtList()), terminal);
        List<String> lines = item.getText().lines().toList();
        int digits = Integer.toString(item.getEndLine()).length();
        for (int i = 0; i < lines.size(); i++) {
            String number = Words.paddedLeft(Integer.toString(item.getStartLine() + i), digits);
            String text = Words.cut(Words.harmless(lines.get(i)), terminal.width() - digits - 4);
            terminal.out().println(("  " + terminal.paint(Ink.NUMBER, number) + "  " + text).stripTrailing());
        }
        terminal.out().println();
    }

    private static void faint(String text, Terminal terminal) {
        if (!text.isEmpty()) {
            terminal.out().println("  " + terminal.paint(Ink.FAINT, Words.harmless(text)));
        }
    }
}
