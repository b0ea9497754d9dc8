package ai.postdev.dragon.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RamDiskTest {
    private static final Path SHM = Path.of("/dev/shm");

    @TempDir
    Path dir;

    private static RamDisk shared(String name) throws IOException {
        boolean there = Files.isDirectory(SHM) && Files.getFileStore(SHM).type().equals("tmpfs");
        if (!there) {
            System.out.println("SKIPPED: RamDiskTest needs " + SHM);
        }
        assumeTrue(there, "needs " + SHM);
        return RamDisk.open(RamPlace.at(RamPlace.Mode.SHARED, SHM, ""), name, 0);
    }

    private static String name() {
        return "postdevai-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    }

    private static List<Path> files(String name) throws IOException {
        try (Stream<Path> files = Files.list(SHM)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name))
                    .toList();
        }
    }

    @Test
    void aSlabIsZerosThatNobodyElseCanOpenAndGoesWhenItIsClosed() throws IOException {
        String name = name();
        RamDisk disk = shared(name);
        Slab slab = disk.slab(100_000);
        assertEquals(List.of(), files(name), "unlinked as soon as it is mapped");
        assertEquals(100_000, disk.figures().mappedBytes());
        assertEquals(0, disk.figures().ordinaryBytes());
        assertEquals("", disk.figures().note());
        MemorySegment memory = slab.memory();
        assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[100_000])), "zeros at first");
        memory.set(ValueLayout.JAVA_BYTE, 99_999, (byte) 7);
        assertEquals(7, memory.get(ValueLayout.JAVA_BYTE, 99_999));
        slab.close();
        assertThrows(IllegalStateException.class, () -> memory.get(ValueLayout.JAVA_BYTE, 0));
        assertEquals(0, disk.figures().mappedBytes());
    }

    @Test
    void whatAnEarlierProcessLeftIsRemovedAndNothingOfOthers() throws IOException {
        String name = name();
        Path left = Files.writeString(SHM.resolve(name + "-7"), "left by a process that was killed");
        Path other = Files.writeString(SHM.resolve(name + "x-7"), "of another home");
        try {
            assertEquals("", shared(name).figures().note());
            assertFalse(Files.exists(left));
            assertTrue(Files.exists(other));
        } finally {
            Files.deleteIfExists(left);
            Files.delete(other);
        }
    }

    @Test
    void aFolderThatIsLostCostsRoomAndNothingElseAndIsUsedAgainWhenItIsBack() throws IOException {
        Path folder = Files.createDirectory(dir.resolve("place"));
        RamDisk disk = RamDisk.open(RamPlace.at(RamPlace.Mode.DIRECTORY, folder, "on a disk"), "x", 0);
        assertEquals("on a disk", disk.figures().note());
        Slab before = disk.slab(1_000);
        assertEquals(1_000, disk.figures().mappedBytes());
        before.memory().fill((byte) 3);
        Files.delete(folder);
        assertTrue(disk.figures().note().contains("is gone"), disk.figures().note());
        Slab without = disk.slab(1_000);
        assertEquals(1_000, disk.figures().ordinaryBytes());
        assertEquals(3, before.memory().get(ValueLayout.JAVA_BYTE, 999), "what is mapped is still there");
        Files.createDirectory(folder);
        Slab after = disk.slab(1_000);
        assertEquals(2_000, disk.figures().mappedBytes());
        assertEquals("on a disk", disk.figures().note());
        before.close();
        without.close();
        after.close();
        assertEquals(0, disk.figures().mappedBytes());
        assertEquals(0, disk.figures().ordinaryBytes());
    }

    @Test
    void aFolderThatCannotBeReadIsNotUsed() {
        RamDisk disk = RamDisk.open(RamPlace.at(RamPlace.Mode.SHARED, dir.resolve("none"), ""), "x", 0);
        assertEquals("none", disk.figures().mode());
        assertTrue(
                disk.figures().note().contains("cannot be used"), disk.figures().note());
    }

    @Test
    void roomIsLeftToOthers() throws IOException {
        RamDisk disk = RamDisk.open(RamPlace.at(RamPlace.Mode.DIRECTORY, dir, ""), "x", Long.MAX_VALUE);
        disk.slab(1_000).close();
        assertTrue(
                disk.figures().note().contains("are left to others"),
                disk.figures().note());
    }
}
