package ai.postdev.coordinator.openai;

import ai.postdev.v1.ChatMessage;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The messages of a request, as this API writes them. */
final class MessagesJson {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");

    private MessagesJson() {}

    /** @throws ApiError.Wrong with the field that is wrong */
    static List<ChatMessage> of(JsonObject json) {
        JsonArray list = RequestJson.field(json, "messages")
                .filter(JsonElement::isJsonArray)
                .map(JsonElement::getAsJsonArray)
                .orElseThrow(() -> RequestJson.wrong("messages", "messages is missing, expected a list of messages"));
        if (list.isEmpty()) {
            throw RequestJson.wrong("messages", "messages is empty, expected at least one message");
        }
        List<ChatMessage> messages = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            messages.add(message(list.get(i), "messages[" + i + "]"));
        }
        return messages;
    }

    private static ChatMessage message(JsonElement element, String where) {
        if (!element.isJsonObject()) {
            throw RequestJson.wrong(where, where + " must be an object with role and content");
        }
        JsonObject json = element.getAsJsonObject();
        String role = RequestJson.string(json, "role");
        if (!ROLES.contains(role)) {
            throw RequestJson.wrong(
                    where + ".role",
                    where + ".role is '" + role + "', expected one of "
                            + ROLES.stream().sorted().collect(Collectors.joining(", ")));
        }
        ChatMessage.Builder message = ChatMessage.newBuilder().setRole(role.equals("developer") ? "system" : role);
        Optional<JsonElement> content = RequestJson.field(json, "content");
        Optional<JsonElement> calls = RequestJson.field(json, "tool_calls").filter(_ -> role.equals("assistant"));
        calls.ifPresent(list -> message.addAllToolCalls(ToolsJson.calls(list, where + ".tool_calls")));
        if (calls.isEmpty() || content.isPresent()) {
            message.setContent(text(content, where + ".content"));
        }
        if (role.equals("tool")) {
            message.setToolCallId(RequestJson.string(json, "tool_call_id"));
            if (message.getToolCallId().isEmpty()) {
                throw RequestJson.wrong(
                        where + ".tool_call_id", where + ".tool_call_id is missing, expected the id of the call");
            }
        }
        return message.build();
    }

    private static String text(Optional<JsonElement> content, String where) {
        if (content.isEmpty()) {
            throw RequestJson.wrong(where, where + " is missing, expected a text");
        }
        if (RequestJson.isString(content.get())) {
            return content.get().getAsString();
        }
        if (!content.get().isJsonArray()) {
            throw RequestJson.wrong(where, where + " must be a text or a list of texts");
        }
        StringBuilder text = new StringBuilder();
        for (JsonElement part : content.get().getAsJsonArray()) {
            Optional<JsonElement> said =
                    part.isJsonObject() ? RequestJson.field(part.getAsJsonObject(), "text") : Optional.empty();
            if (said.filter(RequestJson::isString).isEmpty()) {
                throw RequestJson.wrong(where, where + " has a part that is no text; models here read only texts");
            }
            text.append(said.get().getAsString());
        }
        return text.toString();
    }
}
