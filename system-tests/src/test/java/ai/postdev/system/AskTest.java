package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.app.NodeMain;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * The first question on a fresh machine, as a person asks it: the model comes by itself, and the answer has its places. Then
 * the same node as programs use it: by the SDKs of OpenAI, unchanged, and by a hundred clients at once.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AskTest {
    @TempDir
    static Path dir;

    private static NodeProcess node;
    private static FutureTask<Sdks.Run> python;
    private static FutureTask<Sdks.Run> javascript;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Sdks.hasPip(), "NO LANGUAGE MODEL: python3 with pip is not here");
        GitRepository repository = GitRepository.create(dir.resolve("project"));
        repository.write("src/Cache.java", """
                        /** Keeps prices. The cache is cleared when the schema changes, because stale prices cost money. */
                        class Cache {
                            void clearCache() { prices.clear(); }
                        }
                        """).write("src/Retry.java", """
                        /** Retries failed requests three times with a growing pause. */
                        class Retry {
                            void retry(Request request) { pause(1 << attempt); send(request); }
                        }
                        """).commit("first");
        node = NodeProcess.start(
                NodeMain.class, dir.resolve("home"), Map.of(), Map.of("POSTDEVAI_EMBEDDER_LOAD_AT_START", "false"));
        node.up();
        CommandLine up = run("up", repository.root().toString());
        assertEquals(0, up.code(), up.err());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (node != null) {
            node.close();
        }
    }

    private static CommandLine run(String... words) throws Exception {
        return CommandLine.run(dir.resolve("home"), words);
    }

    @Test
    @Order(1)
    void theModelComesAndAnswersWithPlacesThatExist() throws Exception {
        CommandLine first = run("ask", "why is the cache cleared when the schema changes?", "--json");
        assertEquals(0, first.code(), first.err());
        assertTrue(first.err().contains("fetching it once"), first.err());
        JsonObject answer = JsonParser.parseString(first.out()).getAsJsonObject();
        assertFalse(answer.get("answer").getAsString().isBlank(), first.out());
        assertEquals("smollm2-135m", answer.get("model").getAsString());
        assertTrue(answer.get("reason").getAsString().contains("llama.cpp"), first.out());
        List<JsonElement> citations = answer.getAsJsonArray("citations").asList();
        assertEquals(
                "src/Cache.java",
                citations.getFirst().getAsJsonObject().get("path").getAsString());
        for (JsonElement citation : citations) {
            Path file = dir.resolve("project")
                    .resolve(citation.getAsJsonObject().get("path").getAsString());
            int end = citation.getAsJsonObject().get("endLine").getAsInt();
            assertTrue(Files.readAllLines(file).size() >= end, first.out());
        }
        CommandLine second = run("ask", "how are failed requests retried?");
        assertEquals(0, second.code(), second.err());
        assertFalse(second.err().contains("fetching"), second.err());
        assertTrue(second.out().contains("src/Retry.java:"), second.out());
        CommandLine listed = run("models", "list", "--json");
        assertTrue(listed.out().contains("\"usedBy\":\"slot smollm2-135m"), listed.out());
        assertEquals(4, run("models", "rm", "smollm2-135m").code(), "a model in use stays");
    }

    @Test
    void whatNobodyKnowsIsNotMadeUp() throws Exception {
        CommandLine none = run("ask", "how is the payroll tax of employees computed in Portugal?", "--no-model");
        assertEquals(1, none.code(), none.out());
        assertTrue(none.out().startsWith("Nothing relevant was found."), none.out());
        CommandLine evidence = run("ask", "why is the cache cleared?", "--no-model", "--json");
        assertEquals(0, evidence.code(), evidence.err());
        assertTrue(evidence.out().contains("src/Cache.java"), evidence.out());
    }

    private static String http() {
        return node.up().http();
    }

    private static String keyFile() {
        return node.home().keys().resolve("token").toString();
    }

    /** Both at the same time, each for a test of its own. */
    @BeforeAll
    static void prepareSdks() {
        python = new FutureTask<>(() -> Sdks.python("sdk/client.py", http(), keyFile()));
        javascript = new FutureTask<>(() -> Sdks.javascript("sdk/client.mjs", http(), keyFile()));
    }

    private static void works(FutureTask<Sdks.Run> sdk) throws Exception {
        Thread.startVirtualThread(python); // only the first start counts
        Thread.startVirtualThread(javascript);
        try {
            Sdks.Run run = sdk.get();
            assertTrue(run.code() == 0 && run.out().endsWith("all\n"), run.out() + "\n" + node.log());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TestAbortedException skipped) {
                throw skipped;
            }
            throw e;
        }
    }

    @Test
    @Order(2)
    void thePythonSdkWorksUnchanged() throws Exception {
        works(python);
    }

    @Test
    @Order(2)
    void theJavaScriptSdkWorksUnchanged() throws Exception {
        works(javascript);
    }

    @Test
    @Order(3)
    void aHundredClientsAreAnsweredOrToldWhenToTryAgain() throws Exception {
        String key = Files.readString(Path.of(keyFile())).strip();
        Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
        try (HttpClient http = HttpClient.newHttpClient();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + http() + "/v1/completions"))
                        .header("Authorization", "Bearer " + key)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"model\": \"smollm2-135m\", \"prompt\": \"Client "
                                + i + "\", \"max_tokens\": 2, \"stream\": " + (i % 2 == 0) + "}"))
                        .build();
                all.add(clients.submit(() -> {
                    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                    statuses.merge(response.statusCode(), 1, Integer::sum);
                    if (response.statusCode() == 429) {
                        assertTrue(response.headers().firstValue("retry-after").isPresent(), response.body());
                    } else {
                        assertEquals(200, response.statusCode(), response.body());
                        assertFalse(response.body().contains("\"error\""), response.body());
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        System.out.println("a hundred clients: " + statuses);
        assertTrue(node.isAlive());
        assertTrue(statuses.get(200) > 1, "" + statuses);
    }
}
