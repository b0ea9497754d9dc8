package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The process that {@link PowerCutTest} records: opens a journal, writes random operations from several threads, keeps
 * derived data, forgets projects, closes and opens again, and notes each step before it is tried and after it was
 * acknowledged. It ends without closing.
 */
final class PowerChild {
    static final int ENDED = 7;
    private static final int THREADS = 3;
    /** One round that drops events for so many commits of another thread. */
    private static final int DROPS_PART = 4;

    private final Journal journal;
    private final Durability durability;
    private final FileChannel marks;
    private final int session;

    private PowerChild(Journal journal, Durability durability, FileChannel marks, int session) {
        this.journal = journal;
        this.durability = durability;
        this.marks = marks;
        this.session = session;
    }

    /** Memory so small that logs are switched, flushed and compacted all the time. */
    static JournalSettings settings(Durability durability) {
        return new JournalSettings(
                durability,
                1,
                3,
                4 << 20,
                256 << 10,
                384 << 10,
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

    /** Where the journal lies in the folder that is watched. */
    static Path journal(Path root) {
        return root.resolve("data").resolve("journal");
    }

    /** Arguments: seed, durability, sessions, commits of a thread in one session, folder, file for the marks. */
    public static void main(String[] arguments) throws Exception {
        long seed = Long.parseLong(arguments[0]);
        Durability durability = Durability.of(arguments[1]);
        int sessions = Integer.parseInt(arguments[2]);
        int commits = Integer.parseInt(arguments[3]);
        Path dir = journal(Path.of(arguments[4]));
        try (FileChannel marks =
                FileChannel.open(Path.of(arguments[5]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int session = 0; session < sessions; session++) {
                Journal journal = Journal.open(dir, settings(durability));
                PowerChild child = new PowerChild(journal, durability, marks, session);
                child.mark(PowerOracle.Step.OPENED, journal.origin().value());
                child.write(seed + session * 100L, commits);
                if (session < sessions - 1) {
                    journal.close();
                }
            }
            Runtime.getRuntime().halt(ENDED);
        }
    }

    private void write(long seed, int commits) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(seed + thread);
            Origin origin = CrashChild.origin(thread);
            threads.add(Thread.ofPlatform().start(() -> run(random, origin, commits)));
        }
        threads.add(Thread.ofPlatform().start(() -> drop(new Random(seed + THREADS), commits / DROPS_PART)));
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void run(Random random, Origin origin, int commits) {
        try {
            long last = journal.versionVector(JournalTrial.PROJECT).sequence(origin);
            for (int i = 0; i < commits; i++) {
                List<JournalWrite> group = new ArrayList<>();
                for (int j = random.nextInt(3); j >= 0; j--) {
                    JournalWrite write = JournalTrial.randomWrite(random, JournalTrial.PROJECT, origin, last);
                    group.add(write);
                    last += write.operations().size();
                }
                commit(group);
                if (random.nextInt(4) == 0) {
                    derive(random, group);
                }
                if (random.nextInt(100) == 0) {
                    passing(random, origin, i);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw fatal(e);
        }
    }

    /** What retention does: events, an operation that drops most of them, and that they are taken out of the files. */
    private void drop(Random random, int rounds) {
        try {
            long last = journal.versionVector(JournalTrial.PROJECT).sequence(CrashChild.DROPPING);
            for (int round = 0; round < rounds; round++) {
                List<Operation> operations = new ArrayList<>();
                List<Long> dropped = new ArrayList<>();
                for (int i = random.nextInt(20); i >= 0; i--) {
                    String text = JournalTrial.source(random, random.nextInt(600));
                    operations.add(JournalTrial.operation(
                            JournalTrial.PROJECT,
                            CrashChild.DROPPING,
                            ++last,
                            new Body.AppendEvent("edit", last, text, Map.of(), List.of())));
                    if (random.nextInt(4) > 0) {
                        dropped.add(last);
                    }
                }
                operations.add(JournalTrial.operation(
                        JournalTrial.PROJECT,
                        CrashChild.DROPPING,
                        ++last,
                        new Body.DropEvents("edit", 1, CrashChild.DROPPING, dropped)));
                mark(PowerOracle.events(PowerOracle.Step.DROPS, JournalTrial.PROJECT, CrashChild.DROPPING, dropped));
                commit(List.of(new JournalWrite(operations, List.of())));
                journal.erase(JournalTrial.PROJECT, CrashChild.DROPPING, last);
                mark(PowerOracle.events(PowerOracle.Step.ERASED, JournalTrial.PROJECT, CrashChild.DROPPING, dropped));
                if (random.nextInt(4) == 0) {
                    journal.giveBack(JournalTrial.PROJECT, 1);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw fatal(e);
        }
    }

    private void commit(List<JournalWrite> group) throws IOException {
        StringBuilder tried = new StringBuilder();
        StringBuilder acknowledged = new StringBuilder();
        for (JournalWrite write : group) {
            for (Operation operation : write.operations()) {
                tried.append(PowerOracle.tried(operation));
                acknowledged.append(PowerOracle.acknowledged(operation));
            }
        }
        mark(tried.toString());
        for (JournalWrite.Outcome outcome : journal.commit(group, durability)) {
            if (!(outcome instanceof JournalWrite.Written)) {
                throw new IllegalStateException("not written: " + outcome);
            }
        }
        mark(acknowledged.toString());
    }

    private void derive(Random random, List<JournalWrite> group) throws JournalRefused {
        Map<ContentHash, byte[]> derived = new HashMap<>();
        for (JournalWrite write : group) {
            for (Blob blob : write.blobs()) {
                byte[] bytes = new byte[random.nextInt(2_000)];
                random.nextBytes(bytes);
                derived.put(blob.hash(), bytes);
            }
        }
        journal.putDerived("syntax.1", derived);
    }

    /** A project that comes and is forgotten at once. */
    private void passing(Random random, Origin origin, int commit) throws IOException {
        ProjectId project = new ProjectId("dead-" + session + "-" + origin + "-" + commit);
        Blob blob = JournalTrial.blob(JournalTrial.source(random, 2_000));
        commit(List.of(new JournalWrite(
                List.of(
                        JournalTrial.put(project, origin, 1, "secret", blob),
                        JournalTrial.operation(project, origin, 2, new Body.SetSetting("k", "v"))),
                List.of(blob))));
        mark(PowerOracle.Step.FORGETS, project.value());
        journal.forget(project);
        mark(PowerOracle.Step.FORGOT, project.value());
    }

    private void mark(PowerOracle.Step step, String what) throws IOException {
        mark(step + " " + what + "\n");
    }

    private void mark(String lines) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII));
        synchronized (marks) {
            while (bytes.hasRemaining()) {
                marks.write(bytes);
            }
        }
    }

    private static IllegalStateException fatal(Exception e) {
        e.printStackTrace();
        Runtime.getRuntime().halt(3);
        return new IllegalStateException(e);
    }
}
