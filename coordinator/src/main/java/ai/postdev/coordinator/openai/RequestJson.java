package ai.postdev.coordinator.openai;

import ai.postdev.coordinator.tool.JsonDepth;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Requests as JSON: read strictly, because what comes is anybody's, and asked for their fields. */
final class RequestJson {
    private RequestJson() {}

    /**
     * The text that the bytes of a request are.
     *
     * @throws ApiError.Wrong if they are no UTF-8
     */
    static String text(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException e) {
            throw wrong("", "the body is no UTF-8: " + e.getMessage() + " after byte " + bytes.position());
        }
    }

    /**
     * The object that {@code body} holds.
     *
     * @param depthMax lists and objects within each other
     * @throws ApiError.Wrong if it holds none, or a deeper one
     */
    static JsonObject object(String body, int depthMax) {
        if (JsonDepth.of(body) > depthMax) {
            throw wrong(
                    "",
                    "the body has lists and objects more than " + depthMax
                            + " deep within each other (postdevai.gateway.http.json-depth-max)");
        }
        try {
            JsonReader reader = new JsonReader(new StringReader(body));
            reader.setStrictness(Strictness.STRICT);
            JsonElement json = JsonParser.parseReader(reader);
            if (json.isJsonObject() && reader.peek() == JsonToken.END_DOCUMENT) {
                return json.getAsJsonObject();
            }
        } catch (JsonParseException | IOException e) {
            throw wrong("", "the body is no JSON" + JsonDepth.place(e));
        }
        throw wrong("", "the body is not one JSON object");
    }

    /** A field that is there and not null. */
    static Optional<JsonElement> field(JsonObject json, String name) {
        return Optional.ofNullable(json.get(name)).filter(value -> !value.isJsonNull());
    }

    static boolean isString(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    }

    /** The text of a field; empty if it is not there or no text. */
    static String string(JsonObject json, String name) {
        return field(json, name)
                .filter(RequestJson::isString)
                .map(JsonElement::getAsString)
                .orElse("");
    }

    /** @param name of the field, for the error */
    static boolean flag(JsonElement value, String name) {
        if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean()) {
            return value.getAsBoolean();
        }
        throw wrong(name, name + " must be true or false");
    }

    /** @param name of the field, for the error */
    static double number(JsonElement value, String name, double min, double max) {
        if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()) {
            double number = value.getAsDouble();
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw wrong(name, name + " is " + shown(value) + ", expected a number from " + min + " to " + max);
    }

    /** Refuses fields that are there and ask for something. */
    static void refuse(JsonObject json, String... names) {
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

    /** The model that a request names. */
    static String model(JsonObject json) {
        JsonElement model =
                field(json, "model").orElseThrow(() -> wrong("model", "model is missing; see GET /v1/models"));
        if (!isString(model) || model.getAsString().isBlank()) {
            throw wrong("model", "model must be the name of a model; see GET /v1/models");
        }
        return model.getAsString().strip();
    }

    private static String shown(JsonElement value) {
        String text = value.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    static ApiError.Wrong wrong(String param, String message) {
        return new ApiError.Wrong(ApiError.invalid(param, message));
    }
}
