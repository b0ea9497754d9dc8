package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.LAPTOP;
import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static ai.postdev.dragon.lake.journal.JournalTrial.all;
import static ai.postdev.dragon.lake.journal.JournalTrial.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Harms the write-ahead log's bytes as a power failure or a bad disk would. The rule: whatever happened, the journal
 * opens with a prefix of what was written, or refuses; and it refuses rather than drop a record that others follow.
 */
class JournalLogDamageTest {
    private static final int CASES = 40;
    private static final int BLOCK = 32 * 1024;

    @TempDir
    Path dir;

    private final List<Operation> operations = new ArrayList<>();
    /** Size of the log after each write: before which byte each one ends. */
    private final List<Long> ends = new ArrayList<>();

    /** Writes to a journal and copies its files while it is open: what a crash would leave. */
    private Path crashed(int writes, Supplier<JournalWrite> next) throws IOException {
        Path live = dir.resolve("live");
        Path copy = dir.resolve("crashed");
        try (Journal journal = Journal.open(live, settings())) {
            for (int i = 0; i < writes; i++) {
                JournalWrite write = next.get();
                assertInstanceOf(JournalWrite.Written.class, journal.append(write.operations(), write.blobs()));
                operations.addAll(write.operations());
                for (Operation _ : write.operations()) {
                    ends.add(0L);
                }
                ends.set(ends.size() - 1, Files.size(log(live)));
            }
            copy(live, copy);
        }
        return copy;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                if (!file.startsWith(from.resolve("native"))) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }
    }

    private static void remove(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Path log(Path journal) throws IOException {
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(journal.resolve("rocks"), "*.log")) {
            List<Path> found = new ArrayList<>();
            logs.forEach(found::add);
            found.sort(null);
            return found.getLast();
        }
    }

    /** How many operations lie wholly before a byte of the log. */
    private int wholeBefore(long at) {
        int whole = 0;
        for (int i = 0; i < ends.size(); i++) {
            if (ends.get(i) > 0 && ends.get(i) <= at) {
                whole = i + 1;
            }
        }
        return whole;
    }

    @Test
    void aLogCutAnywhereOpensWithEveryWriteThatIsWhole() throws Exception {
        Random random = JournalTrial.random("torn log");
        Path crashed = crashed(60, () -> JournalTrial.randomWrite(random, PROJECT, LAPTOP, operations.size()));
        long size = Files.size(log(crashed));
        for (int i = 0; i < CASES; i++) {
            Path trial = dir.resolve("trial-" + i);
            copy(crashed, trial);
            long cut = (long) (random.nextDouble() * size);
            try (FileChannel channel = FileChannel.open(log(trial), StandardOpenOption.WRITE)) {
                channel.truncate(cut);
                if (random.nextBoolean()) {
                    // Space that was set aside reads as zeros after a power failure.
                    channel.write(ByteBuffer.allocate(random.nextInt(70_000)), cut);
                }
            }
            int whole = wholeBefore(cut);
            try (Journal journal = Journal.open(trial, settings())) {
                assertEquals(operations.subList(0, whole), all(journal, PROJECT), "cut at " + cut);
                assertTrue(journal.inspect(PROJECT).healthy());
                boolean atAnEnd = whole == 0 ? cut == 0 : ends.get(whole - 1) == cut;
                assertTrue(atAnEnd || whole == 0 || journal.opened().tornBytes() > 0, "cut at " + cut);
            }
            remove(trial);
        }
    }

    @Test
    void aChangedLengthIsNotTakenForATornEnd() throws Exception {
        Path crashed = crashed(
                10,
                () -> new JournalWrite(
                        JournalTrial.notes(PROJECT, LAPTOP, operations.size() + 1, operations.size() + 1), List.of()));
        assertTrue(Files.size(log(crashed)) < BLOCK);
        // The length of the fifth record: it now seems to reach beyond the file, as an interrupted one would.
        try (FileChannel channel = FileChannel.open(log(crashed), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {(byte) 0xff, (byte) 0xff}), ends.get(3) + 4);
        }
        JournalRefused refused = assertThrows(JournalRefused.class, () -> Journal.open(crashed, settings()));
        assertTrue(refused.getMessage().contains("damaged before its end"), refused.getMessage());
    }

    @Test
    void aChangedByteNeverLosesARecordSilently() throws Exception {
        Random random = JournalTrial.random("changed log");
        Path crashed = crashed(60, () -> JournalTrial.randomWrite(random, PROJECT, LAPTOP, operations.size()));
        long size = Files.size(log(crashed));
        long startOfLast = ends.stream()
                .filter(end -> end > 0 && end < size)
                .max(Long::compare)
                .orElseThrow();
        int refused = 0;
        int cut = 0;
        for (int i = 0; i < CASES; i++) {
            Path trial = dir.resolve("trial-" + i);
            copy(crashed, trial);
            // Half of them in the last write, which may be cut.
            long from = random.nextBoolean() ? 0 : startOfLast;
            long at = from + (long) (random.nextDouble() * (size - from));
            try (FileChannel channel =
                    FileChannel.open(log(trial), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer one = ByteBuffer.allocate(1);
                channel.read(one, at);
                one.put(0, (byte) (one.get(0) ^ (1 << random.nextInt(8)))).rewind();
                channel.write(one, at);
            }
            int whole = wholeBefore(at);
            int lastWrite = wholeBefore(size - 1);
            try (Journal journal = Journal.open(trial, settings())) {
                List<Operation> found = all(journal, PROJECT);
                assertEquals(operations.subList(0, found.size()), found, "changed at " + at);
                assertTrue(found.size() >= lastWrite, "changed at " + at + ": opened with only " + found.size());
                cut++;
            } catch (JournalRefused e) {
                assertTrue(
                        whole < lastWrite, "changed at " + at + " in the last write, yet refused: " + e.getMessage());
                assertTrue(e.getMessage().contains("postdevai doctor --repair"), e.getMessage());
                refused++;
            }
            remove(trial);
        }
        System.out.println("changed log: " + refused + " refused, " + cut + " cut at the end");
        assertTrue(refused > 0 && cut > 0);
    }
}
