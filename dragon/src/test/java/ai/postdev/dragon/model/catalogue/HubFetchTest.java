package ai.postdev.dragon.model.catalogue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.model.catalogue.FakeHub.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Pulls from a hub that cuts, changes and mistakes what it sends: what comes out in the end is the model. */
class HubFetchTest extends HubFixture {
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
