package ai.postdev.coordinator.openai;

import com.google.gson.JsonObject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;

/** Bodies of requests: read within bounds of size, time and depth. */
final class RequestBody {
    private final OpenAiSettings settings;
    private final ClassicActorSystemProvider system;

    RequestBody(OpenAiSettings settings, ClassicActorSystemProvider system) {
        this.settings = settings;
        this.system = system;
    }

    /**
     * Answers a request when its body is there: by the connection, also if it came later.
     *
     * @param text the field that has the text, for errors about its length
     * @param answer of what the body holds; what is thrown becomes an error of the API
     */
    CompletionStage<HttpResponse> answer(
            HttpRequest request,
            Exchanges.Asker asker,
            String text,
            Function<JsonObject, CompletionStage<HttpResponse>> answer) {
        Function<HttpEntity.Strict, CompletionStage<HttpResponse>> read = entity -> answer.apply(
                RequestJson.object(RequestJson.text(entity.getData().asByteBuffer()), settings.jsonDepthMax()));
        CompletableFuture<HttpEntity.Strict> body = body(request).toCompletableFuture();
        // A body that came later came on a thread of the server's.
        return body.thenComposeAsync(read, body.isDone() ? OpenAiDoor.HERE : asker.turn())
                .exceptionallyAsync(thrown -> Answers.error(wrong(thrown, text)), OpenAiDoor.HERE);
    }

    /** Most requests are there with their head; then nothing has to be waited for. */
    private CompletionStage<HttpEntity.Strict> body(HttpRequest request) {
        if (request.entity() instanceof HttpEntity.Strict strict
                && strict.getData().size() <= settings.requestBytesMax()) {
            return CompletableFuture.completedFuture(strict);
        }
        return request.entity()
                .withSizeLimit(settings.requestBytesMax())
                .toStrict(settings.requestTime().toMillis(), system)
                .exceptionallyAsync(
                        thrown -> {
                            throw unread(thrown);
                        },
                        OpenAiDoor.HERE);
    }

    private RuntimeException unread(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && !(cause instanceof TimeoutException)) {
            cause = cause.getCause();
        }
        return cause instanceof TimeoutException
                ? new ApiError.Wrong(new ApiError(
                        408,
                        "invalid_request_error",
                        "request_timeout",
                        "the request was not there within postdevai.gateway.http.request-time ("
                                + settings.requestTime().toMillis() + " ms)",
                        ""))
                : new CompletionException(thrown);
    }

    private ApiError wrong(Throwable thrown, String text) {
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
            default -> ApiError.of(thrown, text);
        };
    }
}
