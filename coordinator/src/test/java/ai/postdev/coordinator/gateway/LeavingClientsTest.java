package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that leave, do not read, or do not say what they want: nothing goes on for them. */
class LeavingClientsTest {
    private static final String WHOLE = "{\"model\": \"%s\", \"prompt\": \"x\"}";
    private static final String STREAM = "{\"model\": \"%s\", \"prompt\": \"x\", \"stream\": true}";

    @TempDir
    Path dir;

    private static TestNode node;
    private TestDoor door;

    @BeforeAll
    static void start() {
        node = TestNode.withTwoProjects();
    }

    private void open(String settings) throws Exception {
        node.serving.asked.clear();
        door = new TestDoor(node, dir, settings);
    }

    @AfterEach
    void close() throws Exception {
        door.close();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private void workEnds() throws InterruptedException {
        assertNotNull(node.serving.cancelled.poll(60, TimeUnit.SECONDS), "the work goes on");
        assertTrue(node.serving.running.isEmpty());
    }

    @Test
    void aClientThatWaitsForAWholeAnswerAndLeavesEndsTheWork() throws Exception {
        open("");
        for (String model : List.of("mute", "endless")) {
            try (Wire wire = door.wire()) {
                wire.send("POST /v1/completions", WHOLE.formatted(model));
                assertNotNull(node.serving.asked.poll(60, TimeUnit.SECONDS));
            }
            workEnds();
        }
    }

    /** Who only closes its own side still hears what becomes of it: the connection is not held for anybody. */
    @Test
    void theConnectionOfAClientThatLeftIsClosed() throws Exception {
        open("");
        for (String path : List.of("completions", "embeddings")) {
            try (Wire wire = door.wire()) {
                wire.send("POST /v1/" + path, "{\"model\": \"mute\", \"prompt\": \"x\", \"input\": \"wait\"}");
                wire.socket.shutdownOutput();
                assertEquals("HTTP/1.1 503 Service Unavailable", wire.line());
                wire.answer();
                assertTrue(wire.isClosed(), path);
            }
        }
        workEnds();
    }

    @Test
    void aClientThatLeavesAStreamEndsTheWork() throws Exception {
        open("");
        for (String model : List.of("mute", "endless")) {
            try (Wire wire = door.wire()) {
                wire.send("POST /v1/completions", STREAM.formatted(model));
                assertNotNull(node.serving.asked.poll(60, TimeUnit.SECONDS));
                if (model.equals("endless")) {
                    assertEquals("HTTP/1.1 200 OK", wire.line());
                }
            }
            workEnds();
        }
    }

    @Test
    void aClientThatLeavesEndsTheEmbeddingOfItsTexts() throws Exception {
        open("");
        try (Wire wire = door.wire()) {
            wire.send("POST /v1/embeddings", "{\"model\": \"minilm\", \"input\": \"wait\"}");
            assertNotNull(node.embeddings.waiting.poll(60, TimeUnit.SECONDS));
        }
        assertNotNull(node.embeddings.cancelled.poll(60, TimeUnit.SECONDS));
    }

    @Test
    void aWholeAnswerThatTakesTooLongIsAnErrorAndEndsTheWork() throws Exception {
        open("answer-time = 50ms");
        try (Wire wire = door.wire()) {
            wire.send("POST /v1/completions", WHOLE.formatted("mute"));
            assertEquals("HTTP/1.1 504 Gateway Timeout", wire.line());
            workEnds();
        }
    }

    @Test
    void aClientThatDoesNotReadItsStreamIsCutOff() throws Exception {
        open("reader-time = 50ms");
        node.serving.scripts.put("endless", Collections.nCopies(300, "x".repeat(64 << 10)));
        try (Wire wire = door.wire()) {
            wire.socket.setReceiveBufferSize(1_024);
            wire.send("POST /v1/completions", STREAM.formatted("endless"));
            workEnds();
        }
    }

    @Test
    void aConnectionWithoutAWholeRequestIsClosed() throws Exception {
        open("idle-max = 50ms");
        try (Wire silent = door.wire();
                Wire trickling = door.wire()) {
            begin(trickling, "X-Slow: ");
            assertTrue(silent.isClosed());
            assertTrue(trickling.isClosed());
        }
        close();
        open("request-time = 50ms");
        try (Wire half = door.wire()) {
            begin(half, "Authorization: Bearer " + door.key + "\r\nContent-Length: 100\r\n\r\n{\"model\"");
            assertEquals("HTTP/1.1 408 Request Timeout", half.line());
        }
        assertTrue(node.serving.asked.isEmpty());
    }

    /** The connection may be closed before all is written. */
    private static void begin(Wire wire, String text) {
        try {
            wire.raw("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n" + text);
        } catch (IOException _) {
            // closed: the test sees it when it reads
        }
    }

    @Test
    void aConnectionIsNotIdleWhileItsAnswerIsMade() throws Exception {
        open("idle-max = 1s, answer-time = 3s");
        try (Wire wire = door.wire()) {
            wire.send("POST /v1/completions", WHOLE.formatted("mute"));
            assertEquals("HTTP/1.1 504 Gateway Timeout", wire.line());
            workEnds();
        }
    }
}
