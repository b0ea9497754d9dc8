package ai.postdev.developer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Origin;
import ai.postdev.developer.ingest.ProjectIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of watched folders and the ids of folders without git: read as written, or refused. */
class WorkspaceListTest {
    @TempDir
    Path home;

    private ProjectIdentity folder(String name) throws IOException {
        return ProjectIdentity.of(Files.createDirectories(home.resolve(name)), home, new Origin("laptop"), false);
    }

    private Path list() {
        return home.resolve("workspaces");
    }

    @Test
    void everyFlippedByteAndEveryCutIsRefusedOrChangesNothing() throws IOException {
        List<ProjectIdentity> folders = List.of(folder("a"), folder("b"));
        new WorkspaceList(home).save(folders);
        byte[] good = Files.readAllBytes(list());
        assertEquals(folders, new WorkspaceList(home).load());
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(list(), bad);
            assertThrows(IOException.class, () -> new WorkspaceList(home).load(), "byte " + at);
        }
        for (int length = 1; length < good.length; length++) {
            Files.write(list(), Arrays.copyOf(good, length));
            assertThrows(IOException.class, () -> new WorkspaceList(home).load(), "cut at " + length);
        }
    }

    @Test
    void aListWithoutAChecksumIsReadAndGetsOne() throws IOException {
        List<ProjectIdentity> folders = List.of(folder("a"));
        new WorkspaceList(home).save(folders);
        String with = Files.readString(list());
        Files.writeString(list(), with.substring(with.indexOf('\n') + 1));
        assertEquals(folders, new WorkspaceList(home).load());
        new WorkspaceList(home).save(folders);
        assertEquals(with, Files.readString(list()));
    }

    @Test
    void aListThatCannotBeReadIsSetAsideNotWrittenOver() throws IOException {
        WorkspaceList list = new WorkspaceList(home);
        list.save(List.of(folder("a")));
        String damaged = Files.readString(list()).replace("local-", "lokal-");
        Files.writeString(list(), damaged);
        assertTrue(assertThrows(IOException.class, list::load).getMessage().contains("is damaged: its checksum is"));
        list.save(List.of(folder("b")));
        assertEquals(damaged, Files.readString(home.resolve("workspaces.damaged")));
        assertEquals(List.of(folder("b")), list.load());
    }

    @Test
    void aDamagedIdIsRefusedAndOneWithoutAChecksumIsKept() throws IOException {
        ProjectIdentity made = folder("plain");
        Path kept;
        try (var files = Files.list(home.resolve("projects"))) {
            kept = files.findFirst().orElseThrow();
        }
        String text = Files.readString(kept);
        Files.writeString(kept, made.project() + "\n");
        assertEquals(made, folder("plain"));
        for (int at = text.indexOf('\n') + 1; at < text.length(); at++) {
            char[] harmed = text.toCharArray();
            harmed[at] ^= 1;
            Files.writeString(kept, new String(harmed));
            assertThrows(IOException.class, () -> folder("plain"), "character " + at);
        }
        Files.delete(kept);
        assertNotEquals(made.project(), folder("plain").project());
        assertFalse(Files.readString(kept).isEmpty());
    }
}
