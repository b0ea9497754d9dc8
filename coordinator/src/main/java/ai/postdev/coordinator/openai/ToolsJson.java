package ai.postdev.coordinator.openai;

import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.Tool;
import ai.postdev.v1.ToolCall;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tools and calls of a request, as this API writes them; what of them can be is for the service to say. */
final class ToolsJson {
    private ToolsJson() {}

    /** @throws ApiError.Wrong with the field that is wrong */
    static void read(JsonObject json, GenerateRequest.Builder request) {
        JsonElement list = RequestJson.field(json, "tools").orElseGet(JsonArray::new);
        if (!list.isJsonArray()) {
            throw RequestJson.wrong("tools", "tools must be a list of functions");
        }
        for (int i = 0; i < list.getAsJsonArray().size(); i++) {
            request.addTools(tool(list.getAsJsonArray().get(i), "tools[" + i + "]"));
        }
        RequestJson.field(json, "parallel_tool_calls")
                .ifPresent(value -> request.setParallelToolCalls(RequestJson.flag(value, "parallel_tool_calls")));
        RequestJson.field(json, "tool_choice").ifPresent(choice -> choose(choice, request));
    }

    private static Tool tool(JsonElement element, String where) {
        String type = element.isJsonObject() ? RequestJson.string(element.getAsJsonObject(), "type") : "";
        if (!type.equals("function")) {
            throw RequestJson.wrong(where + ".type", where + ".type is '" + type + "', expected function");
        }
        JsonObject function = function(element)
                .orElseThrow(() -> RequestJson.wrong(where + ".function", where + ".function is missing"));
        Tool.Builder tool = Tool.newBuilder()
                .setName(RequestJson.string(function, "name"))
                .setDescription(RequestJson.string(function, "description"));
        RequestJson.field(function, "parameters").ifPresent(schema -> tool.setParameters(schema.toString()));
        return tool.build();
    }

    private static Optional<JsonObject> function(JsonElement element) {
        return Optional.of(element)
                .filter(JsonElement::isJsonObject)
                .flatMap(one -> RequestJson.field(one.getAsJsonObject(), "function"))
                .filter(JsonElement::isJsonObject)
                .map(JsonElement::getAsJsonObject);
    }

    /** A word, or a function by name. */
    private static void choose(JsonElement choice, GenerateRequest.Builder request) {
        String word = RequestJson.isString(choice) ? choice.getAsString() : "";
        String named = function(choice)
                .map(function -> RequestJson.string(function, "name"))
                .orElse("");
        if (word.isEmpty() && named.isEmpty()) {
            throw RequestJson.wrong(
                    "tool_choice", "tool_choice must be none, auto, required, or name a function among tools");
        }
        request.setToolChoice(word).setTool(named);
    }

    /** @throws ApiError.Wrong with what is wrong at {@code where} */
    static List<ToolCall> calls(JsonElement calls, String where) {
        if (!calls.isJsonArray()) {
            throw RequestJson.wrong(where, where + " must be a list of calls");
        }
        List<ToolCall> all = new ArrayList<>();
        for (JsonElement call : calls.getAsJsonArray()) {
            JsonObject function = function(call)
                    .orElseThrow(() -> RequestJson.wrong(where, where + " has a call without a function"));
            all.add(ToolCall.newBuilder()
                    .setId(RequestJson.string(call.getAsJsonObject(), "id"))
                    .setName(RequestJson.string(function, "name"))
                    .setArguments(RequestJson.string(function, "arguments"))
                    .build());
        }
        return all;
    }
}
