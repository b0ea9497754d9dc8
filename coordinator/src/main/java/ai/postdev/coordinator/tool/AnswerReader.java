package ai.postdev.coordinator.tool;

import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.ToolCallArguments;
import ai.postdev.v1.ToolCallBegun;
import java.util.List;
import java.util.UUID;

/** Tells texts and calls of functions apart in what a model says, piece by piece. One answer, one thread. */
interface AnswerReader {
    /** What is known after more was said; what may still be one or the other is held back. */
    List<GenerateEvent> read(String more);

    /** What was held back, at the end of the answer. */
    List<GenerateEvent> end();

    /** More of the text. */
    static GenerateEvent said(String text) {
        return GenerateEvent.newBuilder().setText(text).build();
    }

    /**
     * A call begins.
     *
     * @param index of it in the answer, from 0
     */
    static GenerateEvent called(int index, String name) {
        return GenerateEvent.newBuilder()
                .setToolCall(ToolCallBegun.newBuilder()
                        .setIndex(index)
                        .setId("call_" + UUID.randomUUID().toString().replace("-", ""))
                        .setName(name))
                .build();
    }

    /** More of a call's arguments, which together are JSON. */
    static GenerateEvent argued(int index, String json) {
        return GenerateEvent.newBuilder()
                .setToolArguments(ToolCallArguments.newBuilder().setIndex(index).setJson(json))
                .build();
    }
}
