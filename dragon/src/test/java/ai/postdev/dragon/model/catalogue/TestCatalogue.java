package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.op.ContentHash;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** What tests of the catalogue begin with. */
final class TestCatalogue {
    static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-05-03T12:00:00.007Z"));

    private TestCatalogue() {}

    static CatalogueSettings settings(String python) {
        return settings(python, URI.create("http://127.0.0.1:9"));
    }

    static CatalogueSettings settings(String python, URI hub) {
        return new CatalogueSettings(
                64 << 20,
                1_000,
                Duration.ofDays(7),
                false,
                python,
                hub,
                "",
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                3,
                Duration.ofSeconds(2),
                2,
                2);
    }

    /** A list of known models with one of one file in one package. */
    static KnownModels known(String name, String pip, byte[] file, String fileName, byte[] wheel) {
        return new KnownModels(List.of(new KnownModel(
                new ModelName(name),
                new ModelSource.PythonPackage(pip, "1.0"),
                "Apache-2.0",
                "a model",
                true,
                List.of(new KnownModel.Expected(fileName, file.length, ContentHash.of(file))),
                List.of(new KnownModel.Wheel(pip, "1.0", wheel.length, ContentHash.of(wheel))))));
    }

    static final KnownModels NONE = new KnownModels(List.of());
}
