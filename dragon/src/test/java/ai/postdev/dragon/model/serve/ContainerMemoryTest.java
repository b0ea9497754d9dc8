package ai.postdev.dragon.model.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerMemoryTest {
    @TempDir
    Path root;

    private void second(String path, String max, long current, long inactive) throws IOException {
        Path group = Files.createDirectories(root.resolve(path));
        Files.writeString(group.resolve("memory.max"), max + "\n");
        Files.writeString(group.resolve("memory.current"), current + "\n");
        Files.writeString(group.resolve("memory.stat"), "anon 5\ninactive_file " + inactive + "\nactive_file 7\n");
    }

    @Test
    void theTightestOfAllGroupsAboveBinds() throws IOException {
        second("a", "1000", 900, 30);
        second("a/b", "5000", 1_000, 0);
        second("a/b/c", "max", 900, 0);
        assertEquals(OptionalLong.of(130), ContainerMemory.left(root, List.of("0::/a/b/c")));
        assertEquals(OptionalLong.of(130), ContainerMemory.left(root, List.of("2:cpu:/x", "0::/a")));
        assertEquals(OptionalLong.empty(), ContainerMemory.left(root, List.of("0::/")));
    }

    @Test
    void theFirstVersionHasOtherNames() throws IOException {
        Path group = Files.createDirectories(root.resolve("memory/docker/x"));
        Files.writeString(group.resolve("memory.limit_in_bytes"), "2000\n");
        Files.writeString(group.resolve("memory.usage_in_bytes"), "2500\n");
        Files.writeString(group.resolve("memory.stat"), "inactive_file 1\ntotal_inactive_file 700\n");
        Files.writeString(root.resolve("memory/memory.limit_in_bytes"), "9223372036854771712\n");
        Files.writeString(root.resolve("memory/memory.usage_in_bytes"), "99999\n");
        List<String> own = List.of("4:memory,hugetlb:/docker/x", "3:cpuset:/", "0::/");
        assertEquals(OptionalLong.of(200), ContainerMemory.left(root, own));
        Files.writeString(group.resolve("memory.usage_in_bytes"), "4000\n");
        assertEquals(OptionalLong.of(0), ContainerMemory.left(root, own));
    }

    @Test
    void aContainerThatIsShownOnlyItselfIsFound() throws IOException {
        second("", "1000", 400, 0);
        assertEquals(OptionalLong.of(600), ContainerMemory.left(root, List.of("0::/../../pod7")));
        assertEquals(OptionalLong.of(600), ContainerMemory.left(root, List.of("0::/system.slice/absent")));
    }

    @Test
    void thisProcessHasRoomOrNoLimit() throws IOException {
        assumeTrue(Files.isReadable(ContainerMemory.OWN), "SKIPPED: control groups are of Linux");
        OptionalLong left = ContainerMemory.left(ContainerMemory.ROOT, Files.readAllLines(ContainerMemory.OWN));
        System.out.println("left to this process: " + left);
        assertTrue(left.orElse(1) > 0);
    }
}
