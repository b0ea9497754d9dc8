package ai.postdev.coordinator.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.v1.ChatMessage;
import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateFinished;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.GenerateRestarted;
import ai.postdev.v1.Tool;
import ai.postdev.v1.ToolCall;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Calls of functions: offered, forced, found in what models say. */
class ToolCallsTest {
    private static final String PARIS = "{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\"}}";

    /** Text, then calls with their arguments. */
    private static String shown(List<GenerateEvent> events) {
        StringBuilder text = new StringBuilder();
        StringBuilder calls = new StringBuilder();
        for (GenerateEvent event : events) {
            text.append(event.getText());
            if (event.hasToolCall()) {
                calls.append(calls.isEmpty() ? "" : ",")
                        .append(event.getToolCall().getName());
            }
            calls.append(event.getToolArguments().getJson());
        }
        return text + "|" + calls;
    }

    /** The same answer in pieces of every kind reads the same. */
    private static String read(String answer, boolean parallel) {
        String whole = null;
        Random random = new Random(7);
        for (int round = 0; round < 40; round++) {
            ToolCallReader reader = new ToolCallReader(Set.of("weather", "time"), parallel);
            List<GenerateEvent> events = new ArrayList<>();
            for (int at = 0; at < answer.length(); ) {
                int end = round == 0 ? answer.length() : Math.min(answer.length(), at + 1 + random.nextInt(4 * round));
                events.addAll(reader.read(answer.substring(at, end)));
                at = end;
            }
            events.addAll(reader.end());
            String shown = shown(events);
            if (whole == null) {
                whole = shown;
            }
            assertEquals(whole, shown, "in pieces of up to " + 4 * round);
        }
        return whole;
    }

    @Test
    void callsAreFoundAndWhatIsNoneStaysText() {
        assertEquals("Hello there. |", read("Hello there. ", true));
        assertEquals("|weather{\"city\":\"Paris\"}", read("<tool_call>\n" + PARIS + "\n</tool_call>", true));
        assertEquals(
                "I look.|weather{\"city\":\"Paris\"},time{}",
                read(
                        "I look.\n<tool_call>" + PARIS
                                + "</tool_call>\n<tool_call>{\"name\":\"time\",\"arguments\":{}}</tool_call>\n",
                        true));
        String city = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch";
        assertEquals(
                "|weather{\"city\":\"" + city + "\"},time{}",
                read(
                        "<tool_call>" + PARIS.replace("Paris", city)
                                + "</tool_call><tool_call>{\"name\":\"time\",\"arguments\":{}}</tool_call>",
                        true));
        assertEquals("|weather{\"city\":\"Paris\"}", read(" " + PARIS + "\n", true));
        assertEquals("|weather{\"a\":1}", read("{\"name\":\"weather\",\"parameters\":{\"a\":1}}", true));
        assertEquals("|weather{\"city\":\"Paris\"}", read("[" + PARIS + "," + PARIS + "]", false));
        // a stop text took the end of it
        assertEquals("|weather{\"city\":\"Paris\"}", read("<tool_call>\n" + PARIS + "\n", false));
        for (String text : List.of(
                "a <tool",
                "{\"answer\": 42}",
                "<tool_call>no json</tool_call>",
                "<tool_call>{\"name\":\"other\",\"arguments\":{}}</tool_call>",
                "<tool_call>{\"name\":\"weather\",\"arguments\":7}</tool_call>",
                "<tool_call>{\"name\":\"weather\"",
                "<tool_call>" + "[".repeat(100_000),
                "{",
                "   ")) {
            assertEquals(text + "|", read(text, true));
        }
    }

    @Test
    void aForcedCallIsReadInPiecesOfEveryKind() {
        String arguments = "{\"a\": [1, {\"b\": \"}\\\"{\"}], \"c\": {}}";
        String answer = "{ \"name\" : \"we\\u0061ther\", \"arguments\" : " + arguments + " } ";
        for (int size = 1; size <= answer.length(); size++) {
            ForcedCallReader reader = new ForcedCallReader();
            List<GenerateEvent> events = new ArrayList<>();
            for (int at = 0; at < answer.length(); at += size) {
                events.addAll(reader.read(answer.substring(at, Math.min(answer.length(), at + size))));
            }
            events.addAll(reader.end());
            assertEquals("|weather" + arguments, shown(events));
        }
        ForcedCallReader cut = new ForcedCallReader();
        assertTrue(cut.read("{\"name\":\"wea").isEmpty());
        assertEquals(List.of(AnswerReader.said("{\"name\":\"wea")), cut.end());
    }

    private static GenerateRequest.Builder request() {
        return GenerateRequest.newBuilder()
                .addTools(Tool.newBuilder().setName("a").setParameters("""
                        {"type": "object", "properties": {"x": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"type": "integer"}}}"""))
                .addTools(Tool.newBuilder().setName("b"))
                .addMessages(message("user", "Weather?"));
    }

    private static ChatMessage.Builder message(String role, String content) {
        return ChatMessage.newBuilder().setRole(role).setContent(content);
    }

    @Test
    void aForcedCallHasASchemaWhoseReferencesHold() {
        ToolTalk forced = ToolTalk.of(request().setToolChoice("required").build());
        JsonObject schema =
                JsonParser.parseString(forced.request().getJsonSchema()).getAsJsonObject();
        assertEquals(2, schema.getAsJsonArray("anyOf").size());
        JsonObject moved = schema.getAsJsonObject("$defs").getAsJsonObject("tool0");
        assertEquals(
                "#/$defs/tool0/$defs/x",
                moved.getAsJsonObject("properties")
                        .getAsJsonObject("x")
                        .get("$ref")
                        .getAsString());
        assertEquals(
                "integer",
                moved.getAsJsonObject("$defs").getAsJsonObject("x").get("type").getAsString());
        Tools named = Tools.of(request().setTool("b").build());
        assertEquals(Set.of("b"), named.names());
        assertTrue(named.forced() && !named.parallel());
        assertTrue(!named.schema().contains("anyOf"), named.schema());
    }

    private static void refused(String field, GenerateRequest.Builder request) {
        WrongTools wrong = assertThrows(WrongTools.class, () -> ToolTalk.of(request.build()));
        assertEquals(field, wrong.field(), wrong.getMessage());
    }

    @Test
    void whatCannotBeIsRefused() {
        refused("tool_choice", request().setToolChoice("maybe"));
        refused("tool_choice", request().setTool("c"));
        refused("tool_choice", request().setTool("b").setToolChoice("none"));
        refused("tool_choice", GenerateRequest.newBuilder().setToolChoice("required"));
        refused("tool_choice", GenerateRequest.newBuilder().setTool("a"));
        refused("tools", request().clearMessages().setPrompt("x"));
        refused("tools[2]", request().addTools(Tool.newBuilder().setName("a")));
        refused("tools[2]", request().addTools(Tool.newBuilder().setName("a b")));
        refused(
                "tools[2].parameters",
                request().addTools(Tool.newBuilder().setName("c").setParameters("[]")));
        refused(
                "tools[2].parameters",
                request()
                        .addTools(Tool.newBuilder()
                                .setName("c")
                                .setParameters("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000))));
        GenerateRequest.Builder many = request();
        for (int i = 0; i < 127; i++) {
            many.addTools(Tool.newBuilder().setName("t" + i));
        }
        refused("tools", many);
        refused("json_schema", request().setJsonSchema("{}"));
        refused(
                "messages[1].tool_calls[0].arguments",
                request()
                        .addMessages(message("assistant", "")
                                .addToolCalls(ToolCall.newBuilder().setName("a").setArguments("no json"))));
        refused(
                "messages[1].tool_calls",
                request().addMessages(message("user", "").addToolCalls(ToolCall.getDefaultInstance())));
        refused(
                "messages[1].tool_call_id",
                request().addMessages(message("user", "").setToolCallId("1")));
    }

    @Test
    void whatNeedsNoWordsStaysAsItIs() {
        GenerateRequest plain = GenerateRequest.newBuilder()
                .addMessages(message("tool", "as templates have it"))
                .setToolChoice("none")
                .build();
        assertSame(plain, ToolTalk.of(plain).request());
        ToolTalk none = ToolTalk.of(request().setToolChoice("none").build());
        assertTrue(!none.calls());
        assertEquals(
                GenerateRequest.newBuilder()
                        .addMessages(message("user", "Weather?"))
                        .build(),
                none.request());
    }

    @Test
    void theKeeperOfTheModelsIsToldTheNamesAlone() {
        ToolTalk talk = ToolTalk.of(request().setParallelToolCalls(false).build());
        assertEquals(
                List.of(
                        Tool.newBuilder().setName("a").build(),
                        Tool.newBuilder().setName("b").build()),
                talk.request().getToolsList());
        assertEquals(List.of("</tool_call>"), talk.request().getStopsList());
    }

    @Test
    void anAnswerThatBeginsAnewIsReadAnew() {
        ToolEvents events = ToolTalk.of(request().build()).events();
        String begun = "<tool_call>{\"name\":";
        assertEquals(List.of(AnswerReader.said("")), events.on(AnswerReader.said(begun)));
        assertEquals(List.of(), events.on(AnswerReader.said("\"a\",\"arguments\":")));
        assertEquals(2, events.on(AnswerReader.said("{}}</tool_call>")).size(), "a call and its arguments");
        events.on(AnswerReader.said(begun));
        GenerateEvent restarted = GenerateEvent.newBuilder()
                .setRestarted(GenerateRestarted.getDefaultInstance())
                .build();
        assertEquals(List.of(restarted), events.on(restarted));
        assertEquals(List.of(AnswerReader.said("so")), events.on(AnswerReader.said("so")));
        GenerateEvent end = GenerateEvent.newBuilder()
                .setFinished(GenerateFinished.newBuilder().setFinish("stop"))
                .build();
        assertEquals(List.of(end), events.on(end));
    }

    @Test
    void aConversationWithCallsIsWrittenInTheWordsOfTheTemplates() {
        ToolTalk talk = ToolTalk.of(request()
                .clearMessages()
                .addMessages(message("system", "Be brief."))
                .addMessages(message("user", "Weather?"))
                .addMessages(message("assistant", "I look.")
                        .addToolCalls(ToolCall.newBuilder().setName("a").setArguments("{\"x\": 1}"))
                        .addToolCalls(ToolCall.newBuilder().setName("b").setArguments("{}")))
                .addMessages(message("tool", "sun").setToolCallId("1"))
                .addMessages(message("tool", "noon").setToolCallId("2"))
                .addMessages(message("tool", "as templates have it"))
                .build());
        List<ChatMessage> messages = talk.request().getMessagesList();
        assertEquals(
                List.of("system", "user", "assistant", "tool", "tool"),
                messages.stream().map(ChatMessage::getRole).toList());
        assertTrue(messages.get(0).getContent().startsWith("Be brief.\n\n# Tools\n\nYou may call"));
        assertEquals(
                "I look.\n<tool_call>\n{\"name\":\"a\",\"arguments\":{\"x\":1}}\n</tool_call>\n"
                        + "<tool_call>\n{\"name\":\"b\",\"arguments\":{}}\n</tool_call>",
                messages.get(2).getContent());
        assertEquals(
                "<tool_response>\nsun\n</tool_response>\n<tool_response>\nnoon\n</tool_response>",
                messages.get(3).getContent());
        assertEquals("as templates have it", messages.get(4).getContent());
    }
}
