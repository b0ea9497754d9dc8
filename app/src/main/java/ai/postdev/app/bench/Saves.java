package ai.postdev.app.bench;

import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.SearchRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Saves a file with a new word in it and asks for the word until it is found. */
final class Saves {
    private static final int COUNT = 100;
    private static final Duration FOUND_WITHIN = Duration.ofSeconds(20);
    /** Between two saves, about as fast as somebody types. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final NodeClient client;
    private final Path folder;

    Saves(NodeClient client, Path folder) {
        this.client = client;
        this.folder = folder;
    }

    Latencies measure() throws IOException, ClientFault, InterruptedException {
        Latencies latencies = new Latencies();
        for (int i = -5; i < COUNT; i++) {
            Thread.sleep(PAUSE);
            String word = "savedWord" + (i + 1000) + "x" + Long.toString(System.nanoTime(), 36);
            long start = System.nanoTime();
            Files.writeString(folder.resolve("Saved.java"), "class Saved { String word = \"" + word + "\"; }\n");
            SearchRequest ask = SearchRequest.newBuilder()
                    .setQuery("\"" + word + "\"")
                    .setProject(folder.toString())
                    .build();
            while (client.search(ask).getHitsCount() == 0) {
                if (System.nanoTime() - start > FOUND_WITHIN.toNanos()) {
                    throw new IllegalStateException(
                            "a saved word was not found within " + FOUND_WITHIN.toSeconds() + " s");
                }
            }
            if (i >= 0) {
                latencies.add(System.nanoTime() - start);
            }
        }
        return latencies;
    }
}
