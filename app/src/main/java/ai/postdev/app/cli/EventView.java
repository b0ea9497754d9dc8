package ai.postdev.app.cli;

import ai.postdev.v1.Event;
import ai.postdev.v1.PinAnswer;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.Relation;
import ai.postdev.v1.TimelineAnswer;
import java.util.List;

/** Events and relations for people. */
final class EventView {
    /** Lines of one event's text. */
    private static final int LINES_MAX = 6;

    private EventView() {}

    static void print(TimelineAnswer answer, Terminal terminal) {
        boolean named = isOfSeveral(answer.getEventsList());
        answer.getEventsList().forEach(event -> event(event, "", named, terminal));
        if (answer.getEventsCount() == 0) {
            terminal.out().println("no events");
        }
        SearchView.missing(answer.getComplete(), answer.getMissingList(), terminal);
    }

    static void print(RecallAnswer answer, Terminal terminal) {
        boolean named = isOfSeveral(answer.getEventsList());
        for (Event event : answer.getEventsList()) {
            event(event, "", named, terminal);
            if (event.getWhyCount() > 0) {
                terminal.out()
                        .println("    "
                                + terminal.paint(Ink.FAINT, Words.harmless(String.join(", ", event.getWhyList()))));
            }
            event.getFollowedByList().forEach(next -> event(next, "  → ", false, terminal));
            event.getCodeList().forEach(code -> CodeView.print(code, terminal));
            terminal.out().println();
        }
        if (answer.getEventsCount() == 0) {
            terminal.out().println("nothing like it is remembered");
        }
        SearchView.missing(answer.getComplete(), answer.getMissingList(), terminal);
    }

    static void print(PinAnswer answer, Terminal terminal) {
        terminal.out()
                .println(
                        answer.getEvent().getPinned()
                                ? "pinned: no rule of retention drops this event"
                                : "not pinned: kept as long as the rules of retention say");
        event(answer.getEvent(), "", true, terminal);
    }

    static void print(RelatedAnswer answer, Terminal terminal) {
        if (answer.getKind().equals("path")) {
            WayView.print(answer, terminal);
            return;
        }
        String kind = "";
        for (Relation relation : answer.getRelationsList()) {
            if (!relation.getKind().equals(kind)) {
                kind = relation.getKind();
                terminal.out().println(terminal.paint(Ink.STRONG, Words.harmless(kind)));
            }
            String key = relation.getType().equals("commit") ? Words.brief(relation.getKey()) : relation.getKey();
            String line = relation.getStartLine() > 0 ? ":" + relation.getStartLine() : "";
            String time = relation.getTime().isEmpty() ? "" : Words.time(relation.getTime(), terminal.zone()) + "  ";
            String head = "  " + terminal.paint(Ink.PATH, Words.harmless(key) + line) + "  ";
            int left = terminal.width() - 4 - key.length() - line.length() - time.length();
            String text = Words.cut(Words.harmless(first(relation.getText())), Math.max(20, left));
            terminal.out().println((head + terminal.paint(Ink.FAINT, time) + text).stripTrailing());
        }
        if (answer.getRelationsCount() == 0) {
            terminal.out().println("nothing related to " + Words.harmless(answer.getTarget()));
        }
        SearchView.missing(answer.getComplete(), answer.getMissingList(), terminal);
    }

    private static boolean isOfSeveral(List<Event> events) {
        return events.stream().map(Event::getProject).distinct().count() > 1;
    }

    /** @param named whether the project is told */
    private static void event(Event event, String indent, boolean named, Terminal terminal) {
        String time = Words.time(event.getTime(), terminal.zone());
        List<String> lines = event.getText().lines().toList();
        String commit = event.getAttributesOrDefault("commit", "");
        String number = indent.isEmpty() && event.getSequence() > 0
                ? "  #" + event.getSequence() + (event.getPinned() ? " pinned" : "")
                : "";
        String project = named ? "  " + Words.project(event.getProjectName(), event.getProject()) : "";
        int left = terminal.width()
                - indent.length()
                - time.length()
                - 14
                - (commit.isEmpty() ? 0 : 12)
                - number.length()
                - project.length();
        String text = lines.isEmpty() ? "" : Words.cut(Words.harmless(lines.getFirst()), Math.max(20, left));
        terminal.out()
                .println((indent + terminal.paint(Ink.FAINT, time) + "  "
                                + terminal.paint(Ink.STRONG, Words.padded(Words.harmless(event.getKind()), 10))
                                + (commit.isEmpty() ? "" : "  " + terminal.paint(Ink.PATH, Words.brief(commit)))
                                + terminal.paint(Ink.FAINT, project + number)
                                + "  " + text)
                        .stripTrailing());
        if (!indent.isEmpty()) {
            return;
        }
        for (int i = 1; i < Math.min(lines.size(), LINES_MAX); i++) {
            String line = Words.cut(Words.harmless(lines.get(i)), terminal.width() - 4);
            terminal.out().println(("    " + line).stripTrailing());
        }
        if (lines.size() > LINES_MAX) {
            terminal.out()
                    .println("    " + terminal.paint(Ink.FAINT, "… " + (lines.size() - LINES_MAX) + " more lines"));
        }
    }

    private static String first(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
