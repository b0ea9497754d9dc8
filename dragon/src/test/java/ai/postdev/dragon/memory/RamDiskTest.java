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
import java.util.ArrayList;
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
        return RamDisk.open(SHM, name, 0);
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
    void withoutARamFileSystemOrdinaryMemoryTakesItsPlace() throws IOException {
        assumeTrue(!Files.getFileStore(dir).type().equals("tmpfs"), "the test's folder is on a RAM file system");
        RamDisk disk = RamDisk.open(dir, "x", 0);
        assertTrue(
                disk.figures().note().contains("no RAM file system"),
                disk.figures().note());
        Slab slab = disk.slab(1_000);
        assertEquals(1_000, disk.figures().ordinaryBytes());
        slab.close();
        assertEquals(0, disk.figures().ordinaryBytes());
        RamDisk none = RamDisk.open(dir.resolve("none"), "x", 0);
        assertTrue(none.figures().note().contains("there is no"), none.figures().note());
    }

    @Test
    void whereTheRamDiskIsFullOrdinaryMemoryTakesItsPlaceAndNothingEnds() throws Exception {
        Path mount = Files.createDirectory(dir.resolve("small"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount);
        if (!mounted) {
            System.out.println("SKIPPED: RamDiskTest needs the right to mount a tmpfs");
        }
        assumeTrue(mounted, "needs the right to mount a tmpfs");
        List<Slab> slabs = new ArrayList<>();
        RamDisk disk = RamDisk.open(mount, "d", 0);
        try {
            for (int i = 0; i < 20; i++) {
                Slab slab = disk.slab(100_000);
                slab.memory().fill((byte) i);
                slabs.add(slab);
            }
            assertTrue(disk.figures().mappedBytes() >= 800_000, disk.figures()::toString);
            assertTrue(disk.figures().ordinaryBytes() >= 900_000, disk.figures()::toString);
            assertTrue(disk.figures().note().contains("no room"), disk.figures().note());
            for (int i = 0; i < 20; i++) {
                assertEquals(i, slabs.get(i).memory().get(ValueLayout.JAVA_BYTE, 99_999));
            }
            slabs.forEach(Slab::close);
        } finally {
            assertTrue(run("umount", mount), "unmount " + mount);
        }
    }

    private static boolean run(Object... command) throws InterruptedException {
        List<String> words = Stream.of(command).map(Object::toString).toList();
        try {
            return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
