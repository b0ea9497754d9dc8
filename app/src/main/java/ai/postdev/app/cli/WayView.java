package ai.postdev.app.cli;

import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.Relation;

/** The way from one thing to another, for people: each step on a line of its own. */
final class WayView {
    private WayView() {}

    static void print(RelatedAnswer answer, Terminal terminal) {
        if (answer.getRelationsCount() == 0) {
            terminal.out()
                    .println("no way from " + Words.harmless(answer.getTarget())
                            + (answer.getComplete() ? "" : " was found") + " within the bounds");
        } else {
            Relation first = answer.getRelations(0);
            terminal.out().println(node(first.getFromType(), first.getFromKey(), terminal));
        }
        for (Relation step : answer.getRelationsList()) {
            String edge = step.getBackward() ? "← " + step.getKind() + " ─ " : "─ " + step.getKind() + " → ";
            String text = step.getText().lines().findFirst().orElse("");
            terminal.out()
                    .println(("  " + terminal.paint(Ink.FAINT, Words.harmless(edge))
                                    + node(step.getType(), step.getKey(), terminal)
                                    + (text.isEmpty()
                                            ? ""
                                            : "  "
                                                    + Words.cut(
                                                            Words.harmless(text),
                                                            Math.max(
                                                                    20,
                                                                    terminal.width()
                                                                            - edge.length()
                                                                            - step.getKey()
                                                                                    .length()
                                                                            - 8))))
                            .stripTrailing());
        }
        SearchView.missing(answer.getComplete(), answer.getMissingList(), terminal);
    }

    private static String node(String type, String key, Terminal terminal) {
        String shown = type.equals("commit") ? Words.brief(key) : Words.harmless(key);
        return (type.equals("file") ? "" : Words.harmless(type) + " ") + terminal.paint(Ink.PATH, shown);
    }
}
