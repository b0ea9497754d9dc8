package ai.postdev.app.cli;

import ai.postdev.v1.FileVersion;
import ai.postdev.v1.VersionsAnswer;
import java.util.HashSet;
import java.util.Set;

/** The versions of a file for people, one a line, newest first. */
final class VersionsView {
    private VersionsView() {}

    static void print(VersionsAnswer answer, Terminal terminal) {
        Set<String> projects = new HashSet<>();
        answer.getVersionsList().forEach(version -> projects.add(version.getProject()));
        for (FileVersion version : answer.getVersionsList()) {
            String name = projects.size() > 1
                    ? "  " + terminal.paint(Ink.FAINT, Words.project(version.getProjectName(), version.getProject()))
                    : "";
            terminal.out()
                    .println((terminal.paint(Ink.FAINT, Words.time(version.getTime(), terminal.zone())) + "  "
                                    + Words.padded(at(version), 12) + "  "
                                    + terminal.paint(Ink.PATH, Words.padded(Words.brief(version.getCommit()), 10))
                                    + "  "
                                    + Words.cut(what(version), Math.max(20, terminal.width() - 46)) + name)
                            .stripTrailing());
        }
        SearchView.missing(answer.getComplete(), answer.getMissingList(), terminal);
    }

    /** What {@code --at} takes to see this version. */
    private static String at(FileVersion version) {
        return version.getSource().equals("git") ? "git" : "sequence " + version.getSequence();
    }

    private static String what(FileVersion version) {
        if (version.getSource().equals("git")) {
            return Words.harmless(version.getText());
        }
        String lines = "+" + version.getAdded() + " −" + version.getRemoved();
        return version.getGone()
                ? "removed  " + lines
                : Words.paddedLeft(Words.bytes(version.getBytes()), 8) + "  " + lines;
    }
}
