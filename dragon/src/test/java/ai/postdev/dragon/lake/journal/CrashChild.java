package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.OperationCodec;
import ai.postdev.actors.op.Origin;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The process that {@link JournalCrashTest} kills: writes random operations from several threads until it dies, and
 * prints each one after it was acknowledged. One more thread writes events, drops some, and erases and compacts what it
 * dropped, now or before it was killed.
 */
final class CrashChild {
    static final int THREADS = 3;
    static final Origin DROPPING = new Origin("thread-9");
    private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private CrashChild() {}

    /** Small memory, so that flushes and compactions run while the kill comes. */
    static JournalSettings settings(Durability durability) {
        return new JournalSettings(
                durability,
                1,
                3,
                4 << 20,
                1 << 20,
                2 << 20,
                64,
                2,
                1 << 20,
                2,
                1 << 20,
                Duration.ZERO,
                64,
                10_000,
                1 << 24);
    }

    static Origin origin(int thread) {
        return new Origin("thread-" + thread);
    }

    public static void main(String[] arguments) throws IOException {
        Path dir = Path.of(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        Durability durability = Durability.of(arguments[2]);
        Thread.ofPlatform().daemon().start(CrashChild::endWithParent);
        Journal journal = Journal.open(dir, settings(durability));
        say("ready\n");
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(seed + thread);
            Origin origin = origin(thread);
            Thread.ofPlatform().start(() -> write(journal, random, origin, durability));
        }
        Thread.ofPlatform().start(() -> drop(journal, new Random(seed), durability));
    }

    private static void write(Journal journal, Random random, Origin origin, Durability durability) {
        long last = journal.versionVector(JournalTrial.PROJECT).sequence(origin);
        while (true) {
            List<JournalWrite> group = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                JournalWrite write = JournalTrial.randomWrite(random, JournalTrial.PROJECT, origin, last);
                group.add(write);
                last += write.operations().size();
            }
            write(journal, group, durability);
        }
    }

    private static void write(Journal journal, List<JournalWrite> group, Durability durability) {
        StringBuilder acknowledged = new StringBuilder();
        List<JournalWrite.Outcome> outcomes = journal.commit(group, durability);
        for (int i = 0; i < group.size(); i++) {
            if (!(outcomes.get(i) instanceof JournalWrite.Written)) {
                say("failed " + outcomes.get(i) + "\n");
                Runtime.getRuntime().halt(3);
            }
            for (Operation operation : group.get(i).operations()) {
                acknowledged
                        .append(operation.origin())
                        .append(' ')
                        .append(operation.sequence())
                        .append(' ')
                        .append(ContentHash.of(OperationCodec.encode(operation)))
                        .append('\n');
            }
        }
        say(acknowledged.toString());
    }

    /** A few events, then one operation that drops some of them, then what retention does about all such operations. */
    private static void drop(Journal journal, Random random, Durability durability) {
        try {
            while (true) {
                long last = journal.versionVector(JournalTrial.PROJECT).sequence(DROPPING);
                List<Operation> operations = new ArrayList<>();
                List<Long> dropped = new ArrayList<>();
                for (int i = random.nextInt(60); i >= 0; i--) {
                    String text = JournalTrial.source(random, random.nextInt(600));
                    operations.add(JournalTrial.operation(
                            JournalTrial.PROJECT,
                            DROPPING,
                            ++last,
                            new Body.AppendEvent("edit", last, text, Map.of(), List.of())));
                    if (random.nextInt(4) > 0) {
                        dropped.add(last);
                    }
                }
                operations.add(JournalTrial.operation(
                        JournalTrial.PROJECT, DROPPING, ++last, new Body.DropEvents("edit", 1, DROPPING, dropped)));
                write(journal, List.of(new JournalWrite(operations, List.of())), durability);
                for (long sequence = Math.max(1, last - 200); sequence <= last; sequence++) {
                    journal.erase(JournalTrial.PROJECT, DROPPING, sequence);
                }
                if (random.nextInt(3) == 0) {
                    journal.giveBack(JournalTrial.PROJECT, 1);
                }
            }
        } catch (JournalRefused e) {
            say("failed " + e + "\n");
            Runtime.getRuntime().halt(3);
        }
    }

    private static synchronized void say(String lines) {
        try {
            OUT.write(lines.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IllegalStateException("nobody listens", e);
        }
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            System.err.println("parent gone: " + e);
        }
        Runtime.getRuntime().halt(4);
    }
}
