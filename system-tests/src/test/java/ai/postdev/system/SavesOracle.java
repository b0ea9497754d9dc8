package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.Hit;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/**
 * Files of a watched folder, saved while the node may be killed, and every version that the node showed. One thread at
 * a time.
 */
final class SavesOracle {
    private static final int FILES = 16;

    /** What the node showed at a sequence: it must show the same at that sequence for ever. */
    private record Version(String path, long sequence, String text) {}

    private record Saved(String text, String mark) {}

    private final Path folder;
    private final Random random;
    private final Map<String, Saved> disk = new TreeMap<>();
    private final Map<String, String> replaced = new HashMap<>();
    private final List<Version> acknowledged = new ArrayList<>();
    private int verified;
    private int count;

    SavesOracle(Path folder, long seed) {
        this.folder = folder;
        this.random = new Random(seed);
    }

    Path folder() {
        return folder;
    }

    int acknowledged() {
        return acknowledged.size();
    }

    void plant() throws IOException {
        for (int i = 0; i < FILES; i++) {
            save("src/file" + i + ".txt", "plant");
        }
    }

    /** Saves and removes files until the node is gone; each counts when search shows it. */
    Void write(NodeClient client, String round, Semaphore answers) throws IOException, ClientFault {
        try (client) {
            while (true) {
                List<String> paths = new ArrayList<>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    String path = "src/file" + random.nextInt(FILES) + ".txt";
                    if (disk.containsKey(path) && random.nextInt(6) == 0) {
                        replaced.put(disk.remove(path).mark(), path);
                        Files.delete(folder.resolve(path));
                    } else {
                        save(path, round);
                    }
                    paths.add(path);
                }
                for (String path : paths) {
                    while (!isShown(client, path)) {
                        Thread.onSpinWait();
                    }
                    if (disk.containsKey(path)) {
                        ShowAnswer shown = show(client, path, "").orElseThrow();
                        acknowledged.add(new Version(path, shown.getAsOf().getSequence(), shown.getText()));
                        assertEquals(disk.get(path).text(), shown.getText(), path);
                    }
                    answers.release();
                }
            }
        }
    }

    private void save(String path, String round) throws IOException {
        String mark = "mark" + round + "s" + count++ + "z";
        StringBuilder text = new StringBuilder(mark).append('\n');
        for (int i = random.nextInt(random.nextInt(20) == 0 ? 2_000 : 30); i >= 0; i--) {
            text.append(PlainWords.some(random, 8)).append('\n');
        }
        Saved before = disk.put(path, new Saved(text.toString(), mark));
        if (before != null) {
            replaced.put(before.mark(), path);
        }
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        if (random.nextBoolean()) {
            Files.writeString(file, text);
        } else {
            // As editors save: a new file takes the old one's place.
            Path partial = Files.writeString(folder.resolve("src/.saving"), text);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Whether search and show reflect what the disk holds under {@code path}. */
    private boolean isShown(NodeClient client, String path) throws ClientFault {
        Optional<ShowAnswer> shown = show(client, path, "");
        Saved saved = disk.get(path);
        return saved == null
                ? shown.isEmpty()
                : shown.isPresent()
                        && shown.get().getText().equals(saved.text())
                        && pathsWith(client, saved.mark()).equals(List.of(path));
    }

    private static List<String> pathsWith(NodeClient client, String mark) throws ClientFault {
        return client
                .search(SearchRequest.newBuilder()
                        .setQuery(mark)
                        .setMode("regex")
                        .build())
                .getHitsList()
                .stream()
                .map(Hit::getPath)
                .toList();
    }

    private static Optional<ShowAnswer> show(NodeClient client, String path, String at) throws ClientFault {
        try {
            return Optional.of(
                    client.show(ShowRequest.newBuilder().setPath(path).setAt(at).build()));
        } catch (ClientFault e) {
            if (e.code() == FaultCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Compares with what the node shows: of the past what it showed since the last time, or ever. */
    void verify(NodeClient client, NodeProcess node, boolean everything) throws ClientFault {
        for (Version version : everything ? acknowledged : acknowledged.subList(verified, acknowledged.size())) {
            assertEquals(
                    Optional.of(version.text()),
                    show(client, version.path(), Long.toString(version.sequence()))
                            .map(ShowAnswer::getText),
                    () -> "acknowledged and lost: " + version.path() + " at " + version.sequence() + "\n" + node.log());
        }
        verified = acknowledged.size();
        for (int i = 0; i < FILES; i++) {
            String path = "src/file" + i + ".txt";
            node.await("it shows " + path + " as it is on disk", () -> {
                try {
                    return isShown(client, path) ? Optional.of(path) : Optional.empty();
                } catch (ClientFault e) {
                    throw new AssertionError(node.log(), e);
                }
            });
        }
        for (String mark : replaced.keySet()) {
            assertEquals(List.of(), pathsWith(client, mark), "stale");
        }
        replaced.clear();
    }
}
