package ai.postdev.coordinator.tool;

import ai.postdev.v1.ChatMessage;
import ai.postdev.v1.ToolCall;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of a request as models read them: calls and their results are written into the texts, in the words of the
 * templates of Hermes and Qwen, and functions on offer into the system text.
 */
final class Conversation {
    private static final String SYSTEM = "system";
    private static final String TOOL = "tool";

    private final List<ChatMessage> messages = new ArrayList<>();
    /** Whether the last message is a result that was written here. */
    private boolean result;

    private Conversation() {}

    /** @throws WrongTools with the field that is wrong */
    static List<ChatMessage> of(List<ChatMessage> asked, Tools tools) {
        Conversation conversation = new Conversation();
        for (int i = 0; i < asked.size(); i++) {
            conversation.add(asked.get(i), "messages[" + i + "]");
        }
        if (tools.any()) {
            conversation.offer(tools.prompt());
        }
        return conversation.messages;
    }

    private void add(ChatMessage message, String where) {
        boolean another = result;
        result = !message.getToolCallId().isEmpty();
        if (message.getToolCallsCount() > 0) {
            expect(message, "assistant", where + ".tool_calls");
            said(message, where + ".tool_calls");
        } else if (result) {
            expect(message, TOOL, where + ".tool_call_id");
            result(message.getContent(), another);
        } else {
            messages.add(message);
        }
    }

    private static void expect(ChatMessage message, String role, String where) {
        boolean both =
                message.getToolCallsCount() > 0 && !message.getToolCallId().isEmpty();
        if (both || !message.getRole().equals(role)) {
            throw new WrongTools(
                    where, where + " is there, but the role is '" + message.getRole() + "', expected " + role);
        }
    }

    private void put(String role, String text) {
        messages.add(ChatMessage.newBuilder().setRole(role).setContent(text).build());
    }

    /** Results that follow each other are one turn. */
    private void result(String content, boolean another) {
        String text = "<tool_response>\n" + content + "\n</tool_response>";
        put(TOOL, another ? messages.removeLast().getContent() + "\n" + text : text);
    }

    private void said(ChatMessage message, String where) {
        List<String> texts = new ArrayList<>();
        if (!message.getContent().isEmpty()) {
            texts.add(message.getContent());
        }
        for (int i = 0; i < message.getToolCallsCount(); i++) {
            ToolCall call = message.getToolCalls(i);
            JsonObject shown = new JsonObject();
            shown.addProperty("name", call.getName());
            shown.add("arguments", JsonDepth.object(call.getArguments(), where + "[" + i + "].arguments"));
            texts.add(Tools.CALL + "\n" + shown + "\n" + Tools.CALL_END);
        }
        put("assistant", String.join("\n", texts));
    }

    /** The system text comes first; without one a model that is offered functions gets one. */
    private void offer(String prompt) {
        ChatMessage first = messages.getFirst();
        if (first.getRole().equals(SYSTEM)) {
            messages.set(
                    0,
                    first.toBuilder()
                            .setContent(first.getContent() + "\n\n" + prompt)
                            .build());
        } else {
            messages.addFirst(ChatMessage.newBuilder()
                    .setRole(SYSTEM)
                    .setContent("You are a helpful assistant.\n\n" + prompt)
                    .build());
        }
    }
}
