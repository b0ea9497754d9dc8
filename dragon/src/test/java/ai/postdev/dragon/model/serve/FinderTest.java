package ai.postdev.dragon.model.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.dragon.model.catalogue.Cancellation;
import ai.postdev.dragon.model.catalogue.CatalogueSettings;
import ai.postdev.dragon.model.catalogue.KnownModels;
import ai.postdev.dragon.model.catalogue.Manifest;
import ai.postdev.dragon.model.catalogue.ModelName;
import ai.postdev.dragon.model.catalogue.PullProgress;
import ai.postdev.dragon.model.catalogue.Puller;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import ai.postdev.dragon.model.catalogue.TestGguf;
import ai.postdev.dragon.model.catalogue.UsageProbe;
import ai.postdev.dragon.model.engine.EngineSetting;
import ai.postdev.dragon.model.engine.MlxInference;
import ai.postdev.dragon.model.ledger.Footprint;
import ai.postdev.dragon.model.worker.Engines;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model is thought to take at most, before it was seen. */
class FinderTest {
    private static final int CONTEXT = 1_000;
    private static final int SEQUENCES = 3;
    private static final long WORKER = 7 << 20;

    @TempDir
    Path dir;

    private StoreAccess store;
    private Manifest manifest;

    @BeforeEach
    void install() throws IOException {
        CatalogueSettings settings = CatalogueSettings.from(ConfigFactory.load());
        store = new StoreAccess(dir.resolve("models"), settings, UsageProbe.NONE);
        Puller puller = new Puller(store.store(), KnownModels.own(), settings, InstantSource.system());
        Path file = Files.write(dir.resolve("small.gguf"), TestGguf.small().bytes());
        puller.pull(
                puller.plan("file:" + file, Optional.of(new ModelName("small"))),
                PullProgress.NONE,
                new Cancellation());
        manifest = store.store().ready("small").manifest();
    }

    private Finder finder(String engine, int context) {
        Config config = ConfigFactory.parseString("postdevai.models { engine = \"" + engine
                        + "\", steps.prefix-bytes-max = 5 MiB, serve { context = " + context + ", sequences = "
                        + SEQUENCES
                        + ", worker-bytes = " + WORKER + " B } }")
                .withFallback(ConfigFactory.load())
                .resolve();
        return new Finder(store, ServeSettings.from(config, dir));
    }

    @Test
    void theFileAsItIsAndEverySequenceAtItsLongest() {
        Footprint peak = finder("llama.cpp", CONTEXT).peak(manifest);
        Manifest.Memory memory = manifest.memory();
        assertEquals(
                new Footprint(
                        memory.weightBytes(),
                        memory.kvBytesPerToken() * CONTEXT * SEQUENCES,
                        0,
                        memory.overheadBytes() + WORKER),
                peak);
    }

    @Test
    void moreTokensThanAModelWasTrainedForAreNotCounted() {
        Footprint trained = finder("llama.cpp", 2_048).peak(manifest);
        assertEquals(trained, finder("llama.cpp", 100_000).peak(manifest));
    }

    @Test
    void mlxTakesFloatsOfThirtyTwoBitsAndKeepsBeginnings() {
        EngineSetting mlx = EngineSetting.of(MlxInference.NAME);
        assumeTrue(Engines.of(manifest, mlx).engine().isPresent(), "SKIPPED: MLX is not on this platform");
        Footprint peak = finder(MlxInference.NAME, CONTEXT).peak(manifest);
        Manifest.Memory memory = manifest.memory();
        assertEquals(
                new Footprint(
                        4 * manifest.facts().parameters(),
                        2 * memory.kvBytesPerToken() * CONTEXT * SEQUENCES,
                        5 << 20,
                        memory.overheadBytes() + WORKER),
                peak);
    }
}
