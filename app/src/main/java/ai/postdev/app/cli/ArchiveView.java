package ai.postdev.app.cli;

import ai.postdev.v1.BackupAnswer;
import ai.postdev.v1.BackupCheckAnswer;
import ai.postdev.v1.BackupDamage;
import ai.postdev.v1.BackupMoment;
import ai.postdev.v1.BackupProject;
import ai.postdev.v1.BackupsAnswer;
import ai.postdev.v1.CopyProgress;
import ai.postdev.v1.ExportAnswer;
import ai.postdev.v1.ImportAnswer;
import ai.postdev.v1.RestoreAnswer;
import java.util.stream.Collectors;

/** Backups and exports, for people. */
final class ArchiveView {
    private ArchiveView() {}

    /** How far a copy is, on one line. */
    static String line(CopyProgress progress) {
        return Words.project(progress.getProjectName(), progress.getProject()) + "  "
                + Words.number(progress.getOperationsDone()) + " of " + Words.number(progress.getOperationsTotal())
                + " operations, " + Words.bytes(progress.getBytes());
    }

    static void print(BackupAnswer answer, Terminal terminal) {
        say("backup " + answer.getId() + " in " + answer.getFolder(), terminal);
        for (BackupProject project : answer.getProjectsList()) {
            say(
                    "  " + row(project) + " (" + Words.number(project.getNewOperations()) + " new)" + lost(project),
                    terminal);
        }
        say(
                "copied " + amount(answer.getCopiedParts(), answer.getCopiedBytes()) + "; there already: "
                        + amount(answer.getPresentParts(), answer.getPresentBytes()),
                terminal);
        if (answer.getRemovedCount() > 0) {
            say(
                    "no longer kept: " + Words.count(answer.getRemovedCount(), "moment") + ", "
                            + Words.bytes(answer.getFreedBytes()) + " freed",
                    terminal);
        }
        for (String finding : answer.getFindingsList()) {
            say(terminal.paint(Ink.WARNING, "an earlier moment is damaged: " + Words.harmless(finding)), terminal);
        }
    }

    private static String amount(int parts, long bytes) {
        return Words.bytes(bytes) + " in " + Words.count(parts, "part");
    }

    private static String row(BackupProject project) {
        return Words.project(project.getProjectName(), project.getProject()) + "  sequence "
                + Words.number(project.getSequence()) + ", " + Words.number(project.getOperations()) + " operations, "
                + Words.number(project.getTexts()) + " texts";
    }

    private static String lost(BackupProject project) {
        return project.getLost() == 0 ? "" : ", " + Words.number(project.getLost()) + " lost to damage before";
    }

    static void print(BackupsAnswer answer, Terminal terminal) {
        if (answer.getMomentsCount() > 0) {
            Table table = new Table("id", "time", ">size", "projects");
            for (BackupMoment moment : answer.getMomentsList()) {
                table.row(
                        moment.getId(),
                        Words.time(moment.getTime(), terminal.zone()),
                        Words.bytes(moment.getBytes()),
                        moment.getProjectsList().stream()
                                .map(project -> Words.project(project.getProjectName(), project.getProject()) + " "
                                        + Words.number(project.getSequence()))
                                .collect(Collectors.joining(", ")));
            }
            table.print(terminal, "");
        } else {
            terminal.err().println("no moment yet in " + answer.getFolder());
        }
        for (String damaged : answer.getDamagedList()) {
            say(terminal.paint(Ink.WARNING, Words.harmless(damaged)), terminal);
        }
    }

    static void print(BackupCheckAnswer answer, Terminal terminal) {
        for (BackupDamage damage : answer.getDamagesList()) {
            say(
                    terminal.paint(Ink.WARNING, damage.getFile() + " " + Words.harmless(damage.getFound()))
                            + "; needed by " + String.join(", ", damage.getMomentsList()),
                    terminal);
        }
        say(
                (answer.getHealthy() ? "whole: " : "damaged: ") + Words.count(answer.getMoments(), "moment") + ", "
                        + amount(answer.getParts(), answer.getBytes()),
                terminal);
    }

    static void print(RestoreAnswer answer, Terminal terminal) {
        say("restored into " + answer.getHome(), terminal);
        for (BackupProject project : answer.getProjectsList()) {
            String left = project.getLeftOut() == 0
                    ? ""
                    : ", " + Words.number(project.getLeftOut()) + " later operations left out";
            say("  " + row(project) + left + ", from " + project.getMoment(), terminal);
            watched(project, terminal);
        }
        say("start the node with: postdevai up", terminal);
    }

    static void print(ExportAnswer answer, Terminal terminal) {
        say("exported " + row(answer.getProject()) + lost(answer.getProject()), terminal);
        say("  to " + answer.getFile() + ", " + Words.bytes(answer.getBytes()), terminal);
    }

    static void print(ImportAnswer answer, Terminal terminal) {
        say("imported into " + answer.getHome(), terminal);
        say("  " + row(answer.getProject()) + lost(answer.getProject()), terminal);
        watched(answer.getProject(), terminal);
        say("start the node with: postdevai up", terminal);
    }

    private static void watched(BackupProject project, Terminal terminal) {
        if (!project.getWatched().isEmpty()) {
            say("  watched in " + Words.harmless(project.getWatched()), terminal);
        }
    }

    private static void say(String text, Terminal terminal) {
        terminal.out().println(text);
    }
}
