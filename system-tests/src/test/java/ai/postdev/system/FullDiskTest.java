package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.Event;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.StatusRequest;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpProgress;
import ai.postdev.v1.UpRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole node whose home lies on a small file system that fills up. Needs the right to mount one. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullDiskTest {
    private static final int DISK = 192 << 20;
    private static final int NOTE = 30_000;
    /** Notes that would fill the disk some times over: the loop ends. */
    private static final int NOTES_MAX = 40_000;

    @TempDir
    Path dir;

    private Path disk;
    private Path folder;
    private boolean mounted;
    private NodeProcess node;
    private final List<String> acknowledged = new ArrayList<>();
    private final Random random = new Random(7);

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(dir.resolve("disk"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK, "tmpfs", disk.toString());
        if (!mounted) {
            System.out.println("SKIPPED: FullDiskTest needs the right to mount a tmpfs");
        }
        assumeTrue(mounted, "needs the right to mount a tmpfs");
        folder = Files.createDirectory(dir.resolve("project"));
        Files.writeString(folder.resolve("a.txt"), "the first lantern\n");
    }

    @AfterEach
    void unmount() throws Exception {
        if (node != null) {
            node.close();
        }
        if (mounted) {
            assertTrue(run("umount", disk.toString()), "unmount " + disk);
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            System.out.println(command[0] + ": " + e.getMessage());
            return false;
        }
    }

    private void start(String freeMin) throws IOException {
        node = NodeProcess.start(
                NodeMain.class,
                disk.resolve("home"),
                Map.of(),
                Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false", "POSTDEVAI_JOURNAL_FREE_MIN", freeMin));
        node.up();
    }

    /** Text that does not compress, with a number to know it by. */
    private String text() {
        StringBuilder text = new StringBuilder("note %06d".formatted(acknowledged.size()));
        while (text.length() < NOTE) {
            text.append(' ').append(Long.toString(random.nextLong() & Long.MAX_VALUE, 36));
        }
        return text.toString();
    }

    /** Remembers until it is refused, and returns the refusal. */
    private ClientFault fill(NodeClient client) {
        for (int i = 0; i < NOTES_MAX; i++) {
            String text = text();
            try {
                client.remember(RememberRequest.newBuilder().setText(text).build());
                acknowledged.add(text.substring(0, 11));
            } catch (ClientFault fault) {
                return fault;
            }
        }
        throw new AssertionError("the disk of " + DISK + " bytes took " + NOTES_MAX + " notes\n" + node.log());
    }

    private static List<String> notes(NodeClient client) throws ClientFault {
        List<String> notes = new ArrayList<>();
        for (Event event : client.timeline(TimelineRequest.newBuilder()
                        .setKind("note")
                        .setLimit(1_000)
                        .build())
                .getEventsList()) {
            notes.add(event.getText().substring(0, 11));
        }
        return notes.reversed();
    }

    private void up(NodeClient client, Consumer<UpProgress> progress) throws ClientFault {
        client.up(UpRequest.newBuilder().addPaths(folder.toString()).build(), NodeProcess.PATIENCE, progress);
    }

    @Test
    void aFolderThatCannotBeRememberedForWantOfSpaceSaysSoAndGoesOnWhenThereIsSome() throws Exception {
        start("64 MiB");
        Path filler = disk.resolve("filler");
        try (NodeClient client = node.client()) {
            long free = Files.getFileStore(disk).getUsableSpace();
            Files.write(filler, new byte[(int) (free - (32 << 20))]);
            List<String> told = new ArrayList<>();
            up(client, progress -> {
                if (progress.getMessage().contains("free some space") && told.isEmpty()) {
                    told.add(progress.getMessage());
                    delete(filler);
                }
            });
            assertEquals(1, told.size(), node.log());
            assertTrue(told.getFirst().startsWith("nothing can be written: the disk of"), told::toString);
            assertEquals(
                    "",
                    client.projects(ProjectsRequest.getDefaultInstance())
                            .getProjects(0)
                            .getProblem());
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFullDiskIsToldReadsGoOnAndSpaceMakesItWriteAgainAndNothingAcknowledgedIsLost() throws Exception {
        start("0");
        Path filler = disk.resolve("filler");
        try (NodeClient client = node.client()) {
            up(client, _ -> {});
            long free = Files.getFileStore(disk).getUsableSpace();
            // The notes that fit beside it stay fewer than one answer of the timeline holds.
            Files.write(filler, new byte[(int) (free - (22 << 20))]);
            ClientFault fault = fill(client);
            assertEquals(FaultCode.FAILED_PRECONDITION, fault.code(), fault.getMessage());
            assertTrue(fault.getMessage().toLowerCase().contains("space"), fault.getMessage());
            assertTrue(
                    client.status(StatusRequest.getDefaultInstance()).getNode().getReady());
            assertEquals(
                    "a.txt",
                    client.search(SearchRequest.newBuilder()
                                    .setQuery("first lantern")
                                    .build())
                            .getHits(0)
                            .getPath());
            assertEquals(last(acknowledged), last(notes(client)));

            Files.delete(filler);
            node.await("it takes notes again", () -> {
                String text = text();
                try {
                    client.remember(RememberRequest.newBuilder().setText(text).build());
                    acknowledged.add(text.substring(0, 11));
                    return Optional.of(true);
                } catch (ClientFault refused) {
                    assertEquals(FaultCode.FAILED_PRECONDITION, refused.code(), refused.getMessage());
                    return Optional.empty();
                }
            });
        }
        node.kill();
        start("0");
        try (NodeClient client = node.client()) {
            // A note that was refused may have reached the disk before it was full; its number was given again.
            List<String> found = notes(client).stream().distinct().toList();
            assertEquals(acknowledged, found);
        }
    }

    private static List<String> last(List<String> all) {
        return all.subList(Math.max(0, all.size() - 100), all.size());
    }
}
