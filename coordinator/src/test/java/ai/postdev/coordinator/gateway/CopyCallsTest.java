package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.BackupRequest;
import ai.postdev.v1.CopyProgress;
import ai.postdev.v1.ExportRequest;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Backups and exports as the service passes them on to the keeper of the journal. */
class CopyCallsTest {
    private final TestNode node = TestNode.withTwoProjects();

    @AfterEach
    void close() {
        node.close();
    }

    private List<CopyProgress> all(Source<CopyProgress, NotUsed> copies) throws Exception {
        return TestNode.await(copies.runWith(Sink.seq(), node.kit.system()));
    }

    private DoorFault fault(Source<CopyProgress, NotUsed> copies) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> all(copies));
        return Faults.of(failed);
    }

    @Test
    void aBackupTellsItsProgressAndThenTheAnswer() throws Exception {
        List<CopyProgress> told = all(node.service.backup(
                BackupRequest.newBuilder().setFolder("/mnt/b/../c").setKeep(3).build()));
        assertEquals(2, told.size());
        assertEquals(1, told.get(0).getOperationsDone());
        assertEquals("/mnt/c", told.get(1).getBackup().getFolder());
        assertEquals("keep-3", told.get(1).getBackup().getId());
        assertEquals("app", told.get(1).getBackup().getProjects(0).getProjectName());
    }

    @Test
    void aProjectIsFoundByItsNameAndARefusalIsTold() throws Exception {
        BackupRequest.Builder request = BackupRequest.newBuilder().setFolder("/mnt/b");
        assertEquals(
                2, all(node.service.backup(request.setProject("app").build())).size());
        DoorFault elsewhere =
                fault(node.service.backup(request.setProject("lib").build()));
        assertEquals(FaultCode.NOT_FOUND, elsewhere.code());
        assertEquals("it lies elsewhere", elsewhere.getMessage());
        assertEquals(
                FaultCode.NOT_FOUND,
                fault(node.service.backup(request.setProject("web").build())).code());
    }

    @Test
    void anExportIsOfOneProject() throws Exception {
        ExportRequest.Builder request = ExportRequest.newBuilder().setFile("/mnt/app.zst");
        DoorFault several = fault(node.service.export(request.build()));
        assertEquals(FaultCode.INVALID_ARGUMENT, several.code());
        List<CopyProgress> told =
                all(node.service.export(request.setProject("lib").build()));
        assertEquals("bbbb2222", told.getLast().getExport().getProject().getProject());
        assertEquals("lib", told.getLast().getExport().getProject().getProjectName());
    }

    @Test
    void wrongRequestsAreToldWhatIsExpected() {
        for (String path : List.of("", "b", "\u0000")) {
            DoorFault fault = fault(node.service.backup(
                    BackupRequest.newBuilder().setFolder(path).build()));
            assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
            assertTrue(fault.getMessage().contains("path"), fault::getMessage);
            assertEquals(
                    FaultCode.INVALID_ARGUMENT,
                    fault(node.service.export(ExportRequest.newBuilder()
                                    .setProject("app")
                                    .setFile(path)
                                    .build()))
                            .code());
        }
        assertEquals(
                FaultCode.INVALID_ARGUMENT,
                fault(node.service.backup(BackupRequest.newBuilder()
                                .setFolder("/b")
                                .setKeep(-1)
                                .build()))
                        .code());
    }
}
