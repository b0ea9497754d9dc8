package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.Event;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.TimelineRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Every note that was sent to a node, and what the node answered. Safe on any thread. */
final class NotesOracle {
    private static final int ALL = 100_000;

    private record Acknowledged(String text, String origin, long sequence, String time) {}

    private final Set<String> sent = new HashSet<>();
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private int verified;

    synchronized int acknowledged() {
        return acknowledged.size();
    }

    private synchronized void sends(String text) {
        sent.add(text);
    }

    private synchronized void answered(String text, RememberAnswer answer) {
        acknowledged.add(new Acknowledged(text, answer.getOrigin(), answer.getSequence(), answer.getTime()));
    }

    /** Writes notes until the node is gone. */
    Callable<Void> writer(Supplier<NodeClient> connect, String writer, long seed, Semaphore answers) {
        return () -> {
            Random random = new Random(seed);
            RememberAnswer before = RememberAnswer.getDefaultInstance();
            try (NodeClient client = connect.get()) {
                for (int i = 0; ; i++) {
                    String text = "note " + writer + "n" + i + " " + PlainWords.some(random, 1 + size(random));
                    sends(text);
                    RememberAnswer answer = client.remember(
                            RememberRequest.newBuilder().setText(text).build());
                    if (!before.getTime().isEmpty()) {
                        assertTrue(answer.getSequence() > before.getSequence(), () -> answer + " after " + text);
                        assertTrue(
                                !Instant.parse(answer.getTime()).isBefore(Instant.parse(before.getTime())),
                                () -> answer + " after " + text);
                    }
                    answered(text, answer);
                    before = answer;
                    answers.release();
                }
            }
        };
    }

    /** Most are short as people write them; some fill a block. */
    private static int size(Random random) {
        return random.nextInt(10) == 0 ? random.nextInt(1_000) : random.nextInt(12);
    }

    /** Compares with what the node remembers: what it acknowledged since the last time, or ever. */
    synchronized void verify(NodeClient client, boolean everything) throws ClientFault {
        Map<String, Event> found = new HashMap<>();
        for (Event event : client.timeline(TimelineRequest.newBuilder()
                        .setKind("note")
                        .setLimit(ALL)
                        .build())
                .getEventsList()) {
            assertTrue(sent.contains(event.getText()), () -> "nobody sent this note: " + event);
            assertEquals(null, found.put(event.getText(), event), "a note is there twice");
        }
        for (Acknowledged note : acknowledged) {
            Event event = found.get(note.text());
            assertTrue(event != null, () -> "acknowledged and lost: " + note);
            assertEquals(note.origin(), event.getOrigin(), note::toString);
            assertEquals(note.sequence(), event.getSequence(), note::toString);
            assertEquals(acknowledged.getFirst().origin(), note.origin(), "the home writes under a new origin");
        }
        List<Acknowledged> asked = everything ? acknowledged : acknowledged.subList(verified, acknowledged.size());
        for (int i = 0; i < asked.size(); i += 1 + asked.size() / 5) {
            String text = asked.get(i).text();
            assertTrue(
                    client
                            .recall(RecallRequest.newBuilder()
                                    .setText(text)
                                    .setLimit(ALL)
                                    .build())
                            .getEventsList()
                            .stream()
                            .anyMatch(event -> event.getText().equals(text)),
                    () -> "recall does not find " + text);
        }
        verified = acknowledged.size();
    }
}
