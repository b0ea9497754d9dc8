package ai.postdev.dragon.lake.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.OperationCodec;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Kills a writing process at random moments, opens what it left, and compares with every acknowledgement that it
 * printed. The model is RocksDB's own {@code db_crashtest.py}.
 */
@Execution(ExecutionMode.CONCURRENT)
class JournalCrashTest {
    /** Kills of one journal before a fresh one is taken, so that young and grown ones are both met. */
    private static final int KILLS_OF_ONE = 25;

    @TempDir
    Path dir;

    private final Map<Origin, Map<Long, ContentHash>> acknowledged = new HashMap<>();
    private VersionVector verified = VersionVector.EMPTY;
    private final Set<Long> dropped = new HashSet<>();
    private long count;
    private long erased;

    @Test
    void nothingAcknowledgedIsLostInAHundredKills() throws Exception {
        rounds(100);
    }

    @Test
    @Tag("campaign")
    void nothingAcknowledgedIsLostInAThousandKills() throws Exception {
        rounds(1_000);
    }

    private void rounds(int rounds) throws Exception {
        Random random = JournalTrial.random("crash");
        long began = System.nanoTime();
        Path journal = dir;
        for (int round = 0; round < rounds; round++) {
            if (round % KILLS_OF_ONE == 0) {
                journal = Files.createDirectory(dir.resolve("journal-" + round));
                acknowledged.clear();
                dropped.clear();
                verified = VersionVector.EMPTY;
            }
            Durability durability = random.nextBoolean() ? Durability.FSYNC : Durability.OS;
            kill(journal, random, durability);
            boolean last = round % KILLS_OF_ONE == KILLS_OF_ONE - 1 || round == rounds - 1;
            verify(journal, durability, last, "round " + round);
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(dir, "librocksdb*")) {
            assertFalse(left.iterator().hasNext(), "killed processes leave copies of the native library behind");
        }
        assertTrue(erased > 0, "no kill left an erased event to look at");
        System.out.printf(
                "crash: %d kills, %d operations acknowledged, 0 lost, %d marks of erased events met, %.1f s%n",
                rounds, count, erased, (System.nanoTime() - began) / 1e9);
    }

    @Test
    void aJournalThatAnotherProcessHasOpenIsRefused() throws Exception {
        Path journal = dir.resolve("journal");
        Path errors = dir.resolve("errors");
        Process child = start(journal, 1, Durability.OS, errors);
        try (BufferedReader out = child.inputReader(StandardCharsets.US_ASCII)) {
            read(out.readLine(), errors);
            for (Executable use : List.<Executable>of(
                    () -> Journal.open(journal, CrashChild.settings(Durability.OS)),
                    () -> Journal.salvage(journal, CrashChild.settings(Durability.OS)))) {
                JournalRefused refused = assertThrows(JournalRefused.class, use);
                assertTrue(refused.getMessage().contains("in use"), refused.getMessage());
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        Journal.open(journal, CrashChild.settings(Durability.OS)).close();
    }

    private void kill(Path journal, Random random, Durability durability) throws Exception {
        Path errors = dir.resolve("errors");
        Process child = start(journal, random.nextLong(), durability, errors);
        try (BufferedReader out = child.inputReader(StandardCharsets.US_ASCII)) {
            int lines = random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(120);
            if (lines == 0) {
                // While it starts and recovers, or soon after.
                child.waitFor(random.nextInt(500), TimeUnit.MILLISECONDS);
            }
            for (int i = 0; i < lines; i++) {
                read(out.readLine(), errors);
            }
            // The handle's way, for the process' own closes the stream that is still to be read.
            assertTrue(child.toHandle().destroyForcibly());
            // What it printed before it died counts; the last line may be cut in the middle.
            String line = out.readLine();
            while (line != null) {
                String next = out.readLine();
                if (next != null || line.matches("thread-\\d \\d+ [0-9a-f]{64}")) {
                    read(line, errors);
                }
                line = next;
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private Process start(Path journal, long seed, Durability durability, Path errors) throws Exception {
        return ChildJvm.of(
                        CrashChild.class,
                        List.of("-Djava.io.tmpdir=" + dir),
                        journal.toString(),
                        Long.toString(seed),
                        durability.name().toLowerCase(Locale.ROOT))
                .redirectError(errors.toFile())
                .start();
    }

    private void read(String line, Path errors) throws IOException {
        if (line == null || line.startsWith("failed")) {
            fail("the writing process ended by itself: " + line + "\n" + Files.readString(errors));
        }
        if (line.equals("ready")) {
            return;
        }
        String[] parts = line.split(" ");
        acknowledged
                .computeIfAbsent(new Origin(parts[0]), _ -> new HashMap<>())
                .put(Long.parseLong(parts[1]), ContentHash.fromHex(parts[2]));
        count++;
    }

    private void verify(Path dir, Durability durability, boolean everything, String round) throws IOException {
        try (Journal journal = Journal.open(dir, CrashChild.settings(durability))) {
            assertEquals(List.of(), journal.opened().cut(), round);
            Map<Origin, Map<Long, ContentHash>> found = new HashMap<>();
            Set<ContentHash> texts = new LinkedHashSet<>();
            VersionVector after = everything ? VersionVector.EMPTY : verified;
            // Replay itself refuses a gap.
            Map<Long, Long> marks = new HashMap<>();
            ReplayReport report = journal.replay(
                    JournalTrial.PROJECT, after, journal.versionVector(JournalTrial.PROJECT), new ReplayVisitor() {
                        @Override
                        public void operation(Operation operation) {
                            found.computeIfAbsent(operation.origin(), _ -> new HashMap<>())
                                    .put(operation.sequence(), ContentHash.of(OperationCodec.encode(operation)));
                            texts.addAll(textOf(operation));
                            if (operation.body() instanceof Body.DropEvents drop) {
                                dropped.addAll(drop.sequences());
                            }
                        }

                        @Override
                        public void dropped(Origin of, long sequence, long digest) {
                            assertEquals(CrashChild.DROPPING, of, round);
                            marks.put(sequence, digest);
                        }

                        @Override
                        public void lost(Origin of, long sequence, String why) {
                            fail(round + ": lost " + of + "/" + sequence);
                        }
                    });
            assertEquals(0, report.lost(), round);
            marks.forEach((sequence, digest) -> {
                assertTrue(dropped.contains(sequence), () -> round + ": erased but never dropped: " + sequence);
                ContentHash known =
                        acknowledged.getOrDefault(CrashChild.DROPPING, Map.of()).get(sequence);
                if (known != null) {
                    assertEquals(Records.digest(known), digest, round);
                    found.computeIfAbsent(CrashChild.DROPPING, _ -> new HashMap<>())
                            .put(sequence, known);
                }
            });
            erased += marks.size();
            acknowledged.forEach((origin, hashes) -> hashes.forEach((sequence, hash) -> {
                if (sequence > after.sequence(origin)) {
                    assertEquals(
                            hash,
                            found.getOrDefault(origin, Map.of()).get(sequence),
                            round + ": acknowledged " + origin + "/" + sequence + " is lost");
                }
                assertTrue(sequence <= report.upTo().sequence(origin), round + ": " + origin + "/" + sequence);
            }));
            for (ContentHash text : texts) {
                assertEquals(text, ContentHash.of(journal.blob(text).orElseThrow()), round);
            }
            verified = report.upTo();
        }
    }

    private static List<ContentHash> textOf(Operation operation) {
        return operation.body() instanceof Body.PutDocument put ? List.of(put.hash()) : List.of();
    }
}
