package ai.postdev.dragon.model.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.model.catalogue.Cancellation;
import ai.postdev.dragon.model.catalogue.CatalogueRefused;
import ai.postdev.dragon.model.catalogue.CatalogueSettings;
import ai.postdev.dragon.model.catalogue.InstalledModel;
import ai.postdev.dragon.model.catalogue.KnownModels;
import ai.postdev.dragon.model.catalogue.Manifest;
import ai.postdev.dragon.model.catalogue.ModelName;
import ai.postdev.dragon.model.catalogue.PullProgress;
import ai.postdev.dragon.model.catalogue.Puller;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import ai.postdev.dragon.model.catalogue.UsageProbe;
import ai.postdev.mlx.MlxEngine;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders with safetensors in parts, from the pull to an answer: the tiny models with random weights of every family. */
class SafetensorsFolderTest {
    private static final Path FAMILIES =
            Path.of("../native/src/test/resources/families").toAbsolutePath().normalize();

    @TempDir
    Path dir;

    @AfterAll
    static void nothingIsLeft() {
        assertEquals(0, MlxEngine.liveHandles());
    }

    private InstalledModel pull(Path folder, String name) throws IOException {
        CatalogueSettings settings = CatalogueSettings.from(ConfigFactory.load());
        StoreAccess store = new StoreAccess(dir.resolve("models"), settings, UsageProbe.NONE);
        Puller puller = new Puller(store.store(), KnownModels.own(), settings, InstantSource.system());
        puller.pull(
                puller.plan("file:" + folder, Optional.of(new ModelName(name))), PullProgress.NONE, new Cancellation());
        return store.store().ready(name);
    }

    private static String answer(Path file) throws EngineFault {
        StringBuilder text = new StringBuilder();
        try (LanguageModel model = new MlxInference().load(new LoadRequest(file, 64, 1, 1));
                Generation generation = model.open(new GenerationRequest(
                        new Prompt.Text("KSA,*6D6"),
                        12,
                        new Sampling(0, 0, 1, 0, 1, OptionalInt.empty()),
                        List.of(),
                        Optional.empty(),
                        ""))) {
            Generation.Step step = generation.next();
            while (step instanceof Generation.Piece(String piece)) {
                text.append(piece);
                step = generation.next();
            }
            assertNotEquals(0, ((Generation.End) step).usage().promptTokens());
        }
        return text.toString();
    }

    @Test
    void everyFamilyIsPulledChosenLoadedAndAnswersAsItsGgufFileDoes() throws Exception {
        MlxInferenceTest.requireMlx();
        int compared = 0;
        for (String family : List.of("llama", "llama3", "mistral", "qwen2", "qwen3", "gemma3", "phi3")) {
            InstalledModel model = pull(FAMILIES.resolve(family), family);
            Manifest manifest = model.manifest();
            assertEquals(Manifest.Format.SAFETENSORS, manifest.format());
            assertEquals(Manifest.Kind.TEXT, manifest.kind());
            assertEquals(
                    2,
                    manifest.files().stream()
                            .filter(file -> file.name().endsWith(".safetensors"))
                            .count());
            assertTrue(manifest.facts().parameters() > 1_000, manifest.facts().toString());
            EngineChoice choice = EngineChoice.of(EngineSetting.AUTO, Platform.here(), manifest);
            assertEquals(Optional.of(MlxInference.NAME), choice.engine(), choice.reason());
            String answer = answer(model.file());
            assertTrue(!answer.isEmpty(), family);
            Path gguf = FAMILIES.resolve(family + ".gguf");
            if (Files.exists(gguf)) {
                assertEquals(answer(gguf), answer, family);
                compared++;
            }
        }
        assertEquals(6, compared);
    }

    @Test
    void aFolderThatLacksAPartIsRefusedByItsName() throws IOException {
        Path folder = Files.createDirectories(dir.resolve("half"));
        try (Stream<Path> files = Files.list(FAMILIES.resolve("llama"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
        Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
        CatalogueRefused refused = assertThrows(CatalogueRefused.class, () -> pull(folder, "half"));
        assertTrue(
                refused.getMessage().contains("lacks the part model-00002-of-00002.safetensors"), refused.getMessage());
    }

    @Test
    void theSameWeightsOnceMoreInOneFileAreLetBe() throws IOException {
        Path folder = Files.createDirectories(dir.resolve("both"));
        try (Stream<Path> files = Files.list(FAMILIES.resolve("llama"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
        Files.copy(folder.resolve("model-00001-of-00002.safetensors"), folder.resolve("consolidated.safetensors"));
        assertEquals(
                List.of("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"),
                pull(folder, "both").manifest().files().stream()
                        .map(Manifest.StoredFile::name)
                        .filter(name -> name.endsWith(".safetensors"))
                        .toList());
    }

    @Test
    void aPromptOfWhichTheModelKnowsNothingIsRefused() throws Exception {
        MlxInferenceTest.requireMlx();
        Path file = FAMILIES.resolve("llama/model-00001-of-00002.safetensors");
        try (LanguageModel model = new MlxInference().load(new LoadRequest(file, 64, 1, 1))) {
            EngineFault fault = assertThrows(
                    EngineFault.class,
                    () -> model.open(new GenerationRequest(
                            new Prompt.Text("üüü"),
                            1,
                            new Sampling(0, 0, 1, 0, 1, OptionalInt.empty()),
                            List.of(),
                            Optional.empty(),
                            "")));
            assertEquals(EngineFault.Kind.BAD_REQUEST, fault.kind());
            assertTrue(fault.getMessage().contains("no token that the model knows"), fault.getMessage());
        }
    }
}
