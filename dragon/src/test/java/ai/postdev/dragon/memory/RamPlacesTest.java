package ai.postdev.dragon.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RamPlacesTest {
    private static final Path SHM = Path.of("/dev/shm");

    private final Map<Path, String> types = new HashMap<>(Map.of(SHM, "tmpfs"));
    private long capacity = 1_000;
    private boolean mayMount = true;
    private boolean mac;

    private RamPlace choose(String wanted) {
        return RamPlaces.choose(
                wanted,
                new RamPlaces.Machine() {
                    @Override
                    public boolean isMac() {
                        return mac;
                    }

                    @Override
                    public Optional<String> fileSystem(Path folder) {
                        return Optional.ofNullable(types.get(folder));
                    }

                    @Override
                    public long capacity(Path folder) {
                        return capacity;
                    }

                    @Override
                    public RamPlace own(long bytes) throws IOException {
                        if (!mayMount) {
                            throw new IOException("permission denied");
                        }
                        return RamPlace.at(RamPlace.Mode.MOUNT, Path.of("/own/" + bytes), "");
                    }
                },
                2_000,
                7_000);
    }

    @Test
    void whatIsThereIsUsedIfItCanHoldHalfOfTheBudgetElseAnOwnOneIfThatIsAllowed() {
        assertEquals(
                RamPlace.at(RamPlace.Mode.SHARED, SHM, "").folder(),
                choose("auto").folder());
        capacity = 999;
        assertEquals("/own/7000", choose("auto").shown());
        mayMount = false;
        assertEquals("/dev/shm", choose("auto").shown(), "little is better than nothing");
        types.clear();
        RamPlace none = choose("auto");
        assertEquals(RamPlace.Mode.NONE, none.mode());
        assertTrue(none.note().contains("permission denied"), none.note());
        mayMount = true;
        assertEquals(RamPlace.Mode.MOUNT, choose("auto").mode());
    }

    @Test
    void aMacHasAVolumeOnlyIfItIsAskedForAndIsNotWarnedOtherwise() {
        types.clear();
        mac = true;
        assertEquals(RamPlace.Mode.NONE, choose("auto").mode());
        assertEquals("", choose("auto").note());
        assertEquals("/own/7000", choose("mount").shown());
    }

    @Test
    void anOwnOneThatIsAskedForIsHadOrWhatIsThere() {
        assertEquals(RamPlace.Mode.MOUNT, choose("mount").mode());
        mayMount = false;
        assertEquals(RamPlace.Mode.SHARED, choose("mount").mode());
    }

    @Test
    void aFolderThatIsNamedIsUsedAndSaysAloudWhenItIsOnADisk() {
        types.put(Path.of("/mnt/r"), "tmpfs");
        types.put(Path.of("/home/r"), "ext4");
        assertEquals(RamPlace.Mode.SHARED, choose("/mnt/r").mode());
        assertEquals("", choose("/mnt/r").note());
        assertEquals(RamPlace.Mode.DIRECTORY, choose("/home/r").mode());
        assertTrue(choose("/home/r").note().contains("no RAM file system but ext4"));
        assertEquals("there is no /none", choose("/none").note());
        assertEquals("", choose("").note());
        assertEquals(RamPlace.Mode.NONE, choose("").mode());
    }
}
