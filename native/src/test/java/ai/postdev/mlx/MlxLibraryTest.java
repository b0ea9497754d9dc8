package ai.postdev.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library comes out of its archive whole, once, and what is missing is named. */
class MlxLibraryTest {
    private static final String ROOT = "/ai/postdev/mlx/native/" + MlxLibrary.platform() + "/";

    private static void needed() {
        Assumptions.assumeTrue(
                MlxLibraryTest.class.getResource(ROOT + "files") != null, "skipped: this build holds no MLX");
    }

    @Test
    void filesComeOutOnceAndBrokenOnesAreReplaced(@TempDir Path cache) throws IOException {
        needed();
        Path folder = Extraction.extract(ROOT, cache);
        assertTrue(folder.getFileName().toString().startsWith(MlxLibrary.MLX_VERSION + "-"), folder.toString());
        Path library = folder.resolve("mlx/lib").resolve(System.mapLibraryName("postdevai_mlx"));
        var written = Files.getLastModifiedTime(library);
        assertEquals(folder, Extraction.extract(ROOT, cache));
        assertEquals(written, Files.getLastModifiedTime(library), "it is not written again");
        Files.writeString(library, "half");
        Extraction.extract(ROOT, cache);
        assertTrue(Files.size(library) > 10_000, "a broken file is replaced");
        try (var left = Files.list(cache)) {
            assertEquals(1, left.count(), "halves are gone");
        }
        try (var left = Files.list(folder)) {
            assertTrue(left.noneMatch(file -> file.endsWith("replaced")));
        }
    }

    @Test
    void aMissingPlatformIsNamed(@TempDir Path cache) {
        IOException e = assertThrows(IOException.class, () -> Extraction.extract("/nowhere/", cache));
        assertTrue(e.getMessage().contains("/nowhere/files"), e.getMessage());
    }

    @Test
    void theEngineIsSharedAndItsSettingsAreHeldTo() {
        try (MlxEngine first = Models.engine();
                MlxEngine second = Models.engine()) {
            assertTrue(first.memory().active() >= 0);
            MlxException e = assertThrows(
                    MlxException.class, () -> MlxEngine.open(new MlxSettings(MlxDevice.CPU, 2, 0, 64, false)));
            assertTrue(e.getMessage().contains("cannot be opened with"), e.getMessage());
            first.close();
            assertThrows(MlxException.class, first::memory);
            assertTrue(second.memory().active() >= 0, "the other one goes on");
        }
    }

    @Test
    void aGpuThatIsNotThereIsSaid() {
        Models.engine().close();
        Assumptions.assumeFalse(Native.hasGpu());
        MlxException e = assertThrows(
                MlxException.class,
                () -> MlxEngine.open(new MlxSettings(MlxDevice.GPU, 1, 0, 64, false))
                        .close());
        assertTrue(e.getMessage().contains("no GPU"), e.getMessage());
    }

    @Test
    void theSelfCheckMeasures() {
        Models.engine().close();
        try (MlxEngine engine = MlxEngine.open(new MlxSettings(MlxDevice.CPU, 1, 0, 64, true))) {
            assertTrue(engine.gflops() >= 0);
            assertTrue(engine.thread().call(() -> Native.gflops(128, 1)) > 0);
        }
    }
}
