package ai.postdev.coordinator.openai;

import ai.postdev.v1.GenerateRequest;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * A request for a completion, read from JSON. Fields that this door does not know are let be, as clients send many; what it
 * knows and cannot do is refused by name.
 *
 * @param stream whether the answer is wanted as it is made
 * @param usage whether a stream ends with what it took
 * @param chat whether it is a conversation
 */
record CompletionRequest(GenerateRequest request, boolean stream, boolean usage, boolean chat) {
    /** @throws ApiError.Wrong with the field that is wrong */
    static CompletionRequest chat(JsonObject json) {
        RequestJson.refuse(json, "functions", "logprobs", "top_logprobs", "audio");
        GenerateRequest.Builder request = common(json);
        request.addAllMessages(MessagesJson.of(json));
        ToolsJson.read(json, request);
        RequestJson.field(json, "response_format").ifPresent(format -> request.setJsonSchema(schema(format)));
        return whole(json, request, true);
    }

    /** @throws ApiError.Wrong with the field that is wrong */
    static CompletionRequest text(JsonObject json) {
        RequestJson.refuse(json, "logprobs", "suffix", "echo", "tools");
        RequestJson.field(json, "best_of").ifPresent(value -> RequestJson.number(value, "best_of", 1, 1));
        JsonElement prompt = RequestJson.field(json, "prompt")
                .orElseThrow(() -> RequestJson.wrong("prompt", "prompt is missing, expected a text"));
        if (prompt.isJsonArray() && prompt.getAsJsonArray().size() == 1) {
            prompt = prompt.getAsJsonArray().get(0);
        }
        if (!RequestJson.isString(prompt) || prompt.getAsString().isEmpty()) {
            throw RequestJson.wrong("prompt", "prompt must be one text that is not empty");
        }
        return whole(json, common(json).setPrompt(prompt.getAsString()), false);
    }

    private static CompletionRequest whole(JsonObject json, GenerateRequest.Builder request, boolean chat) {
        boolean usage = RequestJson.field(json, "stream_options")
                .filter(JsonElement::isJsonObject)
                .flatMap(options -> RequestJson.field(options.getAsJsonObject(), "include_usage"))
                .map(value -> RequestJson.flag(value, "stream_options.include_usage"))
                .orElse(false);
        boolean stream = RequestJson.field(json, "stream")
                .map(value -> RequestJson.flag(value, "stream"))
                .orElse(false);
        return new CompletionRequest(request.build(), stream, usage, chat);
    }

    private static GenerateRequest.Builder common(JsonObject json) {
        GenerateRequest.Builder request = GenerateRequest.newBuilder().setModel(RequestJson.model(json));
        if (RequestJson.field(json, "n")
                        .map(value -> RequestJson.number(value, "n", 1, 128))
                        .orElse(1.0)
                != 1) {
            throw RequestJson.wrong("n", "n must be 1: one answer for a request");
        }
        Optional<JsonElement> most =
                RequestJson.field(json, "max_completion_tokens").or(() -> RequestJson.field(json, "max_tokens"));
        most.ifPresent(
                value -> request.setMaxTokens((int) RequestJson.number(value, "max_tokens", 1, Integer.MAX_VALUE)));
        RequestJson.field(json, "temperature")
                .ifPresent(value -> request.setTemperature((float) RequestJson.number(value, "temperature", 0, 2)));
        RequestJson.field(json, "top_p")
                .ifPresent(value -> request.setTopP((float) Math.max(1e-6, RequestJson.number(value, "top_p", 0, 1))));
        RequestJson.field(json, "seed")
                .ifPresent(value -> request.setSeed(
                        (int) RequestJson.number(value, "seed", Long.MIN_VALUE, Long.MAX_VALUE) & Integer.MAX_VALUE));
        RequestJson.field(json, "stop").ifPresent(stop -> {
            for (JsonElement one : stop.isJsonArray() ? stop.getAsJsonArray().asList() : List.of(stop)) {
                if (!RequestJson.isString(one)) {
                    throw RequestJson.wrong("stop", "stop must be a text or a list of texts");
                }
                request.addStops(one.getAsString());
            }
        });
        return request;
    }

    private static String schema(JsonElement format) {
        String type = format.isJsonObject() ? RequestJson.string(format.getAsJsonObject(), "type") : "";
        return switch (type) {
            case "text" -> "";
            case "json_object" -> "{\"type\":\"object\"}";
            case "json_schema" ->
                RequestJson.field(format.getAsJsonObject(), "json_schema")
                        .filter(JsonElement::isJsonObject)
                        .flatMap(named -> RequestJson.field(named.getAsJsonObject(), "schema"))
                        .filter(JsonElement::isJsonObject)
                        .map(JsonElement::toString)
                        .orElseThrow(() -> RequestJson.wrong(
                                "response_format", "response_format.json_schema.schema is missing, expected a schema"));
            default ->
                throw RequestJson.wrong(
                        "response_format",
                        "response_format.type is '" + type + "', expected text, json_object or json_schema");
        };
    }
}
