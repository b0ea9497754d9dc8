package ai.postdev.coordinator.gateway;

import ai.postdev.coordinator.openai.OpenAiDoor;
import ai.postdev.coordinator.openai.OpenAiSettings;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.pekko.http.javadsl.ServerBinding;

/** The HTTP door over real HTTP, on a node of the test. */
final class TestDoor implements AutoCloseable {
    static final long CREATED = 1_700_000_000;

    final ServerBinding binding;
    final String key;
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * Opens the door.
     *
     * @param dir for the file of the key
     * @param settings of {@code postdevai.gateway.http}
     */
    TestDoor(TestNode node, Path dir, String settings) throws Exception {
        AccessToken token = AccessToken.in(dir.resolve("token"));
        key = Files.readString(dir.resolve("token")).strip();
        binding = TestNode.await(OpenAiDoor.open(
                node.kit.system(),
                node.service,
                token,
                OpenAiSettings.from(ConfigFactory.parseString("postdevai.gateway.http { port = 0, " + settings + " }")
                        .withFallback(ConfigFactory.load())
                        .resolve()),
                Clock.fixed(Instant.ofEpochSecond(CREATED), ZoneOffset.UTC)));
    }

    Wire wire() throws IOException {
        return new Wire(binding, key);
    }

    HttpResponse<String> send(String method, String path, byte[] body, String bearer)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://" + OpenAiDoor.address(binding) + path))
                        .header("Authorization", "Bearer " + bearer)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, body.getBytes(java.nio.charset.StandardCharsets.UTF_8), key);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, new byte[0], key);
    }

    static JsonObject json(HttpResponse<String> response) {
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }

    @Override
    public void close() throws Exception {
        http.close();
        TestNode.await(binding.terminate(Duration.ofSeconds(5)));
    }
}
