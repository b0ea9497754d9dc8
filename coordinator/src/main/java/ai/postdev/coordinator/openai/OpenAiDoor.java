package ai.postdev.coordinator.openai;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.coordinator.gateway.AccessToken;
import ai.postdev.coordinator.gateway.DoorFault;
import ai.postdev.coordinator.gateway.NodeService;
import com.google.gson.JsonObject;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * The API of OpenAI over HTTP: {@code /v1/chat/completions}, {@code /v1/completions}, {@code /v1/embeddings} and
 * {@code /v1/models}. On a loopback address, opened by the key in a file that only the owner can read; no header lets a web page
 * of another origin in.
 */
public final class OpenAiDoor {
    /** Stages of the server's futures run on a pool of their own unless told otherwise; each change of threads takes time. */
    static final Executor HERE = Runnable::run;

    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "/v1/completions";
    private static final String EMBEDDINGS = "/v1/embeddings";
    private static final String MODELS = "/v1/models";

    private final ActorSystem<?> system;
    private final NodeService service;
    private final AccessToken key;
    private final OpenAiSettings settings;
    private final RequestBody body;
    private final Completions completions;
    private final ModelList models;

    private OpenAiDoor(
            ActorSystem<?> system, NodeService service, AccessToken key, OpenAiSettings settings, Clock clock) {
        this.system = system;
        this.service = service.within(settings.answerTime());
        this.key = key;
        this.settings = settings;
        this.body = new RequestBody(settings, system);
        this.completions = new Completions(service, settings, clock);
        this.models = new ModelList(service);
    }

    /** Opens the door; the stage fails if the address is not a loopback address or the port is taken. */
    public static CompletionStage<ServerBinding> open(
            ActorSystem<?> system, NodeService service, AccessToken key, OpenAiSettings settings, Clock clock) {
        try {
            if (!InetAddress.getByName(settings.host()).isLoopbackAddress()) {
                return refused("postdevai.gateway.http.host is " + settings.host()
                        + ", expected a loopback address: this door has no TLS");
            }
        } catch (UnknownHostException e) {
            return refused(
                    "postdevai.gateway.http.host is " + settings.host() + ", which is no address: " + e.getMessage());
        }
        OpenAiDoor door = new OpenAiDoor(system, service, key, settings, clock);
        return door.bind(settings.port(), settings.port() == 0 ? 1 : settings.portTries());
    }

    /** The first port that is free: a second node on the machine takes the next one. */
    private CompletionStage<ServerBinding> bind(int port, int tries) {
        return Http.get(system)
                .newServerAt(settings.host(), port)
                .withSettings(server())
                .bindFlow(Flow.fromGraph(new Exchanges(this::answer, settings.idleMax())))
                .exceptionallyCompose(thrown -> tries > 1
                        ? bind(port + 1, tries - 1)
                        : refused("the HTTP door cannot open on " + settings.host() + ":" + port + ": "
                                + thrown.getMessage()
                                + "; choose another postdevai.gateway.http.port, or 0 for a free one"));
    }

    /**
     * What bounds time here knows what a connection is waiting for; the server's own bounds do not, so they are only there for
     * clients that take an answer too slowly, or not at all. Words of a stream go out as they are said, however short.
     */
    private ServerSettings server() {
        return ServerSettings.create(ConfigFactory.parseString("pekko.http.server { request-timeout = infinite,"
                        + " socket-options.tcp-no-delay = on,"
                        + " idle-timeout = "
                        + settings.answerTime().plus(settings.readerTime()).toMillis() + "ms,"
                        + " max-connections = " + settings.connectionsMax() + " }")
                .withFallback(system.settings().config()));
    }

    private static CompletionStage<ServerBinding> refused(String message) {
        return CompletableFuture.failedStage(new DoorFault(FaultCode.FAILED_PRECONDITION, message));
    }

    /** Where it listens. */
    public static String address(ServerBinding binding) {
        InetSocketAddress address = binding.localAddress();
        return address.getHostString() + ":" + address.getPort();
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, Exchanges.Asker asker) {
        boolean open = request.getHeader("authorization")
                .map(HttpHeader::value)
                .filter(key::opens)
                .isPresent();
        if (!open) {
            return discard(
                    request,
                    new ApiError(
                            401,
                            "authentication_error",
                            "invalid_api_key",
                            "no valid API key; send 'authorization: Bearer KEY' with the key of the file that `postdevai"
                                    + " status` names as apiKeyFile",
                            ""));
        }
        String path = request.getUri().path();
        if (path.equals(MODELS) || path.startsWith(MODELS + "/")) {
            return taking(HttpMethods.GET, request, () -> models(request, path));
        }
        return switch (path) {
            case CHAT, TEXT ->
                taking(
                        HttpMethods.POST,
                        request,
                        () -> body.answer(
                                request,
                                asker,
                                path.equals(CHAT) ? "messages" : "prompt",
                                json -> completions.answer(json, path.equals(CHAT), asker)));
            case EMBEDDINGS ->
                taking(
                        HttpMethods.POST,
                        request,
                        () -> body.answer(request, asker, "input", json -> embeddings(json, asker.gone())));
            default ->
                discard(
                        request,
                        new ApiError(
                                404,
                                "invalid_request_error",
                                "unknown_url",
                                "no " + path + " here; there are " + CHAT + ", " + TEXT + ", " + EMBEDDINGS + " and "
                                        + MODELS,
                                ""));
        };
    }

    private CompletionStage<HttpResponse> taking(
            HttpMethod method, HttpRequest request, Supplier<CompletionStage<HttpResponse>> answer) {
        return request.method().equals(method)
                ? answer.get()
                : discard(
                        request,
                        new ApiError(
                                405,
                                "invalid_request_error",
                                "",
                                request.getUri().path() + " takes " + method.value() + ", found "
                                        + request.method().value(),
                                ""));
    }

    private CompletionStage<HttpResponse> discard(HttpRequest request, ApiError error) {
        return request.discardEntityBytes(system).completionStage().handle((_, _) -> Answers.error(error));
    }

    private CompletionStage<HttpResponse> models(HttpRequest request, String path) {
        String name = path.length() > MODELS.length() + 1 ? path.substring(MODELS.length() + 1) : "";
        return request.discardEntityBytes(system)
                .completionStage()
                .thenCompose(_ -> name.isEmpty() ? models.all() : models.one(name))
                .thenApply(Answers::json)
                .exceptionally(thrown -> Answers.error(ApiError.of(thrown, "")));
    }

    private CompletionStage<HttpResponse> embeddings(JsonObject json, CompletionStage<Done> gone) {
        EmbeddingsRequest asked = EmbeddingsRequest.of(json);
        return service.embed(asked.request(), gone).thenApply(answer -> Answers.json(asked.answer(answer)));
    }
}
