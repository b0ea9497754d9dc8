package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.coordinator.openai.OpenAiDoor;
import ai.postdev.coordinator.openai.OpenAiSettings;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door over real HTTP; what answers is a model that says one sentence. */
class OpenAiDoorTest {
    @TempDir
    Path dir;

    private final TestNode node = TestNode.withTwoProjects();
    private final HttpClient http = HttpClient.newHttpClient();
    private ServerBinding binding;
    private String key;

    @BeforeEach
    void open() throws Exception {
        AccessToken token = AccessToken.in(dir.resolve("token"));
        key = Files.readString(dir.resolve("token")).strip();
        binding = TestNode.await(OpenAiDoor.open(
                node.kit.system(),
                node.service,
                token,
                OpenAiSettings.from(
                        ConfigFactory.parseString("postdevai.gateway.http { port = 0, request-bytes-max = 64 KiB }")
                                .withFallback(ConfigFactory.load())
                                .resolve()),
                Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC)));
    }

    @AfterEach
    void close() throws Exception {
        TestNode.await(binding.terminate(Duration.ofSeconds(5)));
        http.close();
        node.close();
    }

    private HttpResponse<String> send(String method, String path, String body, String bearer) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://" + OpenAiDoor.address(binding) + path))
                        .header("Authorization", "Bearer " + bearer)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send("POST", path, body, key);
    }

    private static JsonObject json(HttpResponse<String> response) {
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }

    @Test
    void aConversationIsAnsweredWhole() throws Exception {
        HttpResponse<String> response = post("/v1/chat/completions", """
                {"model": "small", "messages": [{"role": "developer", "content": "be brief"},
                 {"role": "user", "content": [{"type": "text", "text": "why?"}]}], "temperature": 0, "store": false}
                """);
        assertEquals(200, response.statusCode(), response.body());
        JsonObject answer = json(response);
        assertEquals("chat.completion", answer.get("object").getAsString());
        assertEquals(1_700_000_000, answer.get("created").getAsLong());
        JsonObject choice = answer.getAsJsonArray("choices").get(0).getAsJsonObject();
        assertEquals("stop", choice.get("finish_reason").getAsString());
        assertEquals(
                "It is so [1] and [99].",
                choice.getAsJsonObject("message").get("content").getAsString());
        assertEquals(7, answer.getAsJsonObject("usage").get("completion_tokens").getAsInt());
    }

    @Test
    void aStreamComesInChunksAndEndsAsClientsExpect() throws Exception {
        HttpResponse<String> response = post("/v1/chat/completions", """
                {"model": "small", "stream": true, "stream_options": {"include_usage": true},
                 "messages": [{"role": "user", "content": "why?"}]}
                """);
        assertEquals(
                "text/event-stream",
                response.headers().firstValue("content-type").orElse(""));
        List<String> events =
                response.body().lines().filter(line -> !line.isEmpty()).toList();
        assertTrue(events.stream().allMatch(line -> line.startsWith("data: ")), response.body());
        assertEquals("data: [DONE]", events.getLast());
        List<JsonObject> chunks = events.subList(0, events.size() - 1).stream()
                .map(line -> JsonParser.parseString(line.substring(6)).getAsJsonObject())
                .toList();
        assertEquals(
                "assistant",
                chunks.getFirst()
                        .getAsJsonArray("choices")
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonObject("delta")
                        .get("role")
                        .getAsString());
        StringBuilder text = new StringBuilder();
        for (JsonObject chunk : chunks.subList(0, chunks.size() - 2)) {
            text.append(chunk.getAsJsonArray("choices")
                    .get(0)
                    .getAsJsonObject()
                    .getAsJsonObject("delta")
                    .get("content")
                    .getAsString());
        }
        assertEquals("It is so [1] and [99].", text.toString());
        assertEquals(
                "stop",
                chunks.get(chunks.size() - 2)
                        .getAsJsonArray("choices")
                        .get(0)
                        .getAsJsonObject()
                        .get("finish_reason")
                        .getAsString());
        assertEquals(0, chunks.getLast().getAsJsonArray("choices").size());
        assertEquals(
                7,
                chunks.getLast()
                        .getAsJsonObject("usage")
                        .get("completion_tokens")
                        .getAsInt());
    }

    @Test
    void aTextIsGoneOnWith() throws Exception {
        JsonObject answer =
                json(post("/v1/completions", "{\"model\": \"small\", \"prompt\": \"Once\", \"stop\": \"x\"}"));
        assertEquals("text_completion", answer.get("object").getAsString());
        assertTrue(
                answer.getAsJsonArray("choices")
                        .get(0)
                        .getAsJsonObject()
                        .get("text")
                        .getAsString()
                        .startsWith("It is so"),
                answer.toString());
    }

    @Test
    void modelsAreListedAndOneIsShown() throws Exception {
        assertEquals(
                "list", json(send("GET", "/v1/models", "", key)).get("object").getAsString());
        assertEquals(
                "small",
                json(send("GET", "/v1/models/small", "", key)).get("id").getAsString());
        HttpResponse<String> none = send("GET", "/v1/models/nothing", "", key);
        assertEquals(404, none.statusCode());
        assertEquals(
                "model_not_found",
                json(none).getAsJsonObject("error").get("code").getAsString());
    }

    @Test
    void nobodyComesInWithoutTheKey() throws Exception {
        for (String path : List.of("/v1/models", "/v1/chat/completions", "/elsewhere")) {
            HttpResponse<String> response = send("GET", path, "", key + "x");
            assertEquals(401, response.statusCode(), path);
            assertEquals(
                    "invalid_api_key",
                    json(response).getAsJsonObject("error").get("code").getAsString());
            assertTrue(
                    response.headers().firstValue("access-control-allow-origin").isEmpty());
        }
    }

    @Test
    void whatIsWrongIsSaidInTheShapeOfThisApi() throws Exception {
        Map<String, String> wrong = Map.of(
                "{\"model\": \"small\"}",
                "messages",
                "{\"model\": \"small\", \"messages\": []}",
                "messages",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}",
                "model",
                "{\"model\": \"small\", \"messages\": [{\"role\": \"king\", \"content\": \"x\"}]}",
                "messages[0].role",
                "{\"model\": \"small\", \"messages\": [{\"role\": \"user\", \"content\": 3}]}",
                "messages[0].content",
                "{\"model\": \"small\", \"n\": 2, \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}",
                "n",
                "{\"model\": \"small\", \"temperature\": 3, \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}",
                "temperature",
                "{\"model\": \"small\", \"tools\": [{}], \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}",
                "tools",
                "{\"model\": \"small\", \"response_format\": {\"type\": \"xml\"}, \"messages\": [{\"role\": \"user\","
                        + " \"content\": \"x\"}]}",
                "response_format");
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            HttpResponse<String> response = post("/v1/chat/completions", one.getKey());
            assertEquals(400, response.statusCode(), one.getKey());
            JsonObject error = json(response).getAsJsonObject("error");
            assertEquals(one.getValue(), error.get("param").getAsString(), one.getKey());
            assertEquals("invalid_request_error", error.get("type").getAsString());
        }
        assertEquals(400, post("/v1/chat/completions", "no json").statusCode());
        assertEquals(405, send("GET", "/v1/chat/completions", "", key).statusCode());
        assertEquals(404, post("/v1/other", "{}").statusCode());
        HttpResponse<String> full = post(
                "/v1/chat/completions",
                "{\"model\": \"nothing\", \"stream\": true, \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}");
        assertEquals(429, full.statusCode(), full.body());
        assertEquals(
                "rate_limit_error",
                json(full).getAsJsonObject("error").get("type").getAsString());
        assertEquals(413, post("/v1/chat/completions", "x".repeat(70_000)).statusCode());
    }
}
