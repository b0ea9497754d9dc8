package ai.postdev.coordinator.gateway;

import static ai.postdev.coordinator.gateway.TestDoor.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The door over real HTTP; what answers is a model that says one sentence. */
class OpenAiDoorTest {
    @RegisterExtension
    static final OpenDoor OPEN = new OpenDoor("request-bytes-max = 64 KiB");

    @Test
    void aConversationIsAnsweredWhole() throws Exception {
        HttpResponse<String> response = OPEN.post("/v1/chat/completions", """
                {"model": "small", "messages": [{"role": "developer", "content": "be brief"},
                 {"role": "user", "content": [{"type": "text", "text": "why?"}]}], "temperature": 0, "store": false}
                """);
        assertEquals(200, response.statusCode(), response.body());
        JsonObject answer = json(response);
        assertEquals("chat.completion", answer.get("object").getAsString());
        assertEquals(TestDoor.CREATED, answer.get("created").getAsLong());
        JsonObject choice = answer.getAsJsonArray("choices").get(0).getAsJsonObject();
        assertEquals("stop", choice.get("finish_reason").getAsString());
        assertEquals(
                "It is so [1] and [99].",
                choice.getAsJsonObject("message").get("content").getAsString());
        JsonObject usage = answer.getAsJsonObject("usage");
        assertEquals(7, usage.get("completion_tokens").getAsInt());
        assertEquals(
                3,
                usage.getAsJsonObject("prompt_tokens_details")
                        .get("cached_tokens")
                        .getAsInt());
    }

    @Test
    void aStreamComesInChunksAndEndsAsClientsExpect() throws Exception {
        HttpResponse<String> response = OPEN.post("/v1/chat/completions", """
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
                json(OPEN.post("/v1/completions", "{\"model\": \"small\", \"prompt\": \"Once\", \"stop\": \"x\"}"));
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
        assertEquals("list", json(OPEN.door.get("/v1/models")).get("object").getAsString());
        assertEquals("small", json(OPEN.door.get("/v1/models/small")).get("id").getAsString());
        HttpResponse<String> none = OPEN.door.get("/v1/models/nothing");
        assertEquals(404, none.statusCode());
        assertEquals(
                "model_not_found",
                json(none).getAsJsonObject("error").get("code").getAsString());
    }

    @Test
    void nobodyComesInWithoutTheKey() throws Exception {
        for (String path : List.of("/v1/models", "/v1/chat/completions", "/elsewhere")) {
            HttpResponse<String> response = OPEN.door.send("GET", path, new byte[0], OPEN.door.key + "x");
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
                "tools[0].type",
                "{\"model\": \"small\", \"response_format\": {\"type\": \"xml\"}, \"messages\": [{\"role\": \"user\","
                        + " \"content\": \"x\"}]}",
                "response_format");
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            HttpResponse<String> response = OPEN.post("/v1/chat/completions", one.getKey());
            assertEquals(400, response.statusCode(), one.getKey());
            JsonObject error = json(response).getAsJsonObject("error");
            assertEquals(one.getValue(), error.get("param").getAsString(), one.getKey());
            assertEquals("invalid_request_error", error.get("type").getAsString());
        }
        assertEquals(400, OPEN.post("/v1/chat/completions", "no json").statusCode());
        assertEquals(405, OPEN.door.get("/v1/chat/completions").statusCode());
        assertEquals(404, OPEN.post("/v1/other", "{}").statusCode());
        HttpResponse<String> full = OPEN.post(
                "/v1/chat/completions",
                "{\"model\": \"nothing\", \"stream\": true, \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}");
        assertEquals(429, full.statusCode(), full.body());
        assertEquals(
                "rate_limit_error",
                json(full).getAsJsonObject("error").get("type").getAsString());
        assertEquals(413, OPEN.post("/v1/chat/completions", "x".repeat(70_000)).statusCode());
    }

    @Test
    void modelsOfTextsAndOfEmbeddingsThatAreHereAreListed() throws Exception {
        String ids = json(OPEN.door.get("/v1/models")).getAsJsonArray("data").asList().stream()
                .map(one -> one.getAsJsonObject().get("id").getAsString())
                .toList()
                .toString();
        assertEquals("[small, minilm]", ids);
    }

    @Test
    void textsAreEmbeddedAsNumbersOrBytes() throws Exception {
        JsonObject floats = json(OPEN.post("/v1/embeddings", "{\"model\": \"minilm\", \"input\": [\"a\", \"bc\"]}"));
        assertEquals("list", floats.get("object").getAsString());
        assertEquals("minilm", floats.get("model").getAsString());
        assertEquals(2, floats.getAsJsonObject("usage").get("total_tokens").getAsInt());
        JsonObject second = floats.getAsJsonArray("data").get(1).getAsJsonObject();
        assertEquals("[2.0,0.25]", second.get("embedding").toString());
        assertEquals(1, second.get("index").getAsInt());
        JsonObject bytes = json(OPEN.post(
                "/v1/embeddings",
                "{\"model\": \"minilm\", \"input\": \"" + "x".repeat(21) + "\", \"encoding_format\": \"base64\"}"));
        JsonObject only = bytes.getAsJsonArray("data").get(0).getAsJsonObject();
        // 21 and 0.25 as floats, the lowest byte first
        assertEquals("AACoQQAAgD4=", only.get("embedding").getAsString());
        assertTrue(only.get("truncated").getAsBoolean(), "the model did not look at all of it");
    }

    @Test
    void whatCannotBeEmbeddedIsRefusedByName() throws Exception {
        Map<String, String> wrong = Map.of(
                "{\"input\": \"a\"}", "model",
                "{\"model\": \"m\"}", "input",
                "{\"model\": \"m\", \"input\": []}", "input",
                "{\"model\": \"m\", \"input\": [\"a\", \"\"]}", "input",
                "{\"model\": \"m\", \"input\": [1, 2]}", "input",
                "{\"model\": \"m\", \"input\": [[1, 2]]}", "input",
                "{\"model\": \"m\", \"input\": \"a\", \"dimensions\": 0}", "dimensions",
                "{\"model\": \"m\", \"input\": \"a\", \"encoding_format\": \"hex\"}", "encoding_format");
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            HttpResponse<String> response = OPEN.post("/v1/embeddings", one.getKey());
            assertEquals(400, response.statusCode(), one.getKey());
            assertEquals(
                    one.getValue(),
                    json(response).getAsJsonObject("error").get("param").getAsString(),
                    one.getKey());
        }
        assertTrue(OPEN.post("/v1/embeddings", "{\"model\": \"m\", \"input\": [[1]]}")
                .body()
                .contains("send texts"));
        assertEquals(
                404,
                OPEN.post("/v1/embeddings", "{\"model\": \"nothing\", \"input\": \"a\"}")
                        .statusCode());
    }

    @Test
    void whatComesIsReadStrictlyAndNeverEndsTheDoor() throws Exception {
        String deep = "{\"model\": \"small\", \"x\": " + "[".repeat(20_000) + "]".repeat(20_000) + "}";
        assertTrue(OPEN.post("/v1/chat/completions", deep).body().contains("json-depth-max"));
        byte[] broken = "{\"model\": \"sm\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        HttpResponse<String> response = OPEN.door.send("POST", "/v1/chat/completions", broken, OPEN.door.key);
        assertEquals(400, response.statusCode());
        assertTrue(response.body().contains("no UTF-8"), response.body());
        for (String wrong : List.of(
                "",
                "[]",
                "{} {}",
                "{'model': 'small', 'prompt': 'x'}",
                "{\"model\": \"small\", \"prompt\": \"x\", \"y\": NaN}",
                "{\"model\": \"small\", \"prompt\": \"x\",}",
                "null")) {
            HttpResponse<String> refused = OPEN.post("/v1/completions", wrong);
            assertEquals(400, refused.statusCode(), wrong);
            assertFalse(refused.body().contains("gson"), refused.body());
        }
        assertTrue(
                OPEN.post("/v1/completions", "{bad").body().contains("the body is no JSON, at line 1, column 3"),
                "the place, and no advice to programmers of the door");
        assertEquals(
                400,
                OPEN.post("/v1/completions", "{\"model\": \"small\", \"prompt\": \"\"}")
                        .statusCode());
        assertEquals(
                200,
                OPEN.post("/v1/completions", "{\"model\": \"small\", \"prompt\": \"x\", \"new\": {}}")
                        .statusCode());
    }

    @Test
    void aRefusalForWantOfRoomSaysWhenToTryAgain() throws Exception {
        HttpResponse<String> full = OPEN.post("/v1/completions", "{\"model\": \"full\", \"prompt\": \"x\"}");
        assertEquals(429, full.statusCode());
        assertEquals("7", full.headers().firstValue("retry-after").orElse(""));
    }

    @Test
    void anAnswerThatBreaksOffIsAnErrorWholeAndInAStream() throws Exception {
        HttpResponse<String> whole = OPEN.post("/v1/completions", "{\"model\": \"broken\", \"prompt\": \"x\"}");
        assertEquals(500, whole.statusCode(), whole.body());
        HttpResponse<String> stream =
                OPEN.post("/v1/completions", "{\"model\": \"broken\", \"prompt\": \"x\", \"stream\": true}");
        assertEquals(200, stream.statusCode());
        assertTrue(stream.body().contains("\"error\":{\"message\":\"the worker died\""), stream.body());
        assertTrue(!stream.body().contains("[DONE]"), stream.body());
    }

    @Test
    void aConnectionIsUsedForOneRequestAfterTheOther() throws Exception {
        try (Wire wire = OPEN.door.wire()) {
            wire.send("POST /v1/completions", "{\"model\": \"small\", \"prompt\": \"x\"}");
            wire.send("POST /v1/embeddings", "{\"model\": \"minilm\", \"input\": \"abc\"}");
            assertTrue(wire.answer().contains("text_completion"));
            assertTrue(wire.answer().contains("[3.0,0.25]"));
            wire.send("GET /v1/models/small", "", "Connection: close");
            assertTrue(wire.answer().contains("\"id\":\"small\""));
            assertTrue(wire.isClosed());
        }
    }
}
