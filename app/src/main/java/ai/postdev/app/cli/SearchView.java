package ai.postdev.app.cli;

import ai.postdev.v1.AsOf;
import ai.postdev.v1.Hit;
import ai.postdev.v1.SearchAnswer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A search answer for people: path and lines, why, the code with its line numbers. */
final class SearchView {
    /** Lines of one snippet; the rest is named by its number. */
    private static final int LINES_MAX = 12;

    private SearchView() {}

    static void print(SearchAnswer answer, Terminal terminal) {
        Set<String> projects = new HashSet<>();
        answer.getHitsList().forEach(hit -> projects.add(hit.getProject()));
        for (Hit hit : answer.getHitsList()) {
            hit(hit, projects.size() > 1, terminal);
        }
        if (answer.getHitsCount() == 0) {
            terminal.out().println("nothing found for " + Words.harmless(answer.getQuery()));
        }
        StringBuilder last = new StringBuilder()
                .append(answer.getHitsCount())
                .append(answer.getHitsCount() == 1 ? " hit in " : " hits in ")
                .append(Words.tenths(answer.getTookMs()))
                .append(" ms");
        if (!answer.getMode().isEmpty()) {
            last.append(" · ").append(answer.getMode());
        }
        for (AsOf asOf : answer.getAsOfList()) {
            String name = answer.getAsOfCount() > 1 && !asOf.getProjectName().isEmpty()
                    ? Words.harmless(asOf.getProjectName()) + " "
                    : "";
            last.append(" · as of ").append(name).append(asOf(asOf));
        }
        terminal.out().println(terminal.paint(Ink.FAINT, last.toString()));
        missing(answer.getComplete(), answer.getMissingList(), terminal);
    }

    private static void hit(Hit hit, boolean named, Terminal terminal) {
        String place = Words.harmless(hit.getPath()) + ":" + hit.getStartLine()
                + (hit.getEndLine() > hit.getStartLine() ? "-" + hit.getEndLine() : "");
        StringBuilder head = new StringBuilder(terminal.paint(Ink.PATH, place));
        if (!hit.getSymbol().isEmpty()) {
            head.append("  ").append(terminal.paint(Ink.STRONG, Words.harmless(hit.getSymbol())));
        }
        if (named) {
            head.append("  ").append(terminal.paint(Ink.FAINT, Words.project(hit.getProjectName(), hit.getProject())));
        }
        terminal.out().println(head);
        if (hit.getWhyCount() > 0) {
            terminal.out()
                    .println("  " + terminal.paint(Ink.FAINT, Words.harmless(String.join(", ", hit.getWhyList()))));
        }
        snippet(hit, terminal);
        terminal.out().println();
    }

    private static void snippet(Hit hit, Terminal terminal) {
        if (hit.getSnippet().isEmpty()) {
            return;
        }
        List<String> lines = hit.getSnippet().lines().toList();
        int digits = Integer.toString(hit.getStartLine() + lines.size() - 1).length();
        for (int i = 0; i < Math.min(lines.size(), LINES_MAX); i++) {
            String number = Words.paddedLeft(Integer.toString(hit.getStartLine() + i), digits);
            String text = Words.cut(Words.harmless(lines.get(i)), terminal.width() - digits - 4);
            terminal.out().println(("  " + terminal.paint(Ink.NUMBER, number) + "  " + text).stripTrailing());
        }
        if (lines.size() > LINES_MAX) {
            terminal.out().println("  " + terminal.paint(Ink.FAINT, "… " + (lines.size() - LINES_MAX) + " more lines"));
        }
    }

    static String asOf(AsOf asOf) {
        // What comes from git itself has no place in the order of the lake.
        if (asOf.getSequence() == 0 && !asOf.getCommit().isEmpty()) {
            return Words.brief(asOf.getCommit()) + " (git)";
        }
        return (asOf.getCommit().isEmpty() ? "" : Words.brief(asOf.getCommit()) + ", ") + "sequence "
                + Words.number(asOf.getSequence());
    }

    /** Says what an answer lacks; silent if it is complete. */
    static void missing(boolean complete, List<String> reasons, Terminal terminal) {
        if (!complete) {
            String why = reasons.isEmpty() ? "no reason was given" : Words.harmless(String.join("; ", reasons));
            terminal.out().println(terminal.paint(Ink.WARNING, "not complete: " + why));
        }
    }
}
