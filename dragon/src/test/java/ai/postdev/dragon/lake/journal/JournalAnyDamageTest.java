package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.LAPTOP;
import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static ai.postdev.dragon.lake.journal.JournalTrial.all;
import static ai.postdev.dragon.lake.journal.JournalTrial.settings;
import static ai.postdev.dragon.lake.journal.JournalTrial.written;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever file of the journal is damaged in whatever way: after a salvage it opens, and tells nothing but the truth. */
class JournalAnyDamageTest {
    private static final int ROUNDS = 10;

    @TempDir
    Path dir;

    private enum Harm {
        FLIP,
        TRUNCATE,
        EMPTY,
        DELETE
    }

    @Test
    void aSalvageAlwaysEndsWithAJournalThatOpensAndTellsOnlyWhatWasWritten() throws Exception {
        Random random = JournalTrial.random("any damage");
        Path whole = dir.resolve("whole");
        List<Operation> expected = new ArrayList<>();
        try (Journal journal = Journal.open(whole, settings())) {
            for (int i = 1; i <= 3_000; i += 2) {
                Blob text = JournalTrial.blob(JournalTrial.source(random, 500 + random.nextInt(3_000)));
                List<Operation> pair = List.of(
                        JournalTrial.put(PROJECT, LAPTOP, i, "f" + i, text), JournalTrial.note(PROJECT, LAPTOP, i + 1));
                written(journal, pair, text);
                expected.addAll(pair);
            }
        }
        int brought = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Path home = dir.resolve("round-" + round);
            copy(whole, home);
            List<Path> files = files(home);
            Path victim = files.get(random.nextInt(files.size()));
            Harm harm = Harm.values()[random.nextInt(Harm.values().length)];
            harm(victim, harm, random);
            String about = harm + " of " + home.relativize(victim);

            try (Journal journal = open(home)) {
                if (journal.inspect(PROJECT).physical()) {
                    throw new IOException("files are damaged");
                }
            } catch (IOException e) {
                Journal.salvage(home, settings());
            }

            try (Journal journal = open(home)) {
                if (journal.projects().contains(PROJECT)) {
                    journal.repair(PROJECT);
                    List<Operation> found = all(journal, PROJECT);
                    Set<Operation> known = new HashSet<>(expected);
                    assertTrue(known.containsAll(found), about);
                    assertTrue(journal.inspect(PROJECT).healthy(), about);
                    brought += found.size();
                    System.out.println(about + ": " + found.size());
                } else {
                    System.out.println(about + ": nothing");
                }
                long next = journal.lastSequence(PROJECT) + 1;
                written(journal, List.of(JournalTrial.note(PROJECT, journal.origin(), next)));
            }
            try (Journal journal = open(home)) {
                List<Operation> found = all(journal, PROJECT);
                assertEquals(journal.origin(), found.getLast().origin(), about);
                assertTrue(journal.inspect(PROJECT).healthy(), about + ": the new origin goes on counting");
            }
        }
        assertTrue(brought > 0, "some damage leaves something");
    }

    private static Journal open(Path home) throws JournalRefused {
        return Journal.open(home, settings());
    }

    private static List<Path> files(Path home) throws IOException {
        try (Stream<Path> walk = Files.walk(home.resolve("rocks"))) {
            return walk.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("LO"))
                    .sorted()
                    .toList();
        }
    }

    private static void harm(Path file, Harm harm, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (harm) {
            case FLIP -> {
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    Files.write(file, bytes);
                }
            }
            case TRUNCATE -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            case EMPTY -> Files.write(file, new byte[0]);
            case DELETE -> Files.delete(file);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path source : walk.toList()) {
                Path target = to.resolve(from.relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(source, target);
                }
            }
        }
    }
}
