package ai.postdev.app.cli;

import ai.postdev.v1.DoctorAnswer;
import ai.postdev.v1.Endpoints;
import ai.postdev.v1.Finding;
import ai.postdev.v1.LakeStatus;
import ai.postdev.v1.Member;
import ai.postdev.v1.ModelStatus;
import ai.postdev.v1.Node;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.SkippedReason;
import ai.postdev.v1.StatusAnswer;
import java.util.List;

/** The state of a node for people. */
final class StatusView {
    private StatusView() {}

    static void print(StatusAnswer answer, Terminal terminal) {
        Node node = answer.getNode();
        section("node", terminal);
        line(
                (node.getReady() ? terminal.paint(Ink.GOOD, "ready") : terminal.paint(Ink.WARNING, "not ready"))
                        + " · pid "
                        + node.getPid() + " · version " + node.getVersion() + " · up "
                        + Words.duration(node.getUptimeMs()) + " · memory " + Words.bytes(node.getRssBytes())
                        + " (heap "
                        + Words.bytes(node.getHeapUsedBytes()) + ")",
                terminal);
        LakeView.drift(answer.getMemoryDrift()).ifPresent(text -> line(terminal.paint(Ink.WARNING, text), terminal));
        line("roles " + String.join(", ", node.getRolesList()) + " · id " + node.getId(), terminal);
        line("home " + Words.harmless(node.getHome()), terminal);
        section("projects", terminal);
        projects(answer.getProjectsList(), terminal);
        LakeStatus lake = answer.getLake();
        section("lake", terminal);
        line(
                Words.number(lake.getOperations()) + " operations in " + Words.bytes(lake.getJournalBytes()) + " · "
                        + Words.number(lake.getBlobs()) + " texts, " + Words.bytes(lake.getBlobBytes()) + " ("
                        + Words.bytes(lake.getBlobDiskBytes()) + " on disk)",
                terminal);
        line(
                Words.number(lake.getEvents()) + " events · " + Words.number(lake.getVectors()) + " vectors · "
                        + Words.number(lake.getNodes()) + " nodes, " + Words.number(lake.getEdges()) + " edges",
                terminal);
        retention(lake, terminal);
        if (lake.getNeighboursChecked() > 0) {
            line(
                    "checked searches by meaning found "
                            + Words.number(lake.getNeighboursFound()) + " of the "
                            + Words.number(lake.getNeighboursChecked()) + " true neighbours",
                    terminal);
        }
        if (answer.getModelsCount() > 0) {
            section("models", terminal);
            answer.getModelsList().forEach(model -> model(model, terminal));
            ServingView.lines(answer.getServing()).forEach(text -> line(text, terminal));
        }
        section("cluster", terminal);
        for (Member member : answer.getCluster().getMembersList()) {
            line(
                    member.getAddress() + " · " + member.getStatus() + (member.getReachable() ? "" : " · unreachable")
                            + " · " + String.join(", ", member.getRolesList()),
                    terminal);
        }
        endpoints(answer.getEndpoints(), terminal);
    }

    /** What retention keeps and dropped; nothing where it never had anything to do. */
    private static void retention(LakeStatus lake, Terminal terminal) {
        if (lake.getRetentionCount() > 0) {
            line("retention " + Words.harmless(String.join(" · ", lake.getRetentionList())), terminal);
        }
        if (lake.getEventsPinned() > 0 || lake.getEventsDropped() > 0) {
            line(
                    Words.number(lake.getEventsPinned()) + " events pinned · "
                            + Words.number(lake.getEventsDropped()) + " dropped, "
                            + Words.bytes(lake.getDroppedBytes()) + " of text"
                            + (lake.getDroppedHeldBytes() > 0
                                    ? " (" + Words.bytes(lake.getDroppedHeldBytes()) + " still in memory)"
                                    : ""),
                    terminal);
        }
    }

    private static void model(ModelStatus model, Terminal terminal) {
        line(
                model.getName() + " (" + model.getEngine() + ") · " + model.getState()
                        + (model.getReason().isEmpty() ? "" : ": " + Words.harmless(model.getReason())) + " · "
                        + Words.number(model.getEmbedded()) + " embedded, " + Words.number(model.getWaiting())
                        + " waiting, " + Words.tenths(model.getPerSecond()) + " a second",
                terminal);
    }

    private static void endpoints(Endpoints endpoints, Terminal terminal) {
        section("doors", terminal);
        String[][] doors = {
            {"grpc", endpoints.getGrpc()},
            {"http", endpoints.getHttp()},
            {"management", endpoints.getManagement()},
            {"socket", endpoints.getSocket()},
            {"key file", endpoints.getApiKeyFile()}
        };
        for (String[] door : doors) {
            if (!door[1].isEmpty()) {
                line(Words.padded(door[0], 11) + Words.harmless(door[1]), terminal);
            }
        }
    }

    /** Projects, with what is wrong and what was skipped under each. */
    static void projects(List<ProjectStatus> projects, Terminal terminal) {
        if (projects.isEmpty()) {
            line("none yet; add one with: postdevai up PATH", terminal);
            return;
        }
        Table table =
                new Table("name", ">files", ">size", ">symbols", ">chunks", ">embedded", ">commits", "state", "id");
        for (ProjectStatus project : projects) {
            table.row(
                    Words.harmless(project.getName()),
                    Words.number(project.getFiles()),
                    Words.bytes(project.getBytes()),
                    Words.number(project.getSymbols()),
                    Words.number(project.getChunks()),
                    Words.number(project.getEmbedded()),
                    Words.number(project.getCommits()),
                    project.getState() + (project.getIndexed() ? "" : " (indexing)"),
                    Words.brief(project.getId()));
        }
        table.print(terminal, "  ");
        for (ProjectStatus project : projects) {
            terminal.out().println();
            String git = project.getCommit().isEmpty()
                    ? "no git"
                    : (project.getBranch().isEmpty() ? "detached" : project.getBranch()) + " at "
                            + Words.brief(project.getCommit());
            line(
                    terminal.paint(Ink.PATH, Words.harmless(project.getRoot())) + "  "
                            + terminal.paint(
                                    Ink.FAINT,
                                    Words.harmless(git) + " · sequence " + Words.number(project.getSequence())),
                    terminal);
            if (!project.getProblem().isEmpty()) {
                line(terminal.paint(Ink.BAD, Words.harmless(project.getProblem())), terminal);
            }
            if (project.getUnranked() > 0) {
                line(
                        terminal.paint(
                                Ink.FAINT,
                                "not in the index of ranked text yet: " + Words.number(project.getUnranked())
                                        + ", each search looks through them"),
                        terminal);
            }
            if (project.getSkippedCount() > 0) {
                StringBuilder skipped = new StringBuilder("skipped: ");
                for (SkippedReason reason : project.getSkippedList()) {
                    skipped.append(skipped.length() > 9 ? ", " : "")
                            .append(Words.number(reason.getCount()))
                            .append(' ')
                            .append(reason.getReason());
                }
                line(terminal.paint(Ink.FAINT, skipped.toString()), terminal);
            }
        }
    }

    static void print(DoctorAnswer answer, Terminal terminal) {
        for (Finding finding : answer.getFindingsList()) {
            Ink ink = switch (finding.getLevel()) {
                case "ok" -> Ink.GOOD;
                case "warning" -> Ink.WARNING;
                default -> Ink.BAD;
            };
            terminal.out()
                    .println(terminal.paint(ink, Words.padded(finding.getLevel(), 7)) + "  "
                            + Words.harmless(finding.getCheck()) + ": " + Words.harmless(finding.getFound()));
            if (!finding.getAdvice().isEmpty()) {
                terminal.out().println("         " + terminal.paint(Ink.FAINT, Words.harmless(finding.getAdvice())));
            }
        }
        terminal.out()
                .println(
                        answer.getHealthy()
                                ? terminal.paint(Ink.GOOD, "healthy")
                                : terminal.paint(Ink.BAD, "not healthy"));
    }

    private static void section(String title, Terminal terminal) {
        terminal.out().println(terminal.paint(Ink.STRONG, title));
    }

    private static void line(String text, Terminal terminal) {
        terminal.out().println("  " + text);
    }
}
