package ai.postdev.dragon.lake.backup;

import ai.postdev.v1.BackupCheckAnswer;
import ai.postdev.v1.BackupDamage;
import ai.postdev.v1.BackupMoment;
import ai.postdev.v1.BackupProject;
import ai.postdev.v1.BackupsAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is known of a backup, as the doors tell it. */
public final class ArchiveAnswers {
    private ArchiveAnswers() {}

    /** A project of a moment. */
    static BackupProject.Builder project(Manifest moment, Manifest.Project project) {
        return BackupProject.newBuilder()
                .setProject(project.project().value())
                .setProjectName(project.name())
                .setSequence(project.sequence())
                .setOperations(project.tally().operations())
                .setLost(project.tally().lost())
                .setTexts(project.tally().texts())
                .setBytes(project.bytes())
                .setMoment(moment.id());
    }

    /** The moments of the backup in {@code dir}. Blocks. */
    public static BackupsAnswer moments(Path dir) throws IOException {
        List<String> damaged = new ArrayList<>();
        BackupsAnswer.Builder answer = BackupsAnswer.newBuilder().setFolder(dir.toString());
        for (Manifest moment : BackupCheck.moments(dir, damaged)) {
            BackupMoment.Builder row = BackupMoment.newBuilder()
                    .setId(moment.id())
                    .setTime(moment.time().toString());
            for (Manifest.Project project : moment.projects()) {
                row.setBytes(row.getBytes() + project.bytes()).addProjects(project(moment, project));
            }
            answer.addMoments(row);
        }
        return answer.addAllDamaged(damaged).build();
    }

    /** Checks the backup in {@code dir}. Blocks. */
    public static BackupCheckAnswer check(Path dir) throws IOException {
        BackupCheck.Report report = BackupCheck.run(dir);
        BackupCheckAnswer.Builder answer = BackupCheckAnswer.newBuilder()
                .setFolder(dir.toString())
                .setHealthy(report.damages().isEmpty())
                .setMoments(report.moments())
                .setParts(report.parts())
                .setBytes(report.bytes());
        for (BackupCheck.Damage damage : report.damages()) {
            answer.addDamages(BackupDamage.newBuilder()
                    .setFile(damage.file())
                    .setFound(damage.found())
                    .addAllMoments(damage.moments()));
        }
        return answer.build();
    }

    /** A project that was brought back. */
    public static BackupProject project(Restore.Restored restored) {
        return BackupProject.newBuilder()
                .setProject(restored.project().value())
                .setProjectName(restored.name())
                .setMoment(restored.moment())
                .setOperations(restored.operations())
                .setLeftOut(restored.leftOut())
                .setTexts(restored.texts())
                .setSequence(restored.sequence())
                .build();
    }
}
