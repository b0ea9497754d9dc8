package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.door.Frame;
import ai.postdev.actors.door.Frames;
import ai.postdev.v1.ChatMessage;
import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.Tool;
import ai.postdev.v1.UpProgress;
import ai.postdev.v1.UpRequest;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketDoorTest {
    private static final int MAX = 1 << 20;

    @TempDir
    Path folder;

    private final TestNode node = TestNode.withTwoProjects();
    private SocketDoor door;

    @BeforeEach
    void open() throws IOException {
        door = SocketDoor.open(
                node.kit.system(), node.service, folder.resolve("run").resolve("node.sock"), node.settings);
    }

    @AfterEach
    void end() throws IOException {
        door.close();
        node.close();
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(door.path()));
        return channel;
    }

    private static List<Frame> call(SocketChannel channel, String method, MessageLite request) throws IOException {
        Frames.write(channel, new Frame.Request(method, 0, request.toByteArray()));
        List<Frame> frames = new ArrayList<>();
        do {
            frames.add(Frames.read(channel, MAX).orElseThrow());
        } while (!(frames.getLast() instanceof Frame.End));
        return frames;
    }

    private static final SearchRequest QUERY =
            SearchRequest.newBuilder().setQuery("retry").build();

    private void stillAnswers() throws IOException {
        try (SocketChannel channel = connect()) {
            assertEquals(
                    new Frame.End(FaultCode.OK, ""),
                    call(channel, "Search", QUERY).getLast());
        }
    }

    @Test
    void answersOneCallAfterAnotherOnOneConnection() throws IOException {
        try (SocketChannel channel = connect()) {
            for (int i = 0; i < 3; i++) {
                List<Frame> frames = call(channel, "Search", QUERY);
                assertEquals(2, frames.size());
                SearchAnswer answer = SearchAnswer.parseFrom(
                        assertInstanceOf(Frame.Data.class, frames.getFirst()).message());
                assertEquals(4, answer.getHitsCount());
            }
        }
    }

    @Test
    void streamsUp() throws IOException {
        try (SocketChannel channel = connect()) {
            List<Frame> frames = call(
                    channel, "Up", UpRequest.newBuilder().addPaths("/code/a").build());
            assertEquals(4, frames.size());
            assertEquals(
                    "searchable",
                    UpProgress.parseFrom(assertInstanceOf(Frame.Data.class, frames.get(2))
                                    .message())
                            .getPhase());
        }
    }

    private static GenerateRequest.Builder weather(String model) {
        return GenerateRequest.newBuilder()
                .setModel(model)
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent("Paris?"))
                .addTools(Tool.newBuilder().setName("weather").setParameters("""
                        {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}"""));
    }

    @Test
    void aCallOfAToolIsAnEventAsInTheOtherDoors() throws Exception {
        node.serving.scripts.put(
                "caller",
                List.of(
                        "Let me see. <tool",
                        "_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>"));
        try (SocketChannel channel = connect()) {
            List<Frame> frames = call(channel, "Generate", weather("caller").build());
            assertEquals(new Frame.End(FaultCode.OK, ""), frames.removeLast());
            StringBuilder text = new StringBuilder();
            StringBuilder arguments = new StringBuilder();
            List<String> names = new ArrayList<>();
            GenerateEvent last = GenerateEvent.getDefaultInstance();
            for (Frame frame : frames) {
                last = GenerateEvent.parseFrom(
                        assertInstanceOf(Frame.Data.class, frame).message());
                text.append(last.getText());
                arguments.append(last.getToolArguments().getJson());
                if (last.hasToolCall()) {
                    names.add(last.getToolCall().getName());
                }
            }
            assertEquals("Let me see.", text.toString());
            assertEquals(List.of("weather"), names);
            assertEquals("{\"city\":\"Paris\"}", arguments.toString());
            assertEquals("tool_calls", last.getFinished().getFinish());
            assertTrue(
                    node.serving.asked.take().getMessages(0).getContent().contains("\"name\":\"weather\""),
                    "the tool is told to the model");
            Frame.End refused = assertInstanceOf(
                    Frame.End.class,
                    call(
                                    channel,
                                    "Generate",
                                    weather("caller").setToolChoice("maybe").build())
                            .getLast());
            assertEquals(FaultCode.INVALID_ARGUMENT, refused.code());
            assertTrue(refused.message().contains("auto or required"), refused.message());
        }
    }

    /** Nothing is written meanwhile, so only who listens hears it. */
    @Test
    void aCallerThatLeavesEndsTheWorkThatHasNothingToSayYet() throws Exception {
        try (SocketChannel channel = connect()) {
            GenerateRequest request = GenerateRequest.newBuilder()
                    .setModel("mute")
                    .setPrompt("why?")
                    .build();
            Frames.write(channel, new Frame.Request("Generate", 0, request.toByteArray()));
            assertInstanceOf(Frame.Data.class, Frames.read(channel, MAX).orElseThrow());
        }
        assertNotNull(node.serving.cancelled.poll(60, TimeUnit.SECONDS), "the work goes on");
        stillAnswers();
    }

    @Test
    void aRequestThatIsSentBeforeTheAnswerToAnotherWaitsItsTurn() throws IOException {
        try (SocketChannel channel = connect()) {
            for (int i = 0; i < 4; i++) {
                Frames.write(channel, new Frame.Request("Search", 0, QUERY.toByteArray()));
            }
            for (int i = 0; i < 4; i++) {
                assertInstanceOf(Frame.Data.class, Frames.read(channel, MAX).orElseThrow());
                assertEquals(
                        new Frame.End(FaultCode.OK, ""),
                        Frames.read(channel, MAX).orElseThrow());
            }
        }
    }

    @Test
    void saysWhyACallFailed() throws IOException {
        try (SocketChannel channel = connect()) {
            assertEquals(
                    List.of(new Frame.End(FaultCode.INVALID_ARGUMENT, "a query must not be empty")),
                    call(channel, "Search", SearchRequest.getDefaultInstance()));
            Frame.End unknown = (Frame.End) call(channel, "Dream", QUERY).getLast();
            assertEquals(FaultCode.UNIMPLEMENTED, unknown.code());
        }
    }

    @Test
    void keepsTheCallersDeadline() throws IOException {
        node.lakes.values().forEach(lake -> lake.is(TestLake.Mood.SILENT));
        try (SocketChannel channel = connect()) {
            Frames.write(channel, new Frame.Request("Search", 1_000, QUERY.toByteArray()));
            Frame.End end = (Frame.End) Frames.read(channel, MAX).orElseThrow();
            assertEquals(FaultCode.UNAVAILABLE, end.code());
            assertTrue(end.message().contains("within 900 ms"), end.message());
        }
    }

    @Test
    void theSocketIsForItsOwnerAlone() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(door.path())));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(door.path().getParent())));
    }

    @Test
    void anotherUserCannotConnect() throws Exception {
        Assumptions.assumeTrue(asNobody("true") == 0, "SKIPPED: needs root and setpriv to become another user");
        assertNotEquals(0, asNobody(connectCommand()), "the folder must keep others out");
        // Even if both modes were opened by mistake, the door asks the kernel who is calling.
        for (Path open = door.path(); open != null && open.startsWith(folder); open = open.getParent()) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        assertEquals(7, asNobody(connectCommand()), "the door must say PERMISSION_DENIED and close");
        stillAnswers();
    }

    /** Connects, and exits with the code in the first end frame. */
    private String connectCommand() throws IOException {
        Path script = folder.resolve("connect.py");
        Files.writeString(script, """
            import socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1])
            data = s.recv(4096)
            sys.exit(data[5] if len(data) > 5 and data[4] == 3 else 99)
            """);
        return "python3 - '" + door.path() + "' < '" + script + "'";
    }

    private static int asNobody(String command) throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/setpriv"))
                || !System.getProperty("user.name").equals("root")) {
            return -1;
        }
        // The script is read by root's shell, so that only the connection itself runs as somebody else.
        String[] parts = command.split(" < ");
        ProcessBuilder builder = new ProcessBuilder(
                "/bin/sh",
                "-c",
                "setpriv --reuid=65534 --regid=65534 --clear-groups sh -c \"" + parts[0] + "\""
                        + (parts.length > 1 ? " < " + parts[1] : ""));
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the other user's call hangs");
        return process.exitValue();
    }

    @Test
    void badFramesEndTheirConnectionAndNothingElse() throws IOException {
        Random random = seeded();
        for (int round = 0; round < 200; round++) {
            try (SocketChannel channel = connect()) {
                byte[] noise = new byte[1 + random.nextInt(200)];
                random.nextBytes(noise);
                if (random.nextBoolean() && noise.length > 20) {
                    // A frame with a good header and a payload that means nothing.
                    ByteBuffer.wrap(noise).putInt(noise.length - 5).put((byte) (1 + random.nextInt(3)));
                }
                channel.write(ByteBuffer.wrap(noise));
                channel.shutdownOutput();
                drain(channel);
            }
        }
        stillAnswers();
    }

    @Test
    void aRequestThatDoesNotParseIsTold() throws IOException {
        try (SocketChannel channel = connect()) {
            Frames.write(
                    channel,
                    new Frame.Request("Search", 0, "\u00ff\u00ff no protobuf".getBytes(StandardCharsets.UTF_8)));
            Frame.End end = (Frame.End) Frames.read(channel, MAX).orElseThrow();
            assertEquals(FaultCode.INVALID_ARGUMENT, end.code());
            assertEquals(
                    new Frame.End(FaultCode.OK, ""),
                    call(channel, "Search", QUERY).getLast());
        }
    }

    @Test
    void aFrameAboveTheBoundIsRefusedUnread() throws IOException {
        try (SocketChannel channel = connect()) {
            channel.write(ByteBuffer.allocate(5).putInt(1 << 30).put((byte) 1).flip());
            Frame.End end = (Frame.End) Frames.read(channel, MAX).orElseThrow();
            assertEquals(FaultCode.INVALID_ARGUMENT, end.code());
            assertEquals(Optional.empty(), Frames.read(channel, MAX));
        }
        stillAnswers();
    }

    @Test
    void moreConnectionsThanTheBoundAreToldSo() throws IOException {
        GatewaySettings few = TestSettings.with("postdevai.gateway.connections-max = 2");
        try (SocketDoor small = SocketDoor.open(
                        node.kit.system(), node.service, folder.resolve("few").resolve("s"), few);
                SocketChannel first = SocketChannel.open(StandardProtocolFamily.UNIX);
                SocketChannel second = SocketChannel.open(StandardProtocolFamily.UNIX);
                SocketChannel third = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(small.path());
            first.connect(address);
            call(first, "Search", QUERY);
            second.connect(address);
            call(second, "Search", QUERY);
            third.connect(address);
            Frame.End end = (Frame.End) Frames.read(third, MAX).orElseThrow();
            assertEquals(FaultCode.RESOURCE_EXHAUSTED, end.code());
        }
    }

    @Test
    void closingAnswersTheCallsUnderWay() throws Exception {
        node.lakes.get("bbbb2222").is(TestLake.Mood.SILENT);
        try (SocketChannel channel = connect()) {
            Frames.write(channel, new Frame.Request("Search", 60_000, QUERY.toByteArray()));
            Queue<Runnable> held = node.lakes.get("bbbb2222").held;
            while (held.isEmpty()) {
                Thread.onSpinWait();
            }
            Thread late = Thread.ofPlatform().start(() -> {
                while (Files.exists(door.path())) {
                    Thread.onSpinWait();
                }
                held.forEach(Runnable::run);
            });
            door.close();
            late.join();
            SearchAnswer answer = SearchAnswer.parseFrom(
                    assertInstanceOf(Frame.Data.class, Frames.read(channel, MAX).orElseThrow())
                            .message());
            assertTrue(answer.getComplete(), answer::toString);
            assertEquals(Optional.of(new Frame.End(FaultCode.OK, "")), Frames.read(channel, MAX));
            assertEquals(Optional.empty(), Frames.read(channel, MAX));
        }
    }

    @Test
    void closingTakesTheSocketAway() throws IOException {
        try (SocketChannel channel = connect()) {
            door.close();
            assertFalse(Files.exists(door.path()));
            drain(channel);
        }
    }

    @Test
    void aSocketLeftByADeadNodeIsReplaced() throws IOException {
        Path left = folder.resolve("left").resolve("node.sock");
        Files.createDirectories(left.getParent());
        Files.writeString(left, "dead");
        try (SocketDoor again = SocketDoor.open(node.kit.system(), node.service, left, node.settings);
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(again.path()));
            assertEquals(2, call(channel, "Search", QUERY).size());
        }
    }

    /** Reads until the other end closes or resets. */
    private static void drain(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(4_096);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                assertTrue(channel.isOpen());
            }
        } catch (IOException reset) {
            assertFalse(reset.getMessage().isEmpty());
        }
    }

    private static Random seeded() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dpostdevai.seed=" + seed + ")");
        return new Random(seed);
    }
}
