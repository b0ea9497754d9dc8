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
import java.nio.file.attribute.PosixFilePermissions;
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

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void aSlabIsZerosThatNobodyElseCanOpenAndGoesWhenItIsClosed() throws IOException {
        String name = name();
        try (RamDisk disk = shared(name)) {
            Path folder = SHM.resolve(name);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
            Slab slab = disk.slab(100_000);
            assertEquals(List.of(), files(folder), "unlinked as soon as it is mapped");
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
        assertFalse(Files.exists(SHM.resolve(name)));
    }

    @Test
    void whatAnEarlierProcessLeftIsRemoved() throws IOException {
        String name = name();
        shared(name).slab(10).close();
        Files.writeString(SHM.resolve(name).resolve("slab-7"), "left by a process that was killed");
        try (RamDisk disk = shared(name)) {
            assertEquals(List.of(), files(SHM.resolve(name)));
            assertEquals("", disk.figures().note());
        }
    }

    @Test
    void aFolderThatOthersCanEnterIsNotUsed() throws IOException {
        String name = name();
        shared(name).close();
        Path folder = Files.createDirectory(SHM.resolve(name));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (RamDisk disk = shared(name)) {
            assertTrue(
                    disk.figures().note().contains("rwxr-xr-x"), disk.figures().note());
            disk.slab(10).close();
            assertEquals("", disk.figures().folder());
        } finally {
            Files.delete(folder);
        }
    }

    @Test
    void aFolderThatSomebodyRemovedIsMadeAnew() throws IOException {
        String name = name();
        try (RamDisk disk = shared(name)) {
            Slab before = disk.slab(10);
            Files.delete(SHM.resolve(name));
            Slab after = disk.slab(20);
            assertEquals(30, disk.figures().mappedBytes());
            before.memory().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
            before.close();
            after.close();
        }
    }

    @Test
    void withoutARamFileSystemOrdinaryMemoryTakesItsPlace() throws IOException {
        assumeTrue(!Files.getFileStore(dir).type().equals("tmpfs"), "the test's folder is on a RAM file system");
        try (RamDisk disk = RamDisk.open(dir, "x", 0)) {
            assertTrue(
                    disk.figures().note().contains("no RAM file system"),
                    disk.figures().note());
            Slab slab = disk.slab(1_000);
            assertEquals(1_000, disk.figures().ordinaryBytes());
            slab.close();
            assertEquals(0, disk.figures().ordinaryBytes());
        }
        try (RamDisk none = RamDisk.open(dir.resolve("none"), "x", 0)) {
            assertTrue(
                    none.figures().note().contains("there is no"),
                    none.figures().note());
        }
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
        try (RamDisk disk = RamDisk.open(mount, "d", 0)) {
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
