package ai.postdev.coordinator.openai;

import ai.postdev.v1.ChatMessage;
import ai.postdev.v1.GenerateRequest;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request for a completion, read from JSON. Fields that this door does not know are let be, as clients send many; what it
 * knows and cannot do is refused by name.
 *
 * @param stream whether the answer is wanted as it is made
 * @param usage whether a stream ends with what it took
 * @param chat whether it is a conversation
 */
record CompletionRequest(GenerateRequest request, boolean stream, boolean usage, boolean chat) {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant");

    /** @throws ApiError.Wrong with the field that is wrong */
    static CompletionRequest chat(String body) {
        JsonObject json = object(body);
        refuse(json, "tools", "functions", "logprobs", "top_logprobs", "audio");
        GenerateRequest.Builder request = common(json);
        JsonArray messages = field(json, "messages")
                .filter(JsonElement::isJsonArray)
                .map(JsonElement::getAsJsonArray)
                .orElseThrow(() -> wrong("messages", "messages is missing, expected a list of messages"));
        if (messages.isEmpty()) {
            throw wrong("messages", "messages is empty, expected at least one message");
        }
        for (int i = 0; i < messages.size(); i++) {
            request.addMessages(message(messages.get(i), "messages[" + i + "]"));
        }
        field(json, "response_format").ifPresent(format -> request.setJsonSchema(schema(format)));
        return whole(json, request, true);
    }

    /** @throws ApiError.Wrong with the field that is wrong */
    static CompletionRequest text(String body) {
        JsonObject json = object(body);
        refuse(json, "logprobs", "suffix", "echo", "best_of");
        JsonElement prompt =
                field(json, "prompt").orElseThrow(() -> wrong("prompt", "prompt is missing, expected a text"));
        if (prompt.isJsonArray() && prompt.getAsJsonArray().size() == 1) {
            prompt = prompt.getAsJsonArray().get(0);
        }
        if (!isString(prompt) || prompt.getAsString().isEmpty()) {
            throw wrong("prompt", "prompt must be one text that is not empty");
        }
        return whole(json, common(json).setPrompt(prompt.getAsString()), false);
    }

    private static CompletionRequest whole(JsonObject json, GenerateRequest.Builder request, boolean chat) {
        boolean usage = field(json, "stream_options")
                .filter(JsonElement::isJsonObject)
                .flatMap(options -> field(options.getAsJsonObject(), "include_usage"))
                .map(value -> flag(value, "stream_options.include_usage"))
                .orElse(false);
        boolean stream =
                field(json, "stream").map(value -> flag(value, "stream")).orElse(false);
        return new CompletionRequest(request.build(), stream, usage, chat);
    }

    private static JsonObject object(String body) {
        try {
            JsonElement json = JsonParser.parseString(body);
            if (json.isJsonObject()) {
                return json.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            throw wrong("", "the body is no JSON: " + e.getMessage());
        }
        throw wrong("", "the body is no JSON object");
    }

    private static GenerateRequest.Builder common(JsonObject json) {
        GenerateRequest.Builder request = GenerateRequest.newBuilder();
        JsonElement model =
                field(json, "model").orElseThrow(() -> wrong("model", "model is missing; see GET /v1/models"));
        if (!isString(model) || model.getAsString().isBlank()) {
            throw wrong("model", "model must be the name of a model; see GET /v1/models");
        }
        request.setModel(model.getAsString().strip());
        if (field(json, "n").map(value -> number(value, "n", 1, 128)).orElse(1.0) != 1) {
            throw wrong("n", "n must be 1: one answer for a request");
        }
        Optional<JsonElement> most = field(json, "max_completion_tokens").or(() -> field(json, "max_tokens"));
        most.ifPresent(value -> request.setMaxTokens((int) number(value, "max_tokens", 1, Integer.MAX_VALUE)));
        field(json, "temperature")
                .ifPresent(value -> request.setTemperature((float) number(value, "temperature", 0, 2)));
        field(json, "top_p").ifPresent(value -> request.setTopP((float) Math.max(1e-6, number(value, "top_p", 0, 1))));
        field(json, "seed")
                .ifPresent(value -> request.setSeed(
                        (int) number(value, "seed", Long.MIN_VALUE, Long.MAX_VALUE) & Integer.MAX_VALUE));
        field(json, "stop").ifPresent(stop -> {
            for (JsonElement one : stop.isJsonArray() ? stop.getAsJsonArray().asList() : List.of(stop)) {
                if (!isString(one)) {
                    throw wrong("stop", "stop must be a text or a list of texts");
                }
                request.addStops(one.getAsString());
            }
        });
        return request;
    }

    private static ChatMessage message(JsonElement element, String where) {
        if (!element.isJsonObject()) {
            throw wrong(where, where + " must be an object with role and content");
        }
        JsonObject message = element.getAsJsonObject();
        String role = field(message, "role")
                .filter(CompletionRequest::isString)
                .map(JsonElement::getAsString)
                .orElse("");
        if (!ROLES.contains(role)) {
            throw wrong(where + ".role", where + ".role is '" + role + "', expected one of " + ROLES);
        }
        return ChatMessage.newBuilder()
                .setRole(role.equals("developer") ? "system" : role)
                .setContent(content(field(message, "content").orElse(null), where + ".content"))
                .build();
    }

    private static String content(JsonElement content, String where) {
        if (content == null) {
            throw wrong(where, where + " is missing, expected a text");
        }
        if (isString(content)) {
            return content.getAsString();
        }
        StringBuilder text = new StringBuilder();
        if (content.isJsonArray()) {
            for (JsonElement part : content.getAsJsonArray()) {
                Optional<JsonElement> said =
                        part.isJsonObject() ? field(part.getAsJsonObject(), "text") : Optional.empty();
                if (said.filter(CompletionRequest::isString).isEmpty()) {
                    throw wrong(where, where + " has a part that is no text; models here read only texts");
                }
                text.append(said.get().getAsString());
            }
            return text.toString();
        }
        throw wrong(where, where + " must be a text or a list of texts");
    }

    private static String schema(JsonElement format) {
        String type = format.isJsonObject()
                ? field(format.getAsJsonObject(), "type")
                        .filter(CompletionRequest::isString)
                        .map(JsonElement::getAsString)
                        .orElse("")
                : "";
        return switch (type) {
            case "text" -> "";
            case "json_object" -> "{\"type\":\"object\"}";
            case "json_schema" ->
                field(format.getAsJsonObject(), "json_schema")
                        .filter(JsonElement::isJsonObject)
                        .flatMap(named -> field(named.getAsJsonObject(), "schema"))
                        .filter(JsonElement::isJsonObject)
                        .map(JsonElement::toString)
                        .orElseThrow(() -> wrong(
                                "response_format", "response_format.json_schema.schema is missing, expected a schema"));
            default ->
                throw wrong(
                        "response_format",
                        "response_format.type is '" + type + "', expected text, json_object or json_schema");
        };
    }

    private static void refuse(JsonObject json, String... names) {
        for (String name : names) {
            Optional<JsonElement> value = field(json, name);
            boolean asked = value.isPresent()
                    && !(value.get().isJsonArray()
                            && value.get().getAsJsonArray().isEmpty())
                    && !value.get().toString().equals("false")
                    && !value.get().toString().equals("0");
            if (asked) {
                throw wrong(name, name + " is not supported by this version");
            }
        }
    }

    private static Optional<JsonElement> field(JsonObject json, String name) {
        return Optional.ofNullable(json.get(name)).filter(value -> !value.isJsonNull());
    }

    private static boolean isString(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    }

    private static boolean flag(JsonElement value, String name) {
        if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean()) {
            return value.getAsBoolean();
        }
        throw wrong(name, name + " must be true or false");
    }

    private static double number(JsonElement value, String name, double min, double max) {
        if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()) {
            double number = value.getAsDouble();
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw wrong(name, name + " is " + value + ", expected a number from " + min + " to " + max);
    }

    private static ApiError.Wrong wrong(String param, String message) {
        return new ApiError.Wrong(ApiError.invalid(param, message));
    }
}
