package ai.postdev.app;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.door.Frame;
import ai.postdev.actors.door.Frames;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.cluster.Home;
import ai.postdev.cluster.HomeLock;
import ai.postdev.cluster.NodeRefused;
import ai.postdev.cluster.NodeSettings;
import ai.postdev.coordinator.gateway.Faults;
import ai.postdev.coordinator.gateway.Moments;
import ai.postdev.developer.ingest.ProjectIdentity;
import ai.postdev.developer.watch.WatchedFolders;
import ai.postdev.dragon.lake.LakeFiles;
import ai.postdev.dragon.lake.backup.ArchiveAnswers;
import ai.postdev.dragon.lake.backup.BackupRefused;
import ai.postdev.dragon.lake.backup.Restore;
import ai.postdev.dragon.lake.backup.Wanted;
import ai.postdev.dragon.lake.journal.Adoption;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.journal.JournalSettings;
import ai.postdev.dragon.lake.journal.RestoredFolder;
import ai.postdev.dragon.lake.portable.Import;
import ai.postdev.dragon.lake.portable.PortableRefused;
import ai.postdev.dragon.lake.portable.PortableSettings;
import ai.postdev.v1.BackupProject;
import ai.postdev.v1.ImportAnswer;
import ai.postdev.v1.RestoreAnswer;
import com.google.protobuf.MessageLite;
import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is done with backups and exports without a node: the process behind {@code backup --list}, {@code backup
 * --verify}, {@code restore} and {@code import}. The last two hold the home's lock, so that no node starts meanwhile.
 */
public final class ArchiveTool {
    private static final int FAILED = 5;

    private final Home home;
    private final Config config;

    private ArchiveTool(Home home) {
        this.home = home;
        this.config = NodeSettings.load(home, Map.of()).config();
    }

    /**
     * Writes the answer and its end as frames to the file named first. After it: {@code list DIR}, {@code check DIR},
     * {@code restore DIR PROJECT WHEN FOLDER} or {@code import FILE FOLDER}, each with empty words for what is not given.
     * {@code -Dpostdevai.home} names the home.
     */
    public static void main(String[] arguments) {
        Home home = Home.at(Path.of(System.getProperty("postdevai.home")));
        System.setProperty("postdevai.logs", home.logs().toString());
        try (FileChannel answer = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
            try {
                Frames.write(answer, new Frame.Data(run(home, arguments).toByteArray()));
                Frames.write(answer, new Frame.End(FaultCode.OK, ""));
            } catch (BackupRefused e) {
                Frames.write(answer, new Frame.End(Faults.code(e.reason()), e.getMessage()));
            } catch (JournalRefused e) {
                Frames.write(answer, new Frame.End(Faults.code(e.reason()), e.getMessage()));
            } catch (PortableRefused | NodeRefused e) {
                Frames.write(answer, new Frame.End(FaultCode.FAILED_PRECONDITION, e.getMessage()));
            }
        } catch (IOException | RuntimeException e) {
            System.err.println("postdevai: " + arguments[1] + " broke off: " + e);
            e.printStackTrace();
            System.exit(FAILED);
        }
    }

    private static MessageLite run(Home home, String[] words) throws IOException {
        Path subject = Path.of(words[2]);
        return switch (words[1]) {
            case "list" -> ArchiveAnswers.moments(subject);
            case "check" -> ArchiveAnswers.check(subject);
            case "restore" -> {
                try (HomeLock lock = home.lock()) {
                    yield new ArchiveTool(lock.home()).restore(subject, words[3], words[4], words[5]);
                }
            }
            case "import" -> {
                try (HomeLock lock = home.lock()) {
                    yield new ArchiveTool(lock.home()).take(subject, words[3]);
                }
            }
            default -> throw new IllegalArgumentException("no such work: " + List.of(words));
        };
    }

    private RestoreAnswer restore(Path backup, String project, String at, String into) throws IOException {
        List<Restore.Restored> restored = new Restore(backup, PortableSettings.from(config))
                .run(project, wanted(at), !into.isEmpty(), new Room(into));
        RestoreAnswer.Builder answer = RestoreAnswer.newBuilder()
                .setFolder(backup.toString())
                .setHome(home.root().toString());
        for (Restore.Restored one : restored) {
            BackupProject.Builder row = ArchiveAnswers.project(one).toBuilder();
            if (!into.isEmpty() && one.workspace().isPresent()) {
                WatchedFolders.move(home.root(), one.project(), one.workspace().get(), Path.of(into));
                row.setWatched(into);
            }
            answer.addProjects(row);
        }
        return answer.build();
    }

    private static Wanted wanted(String at) throws BackupRefused {
        if (at.isEmpty()) {
            return new Wanted.Newest();
        }
        if (Wanted.isMoment(at)) {
            return new Wanted.Moment(at);
        }
        if (at.matches("[1-9]\\d{0,17}")) {
            return new Wanted.UpToSequence(Long.parseLong(at));
        }
        return new Moments(Clock.systemDefaultZone())
                .parse(at)
                .<Wanted>map(Wanted.UpToTime::new)
                .orElseThrow(() -> BackupRefused.invalid("--at is '" + at
                        + "', expected a time (2026-05-03T15:00, 2h, yesterday), a sequence, or the id of a moment"));
    }

    private ImportAnswer take(Path file, String into) throws IOException {
        Import.Report report = Import.run(file, PortableSettings.from(config), new Room(into));
        BackupProject.Builder project = BackupProject.newBuilder()
                .setProject(report.project().value())
                .setProjectName(report.name())
                .setOperations(report.tally().operations())
                .setLost(report.tally().lost())
                .setTexts(report.tally().texts())
                .setSequence(report.upTo().sequences().values().stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(0));
        if (!into.isEmpty() && report.workspace().isPresent()) {
            WatchedFolders.move(
                    home.root(), report.project(), report.workspace().get(), Path.of(into));
            project.setWatched(into);
        }
        return ImportAnswer.newBuilder()
                .setFile(file.toString())
                .setHome(home.root().toString())
                .setProject(project)
                .build();
    }

    /** This home, as what takes projects in. */
    private final class Room implements Import.Home {
        private final String into;

        /** @param into where the working tree is now; empty: nowhere */
        Room(String into) {
            this.into = into;
        }

        @Override
        public Adoption begin(Set<ProjectId> projects) throws IOException {
            Adoption adoption = Adoption.begin(home.data().resolve("journal"), JournalSettings.from(config), projects);
            if (!into.isEmpty()) {
                Optional<String> other = ProjectIdentity.settle(
                        Path.of(into), home.root(), projects.iterator().next());
                if (other.isPresent()) {
                    adoption.close();
                    throw BackupRefused.invalid(other.get() + "; give the folder of that project, or leave --into out");
                }
            }
            return adoption;
        }

        /** Before the project is there: whoever dies between the two leaves it to the next node to watch the folder. */
        @Override
        public void filled(Adoption adoption, ProjectId project, Optional<WorkspaceId> workspace) throws IOException {
            if (!into.isEmpty() && workspace.isPresent()) {
                adoption.folder(new RestoredFolder(
                        project, workspace.get(), Path.of(into).toRealPath()));
            }
        }

        @Override
        public void clear(ProjectId project) throws IOException {
            LakeFiles.clear(home.data(), project);
        }
    }
}
