package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred clients at once, good ones and bad ones: each gets what it should, and nothing goes on for those that left. A few
 * requests of each in a build; {@code -Dpostdevai.door.seconds=120} goes on for so long.
 */
class HundredClientsTest {
    private static final int CLIENTS = 100;
    private static final int ROUNDS = 5;

    @TempDir
    Path dir;

    private final Map<String, Integer> outcomes = new ConcurrentSkipListMap<>();
    private final long seed = Long.getLong("postdevai.seed", System.nanoTime());
    private TestDoor door;

    @Test
    void eachGetsWhatItShouldAndNothingGoesOn() throws Exception {
        System.out.println("seed of a hundred clients: " + seed);
        try (TestNode node = TestNode.withTwoProjects();
                TestDoor opened = new TestDoor(node, dir, "")) {
            door = opened;
            long end = System.nanoTime()
                    + Duration.ofSeconds(Long.getLong("postdevai.door.seconds", 0))
                            .toNanos();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    Random random = new Random(seed + i);
                    clients.add(threads.submit(() -> {
                        for (int round = 0; round < ROUNDS || System.nanoTime() < end; round++) {
                            one(random);
                        }
                        return null;
                    }));
                }
                for (Future<?> one : clients) {
                    one.get();
                }
            }
            node.kit.<String>createTestProbe().awaitAssert(Duration.ofSeconds(60), () -> {
                assertEquals(0, node.serving.running.size());
                return null;
            });
            assertEquals(
                    200,
                    post("/v1/completions", "{\"model\": \"small\", \"prompt\": \"x\"}")
                            .statusCode());
            System.out.println("a hundred clients: " + outcomes);
        }
    }

    private void one(Random random) throws Exception {
        switch (random.nextInt(8)) {
            case 0 -> is(200, "whole", post("/v1/completions", "{\"model\": \"small\", \"prompt\": \"x\"}"));
            case 1 -> {
                HttpResponse<String> stream = is(
                        200,
                        "stream",
                        post("/v1/completions", "{\"model\": \"small\", \"prompt\": \"x\", \"stream\": true}"));
                assertTrue(stream.body().endsWith("data: [DONE]\n\n"), stream.body());
            }
            case 2 -> {
                HttpResponse<String> full =
                        is(429, "full", post("/v1/completions", "{\"model\": \"full\", \"prompt\": \"x\"}"));
                assertEquals("7", full.headers().firstValue("retry-after").orElse(""));
            }
            case 3 -> leave("whole", "{\"model\": \"mute\", \"prompt\": \"x\"}", false);
            case 4 -> leave("stream", "{\"model\": \"endless\", \"prompt\": \"x\", \"stream\": true}", true);
            case 5 ->
                is(200, "embeddings", post("/v1/embeddings", "{\"model\": \"minilm\", \"input\": [\"a\", \"b\"]}"));
            case 6 -> is(400, "broken", post("/v1/chat/completions", "{\"model\": \"small\", \"messages\": [}"));
            default ->
                is(
                        200,
                        "tools",
                        post(
                                "/v1/chat/completions",
                                "{\"model\": \"small\", \"messages\": [{\"role\": \"user\","
                                        + " \"content\": \"x\"}], \"tools\": [{\"type\": \"function\", \"function\": {\"name\":"
                                        + " \"f\"}}]}"));
        }
    }

    private void leave(String what, String body, boolean begun) throws Exception {
        try (Wire wire = door.wire()) {
            wire.send("POST /v1/completions", body);
            if (begun) {
                assertEquals("HTTP/1.1 200 OK", wire.line());
            }
        }
        outcomes.merge("left a " + what, 1, Integer::sum);
    }

    private HttpResponse<String> is(int status, String what, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        outcomes.merge(what + " " + status, 1, Integer::sum);
        return response;
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return door.post(path, body);
    }
}
