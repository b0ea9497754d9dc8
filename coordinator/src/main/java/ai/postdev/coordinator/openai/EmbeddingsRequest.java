package ai.postdev.coordinator.openai;

import ai.postdev.v1.EmbedAnswer;
import ai.postdev.v1.EmbedRequest;
import ai.postdev.v1.Embedding;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/**
 * A request for embeddings, and its answer as JSON.
 *
 * @param base64 whether each embedding is wanted as the bytes of its numbers, in base64
 */
record EmbeddingsRequest(EmbedRequest request, boolean base64) {
    /** @throws ApiError.Wrong with the field that is wrong */
    static EmbeddingsRequest of(JsonObject json) {
        EmbedRequest.Builder request = EmbedRequest.newBuilder().setModel(RequestJson.model(json));
        JsonElement input = RequestJson.field(json, "input")
                .orElseThrow(() -> RequestJson.wrong("input", "input is missing, expected a text or a list of texts"));
        List<JsonElement> texts = input.isJsonArray() ? input.getAsJsonArray().asList() : List.of(input);
        if (texts.isEmpty()) {
            throw RequestJson.wrong("input", "input is an empty list, expected at least one text");
        }
        for (JsonElement text : texts) {
            if (!RequestJson.isString(text)) {
                boolean tokens = text.isJsonArray()
                        || text.isJsonPrimitive() && text.getAsJsonPrimitive().isNumber();
                throw RequestJson.wrong(
                        "input",
                        tokens
                                ? "input holds tokens, but the model here has tokens of its own: send texts (LangChain:"
                                        + " check_embedding_ctx_length=False)"
                                : "input must be a text or a list of texts");
            }
            if (text.getAsString().isEmpty()) {
                throw RequestJson.wrong("input", "input holds an empty text");
            }
            request.addInputs(text.getAsString());
        }
        RequestJson.field(json, "dimensions")
                .ifPresent(value ->
                        request.setDimensions((int) RequestJson.number(value, "dimensions", 1, Integer.MAX_VALUE)));
        String format = RequestJson.field(json, "encoding_format").isPresent()
                ? RequestJson.string(json, "encoding_format")
                : "float";
        if (!List.of("float", "base64").contains(format)) {
            throw RequestJson.wrong("encoding_format", "encoding_format is '" + format + "', expected float or base64");
        }
        return new EmbeddingsRequest(request.build(), format.equals("base64"));
    }

    JsonObject answer(EmbedAnswer answer) {
        JsonArray data = new JsonArray();
        for (Embedding one : answer.getEmbeddingsList()) {
            JsonObject item = new JsonObject();
            item.addProperty("object", "embedding");
            item.addProperty("index", data.size());
            if (base64) {
                item.addProperty("embedding", bytes(one));
            } else {
                JsonArray values = new JsonArray(one.getValuesCount());
                one.getValuesList().forEach(values::add);
                item.add("embedding", values);
            }
            if (one.getCut()) {
                item.addProperty("truncated", true);
            }
            data.add(item);
        }
        JsonObject usage = new JsonObject();
        usage.addProperty("prompt_tokens", answer.getTokens());
        usage.addProperty("total_tokens", answer.getTokens());
        JsonObject json = new JsonObject();
        json.addProperty("object", "list");
        json.add("data", data);
        json.addProperty("model", answer.getModel());
        json.add("usage", usage);
        return json;
    }

    private static String bytes(Embedding embedding) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * embedding.getValuesCount()).order(ByteOrder.LITTLE_ENDIAN);
        embedding.getValuesList().forEach(bytes::putFloat);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
