package ai.postdev.coordinator.gateway;

import static ai.postdev.coordinator.gateway.TestDoor.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.v1.GenerateRequest;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls of functions over real HTTP; what models say is a script. */
class OpenAiToolsTest {
    @RegisterExtension
    static final OpenDoor OPEN = new OpenDoor("");

    private static final String WEATHER = """
            "tools": [{"type": "function", "function": {"name": "weather", "description": "now", "parameters":
              {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}],
            "messages": [{"role": "user", "content": "Paris?"}]""";

    @Test
    void aCallThatAModelMakesIsOneInTheAnswer() throws Exception {
        OPEN.node.serving.scripts.put(
                "caller",
                List.of(
                        "Let me see.",
                        " <tool",
                        "_call>\n{\"name\": \"weather\", ",
                        "\"arguments\": {\"city\": \"Paris\"}}\n</tool_call>"));
        JsonObject choice = json(OPEN.post("/v1/chat/completions", "{\"model\": \"caller\", " + WEATHER + "}"))
                .getAsJsonArray("choices")
                .get(0)
                .getAsJsonObject();
        assertEquals("tool_calls", choice.get("finish_reason").getAsString());
        JsonObject message = choice.getAsJsonObject("message");
        assertEquals("Let me see.", message.get("content").getAsString());
        JsonObject function =
                message.getAsJsonArray("tool_calls").get(0).getAsJsonObject().getAsJsonObject("function");
        assertEquals("weather", function.get("name").getAsString());
        assertEquals("{\"city\":\"Paris\"}", function.get("arguments").getAsString());
        GenerateRequest asked = OPEN.node.serving.asked.take();
        assertEquals("system", asked.getMessages(0).getRole());
        assertTrue(asked.getMessages(0).getContent().contains("\"name\":\"weather\""), asked.toString());
        assertEquals("", asked.getJsonSchema());
    }

    @Test
    void aCallThatAModelMustMakeIsMadeUnderASchemaAndStreamedAsItComes() throws Exception {
        OPEN.node.serving.scripts.put(
                "forced", List.of("{\"name\":\"weather\",", "\"arguments\":{\"ci", "ty\":\"}\"}", "}"));
        HttpResponse<String> response = OPEN.post(
                "/v1/chat/completions",
                "{\"model\": \"forced\", \"stream\": true, \"tool_choice\": \"required\", " + WEATHER + "}");
        List<JsonObject> deltas = response.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> JsonParser.parseString(line.substring(6))
                        .getAsJsonObject()
                        .getAsJsonArray("choices")
                        .get(0)
                        .getAsJsonObject())
                .toList();
        StringBuilder arguments = new StringBuilder();
        int chunks = 0;
        for (JsonObject choice : deltas) {
            JsonObject delta = choice.getAsJsonObject("delta");
            if (delta.has("tool_calls")) {
                JsonObject call = delta.getAsJsonArray("tool_calls").get(0).getAsJsonObject();
                assertEquals(0, call.get("index").getAsInt());
                arguments.append(
                        call.getAsJsonObject("function").get("arguments").getAsString());
                chunks++;
            }
        }
        assertEquals("{\"city\":\"}\"}", arguments.toString());
        assertEquals(3, chunks, response.body());
        assertEquals(
                1,
                deltas.stream()
                        .filter(choice -> choice.getAsJsonObject("delta").has("content"))
                        .count(),
                "only the first chunk has a text, which is empty: " + response.body());
        assertEquals("tool_calls", deltas.getLast().get("finish_reason").getAsString());
        JsonObject schema = JsonParser.parseString(
                        OPEN.node.serving.asked.take().getJsonSchema())
                .getAsJsonObject();
        assertEquals(
                "weather",
                schema.getAsJsonObject("properties")
                        .getAsJsonObject("name")
                        .get("const")
                        .getAsString());
    }

    @Test
    void whatCannotBeIsRefusedByTheNameOfItsField() throws Exception {
        String a = "{\"type\": \"function\", \"function\": {\"name\": \"a\"}}";
        Map<String, String> wrong = Map.of(
                "tool_choice", WEATHER + ", \"tool_choice\": \"maybe\"",
                "tools[1]",
                        "\"tools\": [" + a + ", " + a + "], \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]",
                "response_format", WEATHER + ", \"response_format\": {\"type\": \"json_object\"}",
                "parallel_tool_calls", WEATHER + ", \"parallel_tool_calls\": 1");
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            HttpResponse<String> response =
                    OPEN.post("/v1/chat/completions", "{\"model\": \"small\", " + one.getValue() + "}");
            assertEquals(400, response.statusCode(), response.body());
            assertEquals(
                    one.getKey(),
                    json(response).getAsJsonObject("error").get("param").getAsString(),
                    response.body());
        }
    }
}
