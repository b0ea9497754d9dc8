package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.BackupAnswer;
import ai.postdev.v1.BackupRequest;
import ai.postdev.v1.Event;
import ai.postdev.v1.ExportRequest;
import ai.postdev.v1.Hit;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.StatusRequest;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a real node while notes are written to it, and what other homes make of them. */
class BackupRestoreTest {
    private static final int FILES = 40;

    @TempDir
    Path dir;

    private final List<NodeProcess> nodes = new ArrayList<>();
    private final AtomicInteger written = new AtomicInteger();

    @AfterEach
    void end() throws InterruptedException {
        for (NodeProcess node : nodes) {
            node.close();
        }
    }

    private NodeProcess start(String home) throws Exception {
        NodeProcess node = NodeProcess.start(
                NodeMain.class, dir.resolve(home), Map.of(), Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false"));
        nodes.add(node);
        node.up();
        return node;
    }

    private static void up(NodeProcess node, Path root) throws Exception {
        try (NodeClient client = node.client()) {
            client.up(UpRequest.newBuilder().addPaths(root.toString()).build(), NodeProcess.PATIENCE, _ -> {});
        }
    }

    private void stop(NodeProcess node) throws InterruptedException {
        node.terminate();
        node.exitCode();
    }

    @Test
    void aBackupOfABusyNodeComesBackInAnotherHome() throws Exception {
        GitRepository repository = GitRepository.create(dir.resolve("app"));
        for (int i = 0; i < FILES; i++) {
            repository.write("src/File" + i + ".java", "class File" + i + " { int quince = " + i + "; }\n");
        }
        repository.commit("plant quinces");
        NodeProcess first = start("first");
        up(first, repository.root());

        Path backup = dir.resolve("backup");
        BackupAnswer before;
        BackupAnswer after;
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(first, enough));
        try (NodeClient client = first.client()) {
            first.await("notes are written", () -> written.get() > 20 ? Optional.of(1) : Optional.empty());
            before = backup(client, backup);
            int then = written.get();
            first.await("more notes", () -> written.get() > then + 20 ? Optional.of(1) : Optional.empty());
            after = backup(client, backup);
        } finally {
            enough.set(true);
        }
        writing.join();
        // How much is new is up to the writer: what was there is not copied again.
        long earlier = before.getProjects(0).getOperations();
        assertEquals(earlier, before.getProjects(0).getNewOperations(), before::toString);
        assertEquals(
                after.getProjects(0).getOperations() - earlier,
                after.getProjects(0).getNewOperations(),
                after::toString);
        assertTrue(after.getPresentBytes() >= before.getCopiedBytes(), after::toString);

        // The folder changes after the backup: what comes back must not.
        BackupAnswer last;
        List<String> found;
        Set<String> notes;
        String id;
        try (NodeClient client = first.client()) {
            last = backup(client, backup);
            found = search(client);
            notes = notes(client);
            id = last.getProjects(0).getProject();
            assertEquals(written.get(), notes.size());
            client.export(
                    ExportRequest.newBuilder()
                            .setFile(dir.resolve("one.jsonl.zst").toString())
                            .build(),
                    NodeProcess.PATIENCE,
                    _ -> {});
        }
        assertEquals(FILES, found.size());
        stop(first);

        CommandLine verified = CommandLine.run(dir.resolve("first"), "backup", backup.toString(), "--verify", "--json");
        assertEquals(0, verified.code(), verified::toString);
        assertTrue(verified.out().contains("\"healthy\":true"), verified::toString);

        restored(backup, last, found, notes);
        pointInTime(backup, before, notes, id);
        imported(found, notes);
        moved(backup, repository, found);
    }

    private void write(NodeProcess node, AtomicBoolean enough) {
        try (NodeClient client = node.client()) {
            while (!enough.get()) {
                client.remember(RememberRequest.newBuilder()
                        .setText("note number " + written.get())
                        .build());
                written.incrementAndGet();
            }
        } catch (ClientFault fault) {
            throw new IllegalStateException(fault);
        }
    }

    private static BackupAnswer backup(NodeClient client, Path folder) throws ClientFault {
        List<BackupAnswer> answers = new ArrayList<>();
        client.backup(
                BackupRequest.newBuilder().setFolder(folder.toString()).build(),
                NodeProcess.PATIENCE,
                progress -> answers.add(progress.getBackup()));
        return answers.getLast();
    }

    private void restored(Path backup, BackupAnswer last, List<String> found, Set<String> notes) throws Exception {
        CommandLine restored = CommandLine.run(dir.resolve("second"), "restore", backup.toString());
        assertEquals(0, restored.code(), restored::toString);
        assertTrue(restored.out().contains(last.getId()), restored::toString);
        NodeProcess second = start("second");
        try (NodeClient client = second.client()) {
            assertEquals(found, search(client));
            assertEquals(notes, notes(client));
            assertEquals(
                    "class File3 { int quince = 3; }\n",
                    client.show(ShowRequest.newBuilder()
                                    .setPath("src/File3.java")
                                    .build())
                            .getText());
        }
        CommandLine busy = CommandLine.run(dir.resolve("second"), "restore", backup.toString());
        assertEquals(4, busy.code(), busy::toString);
        assertTrue(busy.err().contains("postdevai stop"), busy::toString);
        stop(second);
        CommandLine twice = CommandLine.run(dir.resolve("second"), "restore", backup.toString());
        assertEquals(4, twice.code(), twice::toString);
        assertTrue(twice.err().contains("in this home already"), twice::toString);
    }

    private void pointInTime(Path backup, BackupAnswer before, Set<String> notes, String id) throws Exception {
        long sequence = before.getProjects(0).getSequence();
        CommandLine restored = CommandLine.run(
                dir.resolve("third"), "restore", backup.toString(), "--project", id, "--at", Long.toString(sequence));
        assertEquals(0, restored.code(), restored::toString);
        NodeProcess third = start("third");
        try (NodeClient client = third.client()) {
            Set<String> then = notes(client);
            assertTrue(then.size() > 20 && then.size() < notes.size(), then::toString);
            assertTrue(notes.containsAll(then));
            assertEquals(sequence, status(client).getSequence());
            client.remember(RememberRequest.newBuilder().setText("goes on").build());
            assertEquals(then.size() + 1, notes(client).size());
        }
        stop(third);
    }

    private void imported(List<String> found, Set<String> notes) throws Exception {
        CommandLine imported = CommandLine.run(
                dir.resolve("fourth"), "import", dir.resolve("one.jsonl.zst").toString());
        assertEquals(0, imported.code(), imported::toString);
        NodeProcess fourth = start("fourth");
        try (NodeClient client = fourth.client()) {
            assertEquals(found, search(client));
            assertEquals(notes, notes(client));
        }
        stop(fourth);
    }

    /** The working tree lies elsewhere on the other machine, and has changed. */
    private void moved(Path backup, GitRepository repository, List<String> found) throws Exception {
        Path tree = dir.resolve("moved");
        Files.move(repository.root(), tree);
        Files.writeString(tree.resolve("src/File0.java"), "class File0 { int medlar; }\n");
        CommandLine restored =
                CommandLine.run(dir.resolve("fifth"), "restore", backup.toString(), "--into", tree.toString());
        assertEquals(0, restored.code(), restored::toString);
        NodeProcess fifth = start("fifth");
        up(fifth, tree);
        try (NodeClient client = fifth.client()) {
            assertEquals(found.subList(1, found.size()), search(client), "nothing is there twice");
            ProjectStatus status = status(client);
            assertEquals(tree.toString(), status.getRoot());
            assertEquals(FILES, status.getFiles());
        }
    }

    private static ProjectStatus status(NodeClient client) throws ClientFault {
        List<ProjectStatus> projects =
                client.status(StatusRequest.getDefaultInstance()).getProjectsList();
        assertEquals(1, projects.size(), projects::toString);
        return projects.getFirst();
    }

    private static List<String> search(NodeClient client) throws ClientFault {
        return client
                .search(SearchRequest.newBuilder()
                        .setQuery("/quince/")
                        .setLimit(1_000)
                        .build())
                .getHitsList()
                .stream()
                .map(Hit::getPath)
                .sorted()
                .toList();
    }

    private static Set<String> notes(NodeClient client) throws ClientFault {
        Set<String> notes = new TreeSet<>();
        for (Event event : client.timeline(TimelineRequest.newBuilder()
                        .setKind("note")
                        .setLimit(1_000)
                        .build())
                .getEventsList()) {
            notes.add(event.getText());
        }
        return notes;
    }
}
