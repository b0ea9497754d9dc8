package ai.postdev.app.bench;

import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.SearchRequest;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Saves a file with a new word in it and asks for the word until it is found. A second watcher of the folder, in this process,
 * tells when the system sent the event of the save: the node has it at the same moment.
 */
final class Saves {
    private static final int COUNT = 100;
    private static final Duration FOUND_WITHIN = Duration.ofSeconds(20);
    /** Between two saves, about as fast as somebody types. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    /**
     * How long it took until a save was found.
     *
     * @param saved from the moment before the file is opened for writing
     * @param event from the last event of the save on
     */
    record Measured(Latencies saved, Latencies event) {}

    private final NodeClient client;
    private final Path folder;

    Saves(NodeClient client, Path folder) {
        this.client = client;
        this.folder = folder;
    }

    Measured measure() throws IOException, ClientFault, InterruptedException {
        AtomicLong event = new AtomicLong();
        try (WatchService events = FileSystems.getDefault().newWatchService()) {
            folder.register(events, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            Thread.ofPlatform().daemon().name("save-events").start(() -> note(events, event));
            return measure(event);
        }
    }

    /** Until the watcher is closed. */
    private static void note(WatchService events, AtomicLong event) {
        try {
            while (true) {
                WatchKey key = events.take();
                event.set(System.nanoTime());
                key.pollEvents();
                key.reset();
            }
        } catch (ClosedWatchServiceException _) {
            // the measurement is done
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Measured measure(AtomicLong event) throws IOException, ClientFault, InterruptedException {
        Measured measured = new Measured(new Latencies(), new Latencies());
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
            long found = System.nanoTime();
            if (i >= 0) {
                measured.saved().add(found - start);
                // Found before this process was told of the save: then the save itself is where time begins.
                measured.event().add(found - Math.max(start, event.get()));
            }
        }
        return measured;
    }
}
