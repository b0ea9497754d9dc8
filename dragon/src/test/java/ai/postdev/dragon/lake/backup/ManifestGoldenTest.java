package ai.postdev.dragon.lake.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.portable.Tally;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A manifest as it was written once and must be read for ever. */
class ManifestGoldenTest {
    private static final Manifest MANIFEST = new Manifest(
            "20260503T120000007Z",
            Instant.parse("2026-05-03T12:00:00.007Z"),
            List.of(
                    new Manifest.Project(
                            new ProjectId("p1"),
                            "äpp \"one\"",
                            "20260502T120000000Z",
                            List.of(new Manifest.Part(
                                    ContentHash.of("part"),
                                    100,
                                    1_000,
                                    new Tally(9, 1, 2, 3),
                                    List.of(
                                            new Manifest.End(new Origin("laptop"), 10, ContentHash.of("last")),
                                            new Manifest.End(new Origin("studio"), 4, ContentHash.of("other")))))),
                    new Manifest.Project(new ProjectId("p2"), "", "20260503T120000007Z", List.of())));

    @Test
    void aManifestIsWrittenAndReadAsItAlwaysWas() throws IOException {
        byte[] golden;
        try (InputStream in = ManifestGoldenTest.class.getResourceAsStream("/golden/backup-moment.json")) {
            golden = in.readAllBytes();
        }
        assertEquals(
                new String(golden, StandardCharsets.UTF_8),
                new String(ManifestFile.bytes(MANIFEST), StandardCharsets.UTF_8));
        assertEquals(MANIFEST, ManifestFile.read(golden, "here"));
        assertEquals(10, MANIFEST.projects().getFirst().sequence());
    }
}
