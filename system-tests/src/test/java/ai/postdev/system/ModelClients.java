package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clients of a node's HTTP door, all at once and of every kind: who wants a whole answer, who reads a stream, who leaves in the
 * middle, and who begins a request and never goes on. Each that stays gets all of its answer, or is told to come again.
 */
final class ModelClients {
    /** Connections that stand half-open at a time; each more pushes out none, but the oldest is let go. */
    private static final int HALF_OPEN_MAX = 50;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Integer> outcomes = new ConcurrentSkipListMap<>();
    private final Queue<Socket> halfOpen = new ConcurrentLinkedQueue<>();
    private final String address;
    private final String key;
    private final String model;

    /** @param address host and port of the door */
    ModelClients(String address, String key, String model) {
        this.address = address;
        this.key = key;
        this.model = model;
    }

    /**
     * Lets so many clients go on for so long, each with one request at least; returns when the last one has its answer.
     *
     * @return how many there were of each outcome
     */
    Map<String, Integer> run(int clients, Duration time, long seed) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int first = i;
                Random random = new Random(seed + i);
                all.add(threads.submit(() -> {
                    int kind = first;
                    do {
                        one(kind, random);
                        kind = random.nextInt(6);
                    } while (System.nanoTime() < end);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            for (Socket socket : halfOpen) {
                socket.close();
            }
            http.close();
        }
        return outcomes;
    }

    private void one(int kind, Random random) throws Exception {
        switch (kind % 6) {
            case 0 -> whole(1 + random.nextInt(4));
            case 1, 2 -> stream(1 + random.nextInt(4));
            case 3 -> leave("left a whole", body(200, false), false);
            case 4 -> leave("left a stream", body(200, true), true);
            default -> halfOpen(random);
        }
    }

    private static String head(String key, String address, int length) {
        return "POST /v1/completions HTTP/1.1\r\nHost: " + address + "\r\nAuthorization: Bearer " + key
                + "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private String body(int tokens, boolean stream) {
        return "{\"model\": \"" + model + "\", \"prompt\": \"Once upon a time\", \"max_tokens\": " + tokens
                + ", \"stream\": " + stream + "}";
    }

    private HttpResponse<String> post(int tokens, boolean stream) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://" + address + "/v1/completions"))
                        .header("Authorization", "Bearer " + key)
                        .POST(HttpRequest.BodyPublishers.ofString(body(tokens, stream)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void count(String outcome) {
        outcomes.merge(outcome, 1, Integer::sum);
    }

    /** Whether a client was told to come again, which it then does after a moment. */
    private boolean full(HttpResponse<String> response) throws InterruptedException {
        if (response.statusCode() != 429) {
            return false;
        }
        int seconds =
                Integer.parseInt(response.headers().firstValue("retry-after").orElse("0"));
        assertTrue(seconds >= 1, response.body());
        count("told to come again");
        Thread.sleep(100); // a client's own wait, to be no busy loop
        return true;
    }

    private void whole(int tokens) throws Exception {
        HttpResponse<String> response = post(tokens, false);
        if (!full(response)) {
            assertEquals(200, response.statusCode(), response.body());
            int said = JsonParser.parseString(response.body())
                    .getAsJsonObject()
                    .getAsJsonObject("usage")
                    .get("completion_tokens")
                    .getAsInt();
            assertTrue(said >= 1 && said <= tokens, response.body());
            count("whole");
        }
    }

    private void stream(int tokens) throws Exception {
        HttpResponse<String> response = post(tokens, true);
        if (!full(response)) {
            assertEquals(200, response.statusCode(), response.body());
            assertTrue(
                    response.body().contains("\"finish_reason\":\"")
                            && response.body().endsWith("data: [DONE]\n\n"),
                    response.body());
            count("stream");
        }
    }

    private Socket send(String text) throws IOException {
        int colon = address.lastIndexOf(':');
        Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    /** @param begun whether it waits for the head of the answer first */
    private void leave(String what, String body, boolean begun) throws Exception {
        try (Socket socket = send(head(key, address, body.length()) + body)) {
            if (begun) {
                InputStream in = socket.getInputStream();
                byte[] status = in.readNBytes(12);
                String text = new String(status, StandardCharsets.US_ASCII);
                assertTrue(text.equals("HTTP/1.1 200") || text.equals("HTTP/1.1 429"), text);
            }
        }
        count(what);
    }

    /** Half of a head, or a head and half of its body; the connection then stands until the end, or until it is one too many. */
    private void halfOpen(Random random) throws Exception {
        String body = body(1, true);
        String whole = head(key, address, body.length()) + body;
        halfOpen.add(send(whole.substring(0, 10 + random.nextInt(whole.length() - 20))));
        while (halfOpen.size() > HALF_OPEN_MAX) {
            Socket oldest = halfOpen.poll();
            if (oldest != null) {
                oldest.close();
            }
        }
        count("half-open");
        Thread.sleep(20); // such a client is idle, and takes no processor from others
    }
}
