package ai.postdev.coordinator.tool;

import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.Tool;

/**
 * A request whose tools are words: what a model is told of functions and their calls, and how its calls are found again in what
 * it says. Every door's requests go through it, so the same request means the same at all of them.
 */
public final class ToolTalk {
    private final GenerateRequest request;
    private final Tools tools;

    private ToolTalk(GenerateRequest request, Tools tools) {
        this.request = request;
        this.tools = tools;
    }

    /**
     * What is asked, with its tools and calls in words.
     *
     * @throws WrongTools with the field that is wrong
     */
    public static ToolTalk of(GenerateRequest asked) {
        Tools tools = Tools.of(asked);
        boolean called = asked.getMessagesList().stream()
                .anyMatch(message -> message.getToolCallsCount() > 0
                        || !message.getToolCallId().isEmpty());
        if (asked.getToolsCount() == 0 && !called) {
            return new ToolTalk(asked, tools);
        }
        GenerateRequest.Builder told = asked.toBuilder()
                .clearMessages()
                .addAllMessages(Conversation.of(asked.getMessagesList(), tools))
                .clearTools()
                .clearToolChoice()
                .clearTool()
                .clearParallelToolCalls();
        if (tools.forced()) {
            told.setJsonSchema(tools.schema());
        } else if (tools.any()) {
            if (!asked.getJsonSchema().isEmpty()) {
                throw new WrongTools(
                        "json_schema",
                        "a schema of the answer and tools that may be called are both there: an answer that obeys the schema"
                                + " cannot be a call; set tool_choice to none or required, or leave one of them out");
            }
            if (!tools.parallel()) {
                told.addStops(Tools.CALL_END);
            }
        }
        // Their names stay, so that the keeper of the models knows what the request needs.
        tools.callable().forEach(tool -> told.addTools(Tool.newBuilder().setName(tool.name())));
        return new ToolTalk(told.build(), tools);
    }

    /** What the keeper of the models is asked: tools and calls are in its texts, of its tools there are only names. */
    public GenerateRequest request() {
        return request;
    }

    /** Whether there may be calls in the answer. */
    public boolean calls() {
        return tools.any();
    }

    /** What reads the answer; each answer wants its own. */
    public ToolEvents events() {
        return new ToolEvents(tools::reader);
    }
}
