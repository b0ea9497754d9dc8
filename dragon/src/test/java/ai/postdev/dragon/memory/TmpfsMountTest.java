package ai.postdev.dragon.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TmpfsMountTest {
    private static final long SIZE = 1 << 20;
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private final HostCommands commands = new SystemCommands(Duration.ofSeconds(20));

    @TempDir
    Path dir;

    private Path folder;

    @BeforeEach
    void mayMount() throws IOException {
        folder = Files.createDirectory(dir.toRealPath().resolve("a place"));
        boolean may;
        try {
            commands.output("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", folder.toString());
            commands.output("umount", folder.toString());
            may = true;
        } catch (IOException e) {
            System.out.println("SKIPPED: TmpfsMountTest needs the right to mount a tmpfs: " + e.getMessage());
            may = false;
        }
        assumeTrue(may, "needs the right to mount a tmpfs");
    }

    /** A test that fails leaves nothing in the way of its folder's removal. */
    @AfterEach
    void unmount() throws IOException {
        while (isMounted()) {
            commands.output("umount", "-l", folder.toString());
        }
    }

    private boolean isMounted() throws IOException {
        if (!Files.exists(MOUNTS)) {
            return false;
        }
        return Files.readAllLines(MOUNTS).stream()
                .anyMatch(line -> TmpfsMount.mountedAt(line).equals(folder.toString()));
    }

    @Test
    void anOwnMountIsInNoTreeOfFoldersHoldsWhatItMayAndGoesWithItsLastFile() throws IOException {
        RamPlace place = TmpfsMount.open(commands, folder, SIZE);
        assertEquals(RamPlace.Mode.MOUNT, place.mode());
        assertFalse(isMounted(), "nobody can find it");
        Path inside = place.folder().orElseThrow();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(inside)));
        Slab kept;
        try (RamDisk disk = RamDisk.open(place, "x", 0)) {
            assertEquals(SIZE, disk.figures().capacity());
            assertEquals("mount", disk.figures().mode());
            List<Slab> slabs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                slabs.add(disk.slab(100_000));
                slabs.get(i).memory().fill((byte) i);
            }
            assertTrue(disk.figures().mappedBytes() >= 800_000, disk.figures()::toString);
            assertTrue(disk.figures().ordinaryBytes() >= 900_000, disk.figures()::toString);
            assertTrue(
                    disk.figures().note().contains("has no room"),
                    disk.figures().note());
            kept = slabs.removeFirst();
            slabs.forEach(Slab::close);
            disk.slab(100_000).close();
            assertEquals("", disk.figures().note(), "there is room again");
        }
        assertFalse(Files.isDirectory(inside), "given back");
        assertEquals(0, kept.memory().get(ValueLayout.JAVA_BYTE, 99_999), "what is mapped is still there");
        kept.close();
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void whatAKilledProcessLeftIsTakenAway() throws IOException {
        commands.output("mount", "-t", "tmpfs", "-o", "size=4k", "postdevai", folder.toString());
        assertTrue(isMounted());
        TmpfsMount.open(commands, folder, SIZE).release().run();
        assertFalse(isMounted());
    }

    @Test
    void whatFailsIsToldAndNothingStaysMounted() throws IOException {
        HostCommands noUnmount = new HostCommands() {
            private int calls;

            @Override
            public Result run(List<String> command) throws IOException {
                return command.getFirst().equals("umount") && calls++ == 0
                        ? new Result(32, "", "umount: target is busy.")
                        : commands.run(command);
            }
        };
        String message = assertThrows(IOException.class, () -> TmpfsMount.open(noUnmount, folder, SIZE))
                .getMessage();
        assertTrue(message.contains("target is busy"), message);
        assertFalse(isMounted());
        HostCommands noMount = command -> new HostCommands.Result(32, "", "mount: permission denied.");
        assertTrue(assertThrows(IOException.class, () -> TmpfsMount.open(noMount, folder, SIZE))
                .getMessage()
                .contains("permission denied"));
    }

    @Test
    void foldersInTheListOfMountsAreReadAsTheyAre() {
        assertEquals(
                "/a b\\c",
                TmpfsMount.mountedAt("36 35 98:0 / /a\\040b\\134c rw,noatime master:1 - tmpfs postdevai rw"));
        assertEquals("", TmpfsMount.mountedAt("broken"));
    }
}
