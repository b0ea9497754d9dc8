package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.grpc.health.v1.Health;
import ai.postdev.grpc.health.v1.HealthHandlerFactory;
import ai.postdev.v1.EmbeddingService;
import ai.postdev.v1.EmbeddingServiceHandlerFactory;
import ai.postdev.v1.ModelService;
import ai.postdev.v1.ModelServiceHandlerFactory;
import ai.postdev.v1.PostDevAi;
import ai.postdev.v1.PostDevAiHandlerFactory;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.grpc.Trailers;
import org.apache.pekko.grpc.javadsl.ServerReflection;
import org.apache.pekko.grpc.javadsl.ServiceHandler;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.SystemMaterializer;

/**
 * The gRPC door: {@code postdevai.v1}, health and reflection over cleartext HTTP/2 on loopback, opened by the token in
 * a file that only the owner can read. Health needs no token, so that probes need no secret.
 */
public final class GrpcDoor {
    private static final ContentType GRPC = ContentTypes.create(MediaTypes.applicationBinary("grpc", false));
    private static final String HEALTH_PREFIX = "/" + Health.name + "/";

    private final ServerBinding binding;

    private GrpcDoor(ServerBinding binding) {
        this.binding = binding;
    }

    /**
     * Opens the door. The stage fails if the address is not a loopback address or the port is taken.
     */
    public static CompletionStage<GrpcDoor> open(
            org.apache.pekko.actor.typed.ActorSystem<?> system,
            NodeService service,
            NodeFacts facts,
            AccessToken token,
            GatewaySettings settings) {
        Optional<String> refused = notLoopback(settings.grpcHost());
        if (refused.isPresent()) {
            return CompletableFuture.failedStage(new DoorFault(FaultCode.FAILED_PRECONDITION, refused.get()));
        }
        ServerSettings server = ServerSettings.create(ConfigFactory.parseString("pekko.http.server.enable-http2 = on")
                .withFallback(system.settings().config()));
        return Http.get(system)
                .newServerAt(settings.grpcHost(), settings.grpcPort())
                .withSettings(server)
                .bind(handler(system, service, facts, token))
                .handle((binding, thrown) -> {
                    if (thrown != null) {
                        throw new DoorFault(
                                FaultCode.FAILED_PRECONDITION,
                                "the gRPC door cannot open on " + settings.grpcHost() + ":" + settings.grpcPort() + ": "
                                        + Faults.rootMessage(thrown)
                                        + "; choose another postdevai.gateway.grpc.port, or 0 for a free one");
                    }
                    return new GrpcDoor(binding);
                });
    }

    private static Optional<String> notLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress()
                    ? Optional.empty()
                    : Optional.of("postdevai.gateway.grpc.host is " + host
                            + ", expected a loopback address: this door has no TLS");
        } catch (UnknownHostException e) {
            return Optional.of("postdevai.gateway.grpc.host is " + host + ", which is no address: " + e.getMessage());
        }
    }

    private static Function<HttpRequest, CompletionStage<HttpResponse>> handler(
            org.apache.pekko.actor.typed.ActorSystem<?> system,
            NodeService service,
            NodeFacts facts,
            AccessToken token) {
        Function<HttpRequest, CompletionStage<HttpResponse>> health = HealthHandlerFactory.partial(
                new HealthService(() -> facts.node().getReady()),
                Health.name,
                SystemMaterializer.get(system).materializer(),
                GrpcDoor::trailers,
                system);
        Function<HttpRequest, CompletionStage<HttpResponse>> reflection = ServerReflection.create(
                List.of(
                        PostDevAi.description,
                        ModelService.description,
                        EmbeddingService.description,
                        Health.description),
                system);
        Function<HttpRequest, CompletionStage<HttpResponse>> calls = request -> PostDevAiHandlerFactory.partial(
                        service.within(timeout(request)),
                        PostDevAi.name,
                        SystemMaterializer.get(system).materializer(),
                        GrpcDoor::trailers,
                        system)
                .apply(request);
        Function<HttpRequest, CompletionStage<HttpResponse>> models = request -> ModelServiceHandlerFactory.partial(
                        service.within(timeout(request)),
                        ModelService.name,
                        SystemMaterializer.get(system).materializer(),
                        GrpcDoor::trailers,
                        system)
                .apply(request);
        Function<HttpRequest, CompletionStage<HttpResponse>> embeddings =
                request -> EmbeddingServiceHandlerFactory.partial(
                                service.within(timeout(request)),
                                EmbeddingService.name,
                                SystemMaterializer.get(system).materializer(),
                                GrpcDoor::trailers,
                                system)
                        .apply(request);
        Function<HttpRequest, CompletionStage<HttpResponse>> all =
                ServiceHandler.concatOrNotFound(health, calls, models, embeddings, reflection);
        return request -> request.getUri().path().startsWith(HEALTH_PREFIX) || opens(token, request)
                ? all.apply(request)
                : request.discardEntityBytes(system)
                        .completionStage()
                        .thenApply(_ -> closed(
                                FaultCode.UNAUTHENTICATED,
                                "no valid token; send 'authorization: Bearer TOKEN' with the token of the file that"
                                        + " `postdevai status` names as apiKeyFile"));
    }

    private static boolean opens(AccessToken token, HttpRequest request) {
        return request.getHeader("authorization")
                .map(HttpHeader::value)
                .filter(token::opens)
                .isPresent();
    }

    /** A gRPC answer without a body: the status stands in the headers. */
    private static HttpResponse closed(FaultCode code, String message) {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(GRPC, new byte[0]))
                .addHeader(RawHeader.create("grpc-status", Integer.toString(code.number())))
                .addHeader(RawHeader.create(
                        "grpc-message",
                        URLEncoder.encode(message, StandardCharsets.UTF_8).replace("+", "%20")));
    }

    private static org.apache.pekko.japi.Function<Throwable, Trailers> trailers(ActorSystem system) {
        return thrown -> new Trailers(Faults.status(Faults.of(thrown)));
    }

    /** The caller's deadline: digits and a unit, as gRPC writes them; zero if there is none. */
    static Duration timeout(HttpRequest request) {
        return request.getHeader("grpc-timeout")
                .map(header -> timeout(header.value()))
                .orElse(Duration.ZERO);
    }

    static Duration timeout(String text) {
        if (!text.matches("\\d{1,8}[HMSmun]")) {
            return Duration.ZERO;
        }
        long count = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 'H' -> Duration.ofHours(count);
            case 'M' -> Duration.ofMinutes(count);
            case 'S' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMillis(count);
            case 'u' -> Duration.ofNanos(count * 1_000);
            default -> Duration.ofNanos(count);
        };
    }

    /** Where the door is. */
    public InetSocketAddress address() {
        return binding.localAddress();
    }

    /** Takes no new calls and waits for those under way, at most {@code patience}. */
    public CompletionStage<Void> close(Duration patience) {
        return binding.terminate(patience).thenApply(_ -> null);
    }
}
