package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.v1.Event;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.TimelineAnswer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergeTest {
    private static Event event(String origin, long sequence, long millis) {
        return Event.newBuilder()
                .setOrigin(origin)
                .setSequence(sequence)
                .setTime(Instant.ofEpochMilli(millis).toString())
                .build();
    }

    private static List<Long> sequences(List<Event> events) {
        return events.stream().map(Event::getSequence).toList();
    }

    @Test
    void eventsOfSeveralLakesComeNewestFirstAlsoAroundAWholeSecond() {
        TimelineAnswer edits = TimelineAnswer.newBuilder()
                .addEvents(event("a", 5, 30_999))
                .addEvents(event("a", 3, 30_001))
                .addEvents(event("a", 1, 29_999))
                .build();
        TimelineAnswer commits = TimelineAnswer.newBuilder()
                .addEvents(event("b", 4, 30_500))
                .addEvents(event("b", 2, 30_000))
                .build();
        assertEquals(
                List.of(5L, 4L, 3L, 2L, 1L),
                sequences(Merge.timeline(List.of(edits, commits), List.of(), 10).getEventsList()));
    }

    @Test
    void eventsOfEqualScoreAreRecalledNewestFirst() {
        RecallAnswer first =
                RecallAnswer.newBuilder().addEvents(event("a", 1, 30_000)).build();
        RecallAnswer second =
                RecallAnswer.newBuilder().addEvents(event("b", 2, 30_500)).build();
        assertEquals(
                List.of(2L, 1L),
                sequences(Merge.recall("x", List.of(first, second), List.of(), 10, 0)
                        .getEventsList()));
    }
}
