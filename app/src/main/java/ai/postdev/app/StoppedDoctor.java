package ai.postdev.app;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.cluster.Home;
import ai.postdev.cluster.HomeLock;
import ai.postdev.cluster.NodeRefused;
import ai.postdev.cluster.NodeSettings;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.journal.JournalSettings;
import ai.postdev.dragon.lake.journal.OpenReport;
import ai.postdev.dragon.lake.journal.RepairReport;
import ai.postdev.dragon.lake.journal.SalvageReport;
import ai.postdev.v1.DoctorAnswer;
import ai.postdev.v1.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Examines a home whose node does not run, and mends its journal: the process behind {@code postdevai doctor} when there
 * is no node to ask. Holds the home's lock, so that no node starts meanwhile. Keeps whatever can be read, sets damaged
 * files aside, and leaves what can be derived (documents, symbols, indexes) to the next start, which reads folders and
 * git again.
 */
public final class StoppedDoctor {
    private static final int REFUSED = 4;
    private static final int FAILED = 5;
    /** Lost operations named one by one; of the others only the number is told. */
    private static final int NAMED_MAX = 5;

    private final Home home;
    private final JournalSettings settings;
    private final boolean repair;
    private final List<Finding> findings = new ArrayList<>();

    private StoppedDoctor(Home home, JournalSettings settings, boolean repair) {
        this.home = home;
        this.settings = settings;
        this.repair = repair;
    }

    /**
     * Writes a {@link DoctorAnswer} to the file named first; {@code --repair} after it mends. {@code -Dpostdevai.home}
     * names the home. Exits with 4 and one line on the error stream if the home is in use.
     */
    public static void main(String[] arguments) {
        Home home = Home.at(Path.of(System.getProperty("postdevai.home")));
        System.setProperty("postdevai.logs", home.logs().toString());
        try {
            DoctorAnswer answer = examine(home, Arrays.asList(arguments).contains("--repair"));
            Files.write(Path.of(arguments[0]), answer.toByteArray());
        } catch (NodeRefused e) {
            System.err.println("postdevai: " + e.getMessage());
            System.exit(REFUSED);
        } catch (IOException | RuntimeException e) {
            System.err.println("postdevai: the home was not examined: " + e);
            e.printStackTrace();
            System.exit(FAILED);
        }
    }

    /**
     * Examines the home, and mends it if asked. Blocking.
     *
     * @throws NodeRefused if a live process holds the home
     */
    static DoctorAnswer examine(Home home, boolean repair) throws IOException {
        try (HomeLock lock = home.lock()) {
            JournalSettings settings = JournalSettings.from(
                    NodeSettings.load(lock.home(), Map.of()).config());
            return new StoppedDoctor(home, settings, repair).answer();
        }
    }

    private DoctorAnswer answer() throws IOException {
        find("ok", "node", "not running; its home " + home.root() + " was examined", "");
        Path folder = home.data().resolve("journal");
        if (!Files.isDirectory(folder)) {
            find("ok", "journal", "nothing is remembered yet", "");
        } else {
            journal(folder);
        }
        boolean healthy =
                findings.stream().noneMatch(finding -> finding.getLevel().equals("error"));
        return DoctorAnswer.newBuilder()
                .addAllFindings(findings)
                .setHealthy(healthy)
                .build();
    }

    private void journal(Path folder) throws IOException {
        boolean salvage = false;
        try (Journal journal = Journal.open(folder, settings)) {
            OpenReport opened = journal.opened();
            if (!opened.cut().isEmpty() || opened.tornBytes() > 0) {
                find(
                        "warning",
                        "journal tail",
                        "cut, as the next start would have: " + opened.tornBytes() + " bytes, " + opened.cut(),
                        "");
            }
            for (ProjectId project : journal.projects()) {
                salvage |= project(journal, project);
            }
        } catch (JournalRefused e) {
            if (!e.isDamage() || !repair) {
                find("error", "journal", e.getMessage(), e.isDamage() ? "postdevai doctor --repair" : "");
                return;
            }
            find("warning", "journal", e.getMessage(), "");
            salvage = true;
        }
        if (salvage) {
            salvage(folder);
        }
    }

    /** Whether the database's own files must be mended too. */
    private boolean project(Journal journal, ProjectId project) throws IOException {
        RepairReport found = journal.inspect(project);
        String check = "journal of " + project;
        if (found.healthy()) {
            find("ok", check, found.operations() + " operations, each readable", "");
            return false;
        }
        if (!repair) {
            find("error", check, lost(found), "postdevai doctor --repair");
            return false;
        }
        if (found.physical()) {
            return true;
        }
        tell(check, journal.repair(project));
        removeViews();
        return false;
    }

    private void salvage(Path folder) throws IOException {
        try {
            SalvageReport report = Journal.salvage(folder, settings);
            find(
                    "warning",
                    "journal",
                    "built anew from what could be read; the damaged files are kept in " + report.aside(),
                    report.projects().isEmpty() ? "nothing could be read of it" : "");
            report.projects().forEach((project, found) -> tell("journal of " + project, found));
            removeViews();
        } catch (JournalRefused e) {
            find("error", "journal", e.getMessage(), "");
        }
    }

    private void tell(String check, RepairReport found) {
        if (found.healthy()) {
            find("ok", check, found.operations() + " operations, each readable", "");
        } else {
            find(
                    "warning",
                    check,
                    lost(found),
                    "postdevai up: it reads folders and git again and rebuilds what they give");
        }
    }

    private static String lost(RepairReport found) {
        String named = String.join(
                "; ", found.lost().subList(0, Math.min(NAMED_MAX, found.lost().size())));
        return found.operations() + " operations readable, " + found.lost().size() + " lost and "
                + found.lostBlobs().size() + " texts lost"
                + (named.isEmpty() ? "" : ": " + named + (found.lost().size() > NAMED_MAX ? "; …" : ""))
                + (found.physical() ? " (the files themselves are damaged)" : "");
    }

    /** Snapshots and indexes still show what is lost; they are made again from the journal. */
    private void removeViews() throws IOException {
        Path views = home.data().resolve("lakes");
        if (!Files.isDirectory(views)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(views)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    private void find(String level, String check, String found, String advice) {
        findings.add(Finding.newBuilder()
                .setLevel(level)
                .setCheck(check)
                .setFound(found)
                .setAdvice(advice)
                .build());
    }
}
