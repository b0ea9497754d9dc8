package ai.postdev.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.BackupAnswer;
import ai.postdev.v1.BackupCheckAnswer;
import ai.postdev.v1.BackupDamage;
import ai.postdev.v1.BackupMoment;
import ai.postdev.v1.BackupProject;
import ai.postdev.v1.BackupRequest;
import ai.postdev.v1.BackupsAnswer;
import ai.postdev.v1.CopyProgress;
import ai.postdev.v1.ExportAnswer;
import ai.postdev.v1.ExportRequest;
import ai.postdev.v1.ImportAnswer;
import ai.postdev.v1.RestoreAnswer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchiveCommandTest extends CommandFixture {
    private static final BackupProject PROJECT = BackupProject.newBuilder()
            .setProject("c0ffee")
            .setProjectName("app")
            .setSequence(1_234)
            .setOperations(1_200)
            .setNewOperations(34)
            .setTexts(56)
            .setMoment("20260503T120000000Z")
            .build();

    @Test
    void aBackupSaysWhatItCopiedAndWhatWasThere() throws Exception {
        node.answers(
                "Backup",
                CopyProgress.newBuilder().setOperationsDone(1_000).build(),
                CopyProgress.newBuilder()
                        .setBackup(BackupAnswer.newBuilder()
                                .setFolder("/mnt/b")
                                .setId("20260503T120000000Z")
                                .setCopiedBytes(2_000)
                                .setCopiedParts(1)
                                .setPresentBytes(31_000_000)
                                .setPresentParts(2)
                                .addProjects(PROJECT)
                                .addRemoved("20260401T120000000Z")
                                .setFreedBytes(12)
                                .addFindings("moments/x.json is damaged"))
                        .build());
        assertEquals(Exit.DONE, run("backup", "b", "--keep", "2", "--project", "app"));
        assertEquals("""
            backup 20260503T120000000Z in /mnt/b
              app  sequence 1,234, 1,200 operations, 56 texts (34 new)
            copied 2.0 kB in 1 part; there already: 31.0 MB in 2 parts
            no longer kept: 1 moment, 12 B freed
            an earlier moment is damaged: moments/x.json is damaged
            """, out);
        BackupRequest asked = BackupRequest.parseFrom(node.asked.getLast().message());
        assertEquals(folder.resolve("b").toString(), asked.getFolder());
        assertEquals(2, asked.getKeep());
        assertEquals("app", asked.getProject());
        assertEquals(Exit.DONE, run("backup", "b", "--json"));
        assertTrue(out.startsWith("{\"folder\":\"/mnt/b\",\"id\":\"20260503T120000000Z\","), out);
        node.refuses("Backup", FaultCode.FAILED_PRECONDITION, "b holds other things");
        assertEquals(Exit.REFUSED, run("backup", "b"));
    }

    @Test
    void anExportSaysWhereItIs() throws Exception {
        node.answers(
                "Export",
                CopyProgress.newBuilder()
                        .setExport(ExportAnswer.newBuilder()
                                .setFile("/mnt/app.zst")
                                .setBytes(3_000)
                                .setProject(PROJECT.toBuilder().setLost(2)))
                        .build());
        assertEquals(Exit.DONE, run("export", "app.zst"));
        assertEquals("""
            exported app  sequence 1,234, 1,200 operations, 56 texts, 2 lost to damage before
              to /mnt/app.zst, 3.0 kB
            """, out);
        assertEquals(
                folder.resolve("app.zst").toString(),
                ExportRequest.parseFrom(node.asked.getLast().message()).getFile());
    }

    @Test
    void whileANodeRunsNothingIsBroughtBack() {
        for (String verb : List.of("restore", "import")) {
            assertEquals(Exit.REFUSED, run(verb, "b"));
            assertTrue(err.contains("postdevai stop"), err);
        }
    }

    @Test
    void wrongUseIsExplained() throws IOException {
        for (List<String> wrong : List.of(
                List.of("backup"),
                List.of("backup", "b", "--keep", "0"),
                List.of("backup", "b", "--list", "--verify"),
                List.of("backup", "b", "--list", "--keep", "2"),
                List.of("backup", "b", "--verify", "--project", "app"),
                List.of("export"),
                List.of("export", "a", "b"),
                List.of("restore"),
                List.of("import"))) {
            assertEquals(Exit.USAGE, run(wrong.toArray(String[]::new)), wrong + ": " + err);
        }
        assertTrue(node.asked.isEmpty(), "nothing wrong may reach the node: " + node.asked);
        node.close();
        assertEquals(Exit.USAGE, run("restore", "b", "--into", "not-there"), err);
    }

    @Test
    void momentsAreATableAndDamageIsNamed() {
        assertEquals(
                """
            id                   time                 size  projects
            20260503T120000000Z  2026-05-03 12:00  31.0 MB  app 1,234
            moments/x.json is damaged
            """,
                shown(terminal -> ArchiveView.print(
                        BackupsAnswer.newBuilder()
                                .addMoments(BackupMoment.newBuilder()
                                        .setId("20260503T120000000Z")
                                        .setTime("2026-05-03T12:00:00Z")
                                        .setBytes(31_000_000)
                                        .addProjects(PROJECT))
                                .addDamaged("moments/x.json is damaged")
                                .build(),
                        terminal)));
        assertEquals(
                """
            parts/a.part has 3 bytes, expected 4; needed by m1, m2
            damaged: 2 moments, 7 B in 3 parts
            """,
                shown(terminal -> ArchiveView.print(
                        BackupCheckAnswer.newBuilder()
                                .setMoments(2)
                                .setParts(3)
                                .setBytes(7)
                                .addDamages(BackupDamage.newBuilder()
                                        .setFile("parts/a.part")
                                        .setFound("has 3 bytes, expected 4")
                                        .addMoments("m1")
                                        .addMoments("m2"))
                                .build(),
                        terminal)));
    }

    @Test
    void whatCameBackIsToldWithTheNextStep() {
        assertEquals(
                """
            restored into /home/x
              app  sequence 1,234, 1,200 operations, 56 texts, 7 later operations left out, from 20260503T120000000Z
              watched in /code/app
            start the node with: postdevai up
            """,
                shown(terminal -> ArchiveView.print(
                        RestoreAnswer.newBuilder()
                                .setHome("/home/x")
                                .addProjects(PROJECT.toBuilder().setLeftOut(7).setWatched("/code/app"))
                                .build(),
                        terminal)));
        assertEquals(
                """
            imported into /home/x
              app  sequence 1,234, 1,200 operations, 56 texts
            start the node with: postdevai up
            """,
                shown(terminal -> ArchiveView.print(
                        ImportAnswer.newBuilder()
                                .setHome("/home/x")
                                .setProject(PROJECT)
                                .build(),
                        terminal)));
    }
}
