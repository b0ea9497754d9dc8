package ai.postdev.coordinator.openai;

import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateFinished;
import com.google.gson.JsonObject;
import org.apache.pekko.util.ByteString;

/** A streamed answer as server-sent events. One answer, one thread. */
final class Chunks {
    private final CompletionRequest asked;
    private final Completion completion;
    private final StringBuilder text = new StringBuilder();

    Chunks(CompletionRequest asked, Completion completion) {
        this.asked = asked;
        this.completion = completion;
    }

    /** What goes out before anything was said; empty if nothing does. */
    ByteString begin() {
        if (asked.chat()) {
            add(completion.begin());
        }
        return taken();
    }

    /** Whether an event is for the reader of the stream. */
    static boolean tells(GenerateEvent event) {
        return switch (event.getEventCase()) {
            case TEXT, TOOL_CALL, TOOL_ARGUMENTS, FINISHED -> true;
            case QUEUED, BEGUN, RESTARTED, EVENT_NOT_SET -> false;
        };
    }

    /** What goes out for a part of the answer or for its end; empty for a text that is none. */
    ByteString of(GenerateEvent event) {
        if (!event.hasFinished()) {
            if (!event.hasText() || !event.getText().isEmpty()) {
                add(completion.more(event));
            }
            return taken();
        }
        GenerateFinished end = event.getFinished();
        add(completion.last(end));
        if (asked.usage()) {
            add(completion.took(end));
        }
        text.append("data: [DONE]\n\n");
        return taken();
    }

    /** What goes out when an answer cannot be gone on with. */
    ByteString of(Throwable failure) {
        add(ApiError.of(failure, asked.chat() ? "messages" : "prompt").json());
        return taken();
    }

    private void add(JsonObject json) {
        text.append("data: ").append(json).append("\n\n");
    }

    private ByteString taken() {
        ByteString bytes = ByteString.fromString(text.toString());
        text.setLength(0);
        return bytes;
    }
}
