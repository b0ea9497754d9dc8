package ai.postdev.dragon.lake.backup;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.journal.Adoption;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.portable.Import;
import ai.postdev.dragon.lake.portable.RandomProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the tests of backups share. */
final class BackupTrial {
    static final ProjectId PROJECT = new ProjectId("p1");
    static final ProjectId OTHER = new ProjectId("p2");
    static final Origin STUDIO = new Origin("studio");
    static final Instant NOON = Instant.parse("2026-05-03T12:00:00Z");

    private BackupTrial() {}

    static BackupSettings settings(long partBytes, int smallPartsMax) {
        return new BackupSettings(partBytes, smallPartsMax);
    }

    static Backup.Report backup(Journal journal, Path dir, BackupSettings settings, ProjectId... projects)
            throws IOException {
        return backup(journal, dir, settings, 0, projects);
    }

    static Backup.Report backup(Journal journal, Path dir, BackupSettings settings, int keep, ProjectId... projects)
            throws IOException {
        Map<ProjectId, String> names = new TreeMap<>();
        for (ProjectId project : projects) {
            names.put(project, "name of " + project);
        }
        return new Backup(journal, dir, RandomProject.portable(), settings, () -> NOON)
                .run(names, keep, (_, _, _, _) -> {});
    }

    static List<Restore.Restored> restore(Path dir, Path home, String project, Wanted wanted) throws IOException {
        return new Restore(dir, RandomProject.portable()).run(project, wanted, false, home(home));
    }

    static Import.Home home(Path journal) {
        return new Import.Home() {
            @Override
            public Adoption begin(Set<ProjectId> projects) throws IOException {
                return Adoption.begin(journal, RandomProject.journal(), projects);
            }

            @Override
            public void clear(ProjectId project) {
                // No views are kept here.
            }
        };
    }

    static List<String> everything(Path journal, ProjectId project) throws IOException {
        try (Journal opened = Journal.open(journal, RandomProject.journal())) {
            return RandomProject.everything(opened, project);
        }
    }

    static List<Path> files(Path dir) throws IOException {
        try (Stream<Path> walk = Files.walk(dir)) {
            return walk.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("lock"))
                    .sorted()
                    .toList();
        }
    }
}
