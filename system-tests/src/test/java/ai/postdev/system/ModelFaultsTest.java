package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.app.NodeMain;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What a machine can do to a node that serves a model: each is told, nothing is stuck, and the node goes on. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModelFaultsTest {
    private static final String MODEL = "smollm2-135m";

    @TempDir
    static Path dir;

    private static Faults faults;
    private static NodeProcess node;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        Optional<Faults> made = Faults.in(dir);
        assumeTrue(made.isPresent(), "needs Linux and a C compiler");
        assumeTrue(Sdks.hasPip(), "NO LANGUAGE MODEL: python3 with pip is not here");
        faults = made.get();
        // The file system of the models fails on demand; the node's other files are spared.
        Map<String, String> environment = new HashMap<>(faults.environment(models().toString()));
        environment.put("POSTDEVAI_EMBEDDER_ENABLED", "false");
        node = NodeProcess.start(NodeMain.class, dir.resolve("home"), Map.of(), environment);
        node.up();
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (node != null) {
            node.close();
        }
        if (http != null) {
            http.close();
        }
    }

    private static Path models() {
        return dir.resolve("home").resolve("models");
    }

    private static CommandLine run(String... words) throws Exception {
        return CommandLine.run(dir.resolve("home"), words);
    }

    private static HttpRequest story(int tokens, boolean stream) throws IOException {
        return HttpRequest.newBuilder(URI.create("http://" + node.up().http() + "/v1/completions"))
                .header(
                        "Authorization",
                        "Bearer "
                                + Files.readString(node.home().keys().resolve("token"))
                                        .strip())
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\": \"" + MODEL
                        + "\", \"prompt\": \"Once upon a time\", \"temperature\": 0, \"max_tokens\": " + tokens
                        + ", \"stream\": " + stream + "}"))
                .build();
    }

    private static HttpResponse<String> tell(int tokens) throws Exception {
        return http.send(story(tokens, false), HttpResponse.BodyHandlers.ofString());
    }

    private static String text(HttpResponse<String> response) {
        assertEquals(200, response.statusCode(), response.body());
        return JsonParser.parseString(response.body())
                .getAsJsonObject()
                .getAsJsonArray("choices")
                .get(0)
                .getAsJsonObject()
                .get("text")
                .getAsString();
    }

    private static JsonObject serving() throws Exception {
        CommandLine ps = run("models", "ps", "--json");
        assertTrue(ps.code() == 0 || ps.code() == 1, ps.err()); // 1: none is in memory
        return JsonParser.parseString(ps.out()).getAsJsonObject();
    }

    private static Optional<JsonObject> slot() throws Exception {
        return serving().getAsJsonArray("models").asList().stream()
                .map(model -> model.getAsJsonObject())
                .findFirst();
    }

    @Test
    @Order(1)
    void aDiskThatBecomesFullInAPullLeavesNothingAndTheNextPullWorks() throws Exception {
        faults.fullDisk(true);
        CommandLine full = run("models", "pull", MODEL);
        faults.fullDisk(false);
        assertFalse(full.code() == 0, full.out());
        assertTrue(full.err().toLowerCase().contains("space"), full.err());
        CommandLine none = run("models", "list", "--json");
        assertFalse(none.out().contains("\"state\":\"installed\""), none.out());
        CommandLine pulled = run("models", "pull", MODEL);
        assertEquals(0, pulled.code(), pulled.err());
        assertEquals(0, run("models", "verify", MODEL).code());
    }

    @Test
    @Order(2)
    void clientsOfEveryKindLeaveNothingBehind() throws Exception {
        clients(24, Duration.ZERO);
    }

    /** {@code -Dpostdevai.clients.seconds} sets another time than two minutes. */
    @Test
    @Order(2)
    @Tag("campaign")
    void aHundredClientsOfEveryKindForTwoMinutesLeaveNothingBehind() throws Exception {
        clients(100, Duration.ofSeconds(Long.getLong("postdevai.clients.seconds", 120)));
        long pid = slot().orElseThrow().get("pid").getAsLong();
        assertEquals(0, run("models", "unload", MODEL).code());
        assertEquals(0, serving().getAsJsonObject("memory").get("heldBytes").getAsLong());
        assertTrue(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty(), "the worker is still there");
    }

    private static void clients(int count, Duration time) throws Exception {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("clients of a model: -Dpostdevai.seed=" + seed);
        text(tell(1));
        String key = Files.readString(node.home().keys().resolve("token")).strip();
        Map<String, Integer> outcomes = new ModelClients(node.up().http(), key, MODEL).run(count, time, seed);
        System.out.println(count + " clients: " + outcomes);
        assertTrue(outcomes.getOrDefault("whole", 0) + outcomes.getOrDefault("stream", 0) > 0, outcomes.toString());
        JsonObject serving = serving();
        for (long end = System.nanoTime() + NodeProcess.PATIENCE.toNanos();
                busy(serving) && System.nanoTime() < end;
                serving = serving()) {
            Thread.onSpinWait();
        }
        assertFalse(busy(serving), "somebody's work goes on: " + serving);
        assertFalse(text(tell(20)).isBlank(), "the node answers as before");
        JsonObject slot = slot().orElseThrow();
        for (long end = System.nanoTime() + NodeProcess.PATIENCE.toNanos();
                takesMore(slot) && System.nanoTime() < end;
                slot = slot().orElseThrow()) {
            Thread.onSpinWait();
        }
        System.out.println(
                "the ledger knows " + slot.get("bytes") + " bytes, the worker takes " + slot.get("residentBytes"));
        assertFalse(takesMore(slot), "the worker takes more than the ledger knows: " + slot);
    }

    /** The ledger looks from time to time, so it may be behind for a moment. */
    private static boolean takesMore(JsonObject slot) {
        return slot.get("residentBytes").getAsLong() > 1.1 * slot.get("bytes").getAsLong();
    }

    private static boolean busy(JsonObject serving) {
        return serving.get("running").getAsInt() > 0
                || serving.getAsJsonArray("waiting").asList().stream()
                        .anyMatch(one -> one.getAsJsonObject().get("waiting").getAsInt() > 0);
    }

    @Test
    @Order(3)
    void aClockThatJumpsEndsNoAnswer() throws Exception {
        for (Duration jump : List.of(Duration.ofDays(-400), Duration.ofDays(400))) {
            HttpResponse<InputStream> response = http.send(story(60, true), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                assertTrue(in.read() > 0);
                faults.clock(jump);
                String rest = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(rest.contains("\"finish_reason\":\"length\"") && rest.endsWith("data: [DONE]\n\n"), rest);
            }
            assertFalse(text(tell(20)).isBlank());
        }
        faults.clock(Duration.ZERO);
        assertFalse(text(tell(20)).isBlank());
        assertEquals("ready", slot().orElseThrow().get("state").getAsString());
    }

    @Test
    @Order(4)
    void aWorkerThatTheSystemKillsForMemoryIsToldAndComesAgain() throws Exception {
        text(tell(1));
        long pid = slot().orElseThrow().get("pid").getAsLong();
        Optional<MemoryGroup> made = MemoryGroup.of(64 << 10);
        assumeTrue(made.isPresent(), "needs the right to make control groups");
        try (MemoryGroup group = made.get()) {
            HttpResponse<InputStream> response = http.send(story(400, true), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                assertTrue(in.read() > 0);
                group.add(pid);
                String rest = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(rest.contains("signal 9, which is also what the system does when memory runs out"), rest);
            }
            assertFalse(text(tell(5)).isBlank());
            assertFalse(slot().orElseThrow().get("pid").getAsLong() == pid);
        }
    }

    @Test
    @Order(5)
    void aModelWhoseFileIsTakenAwayServesOnAndIsThenToldAsMissing() throws Exception {
        String told = text(tell(20));
        Path file;
        try (Stream<Path> files = Files.walk(models())) {
            file = files.filter(one -> one.toString().endsWith(".gguf"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(file);
        assertEquals(told, text(tell(20)));
        assertEquals(0, run("models", "unload", MODEL).code());
        HttpResponse<String> missing = tell(5);
        assertEquals(503, missing.statusCode(), missing.body());
        assertTrue(missing.body().contains("is missing; remove it with: postdevai models rm"), missing.body());
        assertTrue(slot().isEmpty());
        assertEquals(0, run("models", "rm", MODEL).code());
        CommandLine again = run("models", "pull", MODEL);
        assertEquals(0, again.code(), again.err());
        assertEquals(told, text(tell(20)));
    }
}
