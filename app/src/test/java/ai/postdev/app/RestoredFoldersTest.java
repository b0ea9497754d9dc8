package ai.postdev.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.journal.Adoption;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalSettings;
import ai.postdev.dragon.lake.journal.RestoredFolder;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restore that died after its project was there: the next node watches the folder all the same. */
class RestoredFoldersTest {
    private static final ProjectId HERE = new ProjectId("local-here");
    private static final ProjectId GONE = new ProjectId("local-gone");
    private static final WorkspaceId WORKSPACE = new WorkspaceId("w1");

    @TempDir
    Path home;

    @Test
    void whatARestoreLeftIsWatchedOnce() throws IOException {
        JournalSettings settings = JournalSettings.from(ConfigFactory.load());
        Path data = home.resolve("journal");
        Journal.open(data, settings).close();
        Path work = Files.createDirectory(home.resolve("work")).toRealPath();
        try (Adoption adoption = Adoption.begin(data, settings, Set.of(HERE, GONE))) {
            adoption.folder(new RestoredFolder(HERE, WORKSPACE, work));
            adoption.folder(new RestoredFolder(GONE, WORKSPACE, home.resolve("removed meanwhile")));
            adoption.finish();
        }
        Path list = home.resolve("workspaces");
        try (Journal journal = Journal.open(data, settings)) {
            assertEquals(2, journal.restoredFolders().size());
            RestoredFolders.watch(journal, home);
            assertEquals(List.of(), journal.restoredFolders());
            List<String> lines = Files.readAllLines(list);
            assertEquals(2, lines.size(), lines::toString); // a checksum, and the one that is there
            assertTrue(lines.get(1).startsWith(HERE + "\t" + WORKSPACE + "\t"), lines::toString);
            Files.delete(list);
        }
        try (Journal journal = Journal.open(data, settings)) {
            RestoredFolders.watch(journal, home);
            assertFalse(Files.exists(list), "a folder that somebody stopped watching does not come back");
        }
    }
}
