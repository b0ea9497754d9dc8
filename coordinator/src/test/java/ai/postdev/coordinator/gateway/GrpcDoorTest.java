package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.grpc.health.v1.HealthCheckRequest;
import ai.postdev.grpc.health.v1.HealthCheckResponse.ServingStatus;
import ai.postdev.grpc.health.v1.HealthClient;
import ai.postdev.v1.EmbedAnswer;
import ai.postdev.v1.EmbedRequest;
import ai.postdev.v1.EmbeddingServiceClient;
import ai.postdev.v1.GenerateCommand;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.GenerateTold;
import ai.postdev.v1.ModelServiceClient;
import ai.postdev.v1.PostDevAiClient;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.UpProgress;
import ai.postdev.v1.UpRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.grpc.GrpcClientSettings;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpcDoorTest {
    @TempDir
    Path folder;

    private final TestNode node = TestNode.withTwoProjects();
    private GrpcDoor door;
    private String token;
    private GrpcClientSettings settings;
    private PostDevAiClient client;

    @BeforeEach
    void open() throws Exception {
        Path file = folder.resolve("token");
        AccessToken access = AccessToken.in(file);
        token = Files.readString(file).strip();
        door = TestNode.await(GrpcDoor.open(node.kit.system(), node.service, node.facts, access, node.settings));
        settings = GrpcClientSettings.connectToServiceAt(
                        "127.0.0.1", door.address().getPort(), node.kit.system())
                .withTls(false);
        client = PostDevAiClient.create(settings, node.kit.system());
    }

    @AfterEach
    void end() throws Exception {
        TestNode.await(client.close());
        TestNode.await(door.close(Duration.ofSeconds(1)));
        node.close();
    }

    private static Status failure(CompletionStage<?> stage) {
        ExecutionException thrown = assertThrows(ExecutionException.class, () -> TestNode.await(stage));
        return ((StatusRuntimeException) thrown.getCause()).getStatus();
    }

    private CompletionStage<SearchAnswer> search(String authorization, String query) {
        return client.search()
                .addHeader("authorization", authorization)
                .invoke(SearchRequest.newBuilder().setQuery(query).build());
    }

    @Test
    void answersWhoHoldsTheToken() throws Exception {
        assertEquals(4, TestNode.await(search("Bearer " + token, "x")).getHitsCount());
    }

    @Test
    void refusesEverybodyElse() {
        for (String wrong : List.of("Bearer " + "0".repeat(64), "Bearer", "Basic " + token, token)) {
            Status status = failure(search(wrong, "x"));
            assertEquals(Status.Code.UNAUTHENTICATED, status.getCode(), wrong);
            assertTrue(status.getDescription().contains("apiKeyFile"), status.getDescription());
        }
        assertEquals(
                Status.Code.UNAUTHENTICATED,
                failure(client.search(SearchRequest.newBuilder().setQuery("x").build()))
                        .getCode());
        assertTrue(node.lakes.get("aaaa1111").heard.isEmpty(), "no lake may hear of a caller without a token");
    }

    @Test
    void carriesFaultsAsStatuses() {
        Status status = failure(search("Bearer " + token, " "));
        assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
        assertEquals("a query must not be empty", status.getDescription());
        node.lakes.values().forEach(lake -> lake.is(TestLake.Mood.REFUSES_AS_OVERLOADED));
        assertEquals(
                Status.Code.RESOURCE_EXHAUSTED,
                failure(search("Bearer " + token, "x")).getCode());
    }

    @Test
    void streamsUp() throws Exception {
        List<UpProgress> progress = TestNode.await(client.up()
                .addHeader("authorization", "Bearer " + token)
                .invoke(UpRequest.newBuilder().addPaths("/code/a").build())
                .runWith(Sink.seq(), node.kit.system()));
        assertEquals("searchable", progress.getLast().getPhase());
    }

    @Test
    void embedsTexts() throws Exception {
        EmbeddingServiceClient embeddings = EmbeddingServiceClient.create(settings, node.kit.system());
        EmbedAnswer answer = TestNode.await(embeddings
                .embed()
                .addHeader("authorization", "Bearer " + token)
                .invoke(EmbedRequest.newBuilder().addInputs("abc").build()));
        assertEquals(List.of(3f, 0.25f), answer.getEmbeddings(0).getValuesList());
        assertEquals(
                Status.Code.NOT_FOUND,
                failure(embeddings
                                .embed()
                                .addHeader("authorization", "Bearer " + token)
                                .invoke(EmbedRequest.newBuilder()
                                        .setModel("nothing")
                                        .addInputs("x")
                                        .build()))
                        .getCode());
        TestNode.await(embeddings.close());
    }

    @Test
    void answersSeveralRequestsOverOneStreamAndEndsThemWithIt() throws Exception {
        ModelServiceClient models = ModelServiceClient.create(settings, node.kit.system());
        List<GenerateTold> told = TestNode.await(models.generateStream()
                .addHeader("authorization", "Bearer " + token)
                .invoke(Source.from(List.of(generate("a", "small"), generate("b", "small"), generate("c", "nothing"))))
                .runWith(Sink.seq(), node.kit.system()));
        assertEquals(
                List.of("a", "b"),
                told.stream()
                        .filter(one -> one.getEvent().hasFinished())
                        .map(GenerateTold::getId)
                        .sorted()
                        .toList());
        assertEquals(
                List.of("RESOURCE_EXHAUSTED"),
                told.stream()
                        .filter(GenerateTold::hasFault)
                        .map(one -> one.getFault().getCode())
                        .toList());
        GenerateTold first = TestNode.await(models.generateStream()
                .addHeader("authorization", "Bearer " + token)
                .invoke(Source.single(generate("a", "mute")).concat(Source.maybe()))
                .runWith(Sink.head(), node.kit.system()));
        assertTrue(first.getEvent().getQueued().getLoading());
        assertNotNull(node.serving.cancelled.poll(60, TimeUnit.SECONDS), "the caller has gone");
        TestNode.await(models.close());
    }

    private static GenerateCommand generate(String id, String model) {
        return GenerateCommand.newBuilder()
                .setId(id)
                .setGenerate(GenerateRequest.newBuilder().setModel(model).setPrompt("x"))
                .build();
    }

    @Test
    void healthNeedsNoToken() throws Exception {
        HealthClient health = HealthClient.create(settings, node.kit.system());
        assertEquals(
                ServingStatus.SERVING,
                TestNode.await(health.check(HealthCheckRequest.getDefaultInstance()))
                        .getStatus());
        assertEquals(
                Status.Code.NOT_FOUND,
                failure(health.check(HealthCheckRequest.newBuilder()
                                .setService("no.such")
                                .build()))
                        .getCode());
        assertEquals(
                ServingStatus.SERVING,
                TestNode.await(health.watch(HealthCheckRequest.getDefaultInstance())
                                .runWith(Sink.head(), node.kit.system()))
                        .getStatus());
        TestNode.await(health.close());
    }

    /** Asks the reflection service which services there are, as generic clients do; the messages are plain bytes here. */
    private String services(String authorization) throws Exception {
        ManagedChannel channel = ManagedChannelBuilder.forAddress(
                        "127.0.0.1", door.address().getPort())
                .usePlaintext()
                .build();
        try {
            Metadata headers = new Metadata();
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
            MethodDescriptor<byte[], byte[]> method = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .setFullMethodName("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
                    .build();
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            ClientCall<byte[], byte[]> call = channel.newCall(method, CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(byte[] message) {
                            answer.complete(message);
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            answer.completeExceptionally(status.asRuntimeException());
                        }
                    },
                    headers);
            call.request(1);
            call.sendMessage(new byte[] {0x3a, 0}); // list_services = ""
            call.halfClose();
            return new String(TestNode.await(answer), StandardCharsets.ISO_8859_1);
        } finally {
            channel.shutdownNow();
        }
    }

    /** Leaves messages as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void reflectionTellsTheServicesToWhoHoldsTheToken() throws Exception {
        String services = services("Bearer " + token);
        assertTrue(services.contains("postdevai.v1.PostDevAi"), services);
        assertTrue(services.contains("grpc.health.v1.Health"), services);
        ExecutionException refused = assertThrows(ExecutionException.class, () -> services("Bearer wrong"));
        assertEquals(
                Status.Code.UNAUTHENTICATED,
                ((StatusRuntimeException) refused.getCause()).getStatus().getCode());
    }

    @Test
    void anAddressOfTheNetworkIsRefused() {
        GatewaySettings open = TestSettings.with("postdevai.gateway.grpc.host = \"0.0.0.0\"");
        ExecutionException thrown = assertThrows(
                ExecutionException.class,
                () -> TestNode.await(GrpcDoor.open(
                        node.kit.system(), node.service, node.facts, AccessToken.in(folder.resolve("token")), open)));
        assertTrue(
                thrown.getCause().getMessage().contains("loopback"),
                thrown.getCause().getMessage());
    }

    @Test
    void aTakenPortSaysWhatToDo() {
        GatewaySettings taken = TestSettings.with(
                "postdevai.gateway.grpc.port = " + door.address().getPort());
        ExecutionException thrown = assertThrows(
                ExecutionException.class,
                () -> TestNode.await(GrpcDoor.open(
                        node.kit.system(), node.service, node.facts, AccessToken.in(folder.resolve("token")), taken)));
        assertTrue(
                thrown.getCause().getMessage().contains("choose another postdevai.gateway.grpc.port"),
                thrown.getCause().getMessage());
    }

    @Test
    void theTokenFileIsForItsOwnerAlone() throws IOException {
        Path file = folder.resolve("token");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(assertThrows(IOException.class, () -> AccessToken.in(file))
                .getMessage()
                .contains("others may have read it"));
    }

    @Test
    void readsTheDeadlineAsGrpcWritesIt() {
        assertEquals(Duration.ofSeconds(5), GrpcDoor.timeout("5S"));
        assertEquals(Duration.ofMillis(250), GrpcDoor.timeout("250m"));
        assertEquals(Duration.ofMinutes(2), GrpcDoor.timeout("2M"));
        assertEquals(Duration.ZERO, GrpcDoor.timeout("soon"));
        assertEquals(Duration.ZERO, GrpcDoor.timeout("123456789S"));
    }
}
