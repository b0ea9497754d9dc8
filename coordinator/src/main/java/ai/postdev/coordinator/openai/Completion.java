package ai.postdev.coordinator.openai;

import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateFinished;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;

/**
 * One answer as JSON: whole, or in chunks.
 *
 * @param created seconds since 1970
 * @param chat whether it belongs to a conversation
 */
record Completion(String id, String model, long created, boolean chat) {
    /** The whole answer. */
    JsonObject whole(Answered answered) {
        List<Answered.Call> calls = answered.calls();
        JsonObject choice = choice(new JsonPrimitive(answered.end().getFinish()));
        if (chat) {
            JsonObject message = new JsonObject();
            message.addProperty("role", "assistant");
            boolean silent = !calls.isEmpty() && answered.text().isEmpty();
            message.add("content", silent ? JsonNull.INSTANCE : new JsonPrimitive(answered.text()));
            if (!calls.isEmpty()) {
                JsonArray list = new JsonArray();
                calls.forEach(call -> list.add(call(call.id(), call.name(), call.arguments())));
                message.add("tool_calls", list);
            }
            choice.add("message", message);
        } else {
            choice.addProperty("text", answered.text());
        }
        JsonObject json = head(chat ? "chat.completion" : "text_completion");
        json.add("choices", list(choice));
        json.add("usage", usage(answered.end()));
        return json;
    }

    /** The first chunk of a conversation's answer: whose turn it is. */
    JsonObject begin() {
        JsonObject delta = new JsonObject();
        delta.addProperty("role", "assistant");
        delta.addProperty("content", "");
        return chunk(delta, JsonNull.INSTANCE);
    }

    /** More of the answer: a text, a call, or more of its arguments. */
    JsonObject more(GenerateEvent event) {
        JsonObject delta = new JsonObject();
        if (event.hasToolCall()) {
            JsonObject call =
                    call(event.getToolCall().getId(), event.getToolCall().getName(), "");
            call.addProperty("index", event.getToolCall().getIndex());
            delta.add("tool_calls", list(call));
        } else if (event.hasToolArguments()) {
            JsonObject function = new JsonObject();
            function.addProperty("arguments", event.getToolArguments().getJson());
            JsonObject call = new JsonObject();
            call.addProperty("index", event.getToolArguments().getIndex());
            call.add("function", function);
            delta.add("tool_calls", list(call));
        } else {
            delta.addProperty("content", event.getText());
        }
        return chunk(delta, JsonNull.INSTANCE);
    }

    /** Why it ended. */
    JsonObject last(GenerateFinished end) {
        return chunk(new JsonObject(), new JsonPrimitive(end.getFinish()));
    }

    /** What it took, as a chunk without choices. */
    JsonObject took(GenerateFinished end) {
        JsonObject json = head(chat ? "chat.completion.chunk" : "text_completion");
        json.add("choices", new JsonArray());
        json.add("usage", usage(end));
        return json;
    }

    private JsonObject chunk(JsonObject delta, JsonElement finish) {
        JsonObject choice = choice(finish);
        if (chat) {
            choice.add("delta", delta);
        } else {
            choice.addProperty("text", RequestJson.string(delta, "content"));
        }
        JsonObject json = head(chat ? "chat.completion.chunk" : "text_completion");
        json.add("choices", list(choice));
        return json;
    }

    private JsonObject head(String object) {
        JsonObject json = new JsonObject();
        json.addProperty("id", id);
        json.addProperty("object", object);
        json.addProperty("created", created);
        json.addProperty("model", model);
        return json;
    }

    private static JsonObject call(String id, String name, String arguments) {
        JsonObject function = new JsonObject();
        function.addProperty("name", name);
        function.addProperty("arguments", arguments);
        JsonObject call = new JsonObject();
        call.addProperty("id", id);
        call.addProperty("type", "function");
        call.add("function", function);
        return call;
    }

    private static JsonObject choice(JsonElement finish) {
        JsonObject choice = new JsonObject();
        choice.addProperty("index", 0);
        choice.add("logprobs", JsonNull.INSTANCE);
        choice.add("finish_reason", finish);
        return choice;
    }

    private static JsonArray list(JsonObject one) {
        JsonArray list = new JsonArray();
        list.add(one);
        return list;
    }

    private static JsonObject usage(GenerateFinished end) {
        JsonObject usage = new JsonObject();
        usage.addProperty("prompt_tokens", end.getPromptTokens());
        usage.addProperty("completion_tokens", end.getAnswerTokens());
        usage.addProperty("total_tokens", end.getPromptTokens() + end.getAnswerTokens());
        JsonObject prompt = new JsonObject();
        prompt.addProperty("cached_tokens", end.getCachedTokens());
        usage.add("prompt_tokens_details", prompt);
        return usage;
    }
}
