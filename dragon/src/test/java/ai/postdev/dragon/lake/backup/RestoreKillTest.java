package ai.postdev.dragon.lake.backup;

import static ai.postdev.dragon.lake.backup.BackupTrial.OTHER;
import static ai.postdev.dragon.lake.backup.BackupTrial.PROJECT;
import static ai.postdev.dragon.lake.backup.BackupTrial.backup;
import static ai.postdev.dragon.lake.backup.BackupTrial.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.RestoredFolder;
import ai.postdev.dragon.lake.portable.RandomProject;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Kills a restore at random moments: what it leaves is a home without the project, or with all of it. */
@Execution(ExecutionMode.CONCURRENT)
class RestoreKillTest {
    private static final int KILLS = 12;

    @TempDir
    Path dir;

    private final Random random = Seeded.random("restore kill");

    @Test
    void aKilledRestoreLeavesNothingOrAll() throws Exception {
        Path backup = dir.resolve("backup");
        List<String> expected;
        try (Journal journal = Journal.open(dir.resolve("source"), RandomProject.journal())) {
            new RandomProject(random, PROJECT).write(journal, journal.origin(), 3_000);
            backup(journal, backup, settings(200_000, 100), PROJECT);
            expected = RandomProject.everything(journal, PROJECT);
        }
        Map<Boolean, Integer> seen = new HashMap<>();
        Path home = dir.resolve("home-0");
        List<String> other = other(home);
        for (int round = 0; round < KILLS; round++) {
            kill(backup, home);
            boolean there;
            try (Journal journal = Journal.open(home, RandomProject.journal())) {
                there = journal.projects().contains(PROJECT);
                assertEquals(there ? Set.of(PROJECT, OTHER) : Set.of(OTHER), journal.projects());
                assertEquals(other, RandomProject.everything(journal, OTHER));
                List<RestoredFolder> folders = journal.restoredFolders();
                assertEquals(there ? 1 : 0, folders.size(), "the folder to watch comes with the project");
                if (there) {
                    assertEquals(RestoreChild.folder(folders.getFirst().workspace()), folders.getFirst());
                    assertEquals(expected, RandomProject.everything(journal, PROJECT));
                    journal.watched(folders.getFirst());
                    assertEquals(List.of(), journal.restoredFolders());
                }
            }
            try (Stream<Path> left = Files.list(home)) {
                assertFalse(
                        left.anyMatch(file -> file.getFileName().toString().startsWith("rocks.")),
                        "the next start clears away what was left");
            }
            seen.merge(there, 1, Integer::sum);
            if (there) {
                home = dir.resolve("home-" + (round + 1));
                other = other(home);
            }
        }
        System.out.println("restore kill: complete in " + seen);
        BackupTrial.restore(backup, home, "", new Wanted.Newest());
        assertEquals(expected, BackupTrial.everything(home, PROJECT));
        assertEquals(other, BackupTrial.everything(home, OTHER));
    }

    private List<String> other(Path home) throws IOException {
        try (Journal journal = Journal.open(home, RandomProject.journal())) {
            new RandomProject(random, OTHER).write(journal, journal.origin(), 20);
            return RandomProject.everything(journal, OTHER);
        }
    }

    private void kill(Path backup, Path home) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RestoreChild.class.getName(),
                backup.toString(),
                home.toString()));
        Path errors = dir.resolve("errors");
        Process child = new ProcessBuilder(command)
                .redirectError(Redirect.to(errors.toFile()))
                .start();
        try (BufferedReader out = child.inputReader(StandardCharsets.US_ASCII)) {
            // Where it is killed: while it prepares, while it fills, when it is about to change places, or when done.
            String until =
                    List.of("begin", "filling", "filled", "filled", "done").get(random.nextInt(5));
            for (String word = out.readLine(); !until.equals(word); word = out.readLine()) {
                if (word == null) {
                    throw new AssertionError("the child ended: " + Files.readString(errors));
                }
            }
            child.waitFor(random.nextInt(60), TimeUnit.MILLISECONDS);
        } finally {
            child.destroyForcibly().waitFor();
        }
    }
}
