package ai.postdev.coordinator.openai;

import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateFinished;
import ai.postdev.v1.ToolCallBegun;
import java.util.ArrayList;
import java.util.List;

/** What a model said, gathered until it is whole. One answer, one thread. */
final class Answered {
    /** A call of a function. */
    record Call(String id, String name, String arguments) {}

    private final StringBuilder text = new StringBuilder();
    private final List<ToolCallBegun> called = new ArrayList<>();
    private final List<StringBuilder> arguments = new ArrayList<>();
    private GenerateFinished end = GenerateFinished.getDefaultInstance();

    Answered add(GenerateEvent event) {
        switch (event.getEventCase()) {
            case TEXT -> text.append(event.getText());
            case TOOL_CALL -> {
                called.add(event.getToolCall());
                arguments.add(new StringBuilder());
            }
            case TOOL_ARGUMENTS ->
                arguments
                        .get(event.getToolArguments().getIndex())
                        .append(event.getToolArguments().getJson());
            case FINISHED -> end = event.getFinished();
            case QUEUED, BEGUN, RESTARTED, EVENT_NOT_SET -> {
                // no part of the answer; this door's requests let no other model begin anew
            }
        }
        return this;
    }

    String text() {
        return text.toString();
    }

    List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < called.size(); i++) {
            calls.add(new Call(
                    called.get(i).getId(),
                    called.get(i).getName(),
                    arguments.get(i).toString()));
        }
        return calls;
    }

    /** What it took and why it ended; nothing as long as it has not. */
    GenerateFinished end() {
        return end;
    }
}
