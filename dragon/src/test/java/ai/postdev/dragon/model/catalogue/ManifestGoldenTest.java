package ai.postdev.dragon.model.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A manifest as it was written once and must be read for ever. */
class ManifestGoldenTest {
    static final Manifest MANIFEST = new Manifest(
            new ModelName("some-model"),
            new ModelSource.Hub("owner", "repo", "sub/x.gguf", "main"),
            "0123abcd",
            Instant.parse("2026-05-03T12:00:00.007Z"),
            "Apache-2.0 \"or\" mït",
            Manifest.Kind.TEXT,
            Manifest.Format.GGUF,
            List.of(
                    new Manifest.StoredFile("x-00001-of-00002.gguf", 123, ContentHash.of("one"), 1_700_000_000_001L),
                    new Manifest.StoredFile("x-00002-of-00002.gguf", 45, ContentHash.of("two"), 1_700_000_000_002L)),
            new Manifest.Facts("llama", "Q4_K_M", 134_515_008, 8_192, 30, 576, 49_152, true),
            new Manifest.Memory(96_576_768, 23_040, 162_529_280));

    private static String golden() throws IOException {
        try (InputStream in = ManifestGoldenTest.class.getResourceAsStream("/golden/model-manifest.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aManifestIsWrittenAndReadAsItAlwaysWas() throws IOException {
        assertEquals(golden(), ManifestText.of(MANIFEST));
        assertEquals(MANIFEST, ManifestText.read(golden(), "here"));
        assertEquals(168, MANIFEST.bytes());
        assertEquals(
                96_576_768 + 162_529_280 + 23_040L * 1_000, MANIFEST.memory().bytes(1_000));
    }

    @Test
    void whatIsNoManifestIsRefusedWithWhatWasFound() throws IOException {
        refused(golden().replace("\"version\": 1", "\"version\": 2"), "format version 2");
        refused(golden().replace("postdevai-model", "other"), "of type 'other'");
        refused(golden().replace("x-00001-of-00002.gguf", "../x.gguf"), "'../x.gguf'");
        refused(golden().replace("x-00001-of-00002.gguf", "manifest.json"), "'manifest.json'");
        refused(golden().replace("some-model", "../up"), "'../up'");
        refused(golden().replace("\"bytes\": 123", "\"bytes\": 1.5"), "expected a whole number");
        refused(golden().replace("\"kind\": \"text\"", "\"kind\": \"song\""), "'song'");
        refused(golden().replace("\"licence\"", "\"license\""), "lacks the field 'licence'");
        refused(golden().substring(0, 300), "no JSON");
        refused("[]", "not one JSON object");
        refused("", "JSON");
    }

    private static void refused(String text, String found) {
        CatalogueRefused refused = assertThrows(CatalogueRefused.class, () -> ManifestText.read(text, "here"));
        assertTrue(refused.getMessage().contains(found), refused::getMessage);
    }
}
