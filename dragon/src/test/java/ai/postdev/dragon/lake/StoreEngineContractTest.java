package ai.postdev.dragon.lake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import ai.postdev.actors.op.Operation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What every store engine keeps to; each engine's test inherits this. */
public abstract class StoreEngineContractTest<V> {
    /** An empty engine. */
    protected abstract StoreEngine<V> engine();

    /** Random operations of the kinds that this engine keeps, and some that it does not. */
    protected abstract List<Operation> operations(Random random, int count);

    /** Everything that a reader can ask, as text that two equal views have equal. */
    protected abstract String answers(V view);

    /** Name of the store: its golden snapshot, in hexadecimal digits, is a test resource. */
    protected abstract String store();

    /** Golden snapshots of the same operations in former formats, by the end of their name. */
    protected List<String> formerFormats() {
        return List.of();
    }

    /** Few fixed operations. */
    protected abstract List<Operation> goldenOperations();

    private static byte[] snapshot(StoreEngine<?> engine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.writeSnapshot(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private StoreEngine<V> read(byte[] bytes) throws IOException {
        StoreEngine<V> engine = engine();
        engine.readSnapshot(new DataInputStream(new ByteArrayInputStream(bytes)));
        return engine;
    }

    private Random random() {
        return Seeded.random(getClass().getSimpleName());
    }

    @Test
    void applyingTwiceIsHarmless() {
        List<Operation> operations = operations(random(), 300);
        StoreEngine<V> once = engine();
        StoreEngine<V> twice = engine();
        for (Operation operation : operations) {
            once.apply(operation);
            twice.apply(operation);
            twice.apply(operation);
        }
        operations.forEach(twice::apply);
        assertEquals(answers(once.view()), answers(twice.view()));
    }

    @Test
    void anOldViewStaysAsItWasWhileTheWriterGoesOn() {
        List<Operation> operations = operations(random(), 600);
        StoreEngine<V> engine = engine();
        operations.subList(0, 200).forEach(engine::apply);
        V old = engine.view();
        String before = answers(old);
        operations.subList(200, 600).forEach(engine::apply);
        assertEquals(before, answers(old));
        StoreEngine<V> fresh = engine();
        operations.subList(0, 200).forEach(fresh::apply);
        assertEquals(answers(fresh.view()), before);
    }

    @Test
    void readersOnOtherThreadsSeeOneStateEach() throws InterruptedException {
        List<Operation> operations = operations(random(), 3_000);
        StoreEngine<V> engine = engine();
        operations.subList(0, 100).forEach(engine::apply);
        V first = engine.view();
        String expected = answers(first);
        AtomicBoolean writing = new AtomicBoolean(true);
        AtomicReference<Throwable> broken = new AtomicReference<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                do {
                    assertEquals(expected, answers(first));
                } while (writing.get());
            } catch (Throwable e) {
                broken.set(e);
            }
        });
        operations.subList(100, 3_000).forEach(engine::apply);
        writing.set(false);
        reader.join();
        if (broken.get() != null) {
            fail("a reader met another state than its view's", broken.get());
        }
    }

    @Test
    void aSnapshotAndTheTailEqualTheWholeJournal() throws IOException {
        List<Operation> operations = operations(random(), 500);
        StoreEngine<V> replayed = engine();
        operations.forEach(replayed::apply);
        StoreEngine<V> half = engine();
        operations.subList(0, 300).forEach(half::apply);
        StoreEngine<V> restored = read(snapshot(half));
        assertEquals(answers(half.view()), answers(restored.view()));
        // the tail overlaps the snapshot, as after a crash between the two
        operations.subList(250, 500).forEach(restored::apply);
        assertEquals(answers(replayed.view()), answers(restored.view()));
    }

    @Test
    void aFrozenStateIsThatOfItsMomentWhateverIsFoldedInBeforeItIsWritten() throws IOException {
        List<Operation> operations = operations(random(), 1_500);
        for (int at : List.of(0, 700, 1_100)) {
            StoreEngine<V> engine = engine();
            operations.subList(0, at).forEach(engine::apply);
            String before = answers(engine.view());
            byte[] there = snapshot(engine);
            StoreEngine.Frozen frozen = engine.freeze();
            operations.subList(at, 1_500).forEach(engine::apply);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            frozen.write(new DataOutputStream(bytes));
            assertArrayEquals(there, bytes.toByteArray(), "frozen at " + at);
            StoreEngine<V> restored = read(bytes.toByteArray());
            assertEquals(before, answers(restored.view()), "frozen at " + at);
            operations.subList(at, 1_500).forEach(restored::apply);
            assertEquals(answers(engine.view()), answers(restored.view()), "frozen at " + at + " and gone on");
        }
    }

    @Test
    void aFrozenStateIsWrittenOnAnotherThreadWhileTheWriterGoesOn() throws Exception {
        List<Operation> operations = operations(random(), 1_500);
        StoreEngine<V> engine = engine();
        operations.subList(0, 900).forEach(engine::apply);
        String before = answers(engine.view());
        for (int from = 900; from < 1_500; from += 300) {
            StoreEngine.Frozen frozen = engine.freeze();
            FutureTask<byte[]> written = new FutureTask<>(() -> {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                frozen.write(new DataOutputStream(bytes));
                return bytes.toByteArray();
            });
            Thread.ofPlatform().start(written);
            operations.subList(from, from + 300).forEach(engine::apply);
            assertEquals(before, answers(read(written.get()).view()));
            before = answers(engine.view());
        }
    }

    @Test
    void anEmptyEngineHasASnapshotToo() throws IOException {
        assertEquals(answers(engine().view()), answers(read(snapshot(engine())).view()));
    }

    @Test
    void aDamagedOrCutSnapshotIsRefusedAndLeavesTheEngineEmpty() throws IOException {
        Random random = random();
        StoreEngine<V> engine = engine();
        operations(random, 200).forEach(engine::apply);
        byte[] good = snapshot(engine);
        for (int round = 0; round < 60; round++) {
            byte[] bad = good.clone();
            int at = random.nextInt(bad.length);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            refused(bad, "bit flipped at " + at);
            refused(Arrays.copyOf(good, random.nextInt(good.length)), "cut");
        }
    }

    private void refused(byte[] bytes, String what) {
        StoreEngine<V> engine = engine();
        assertThrows(
                IOException.class,
                () -> engine.readSnapshot(new DataInputStream(new ByteArrayInputStream(bytes))),
                what);
        assertEquals(answers(engine().view()), answers(engine.view()), what);
    }

    @Test
    void theSnapshotFormatIsTheGoldenOne() throws IOException {
        StoreEngine<V> engine = engine();
        goldenOperations().forEach(engine::apply);
        String write = System.getProperty("postdevai.golden.write"); // a folder: write instead of compare
        if (write != null) {
            Files.writeString(
                    Path.of(write, store() + "-snapshot.hex"), HexFormat.of().formatHex(snapshot(engine)) + "\n");
        }
        byte[] golden = golden("");
        assertEquals(HexFormat.of().formatHex(golden), HexFormat.of().formatHex(snapshot(engine)));
        assertEquals(answers(engine.view()), answers(read(golden).view()));
    }

    private byte[] golden(String former) throws IOException {
        String resource = "/golden/" + store() + "-snapshot" + former + ".hex";
        try (InputStream in = StoreEngineContractTest.class.getResourceAsStream(resource)) {
            String digits = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
        }
    }

    @Test
    void snapshotsOfFormerFormatsAreReadAndWrittenInThePresentOne() throws IOException {
        for (String former : formerFormats()) {
            StoreEngine<V> engine = read(golden(former));
            assertEquals(HexFormat.of().formatHex(golden("")), HexFormat.of().formatHex(snapshot(engine)), former);
        }
    }
}
