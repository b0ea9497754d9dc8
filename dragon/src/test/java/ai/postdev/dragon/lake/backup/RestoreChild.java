package ai.postdev.dragon.lake.backup;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.journal.Adoption;
import ai.postdev.dragon.lake.journal.RestoredFolder;
import ai.postdev.dragon.lake.portable.Import;
import ai.postdev.dragon.lake.portable.RandomProject;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The process that {@link RestoreKillTest} kills: restores the backup named first into the journal named second. */
final class RestoreChild {
    private RestoreChild() {}

    public static void main(String[] arguments) throws IOException {
        Thread.ofPlatform().daemon().start(RestoreChild::endWithParent);
        Import.Home home = BackupTrial.home(Path.of(arguments[1]));
        new Restore(Path.of(arguments[0]), RandomProject.portable())
                .run("", new Wanted.Newest(), false, new Import.Home() {
                    @Override
                    public Adoption begin(Set<ProjectId> projects) throws IOException {
                        say("begin");
                        Adoption begun = home.begin(projects);
                        say("filling");
                        return begun;
                    }

                    @Override
                    public void filled(Adoption adoption, ProjectId project, Optional<WorkspaceId> workspace)
                            throws IOException {
                        adoption.folder(folder(workspace.orElseThrow()));
                    }

                    @Override
                    public void clear(ProjectId project) throws IOException {
                        say("filled");
                    }
                });
        say("done");
    }

    static RestoredFolder folder(WorkspaceId workspace) {
        return new RestoredFolder(BackupTrial.PROJECT, workspace, Path.of("/work/app \u00e9"));
    }

    private static void say(String word) throws IOException {
        new FileOutputStream(FileDescriptor.out).write((word + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            System.err.println("parent gone: " + e);
        }
        Runtime.getRuntime().halt(4);
    }
}
