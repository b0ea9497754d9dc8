package ai.postdev.coordinator.openai;

import com.google.gson.JsonObject;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/** Answers of the door as HTTP. */
final class Answers {
    private Answers() {}

    static HttpResponse json(JsonObject json) {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, ByteString.fromString(json.toString())));
    }

    static HttpResponse error(ApiError error) {
        HttpResponse response = json(error.json()).withStatus(error.status());
        return error.retryAfter()
                .map(seconds -> response.addHeader(RawHeader.create("Retry-After", seconds)))
                .orElse(response);
    }
}
