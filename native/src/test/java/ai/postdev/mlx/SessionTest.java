package ai.postdev.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What sessions promise, on tiny models: however tokens get in, the answer is the same. */
class SessionTest {
    private static final double NEAR = 2e-4;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private MlxEngine engine;
    private MlxModel model;
    private int leaksBefore;

    @BeforeEach
    void open() throws IOException {
        leaksBefore = MlxEngine.leaks();
        engine = Models.engine();
        model = engine.load(Models.tiny("gemma3.gguf"), LoadOptions.standard());
    }

    @AfterEach
    void nothingIsLeft() {
        if (engine == null) {
            return;
        }
        engine.close();
        try (MlxEngine again = Models.engine()) {
            again.trimMemory();
            assertEquals(0, again.memory().active(), "bytes are active after close");
        }
        assertEquals(0, MlxEngine.liveHandles());
        assertEquals(leaksBefore, MlxEngine.leaks());
    }

    private int[] text(int length) {
        return random.ints(length, 0, 64).toArray();
    }

    private float[] after(MlxSession session, int... tokens) {
        return engine.step(Step.logits(session, Step.Logits.LAST, tokens)).logits();
    }

    private float[] fresh(int... tokens) {
        try (MlxSession session = model.session(512)) {
            return after(session, tokens);
        }
    }

    private void near(float[] expected, float[] found, String what) {
        double distance = Models.distance(expected, found);
        assertTrue(distance < NEAR, what + " is off by " + distance + ", seed " + seed);
    }

    @Test
    void anyCutOfATextGivesTheSame() {
        // Longer than a block of the cache, so that it grows, and than a chunk, so that it is fed in several.
        int[] text = text(300);
        float[] expected = fresh(text);
        for (int round = 0; round < 4; round++) {
            try (MlxSession session = model.session(512)) {
                int at = 0;
                while (at < text.length - 1) {
                    int next = Math.min(text.length - 1, at + 1 + random.nextInt(80));
                    engine.step(Step.feed(session, Arrays.copyOfRange(text, at, next)));
                    at = next;
                }
                near(expected, after(session, text[at]), "a text in pieces");
                assertEquals(text.length, session.length());
            }
        }
    }

    @Test
    void aBatchGivesWhatEachWouldAlone() {
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            texts.add(text(1 + random.nextInt(40)));
        }
        List<MlxSession> sessions =
                texts.stream().map(text -> model.session(64)).toList();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            steps.add(Step.logits(sessions.get(i), Step.Logits.LAST, texts.get(i)));
        }
        List<StepResult> first = engine.step(steps);
        List<Step> more = sessions.stream()
                .map(session -> Step.logits(session, Step.Logits.LAST, 9))
                .toList();
        List<StepResult> second = engine.step(more);
        for (int i = 0; i < texts.size(); i++) {
            near(fresh(texts.get(i)), first.get(i).logits(), "a prompt in a batch");
            int[] longer = Arrays.copyOf(texts.get(i), texts.get(i).length + 1);
            longer[longer.length - 1] = 9;
            near(fresh(longer), second.get(i).logits(), "a token in a batch");
        }
        sessions.forEach(MlxSession::close);
    }

    @Test
    void aForkGoesOnAsIfItHadReadAll() {
        int[] text = text(40);
        try (MlxSession session = model.session(512)) {
            engine.step(Step.feed(session, text));
            try (MlxSession fork = session.fork()) {
                int[] left = text(5);
                int[] right = text(7);
                near(fresh(joined(text, left)), after(session, left), "the original");
                near(fresh(joined(text, right)), after(fork, right), "the fork");
                near(fresh(joined(text, left, right)), after(session, right), "the original later");
                assertEquals(47, fork.length());
            }
        }
    }

    @Test
    void trimmingForgetsTheRest() {
        int[] text = text(300);
        try (MlxSession session = model.session(512)) {
            engine.step(Step.feed(session, text));
            long whole = session.bytes();
            session.trim(20);
            assertEquals(20, session.length());
            assertEquals(whole / 2, session.bytes(), "one block of two is given back");
            near(fresh(joined(Arrays.copyOf(text, 20), new int[] {5})), after(session, 5), "a trimmed session");
            session.trim(0);
            assertEquals(0, session.bytes());
            near(fresh(text), after(session, text), "an emptied session");
            assertThrows(MlxException.class, () -> session.trim(301));
        }
    }

    @Test
    void aSavedSessionGoesOn() throws IOException {
        int[] text = text(70);
        byte[] saved;
        try (MlxSession session = model.session(512)) {
            engine.step(Step.feed(session, text));
            saved = session.save();
        }
        try (MlxSession session = model.restore(saved, 256)) {
            assertEquals(70, session.length());
            near(fresh(joined(text, new int[] {3, 4})), after(session, 3, 4), "a restored session");
        }
        assertRefused("hold", () -> model.restore(saved, 69), "fit");
        byte[] wrong = saved.clone();
        wrong[random.nextInt(20, wrong.length)] ^= (byte) (1 << random.nextInt(8));
        assertRefused("damaged", () -> model.restore(wrong, 256), "damaged");
        assertRefused("cut", () -> model.restore(Arrays.copyOf(saved, saved.length - 1), 256), "damaged");
        assertRefused("empty", () -> model.restore(new byte[3], 256), "at least");
        try (MlxModel other = engine.load(Models.tiny("llama.gguf"), LoadOptions.standard())) {
            assertRefused("another model", () -> other.restore(saved, 256), "another model");
        }
        assertEquals(1, MlxEngine.liveHandles(), "refused sessions are closed");
    }

    /** The bytes of version 1, written on 2026-11-30: whoever changes the format must go on reading them. */
    @Test
    void sessionsSavedEarlierAreRead() throws IOException {
        int[] text = {4, 9, 23};
        try (MlxModel small = engine.load(Models.tiny("qwen3.gguf"), LoadOptions.standard())) {
            if ("write".equals(System.getProperty("postdevai.golden"))) {
                try (MlxSession session = small.session(64)) {
                    engine.step(Step.feed(session, text));
                    Files.write(Path.of("src/test/resources/session-1.bin"), session.save());
                }
            }
            byte[] saved;
            try (var in = SessionTest.class.getResourceAsStream("/session-1.bin")) {
                saved = in.readAllBytes();
            }
            try (MlxSession old = small.restore(saved, 64);
                    MlxSession now = small.session(64)) {
                assertEquals(3, old.length());
                near(after(now, joined(text, new int[] {7})), after(old, 7), "a session of version 1");
            }
        }
    }

    @Test
    void aForgottenSessionIsFreedAndCounted() {
        forget();
        // Collecting is the JVM's choice; it has always chosen to when it was asked often enough.
        for (int i = 0; i < 200 && MlxEngine.leaks() == leaksBefore; i++) {
            System.gc();
        }
        assertEquals(leaksBefore + 1, MlxEngine.leaks());
        leaksBefore++;
        // The freeing waits in the queue before this.
        engine.memory();
        assertEquals(1, MlxEngine.liveHandles());
    }

    private void forget() {
        engine.step(Step.feed(model.session(64), 1, 2));
    }

    @Test
    void whatIsStillOpenGoesWithTheEngine() {
        MlxSession session = model.session(64);
        MlxArray array = MlxArray.apply(
                        engine, "full", List.of(), new long[] {MlxArray.Type.FLOAT32.ordinal(), 1000}, 1)
                .getFirst();
        engine.close();
        assertEquals(0, MlxEngine.liveHandles());
        assertTrue(array.closed());
        session.close();
        array.close();
        assertRefused("closed", array::read, "closed");
    }

    private static void assertRefused(String what, org.junit.jupiter.api.function.Executable call, String part) {
        String text = assertThrows(MlxException.class, call, what).getMessage();
        assertTrue(text.contains(part), text);
    }

    @Test
    void whatCannotBeDoneIsSaid() {
        MlxSession session = model.session(10);
        assertRefused("full", () -> engine.step(Step.feed(session, text(11))), "do not fit");
        assertEquals(0, session.length(), "a refused step moves nothing");
        assertRefused("unknown token", () -> engine.step(Step.feed(session, 64)), "outside of the vocabulary");
        assertRefused("unknown token", () -> engine.step(Step.feed(session, -1)), "outside of the vocabulary");
        assertRefused(
                "twice", () -> engine.step(List.of(Step.feed(session, 1), Step.feed(session, 2))), "twice in one step");
        assertRefused("too long", () -> model.session(100_000), "may hold");
        assertThrows(IllegalArgumentException.class, () -> engine.step(List.of()));
        engine.step(Step.feed(session, 1));
        session.close();
        session.close();
        assertRefused("closed", () -> engine.step(Step.feed(session, 1)), "closed");
        assertRefused("closed", session::length, "closed");
        MlxSession orphan = model.session(10);
        model.close();
        assertRefused("closed with its model", () -> engine.step(Step.feed(orphan, 1)), "closed");
    }

    @Test
    void cancelledWorkEndsAndTheSessionGoesOn() {
        int[] text = text(200);
        try (MlxSession session = model.session(512)) {
            session.cancel();
            assertThrows(MlxCancelledException.class, () -> engine.step(Step.feed(session, text)));
            session.resume();
            int fed = session.length();
            near(fresh(text), after(session, Arrays.copyOfRange(text, fed, text.length)), "a resumed session");
        }
    }

    @Test
    void twoThreadsDoNotDisturbEachOther() throws Exception {
        int[] text = text(30);
        float[] expected = fresh(text);
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                futures.add(pool.submit(() -> {
                    for (int i = 0; i < 40; i++) {
                        try (MlxSession session = model.session(64)) {
                            engine.step(Step.feed(session, Arrays.copyOf(text, 10)));
                            try (MlxSession fork = session.fork()) {
                                float[] found = after(fork, Arrays.copyOfRange(text, 10, 30));
                                near(expected, found, "a session of a thread");
                            }
                        }
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        assertEquals(1, MlxEngine.liveHandles());
    }

    @Test
    void virtualThreadsAreWelcome() throws Exception {
        int[] text = text(12);
        float[] expected = fresh(text);
        float[][] found = new float[8][];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
            int place = i;
            threads.add(Thread.startVirtualThread(() -> found[place] = fresh(text)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (float[] row : found) {
            assertArrayEquals(expected, row, (float) NEAR);
        }
    }

    private static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }
}
