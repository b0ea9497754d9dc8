package ai.postdev.coordinator.tool;

import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateFinished;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Makes calls of the texts of an answer in which a model calls functions. One answer, one thread. */
public final class ToolEvents {
    private final Supplier<AnswerReader> readers;
    private AnswerReader reader;
    private boolean heard;
    private boolean called;

    ToolEvents(Supplier<AnswerReader> readers) {
        this.readers = readers;
        this.reader = readers.get();
    }

    /** What a caller is told for what the model's keeper tells. */
    public List<GenerateEvent> on(GenerateEvent event) {
        return switch (event.getEventCase()) {
            case TEXT -> text(event.getText());
            case FINISHED -> finished(event.getFinished());
            case RESTARTED -> {
                reader = readers.get();
                heard = false;
                called = false;
                yield List.of(event);
            }
            case QUEUED, BEGUN, TOOL_CALL, TOOL_ARGUMENTS, EVENT_NOT_SET -> List.of(event);
        };
    }

    /** The first of it is told even if it is held back: so a caller knows that the answer has begun. */
    private List<GenerateEvent> text(String more) {
        List<GenerateEvent> events = told(reader.read(more));
        if (heard || !events.isEmpty()) {
            heard = true;
            return events;
        }
        heard = true;
        return List.of(AnswerReader.said(""));
    }

    private List<GenerateEvent> finished(GenerateFinished end) {
        List<GenerateEvent> events = new ArrayList<>(told(reader.end()));
        boolean calls = called && end.getFinish().equals("stop");
        events.add(GenerateEvent.newBuilder()
                .setFinished(calls ? end.toBuilder().setFinish("tool_calls").build() : end)
                .build());
        return events;
    }

    private List<GenerateEvent> told(List<GenerateEvent> events) {
        called |= events.stream().anyMatch(GenerateEvent::hasToolCall);
        return events;
    }
}
