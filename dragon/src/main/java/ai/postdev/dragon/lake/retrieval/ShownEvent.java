package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.history.HistoryEvent;
import ai.postdev.v1.Event;
import java.time.Instant;

/** An event as the doors show it, whatever the question was. Pure. */
public final class ShownEvent {
    private ShownEvent() {}

    /** The message of {@code event}; its paths are the attribute {@code paths}, one a line. */
    public static Event of(ProjectId project, HistoryEvent event) {
        Event.Builder shown = Event.newBuilder()
                .setOrigin(event.origin().value())
                .setSequence(event.sequence())
                .setTime(Instant.ofEpochMilli(event.timeMillis()).toString())
                .setKind(event.kind())
                .setProject(project.value())
                .setText(event.text())
                .setPinned(event.pinned())
                .putAllAttributes(event.attributes());
        if (!event.paths().isEmpty()) {
            shown.putAttributes("paths", String.join("\n", event.paths()));
        }
        return shown.build();
    }
}
