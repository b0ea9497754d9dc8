package ai.postdev.dragon.model.catalogue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.Reply;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub that misbehaves as a test says, and pulls from it. */
abstract class HubFixture {
    static final byte[] WEIGHTS = TestGguf.small().tensor("more", 0, 20_000).bytes();
    static final String SOURCE = "hf:owner/repo";

    @TempDir
    Path dir;

    FakeHub hub;
    CatalogueSettings settings;
    ModelStore store;
    Map<String, String> environment = Map.of();
    final List<Duration> pauses = new ArrayList<>();

    @BeforeEach
    void aHubWithOneModel() throws IOException {
        hub = new FakeHub().file("sub/Some-Q4_K_M.gguf", WEIGHTS).file("README.md", new byte[10]);
        use(TestCatalogue.settings("none", hub.uri()));
    }

    @AfterEach
    void close() throws IOException {
        hub.close();
    }

    final void use(CatalogueSettings used) throws IOException {
        settings = used;
        store = ModelStore.open(dir.resolve("models"), settings, UsageProbe.NONE);
    }

    static CatalogueSettings with(URI hub, long bytesMax, Duration idle, int attempts, String tokenFile) {
        return new CatalogueSettings(
                bytesMax,
                0,
                Duration.ofDays(7),
                false,
                "none",
                hub,
                tokenFile,
                Duration.ofSeconds(30),
                idle,
                attempts,
                Duration.ofSeconds(20),
                1,
                1);
    }

    final InstalledModel pull(String what) throws IOException {
        return pull(what, new Cancellation(), PullProgress.NONE);
    }

    final InstalledModel pull(String what, Cancellation cancellation, PullProgress progress) throws IOException {
        Puller puller = new Puller(
                store,
                TestCatalogue.NONE,
                TestCatalogue.NOON,
                (source, _) -> new HubFetch(
                        store, settings, (ModelSource.Hub) source, environment, (time, _) -> pauses.add(time)));
        return puller.pull(what, progress, cancellation);
    }

    final CatalogueRefused refused(Reply.Reason reason, String found) {
        return refused(SOURCE, reason, found);
    }

    final CatalogueRefused refused(String what, Reply.Reason reason, String found) {
        CatalogueRefused refused = assertThrows(CatalogueRefused.class, () -> pull(what));
        assertTrue(refused.getMessage().contains(found), refused::getMessage);
        assertEquals(reason, refused.reason(), refused::getMessage);
        assertFalse(refused.getMessage().contains("hf_secret"), "a token in a message");
        return refused;
    }

    final void assertWhole(InstalledModel model) throws IOException {
        assertArrayEquals(WEIGHTS, Files.readAllBytes(model.file()));
        assertEquals(List.of(), store.verify(model.name().value(), PullProgress.NONE, new Cancellation()));
        try (Stream<Path> left = Files.list(dir.resolve("models/.pull"))) {
            assertEquals(0, left.count(), "something was left behind");
        }
        try (Stream<Path> files = Files.list(model.folder())) {
            assertEquals(2, files.count(), "only the weights and the manifest are kept");
        }
    }
}
