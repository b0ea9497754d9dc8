package ai.postdev.coordinator.openai;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.coordinator.gateway.AccessToken;
import ai.postdev.coordinator.gateway.DoorFault;
import ai.postdev.coordinator.gateway.NodeService;
import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateFinished;
import ai.postdev.v1.ModelInfo;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.ModelsRequest;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The API of OpenAI over HTTP: {@code /v1/chat/completions}, {@code /v1/completions} and {@code /v1/models}. On a loopback
 * address, opened by the key in a file that only the owner can read; no header lets a web page of another origin in.
 */
public final class OpenAiDoor {
    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "/v1/completions";
    private static final String MODELS = "/v1/models";
    private static final ByteString DONE = ByteString.fromString("data: [DONE]\n\n");

    private final ActorSystem<?> system;
    private final NodeService service;
    private final AccessToken key;
    private final OpenAiSettings settings;
    private final Clock clock;

    private OpenAiDoor(
            ActorSystem<?> system, NodeService service, AccessToken key, OpenAiSettings settings, Clock clock) {
        this.system = system;
        this.service = service;
        this.key = key;
        this.settings = settings;
        this.clock = clock;
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
                .bind(this::handle)
                .exceptionallyCompose(thrown -> tries > 1
                        ? bind(port + 1, tries - 1)
                        : refused("the HTTP door cannot open on " + settings.host() + ":" + port + ": "
                                + thrown.getMessage()
                                + "; choose another postdevai.gateway.http.port, or 0 for a free one"));
    }

    private static CompletionStage<ServerBinding> refused(String message) {
        return CompletableFuture.failedStage(new DoorFault(FaultCode.FAILED_PRECONDITION, message));
    }

    /** Where it listens. */
    public static String address(ServerBinding binding) {
        InetSocketAddress address = binding.localAddress();
        return address.getHostString() + ":" + address.getPort();
    }

    CompletionStage<HttpResponse> handle(HttpRequest request) {
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
            return request.method().equals(HttpMethods.GET)
                    ? models(request, path)
                    : discard(request, method(request, "GET"));
        }
        if (path.equals(CHAT) || path.equals(TEXT)) {
            return request.method().equals(HttpMethods.POST)
                    ? complete(request, path.equals(CHAT))
                    : discard(request, method(request, "POST"));
        }
        return discard(
                request,
                new ApiError(
                        404,
                        "invalid_request_error",
                        "unknown_url",
                        "no " + path + " here; there are " + CHAT + ", " + TEXT + " and " + MODELS,
                        ""));
    }

    private static ApiError method(HttpRequest request, String expected) {
        return new ApiError(
                405,
                "invalid_request_error",
                "",
                request.getUri().path() + " takes " + expected + ", found "
                        + request.method().value(),
                "");
    }

    private CompletionStage<HttpResponse> discard(HttpRequest request, ApiError error) {
        return request.discardEntityBytes(system).completionStage().handle((_, _) -> error(error));
    }

    private static HttpResponse error(ApiError error) {
        HttpResponse response = json(error.json()).withStatus(error.status());
        return error.retryAfter()
                .map(seconds -> response.addHeader(RawHeader.create("Retry-After", seconds)))
                .orElse(response);
    }

    private static HttpResponse json(JsonObject json) {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, ByteString.fromString(json.toString())));
    }

    // ---- models

    private CompletionStage<HttpResponse> models(HttpRequest request, String path) {
        String name = path.length() > MODELS.length() + 1 ? path.substring(MODELS.length() + 1) : "";
        return request.discardEntityBytes(system)
                .completionStage()
                .thenCompose(_ ->
                        service.models(ModelsRequest.newBuilder().setName(name).build()))
                .thenApply(answer -> json(name.isEmpty() ? list(answer) : model(answer.getModels(0))))
                .exceptionally(thrown -> error(ApiError.of(thrown)));
    }

    private static JsonObject list(ModelsAnswer answer) {
        JsonArray data = new JsonArray();
        answer.getModelsList().stream()
                .filter(model ->
                        model.getKind().equals("text") && model.getState().equals("installed"))
                .forEach(model -> data.add(model(model)));
        JsonObject json = new JsonObject();
        json.addProperty("object", "list");
        json.add("data", data);
        return json;
    }

    private static JsonObject model(ModelInfo model) {
        JsonObject json = new JsonObject();
        json.addProperty("id", model.getName());
        json.addProperty("object", "model");
        json.addProperty(
                "created",
                model.getPulled().isEmpty()
                        ? 0
                        : Instant.parse(model.getPulled()).getEpochSecond());
        json.addProperty("owned_by", "postdevai");
        return json;
    }

    // ---- completions

    private CompletionStage<HttpResponse> complete(HttpRequest request, boolean chat) {
        return request.entity()
                .withSizeLimit(settings.requestBytesMax())
                .toStrict(settings.requestTime().toMillis(), system)
                .thenCompose(entity -> {
                    String body = entity.getData().utf8String();
                    CompletionRequest asked = chat ? CompletionRequest.chat(body) : CompletionRequest.text(body);
                    Completion completion = new Completion(
                            (chat ? "chatcmpl-" : "cmpl-") + UUID.randomUUID(),
                            asked.request().getModel(),
                            clock.instant().getEpochSecond(),
                            chat);
                    return asked.stream() ? stream(asked, completion) : whole(asked, completion);
                })
                .exceptionally(thrown -> error(wrong(thrown)));
    }

    private ApiError wrong(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && !(cause instanceof ApiError.Wrong)) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case ApiError.Wrong wrong -> wrong.error();
            case EntityStreamSizeException _ ->
                new ApiError(
                        413,
                        "invalid_request_error",
                        "request_too_large",
                        "the request is larger than postdevai.gateway.http.request-bytes-max ("
                                + settings.requestBytesMax() + " bytes)",
                        "");
            default -> ApiError.of(thrown);
        };
    }

    private CompletionStage<HttpResponse> whole(CompletionRequest asked, Completion completion) {
        return service.generate(asked.request()).runWith(Sink.seq(), system).thenApply(events -> {
            StringBuilder text = new StringBuilder();
            events.forEach(event -> text.append(event.getText()));
            return json(completion.whole(text.toString(), events.getLast().getFinished()));
        });
    }

    /**
     * The status of the answer is decided by what comes first of it: what cannot be answered is an error of HTTP, and only what
     * goes wrong later is one in the stream.
     */
    private CompletionStage<HttpResponse> stream(CompletionRequest asked, Completion completion) {
        Source<GenerateEvent, NotUsed> said =
                service.generate(asked.request()).filter(event -> event.hasText() || event.hasFinished());
        return said.prefixAndTail(1).runWith(Sink.head(), system).thenApply(first -> {
            Source<GenerateEvent, NotUsed> all = Source.from(first.first()).concat(first.second());
            Source<ByteString, NotUsed> body = all.mapConcat(event -> chunks(asked, completion, event))
                    .recover(new PFBuilder<Throwable, ByteString>()
                            .match(
                                    Throwable.class,
                                    thrown -> data(ApiError.of(thrown).json()))
                            .build());
            Source<ByteString, NotUsed> opening =
                    asked.chat() ? Source.single(data(completion.begin())) : Source.empty();
            return HttpResponse.create()
                    .addHeader(RawHeader.create("Cache-Control", "no-cache"))
                    .withEntity(HttpEntities.create(
                            ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM), opening.concat(body)));
        });
    }

    private static List<ByteString> chunks(CompletionRequest asked, Completion completion, GenerateEvent event) {
        if (event.hasText()) {
            return List.of(data(completion.more(event.getText())));
        }
        GenerateFinished end = event.getFinished();
        List<ByteString> last = new ArrayList<>();
        last.add(data(completion.last(end)));
        if (asked.usage()) {
            last.add(data(completion.took(end)));
        }
        last.add(DONE);
        return last;
    }

    private static ByteString data(JsonObject json) {
        return ByteString.fromString("data: " + json + "\n\n");
    }
}
