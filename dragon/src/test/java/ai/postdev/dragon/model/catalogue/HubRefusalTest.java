package ai.postdev.dragon.model.catalogue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.model.catalogue.FakeHub.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Hubs that refuse, are busy or send what must not be kept, and where the token goes. */
class HubRefusalTest extends HubFixture {
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
        byte[] header =
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}".getBytes(StandardCharsets.UTF_8);
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
        // On a slow machine good answers may be late as well: then there are attempts enough.
        use(with(hub.uri(), 1 << 20, Duration.ofMillis(300), 100, ""));
        hub.nextFiles(
                request -> hub.good(request).cutAfter(4_000).hanging(),
                request -> hub.good(request).cutAfter(0).hanging());
        assertWhole(pull(SOURCE));
        assertTrue(hub.fileRequests().size() >= 3, "two that hung and one that did not");
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
}
