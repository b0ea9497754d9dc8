package ai.postdev.coordinator.openai;

import ai.postdev.v1.GenerateFinished;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;

/**
 * One answer as JSON: whole, or in chunks.
 *
 * @param created seconds since 1970
 * @param chat whether it belongs to a conversation
 */
record Completion(String id, String model, long created, boolean chat) {
    /** The whole answer. */
    JsonObject whole(String text, GenerateFinished end) {
        JsonObject choice = choice(finish(end));
        if (chat) {
            JsonObject message = new JsonObject();
            message.addProperty("role", "assistant");
            message.addProperty("content", text);
            choice.add("message", message);
        } else {
            choice.addProperty("text", text);
        }
        JsonObject json = head(chat ? "chat.completion" : "text_completion");
        json.add("choices", list(choice));
        json.add("usage", usage(end));
        return json;
    }

    /** The first chunk of a conversation's answer: whose turn it is. */
    JsonObject begin() {
        return chunk("", true, JsonNull.INSTANCE.toString());
    }

    /** More of the answer. */
    JsonObject more(String text) {
        return chunk(text, false, JsonNull.INSTANCE.toString());
    }

    /** Why it ended. */
    JsonObject last(GenerateFinished end) {
        JsonObject json = chunk("", false, finish(end));
        if (chat) {
            json.getAsJsonArray("choices").get(0).getAsJsonObject().add("delta", new JsonObject());
        }
        return json;
    }

    /** What it took, as a chunk without choices. */
    JsonObject took(GenerateFinished end) {
        JsonObject json = head(chat ? "chat.completion.chunk" : "text_completion");
        json.add("choices", new JsonArray());
        json.add("usage", usage(end));
        return json;
    }

    private JsonObject chunk(String text, boolean first, String finish) {
        JsonObject choice = choice(finish);
        if (chat) {
            JsonObject delta = new JsonObject();
            if (first) {
                delta.addProperty("role", "assistant");
            }
            delta.addProperty("content", text);
            choice.add("delta", delta);
        } else {
            choice.addProperty("text", text);
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

    private static JsonObject choice(String finish) {
        JsonObject choice = new JsonObject();
        choice.addProperty("index", 0);
        choice.add("logprobs", JsonNull.INSTANCE);
        if (finish.equals("null")) {
            choice.add("finish_reason", JsonNull.INSTANCE);
        } else {
            choice.addProperty("finish_reason", finish);
        }
        return choice;
    }

    private static String finish(GenerateFinished end) {
        return end.getFinish().equals("length") ? "length" : "stop";
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
        return usage;
    }
}
