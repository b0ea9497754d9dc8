package ai.postdev.dragon.model.catalogue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.model.catalogue.FakeHub.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls from a hub that misbehaves in each way that hubs do. */
class HubFetchTest {
    private static final byte[] WEIGHTS =
            TestGguf.small().tensor("more", 0, 20_000).bytes();
    private static final String SOURCE = "hf:owner/repo";

    @TempDir
    Path dir;

    private FakeHub hub;
    private CatalogueSettings settings;
    private ModelStore store;
    private Map<String, String> environment = Map.of();
    private final List<Duration> pauses = new ArrayList<>();

    @BeforeEach
    void aHubWithOneModel() throws IOException {
        hub = new FakeHub().file("sub/Some-Q4_K_M.gguf", WEIGHTS).file("README.md", new byte[10]);
        use(TestCatalogue.settings("none", hub.uri()));
    }

    @AfterEach
    void close() throws IOException {
        hub.close();
    }

    private void use(CatalogueSettings used) throws IOException {
        settings = used;
        store = ModelStore.open(dir.resolve("models"), settings, UsageProbe.NONE);
    }

    private static CatalogueSettings with(URI hub, long bytesMax, Duration idle, int attempts, String tokenFile) {
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

    private InstalledModel pull(String what) throws IOException {
        return pull(what, new Cancellation(), PullProgress.NONE);
    }

    private InstalledModel pull(String what, Cancellation cancellation, PullProgress progress) throws IOException {
        Puller puller = new Puller(
                store,
                TestCatalogue.NONE,
                TestCatalogue.NOON,
                (source, _) -> new HubFetch(
                        store, settings, (ModelSource.Hub) source, environment, (time, _) -> pauses.add(time)));
        return puller.pull(what, progress, cancellation);
    }

    private CatalogueRefused refused(Reply.Reason reason, String found) {
        return refused(SOURCE, reason, found);
    }

    private CatalogueRefused refused(String what, Reply.Reason reason, String found) {
        CatalogueRefused refused = assertThrows(CatalogueRefused.class, () -> pull(what));
        assertTrue(refused.getMessage().contains(found), refused::getMessage);
        assertEquals(reason, refused.reason(), refused::getMessage);
        assertFalse(refused.getMessage().contains("hf_secret"), "a token in a message");
        return refused;
    }

    private void assertWhole(InstalledModel model) throws IOException {
        assertArrayEquals(WEIGHTS, Files.readAllBytes(model.file()));
        assertEquals(List.of(), store.verify(model.name().value(), PullProgress.NONE, new Cancellation()));
        try (Stream<Path> left = Files.list(dir.resolve("models/.pull"))) {
            assertEquals(0, left.count(), "something was left behind");
        }
        try (Stream<Path> files = Files.list(model.folder())) {
            assertEquals(2, files.count(), "only the weights and the manifest are kept");
        }
    }

    @Test
    void aModelIsPulledAtTheCommitThatTheRevisionIs() throws IOException {
        List<Long> seen = new ArrayList<>();
        InstalledModel model = pull(SOURCE, new Cancellation(), (phase, done, total) -> {
            if (phase == PullProgress.Phase.DOWNLOADING) {
                assertEquals(WEIGHTS.length, total);
                seen.add(done);
            }
        });
        assertWhole(model);
        assertEquals("repo", model.name().value());
        assertEquals(FakeHub.COMMIT, model.manifest().revision());
        assertEquals("apache-2.0", model.manifest().licence());
        assertEquals(WEIGHTS.length, seen.getLast());
        assertEquals(seen.stream().sorted().toList(), seen, "progress goes forward");
        assertEquals(
                "/api/models/owner/repo/revision/main?blobs=true",
                hub.requests.getFirst().path());
        assertEquals(
                "/owner/repo/resolve/" + FakeHub.COMMIT + "/sub/Some-Q4_K_M.gguf",
                hub.requests.getLast().path());
        pull("hf:owner/repo:Q4_K_M@refs/pr/1");
        assertTrue(hub.requests.stream().anyMatch(request -> request.path().contains("/revision/refs%2Fpr%2F1?")));
    }

    @Test
    void theFilesOfOneModelAreChosen() throws IOException {
        hub.file("sub/Some-Q8_0.gguf", WEIGHTS).file("sub/mmproj-Some.gguf", WEIGHTS);
        assertEquals("Some-Q4_K_M.gguf", pull(SOURCE).file().getFileName().toString());
        assertEquals(
                "Some-Q8_0.gguf", pull(SOURCE + ":q8_0").file().getFileName().toString());
        assertEquals("some-q8_0", pull(SOURCE + ":sub/Some-Q8_0.gguf").name().value());
        CatalogueRefused absent = refused(SOURCE + ":nothing.gguf", Reply.Reason.NOT_FOUND, "is not there");
        assertTrue(absent.getMessage().contains("sub/Some-Q8_0.gguf"), absent::getMessage);
        hub.file("big-Q4_K_M-00001-of-00002.gguf", WEIGHTS).file("big-Q4_K_M-00002-of-00002.gguf", WEIGHTS);
        InstalledModel parts = pull(SOURCE + ":big-Q4_K_M-00001-of-00002.gguf");
        assertEquals(2, parts.manifest().files().size());
        assertEquals(
                "big-Q4_K_M-00001-of-00002.gguf", parts.file().getFileName().toString());
        hub.file("torn-00001-of-00002.gguf", WEIGHTS);
        refused(
                SOURCE + ":torn-00001-of-00002.gguf",
                Reply.Reason.PRECONDITION,
                "lacks the part torn-00002-of-00002.gguf");
        refused(SOURCE, Reply.Reason.PRECONDITION, "name the file of one of them");
    }

    @Test
    void aConnectionThatIsCutIsGoneOnFromWhereItStopped() throws IOException {
        hub.next(
                hub::listed,
                request -> hub.good(request).cutAfter(1_000),
                request -> hub.good(request).cutAfter(5_000),
                request -> hub.good(request).cutAfter(0));
        assertWhole(pull(SOURCE));
        List<String> ranges = hub.fileRequests().stream()
                .map(request -> request.header("range"))
                .toList();
        assertEquals(List.of("", "bytes=1000-", "bytes=6000-", "bytes=6000-"), ranges);
        assertEquals(3, pauses.size(), "a wait before each further attempt");
    }

    @Test
    void whatAnEarlierProcessFetchedIsGoneOnFrom() throws IOException {
        hub.next(hub::listed);
        for (int i = 0; i < 3; i++) {
            hub.next(request -> hub.good(request).cutAfter(1_000));
        }
        hub.next(
                request -> hub.good(request).cutAfter(0),
                request -> hub.good(request).cutAfter(0));
        CatalogueRefused cut = refused(Reply.Reason.FAILED, "in 3 attempts");
        assertTrue(cut.getMessage().contains("3000 bytes are kept"), cut::getMessage);
        use(settings); // another process
        int before = hub.requests.size();
        assertWhole(pull(SOURCE));
        assertEquals("bytes=3000-", hub.requests.get(before + 1).header("range"));
    }

    @Test
    void anotherCommitBeginsAnew() throws IOException {
        hub.next(
                hub::listed,
                request -> hub.good(request).cutAfter(50),
                request -> Answer.of(500),
                request -> Answer.of(500));
        refused(Reply.Reason.FAILED, "50 bytes are kept");
        hub.commit = "f".repeat(40);
        int before = hub.requests.size();
        InstalledModel model = pull(SOURCE);
        assertWhole(model);
        assertEquals("", hub.requests.get(before + 1).header("range"));
        assertEquals("f".repeat(40), model.manifest().revision());
    }

    @Test
    void aFileThatChangedMeanwhileIsNeverMixed() throws IOException {
        byte[] other = WEIGHTS.clone();
        Arrays.fill(other, other.length - 40_000, other.length, (byte) 7);
        hub.file("sub/Some-Q4_K_M.gguf", other);
        FakeHub.Answer listed = hub.listed(null);
        hub.file("sub/Some-Q4_K_M.gguf", WEIGHTS);
        hub.next(_ -> listed, request -> hub.good(request).cutAfter(9_000), request -> {
            hub.file("sub/Some-Q4_K_M.gguf", other);
            return hub.good(request);
        });
        InstalledModel model = pull(SOURCE);
        assertArrayEquals(other, Files.readAllBytes(model.file()), "the second answer was taken whole");
        assertTrue(hub.fileRequests().getLast().header("if-range").startsWith("\""));
    }

    @Test
    void aServerThatIgnoresOrMistakesTheRangeDoesNoHarm() throws IOException {
        hub.next(
                hub::listed,
                request -> hub.good(request).cutAfter(2_000),
                request -> Answer.of(200, "ETag", "\"a\"").with(WEIGHTS).cutAfter(3_000),
                request -> Answer.of(206, "ETag", "\"a\"", "Content-Range", "bytes 0-9/10")
                        .with(new byte[10]),
                request -> Answer.of(206, "ETag", "\"a\"").with(new byte[10]),
                request -> Answer.of(416));
        use(with(hub.uri(), 1 << 20, Duration.ofSeconds(30), 9, ""));
        assertWhole(pull(SOURCE));
    }

    @Test
    void withoutAStrongEtagATransferBeginsAnew() throws IOException {
        hub.next(
                hub::listed,
                request -> Answer.of(200, "ETag", "W/\"weak\"").with(WEIGHTS).cutAfter(2_000),
                hub::good);
        assertWhole(pull(SOURCE));
        assertEquals("", hub.fileRequests().getLast().header("range"));
    }

    @Test
    void wrongBytesAreNotKept() throws IOException {
        byte[] wrong = WEIGHTS.clone();
        wrong[wrong.length - 1] ^= 1;
        hub.next(hub::listed, request -> Answer.of(200, "ETag", "\"a\"").with(wrong));
        CatalogueRefused refused = refused(Reply.Reason.FAILED, "the hub states");
        assertTrue(refused.getMessage().contains("pull it again"), refused::getMessage);
        assertEquals(Optional.empty(), store.find("repo"));
        int before = hub.requests.size();
        assertWhole(pull(SOURCE));
        assertEquals("", hub.requests.get(before + 1).header("range"), "from the beginning");
    }

    @Test
    void smallFilesAreComparedWithTheirNameInGit() throws IOException {
        byte[] header = "{\"a\":{\"data_offsets\":[0,8]}}".getBytes(StandardCharsets.UTF_8);
        byte[] weights = java.nio.ByteBuffer.allocate(8 + header.length + 8)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
        try (FakeHub other = new FakeHub()
                .file("model.safetensors", weights)
                .file("config.json", "{\"model_type\":\"llama\"}".getBytes(StandardCharsets.UTF_8))) {
            use(TestCatalogue.settings("none", other.uri()));
            other.next(
                    other::listed,
                    other::good,
                    _ -> Answer.of(200).with("{\"model_type\":\"lluma\"}".getBytes(StandardCharsets.UTF_8)));
            refused(Reply.Reason.FAILED, "the hub states git ");
            int before = other.fileRequests().size();
            assertEquals("llama", pull(SOURCE).manifest().facts().architecture());
            assertEquals(before + 1, other.fileRequests().size(), "the whole file was not fetched again");
        }
    }

    @Test
    void theTokenGoesToTheHubAndToNobodyElse() throws IOException {
        environment = Map.of("HF_TOKEN", "hf_secret");
        try (FakeHub store = new FakeHub()) {
            hub.next(
                    hub::listed,
                    request -> Answer.of(307, "Location", request.path() + "?again=1"),
                    _ -> Answer.of(302, "Location", store.uri() + "/blob?signature=x"));
            store.next(
                    _ -> Answer.of(302, "Location", store.uri() + "/other"),
                    _ -> Answer.of(200, "ETag", "\"a\"").with(WEIGHTS));
            assertWhole(pull(SOURCE));
            assertEquals(3, hub.requests.size());
            assertTrue(hub.requests.stream()
                    .allMatch(request -> request.header("authorization").equals("Bearer hf_secret")));
            assertEquals(2, store.requests.size());
            assertTrue(store.requests.stream()
                    .allMatch(request -> request.header("authorization").isEmpty()));
        }
    }

    @Test
    void redirectsThatLeadNowhereEnd() {
        hub.next(hub::listed);
        for (int i = 0; i < 12; i++) {
            hub.next(request -> Answer.of(302, "Location", request.path()));
        }
        refused(Reply.Reason.FAILED, "leads on more than 10 times");
        for (String location : List.of("", "file:///etc/passwd", "ftp://x/y", "http://[", "mailto:x")) {
            hub.forget();
            hub.next(hub::listed, _ -> location.isEmpty() ? Answer.of(302) : Answer.of(302, "Location", location));
            refused(Reply.Reason.FAILED, "cannot be followed");
        }
    }

    @Test
    void aTokenComesFromTheEnvironmentOrAFile() throws IOException {
        Path file = Files.writeString(dir.resolve("token"), "hf_secret\n");
        assertEquals(Optional.of("hf_secret"), HubToken.read(Map.of(), file.toString()));
        assertEquals(Optional.of("env"), HubToken.read(Map.of("HF_TOKEN", " env "), file.toString()));
        assertEquals(Optional.empty(), HubToken.read(Map.of("HF_TOKEN", ""), ""));
        assertThrows(CatalogueRefused.class, () -> HubToken.read(Map.of("HF_TOKEN", "a b\nX-Evil: 1"), ""));
        CatalogueRefused absent = assertThrows(
                CatalogueRefused.class,
                () -> HubToken.read(Map.of(), dir.resolve("no").toString()));
        assertTrue(absent.getMessage().contains("token-file"), absent::getMessage);
        use(with(hub.uri(), 1 << 20, Duration.ofSeconds(30), 3, file.toString()));
        assertWhole(pull(SOURCE));
        assertEquals("Bearer hf_secret", hub.requests.getFirst().header("authorization"));
    }

    @Test
    void whatMayNotBeHadIsSaidWithWhatToDo() {
        hub.next(_ -> Answer.of(401));
        assertTrue(refused(Reply.Reason.PRECONDITION, "asks for a token")
                .getMessage()
                .contains("HF_TOKEN"));
        environment = Map.of("HF_TOKEN", "hf_secret");
        hub.next(_ -> Answer.of(403));
        refused(Reply.Reason.PRECONDITION, "licence not yet accepted");
        hub.next(_ -> Answer.of(404));
        refused(Reply.Reason.NOT_FOUND, "check owner, repository, file and revision");
        hub.next(hub::listed, _ -> Answer.of(404));
        refused(Reply.Reason.NOT_FOUND, "is not there (404");
        hub.next(hub::listed, _ -> Answer.of(418));
        refused(Reply.Reason.FAILED, "answers 418");
        assertEquals(List.of(), pauses, "none of these is tried again");
    }

    @Test
    void aBusyServerIsGivenTheTimeItAsksFor() throws IOException {
        String soon = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).minusSeconds(3));
        use(with(hub.uri(), 1 << 20, Duration.ofSeconds(30), 5, ""));
        hub.next(
                _ -> Answer.of(429, "Retry-After", "7"),
                hub::listed,
                _ -> Answer.of(429, "Retry-After", "11"),
                _ -> Answer.of(503, "Retry-After", soon),
                _ -> Answer.of(503));
        assertWhole(pull(SOURCE));
        assertEquals(Duration.ofSeconds(7), pauses.get(0));
        assertEquals(Duration.ofSeconds(11), pauses.get(1));
        assertEquals(Duration.ZERO, pauses.get(2));
        assertEquals(4, pauses.size());
    }

    @Test
    void aServerThatAsksForTooMuchTimeIsNotWaitedFor() {
        hub.next(_ -> Answer.of(429, "Retry-After", "3600"));
        refused(Reply.Reason.OVERLOADED, "asks to come again in 3600 s");
        hub.next(hub::listed, _ -> Answer.of(429, "Retry-After", "3600"));
        refused(Reply.Reason.OVERLOADED, "pull it again then");
        assertEquals(List.of(), pauses);
    }

    @Test
    void aServerThatFallsSilentIsAskedAgain() throws IOException {
        // On a slow machine good answers may be late as well: they count as progress, and there are attempts enough.
        use(with(hub.uri(), 1 << 20, Duration.ofMillis(300), 100, ""));
        hub.next(
                hub::listed,
                request -> hub.good(request).cutAfter(4_000).hanging(),
                request -> hub.good(request).cutAfter(0).hanging());
        assertWhole(pull(SOURCE));
        assertEquals("bytes=4000-", hub.fileRequests().get(1).header("range"));
    }

    @Test
    void aServerThatCannotBeReachedIsSaid() throws IOException {
        URI nobody = hub.uri();
        hub.close();
        use(TestCatalogue.settings("none", nobody));
        refused(Reply.Reason.UNAVAILABLE, "could not be asked for in 3 attempts");
        assertEquals(2, pauses.size());
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeOrWhileItComes() throws IOException {
        use(with(hub.uri(), 10_000, Duration.ofSeconds(30), 3, ""));
        refused(Reply.Reason.PRECONDITION, "bytes-max allows 10000");
        assertEquals(1, hub.requests.size(), "before");
        use(with(hub.uri(), 1 << 20, Duration.ofSeconds(30), 3, ""));
        hub.next(hub::listed, request -> Answer.of(200).with(Arrays.copyOf(WEIGHTS, WEIGHTS.length + 1)));
        refused(Reply.Reason.FAILED, "were announced");
        String chunk = Integer.toHexString(WEIGHTS.length + 1);
        byte[] endless = (chunk + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] body = Arrays.copyOf(endless, endless.length + WEIGHTS.length + 1);
        hub.next(
                hub::listed,
                request -> Answer.of(200, "Transfer-Encoding", "chunked").with(body));
        refused(Reply.Reason.FAILED, "gives more than the " + WEIGHTS.length + " bytes");
        hub.hashes = false;
        use(with(hub.uri(), 10_000, Duration.ofSeconds(30), 3, ""));
        refused(Reply.Reason.PRECONDITION, "bytes-max allows 10000");
        hub.next(
                hub::listed,
                request -> Answer.of(200, "Transfer-Encoding", "chunked").with(body));
        refused(Reply.Reason.FAILED, "bytes-max allows");
    }

    @Test
    void withoutRoomOnTheDiskNothingIsFetched() throws IOException {
        ModelStore full = ModelStore.open(dir.resolve("models"), settings, UsageProbe.NONE, _ -> 50_000);
        Puller puller = new Puller(
                full,
                TestCatalogue.NONE,
                TestCatalogue.NOON,
                (source, _) -> new HubFetch(
                        full, settings, (ModelSource.Hub) source, environment, (time, _) -> pauses.add(time)));
        CatalogueRefused refused =
                assertThrows(CatalogueRefused.class, () -> puller.pull(SOURCE, PullProgress.NONE, new Cancellation()));
        assertTrue(refused.getMessage().contains("50000 are free"), refused::getMessage);
        assertEquals(List.of(), hub.fileRequests());
    }

    @Test
    void aHubThatStatesNoHashesIsTakenAtItsLengths() throws IOException {
        hub.hashes = false;
        hub.next(hub::listed, request -> hub.good(request).cutAfter(1_000));
        assertWhole(pull(SOURCE));
    }

    @Test
    void aCancelWakesAPullThatWaitsForBytesAndWhatCameIsKept() throws Exception {
        use(with(hub.uri(), 1 << 20, Duration.ofHours(1), 3, ""));
        hub.next(hub::listed, request -> hub.good(request).cutAfter(6_000).hanging());
        Cancellation cancellation = new Cancellation();
        CompletableFuture<Long> came = new CompletableFuture<>();
        CompletableFuture<InstalledModel> pulled = CompletableFuture.supplyAsync(() -> {
            try {
                return pull(SOURCE, cancellation, (phase, done, _) -> {
                    if (phase == PullProgress.Phase.DOWNLOADING && done == 6_000) {
                        came.complete(done);
                    }
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertEquals(6_000, came.get());
        cancellation.cancel();
        CompletionException ended = assertThrows(CompletionException.class, pulled::join);
        assertInstanceOf(PullCancelled.class, ended.getCause().getCause());
        int before = hub.requests.size();
        assertWhole(pull(SOURCE));
        assertEquals("bytes=6000-", hub.requests.get(before + 1).header("range"));
    }

    @Test
    void aCancelWakesAPullThatWaitsForAnAnswerOrForItsTime() throws Exception {
        use(with(hub.uri(), 1 << 20, Duration.ofHours(1), 3, ""));
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        hub.next(request -> {
            asked.complete(true);
            return new Answer(200, Map.of("Content-Length", "5"), new byte[0], 0, true);
        });
        Cancellation cancellation = new Cancellation();
        CompletableFuture<?> pulled = CompletableFuture.runAsync(() -> {
            PullCancelled refused =
                    assertThrows(PullCancelled.class, () -> pull(SOURCE, cancellation, PullProgress.NONE));
            assertTrue(refused.getMessage().contains("was cancelled"));
        });
        asked.get();
        cancellation.cancel();
        pulled.get();

        Cancellation waiting = new Cancellation();
        CompletableFuture<?> paused = CompletableFuture.runAsync(() -> Pauses.REAL.pause(Duration.ofHours(1), waiting));
        waiting.cancel();
        paused.get();
    }

    @Test
    void whateverAHubSendsIsRefusedOrRight() throws IOException {
        Random random = Seeded.random("listings");
        String good = new String(hub.listed(null).body(), StandardCharsets.UTF_8);
        for (int i = 0; i < 60; i++) {
            StringBuilder bad = new StringBuilder(good);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                int at = random.nextInt(bad.length());
                switch (random.nextInt(3)) {
                    case 0 -> bad.setCharAt(at, "\"{}[],:0a/.".charAt(random.nextInt(11)));
                    case 1 -> bad.deleteCharAt(at);
                    default -> bad.setLength(at + 1);
                }
            }
            byte[] body = bad.toString().getBytes(StandardCharsets.UTF_8);
            hub.forget();
            hub.next(_ -> Answer.of(200).with(body));
            String name = "m" + i;
            Puller puller = new Puller(
                    store,
                    TestCatalogue.NONE,
                    TestCatalogue.NOON,
                    (source, _) -> new HubFetch(
                            store, settings, (ModelSource.Hub) source, environment, (time, _) -> pauses.add(time)));
            try {
                InstalledModel model = puller.pull(
                        puller.plan(SOURCE, Optional.of(new ModelName(name))), PullProgress.NONE, new Cancellation());
                assertArrayEquals(WEIGHTS, Files.readAllBytes(model.file()), bad.toString());
            } catch (CatalogueRefused e) {
                assertEquals(Optional.empty(), store.find(name), e::getMessage);
            }
        }
    }

    /** A walk of random misbehaviour; what comes out in the end is the file, byte for byte. */
    @Test
    void anyMixOfMisbehaviourEndsInTheFileOrInARefusal() throws IOException {
        Random random = Seeded.random("hub");
        use(with(hub.uri(), 1 << 20, Duration.ofSeconds(30), 6, ""));
        int whole = 0;
        for (int run = 0; run < 80; run++) {
            hub.forget();
            hub.next(hub::listed);
            for (int n = random.nextInt(8); n > 0; n--) {
                int kind = random.nextInt(9);
                int cut = random.nextInt(WEIGHTS.length);
                hub.next(request -> switch (kind) {
                    case 0, 1, 2 -> hub.good(request).cutAfter(cut);
                    case 3 -> Answer.of(503);
                    case 4 -> Answer.of(416);
                    case 5 -> Answer.of(302, "Location", request.path());
                    case 6 ->
                        Answer.of(206, "Content-Range", "bytes " + cut + "-" + cut + "/" + WEIGHTS.length)
                                .with(new byte[1]);
                    case 7 -> Answer.of(200, "ETag", "\"x\"").with(WEIGHTS).cutAfter(cut);
                    default -> Answer.of(200, "ETag", "W/\"x\"").with(WEIGHTS).cutAfter(cut);
                });
            }
            try {
                assertWhole(pull(SOURCE));
                whole++;
                store.remove("repo");
            } catch (CatalogueRefused e) {
                assertTrue(e.getMessage().contains("attempts"), e::getMessage);
                use(settings);
            }
        }
        assertTrue(whole > 40, "only " + whole + " of 80 came through");
    }
}
