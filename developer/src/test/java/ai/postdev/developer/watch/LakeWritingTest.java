package ai.postdev.developer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How changes come to the lake, by what it answers. */
class LakeWritingTest {
    private static final WorkspaceId WORKSPACE = new WorkspaceId("w");

    /** What the courier was given. */
    private record Sent(long batch, List<String> values) {}

    private final List<Sent> sent = new ArrayList<>();
    private final Outbox outbox = new Outbox(
            WatchSettings.from(ConfigFactory.parseString("postdevai.watch { retry-min = 10 s, retry-max = 10 s }")
                    .withFallback(ConfigFactory.load())));
    private final LakeWriting writing = new LakeWriting(
            outbox,
            WORKSPACE,
            (batch, bodies, blobs) -> sent.add(new Sent(
                    batch,
                    bodies.stream()
                            .map(body -> ((Body.SetSetting) body).value())
                            .toList())));

    private void put(String key, String value) {
        outbox.put(new Outbox.Item(key, new Body.SetSetting(key, value), Optional.empty()), false);
    }

    @Test
    void unansweredWriteIsSentAgainAfterItsWaitUnlessSomethingNewerWaits() {
        long now = System.nanoTime();
        put("a", "old");
        put("b", "kept");
        assertEquals(Optional.empty(), writing.send(now));
        assertEquals(List.of("old", "kept"), sent.getFirst().values());
        put("a", "new");
        assertEquals(Optional.empty(), writing.send(now), "what is on its way is not overtaken");
        assertEquals(1, sent.size());
        writing.ended(sent.getFirst().batch(), new LakeWriting.NotWritten("made to fail"), now);
        long wait = writing.send(now).orElseThrow().toNanos();
        assertTrue(wait > 0, "waits " + wait);
        assertEquals(1, sent.size());
        assertEquals(Optional.empty(), writing.send(now + wait));
        assertEquals(
                List.of("kept", "new"), sent.get(1).values().stream().sorted().toList());
        writing.ended(sent.get(1).batch(), new LakeWriting.Durable(), now + wait);
        assertTrue(outbox.isEmpty());
    }

    @Test
    void writesThatFailAgainAndAgainAreToldUntilOneIsDurable() {
        long now = System.nanoTime();
        put("a", "1");
        for (int i = 0; i < 3; i++) {
            assertEquals("", writing.standstill(), "after " + i + " failures");
            now += writing.send(now).map(Duration::toNanos).orElse(0L);
            writing.send(now);
            writing.ended(sent.getLast().batch(), new LakeWriting.NotWritten("the disk is full"), now);
        }
        assertEquals("nothing can be written: the disk is full", writing.standstill());
        now += writing.send(now).orElseThrow().toNanos();
        writing.send(now);
        writing.ended(sent.getLast().batch(), new LakeWriting.Durable(), now);
        assertEquals("", writing.standstill());
    }

    @Test
    void onlyWhatTheLakeNeverTakesIsGivenUpAndThatIsTold() {
        put("a", "1");
        writing.send(System.nanoTime());
        assertEquals(
                Optional.of(new LakeWriting.GivenUp("a", "not like that")),
                writing.ended(
                        sent.getFirst().batch(),
                        LakeWriting.End.of(new Reply.Refused<>(Reply.Reason.INVALID, "not like that")),
                        0));
        assertTrue(outbox.isEmpty());
    }

    @Test
    void everyOtherRefusalMeansLaterAndAnAnswerMeansDurable() {
        for (Reply.Reason reason : Reply.Reason.values()) {
            LakeWriting.End end = LakeWriting.End.of(new Reply.Refused<>(reason, "why"));
            LakeWriting.End expected = reason == Reply.Reason.INVALID
                    ? new LakeWriting.NeverTaken("why")
                    : new LakeWriting.NotWritten("why");
            assertEquals(expected, end, reason.toString());
        }
        assertEquals(
                new LakeWriting.Durable(),
                LakeWriting.End.of(new Reply.Answered<>(
                        new LakeProtocol.Appended(new Origin("test"), 1, new HybridTime(1), VersionVector.EMPTY))));
    }

    @Test
    void settingsAreDueOnceWithTheirNewestValue() {
        writing.due("branch", "one");
        writing.due("branch", "two");
        assertEquals(Map.of(LakeInventory.settingKey(WORKSPACE, "branch"), "two"), writing.takeDue());
        assertEquals(Map.of(), writing.takeDue());
    }
}
