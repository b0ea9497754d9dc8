package ai.postdev.dragon.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RamVolumeTest {
    private static final long GIBIBYTE = 1L << 30;

    @TempDir
    Path dir;

    private RecordedCommands commands;

    private RamPlace open(String conversation) throws IOException {
        commands = RecordedCommands.of("/ram/hdiutil.txt", conversation, folder().toString());
        return new RamVolume(commands, folder()).open(GIBIBYTE);
    }

    private Path folder() {
        return dir.resolve("ram");
    }

    private Path record() {
        return dir.resolve("ram.device");
    }

    private void left(String device) throws IOException {
        Files.writeString(record(), "ram://2097152\n" + device + "\n");
    }

    private String refused(String conversation) {
        String message =
                assertThrows(IOException.class, () -> open(conversation)).getMessage();
        commands.allWereAsked();
        return message;
    }

    @Test
    void aVolumeIsAttachedFormattedMountedForItsOwnerAloneAndDetached() throws IOException {
        RamPlace place = open("a new volume, and its end");
        assertEquals(RamPlace.Mode.VOLUME, place.mode());
        assertEquals(folder(), place.folder().orElseThrow());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())));
        assertEquals("ram://2097152\n/dev/disk4\n", Files.readString(record()), "written down before it is used");
        place.release().run();
        commands.allWereAsked();
        assertFalse(Files.exists(record()));
    }

    @Test
    void aVolumeThatIsBusyIsDetachedByForceAndOneThatStaysIsNotForgotten() throws IOException {
        open("busy at its end").release().run();
        commands.allWereAsked();
        assertFalse(Files.exists(record()));
        RamPlace stays = open("never lets go");
        String message =
                assertThrows(IOException.class, () -> stays.release().run()).getMessage();
        assertTrue(message.contains("-force") && message.contains("Resource busy"), message);
        assertTrue(Files.exists(record()), "the next start finds it");
    }

    @Test
    void whatFailsIsToldWithItsCommandAndNothingStaysAttached() {
        assertEquals(
                "'hdiutil attach -nomount ram://2097152' ended with 1: hdiutil: attach failed - Cannot allocate memory",
                refused("no memory"));
        String other = refused("prints something else");
        assertTrue(other.contains("expected the name of a device"), other);
        assertTrue(refused("not formatted").contains("Permission denied"));
        assertFalse(Files.exists(record()));
        assertTrue(refused("not mounted").contains("Operation not permitted"));
        assertFalse(Files.exists(record()));
    }

    @Test
    void whatAKilledProcessLeftIsDetachedAndNothingOfOthers() throws IOException {
        open("left by a killed process, mounted");
        commands.allWereAsked();
        Files.delete(record());
        left("/dev/disk7");
        open("left by a killed process, not yet mounted");
        commands.allWereAsked();
        left("/dev/disk7");
        open("the name of the device is somebody else's by now");
        commands.allWereAsked();
    }

    @Test
    void onAMacItIsDoneReally() throws IOException {
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        if (!mac) {
            System.out.println("SKIPPED: RamVolumeTest.onAMacItIsDoneReally needs macOS; hdiutil was not run");
        }
        assumeTrue(mac, "needs macOS");
        HostCommands real = new SystemCommands(Duration.ofSeconds(60));
        RamVolume volume = new RamVolume(real, folder().toAbsolutePath());
        RamPlace place = volume.open(64L << 20);
        try (RamDisk disk = RamDisk.open(place, "t", 0)) {
            Slab slab = disk.slab(1 << 20);
            assertEquals(1 << 20, disk.figures().mappedBytes(), disk.figures()::toString);
            assertTrue(disk.figures().capacity() <= 64L << 20, disk.figures()::toString);
            slab.close();
            // As after a kill: another opens in the same place.
            RamPlace next = new RamVolume(real, folder().toAbsolutePath()).open(64L << 20);
            next.release().run();
        }
        assertFalse(real.output("hdiutil", "info").contains(folder().toString()));
    }
}
