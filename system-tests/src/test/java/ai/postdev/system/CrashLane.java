package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.ClientSettings;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.DoctorRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.UpRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** One home whose node is killed again and again, with what it acknowledged. */
final class CrashLane {
    /** Kills of one home before a fresh one is taken, so that young and grown ones are both met. */
    private static final int KILLS_OF_ONE = 25;

    /** One kill of so many comes while the node comes back from the one before: the cheapest, and the hardest to survive. */
    private static final int STARTS_KILLED = 3;

    private static final int NOTE_WRITERS = 2;
    private static final ClientSettings ONE_TRY =
            new ClientSettings(NodeProcess.PATIENCE, 1, Duration.ZERO, Duration.ZERO, 64 << 20);

    private final Path dir;
    private final String name;
    private final Random random;
    private volatile boolean stopped;
    private volatile boolean failed;
    private NodeProcess node;
    private int kills;
    private long notes;
    private long saves;

    CrashLane(Path dir, String name, long seed) {
        this.dir = dir;
        this.name = name;
        this.random = new Random(seed);
    }

    int kills() {
        return kills;
    }

    long notes() {
        return notes;
    }

    long saves() {
        return saves;
    }

    /** Ends what may still run after a failure. */
    void end() {
        if (node != null) {
            node.forget();
        }
    }

    /** Ends at the next round. */
    void stop() {
        stopped = true;
    }

    boolean failed() {
        return failed;
    }

    void run(int rounds) throws Exception {
        failed = true;
        for (int done = 0; done < rounds && !stopped; done += KILLS_OF_ONE) {
            Path place = Files.createDirectory(dir.resolve(name + "-" + done));
            home(place, Math.min(KILLS_OF_ONE, rounds - done));
            delete(place);
            System.out.printf("%s: %d kills, %d notes and %d saves acknowledged%n", name, kills, notes, saves);
        }
        failed = false;
    }

    private void home(Path place, int rounds) throws Exception {
        NotesOracle notesOracle = new NotesOracle();
        SavesOracle savesOracle = new SavesOracle(Files.createDirectory(place.resolve("project")), random.nextLong());
        savesOracle.plant();
        for (int round = 0; round < rounds && !stopped; round++) {
            start(place);
            if (round > 0 && random.nextInt(STARTS_KILLED) == 0) {
                killWhileItStarts();
                continue;
            }
            node.up();
            if (round == 0) {
                remember(savesOracle.folder());
            }
            verify(notesOracle, savesOracle, false);
            load(notesOracle, savesOracle, "r" + round);
        }
        start(place);
        node.up();
        verify(notesOracle, savesOracle, true);
        // The home must also end in an orderly way, whatever was done to it.
        node.terminate();
        assertEquals(0, orderly(node.exitCode()), node::log);
        notes += notesOracle.acknowledged();
        saves += savesOracle.acknowledged();
    }

    private static int orderly(int code) {
        return code == 143 ? 0 : code; // 128 + SIGTERM: what a JVM says after its shutdown hooks have run
    }

    private void start(Path place) throws IOException {
        node = NodeProcess.start(
                NodeMain.class,
                place.resolve("home"),
                Map.of("postdevai.gateway.limit-max", "100000"),
                Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false"));
    }

    private void remember(Path folder) throws ClientFault {
        try (NodeClient client = node.client()) {
            client.up(UpRequest.newBuilder().addPaths(folder.toString()).build(), NodeProcess.PATIENCE, _ -> {});
        }
    }

    private void killWhileItStarts() throws InterruptedException {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(4_000)));
        kill();
    }

    private void kill() throws InterruptedException {
        node.kill();
        kills++;
    }

    private void verify(NotesOracle notesOracle, SavesOracle savesOracle, boolean everything) throws ClientFault {
        try (NodeClient client = node.client()) {
            notesOracle.verify(client, everything);
            savesOracle.verify(client, node, everything);
            client.doctor(DoctorRequest.getDefaultInstance()).getFindingsList().stream()
                    .filter(finding -> finding.getLevel().equals("error"))
                    .forEach(finding -> {
                        throw new AssertionError("a home needs a repair after a kill: " + finding + "\n" + node.log());
                    });
        }
    }

    /** Writes from several threads until so many answers have come, and a little longer, then kills. */
    private void load(NotesOracle notesOracle, SavesOracle savesOracle, String round) throws Exception {
        AtomicBoolean killing = new AtomicBoolean();
        Semaphore answers = new Semaphore(0);
        boolean early = random.nextInt(6) == 0;
        int wanted = 1 + random.nextInt(60);
        long extraNanos = random.nextInt(4_000_000);
        long earlyNanos = TimeUnit.MILLISECONDS.toNanos(random.nextInt(150));
        List<Callable<Void>> work = Stream.concat(
                        Stream.<Callable<Void>>of(
                                () -> savesOracle.write(client(), round, answers), this::readUntilItDies),
                        Stream.iterate(0, i -> i < NOTE_WRITERS, i -> i + 1)
                                .map(i ->
                                        notesOracle.writer(this::client, round + "w" + i, random.nextLong(), answers)))
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
            List<Future<Void>> running = work.stream()
                    .map(one -> threads.submit(() -> untilKilled(one, killing)))
                    .toList();
            if (early) {
                LockSupport.parkNanos(earlyNanos);
            } else {
                awaitAnswers(answers, wanted, running);
                LockSupport.parkNanos(extraNanos);
            }
            killing.set(true);
            kill();
            for (Future<Void> one : running) {
                one.get();
            }
        }
    }

    private NodeClient client() {
        return node.client(ONE_TRY);
    }

    private static Void untilKilled(Callable<Void> work, AtomicBoolean killing) throws Exception {
        try {
            work.call();
        } catch (ClientFault e) {
            if (!killing.get()) {
                throw e;
            }
        }
        return null;
    }

    private static void awaitAnswers(Semaphore answers, int wanted, List<Future<Void>> running) throws Exception {
        while (!answers.tryAcquire(wanted, 100, TimeUnit.MILLISECONDS)) {
            for (Future<Void> one : running) {
                if (one.isDone()) {
                    one.get(); // tells why a writer ended by itself
                }
            }
        }
    }

    private Void readUntilItDies() throws ClientFault {
        try (NodeClient client = client()) {
            while (true) {
                assertFalse(client.search(SearchRequest.newBuilder()
                                .setQuery("word harbour")
                                .build())
                        .getMode()
                        .isEmpty());
            }
        }
    }

    private static void delete(Path place) throws IOException {
        try (Stream<Path> walk = Files.walk(place)) {
            for (Path path : walk.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
