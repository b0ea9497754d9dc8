package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.v1.ChatMessage;
import ai.postdev.v1.GenerateCommand;
import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.GenerateTold;
import ai.postdev.v1.ModelServiceClient;
import ai.postdev.v1.Tool;
import ai.postdev.v1.ToolCall;
import com.google.gson.JsonParser;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.pekko.grpc.GrpcClientSettings;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of functions over real gRPC; what models say is a script. */
class GrpcToolsTest {
    @TempDir
    static Path dir;

    private static TestNode node;
    private static GrpcDoor door;
    private static ModelServiceClient models;
    private static String bearer;

    @BeforeAll
    static void open() throws Exception {
        node = TestNode.withTwoProjects();
        AccessToken token = AccessToken.in(dir.resolve("token"));
        bearer = "Bearer " + Files.readString(dir.resolve("token")).strip();
        door = TestNode.await(GrpcDoor.open(node.kit.system(), node.service, node.facts, token, node.settings));
        models = ModelServiceClient.create(
                GrpcClientSettings.connectToServiceAt(
                                "127.0.0.1", door.address().getPort(), node.kit.system())
                        .withTls(false),
                node.kit.system());
    }

    @AfterAll
    static void close() throws Exception {
        TestNode.await(models.close());
        TestNode.await(door.close(Duration.ofSeconds(1)));
        node.close();
    }

    private static GenerateRequest.Builder weather(String model) {
        return GenerateRequest.newBuilder()
                .setModel(model)
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent("Paris?"))
                .addTools(Tool.newBuilder()
                        .setName("weather")
                        .setDescription("now")
                        .setParameters("""
                        {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}"""));
    }

    private static List<GenerateEvent> generate(GenerateRequest.Builder request) throws Exception {
        return TestNode.await(models.generate()
                .addHeader("authorization", bearer)
                .invoke(request.build())
                .runWith(Sink.seq(), node.kit.system()));
    }

    private static String arguments(List<GenerateEvent> events) {
        return events.stream().map(event -> event.getToolArguments().getJson()).collect(Collectors.joining());
    }

    @Test
    void aCallThatAModelMakesIsAnEvent() throws Exception {
        node.serving.scripts.put(
                "caller",
                List.of(
                        "Let me see.",
                        " <tool",
                        "_call>\n{\"name\": \"weather\", ",
                        "\"arguments\": {\"city\": \"Paris\"}}\n</tool_call>"));
        List<GenerateEvent> events = generate(weather("caller"));
        assertEquals("Let me see.", events.stream().map(GenerateEvent::getText).collect(Collectors.joining()));
        GenerateEvent call =
                events.stream().filter(GenerateEvent::hasToolCall).findFirst().orElseThrow();
        assertEquals("weather", call.getToolCall().getName());
        assertTrue(call.getToolCall().getId().startsWith("call_"), call.toString());
        assertEquals("{\"city\":\"Paris\"}", arguments(events));
        assertEquals("tool_calls", events.getLast().getFinished().getFinish());
        GenerateRequest asked = node.serving.asked.take();
        assertTrue(asked.getMessages(0).getContent().contains("\"name\":\"weather\""), asked.toString());
        assertEquals(List.of(Tool.newBuilder().setName("weather").build()), asked.getToolsList());
        assertEquals("", asked.getJsonSchema());
    }

    @Test
    void aCallThatAModelMustMakeIsMadeUnderASchemaAndToldAsItComes() throws Exception {
        node.serving.scripts.put(
                "forced", List.of("{\"name\":\"weather\",", "\"arguments\":{\"ci", "ty\":\"}\"}", "}"));
        List<GenerateEvent> events = generate(weather("forced").setTool("weather"));
        assertEquals("{\"city\":\"}\"}", arguments(events));
        assertEquals(2, events.stream().filter(GenerateEvent::hasToolArguments).count());
        assertEquals(
                1,
                events.stream().filter(GenerateEvent::hasText).count(),
                "that the answer has begun is told before what it will be is known");
        assertEquals("tool_calls", events.getLast().getFinished().getFinish());
        assertEquals(
                "weather",
                JsonParser.parseString(node.serving.asked.take().getJsonSchema())
                        .getAsJsonObject()
                        .getAsJsonObject("properties")
                        .getAsJsonObject("name")
                        .get("const")
                        .getAsString());
    }

    @Test
    void aResultIsToldToTheModelAlsoInAStreamOfSeveral() throws Exception {
        GenerateRequest request = weather("small")
                .setToolChoice("none")
                .addMessages(ChatMessage.newBuilder()
                        .setRole("assistant")
                        .addToolCalls(ToolCall.newBuilder()
                                .setId("1")
                                .setName("weather")
                                .setArguments("{\"city\":\"Paris\"}")))
                .addMessages(ChatMessage.newBuilder()
                        .setRole("tool")
                        .setToolCallId("1")
                        .setContent("sun"))
                .build();
        List<GenerateTold> told = TestNode.await(models.generateStream()
                .addHeader("authorization", bearer)
                .invoke(Source.from(List.of(
                        GenerateCommand.newBuilder()
                                .setId("a")
                                .setGenerate(request)
                                .build(),
                        GenerateCommand.newBuilder()
                                .setId("b")
                                .setGenerate(request.toBuilder().setToolChoice("maybe"))
                                .build())))
                .runWith(Sink.seq(), node.kit.system()));
        assertEquals(
                "It is so [1] and [99].",
                told.stream()
                        .filter(one -> one.getId().equals("a"))
                        .map(one -> one.getEvent().getText())
                        .collect(Collectors.joining()));
        GenerateRequest asked = node.serving.asked.take();
        assertEquals(0, asked.getToolsCount());
        assertEquals(
                List.of("user", "assistant", "tool"),
                asked.getMessagesList().stream().map(ChatMessage::getRole).toList());
        assertEquals(
                "<tool_response>\nsun\n</tool_response>", asked.getMessages(2).getContent());
        GenerateTold refused =
                told.stream().filter(one -> one.getId().equals("b")).findFirst().orElseThrow();
        assertEquals("INVALID_ARGUMENT", refused.getFault().getCode());
    }

    @Test
    void whatCannotBeIsRefusedBeforeAModelHearsOfIt() {
        ExecutionException thrown = assertThrows(
                ExecutionException.class, () -> generate(weather("small").setToolChoice("maybe")));
        Status status = ((StatusRuntimeException) thrown.getCause()).getStatus();
        assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
        assertTrue(status.getDescription().contains("auto or required"), status.getDescription());
    }
}
