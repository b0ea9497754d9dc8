package ai.postdev.dragon.lake.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.Seeded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index kept in files, over restarts, with the texts themselves as the oracle. */
class GramFilesTest {
    /** Fewer texts wait until there are more. */
    private static final int WORTH_INDEXING = 32;

    private final Random random = Seeded.random("GramFilesTest");
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final Map<ContentHash, byte[]> journal = new HashMap<>();
    /** Texts that were read from where they are stored. */
    private final Set<ContentHash> read = new HashSet<>();
    /** All that happened. */
    private final List<Operation> operations = new ArrayList<>();

    private final Map<String, String> present = new HashMap<>();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    /** An engine after a restart: all that happened is replayed, and no text is in memory. */
    private CodeEngine restarted() {
        CodeEngine engine = new CodeEngine(new CodeSettings(0, 1 << 24, 2, 1, 2, Duration.ofSeconds(5), 1), hash -> {
            read.add(hash);
            return Optional.ofNullable(journal.get(hash));
        });
        operations.forEach(engine::apply);
        engine.keepIndexIn(folder);
        read.clear();
        return engine;
    }

    private void happens(CodeEngine engine, Body body) {
        long sequence = operations.size() + 1L;
        Operation operation = Seeded.operation(sequence, sequence, body);
        operations.add(operation);
        engine.apply(operation);
    }

    private void put(CodeEngine engine, String path, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ContentHash hash = ContentHash.of(utf8);
        journal.put(hash, utf8);
        present.put(path, text);
        happens(
                engine,
                new Body.PutDocument(
                        new WorkspaceId("w"), path, hash, utf8.length, Language.ofPath(path), 0, utf8.length));
    }

    private void remove(CodeEngine engine, String path) {
        present.remove(path);
        happens(engine, new Body.RemoveDocument(new WorkspaceId("w"), path));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i >= 0; i--) {
            for (int c = random.nextInt(60); c >= 0; c--) {
                text.append((char) ('a' + random.nextInt(12)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private void edits(CodeEngine engine, int count) {
        for (int i = 0; i < count; i++) {
            String path = "f" + random.nextInt(150) + (random.nextBoolean() ? ".java" : ".py");
            if (random.nextInt(5) == 0 && present.containsKey(path)) {
                remove(engine, path);
            } else {
                // Sometimes what another file holds: the same text in two languages.
                put(engine, path, random.nextInt(6) == 0 && !present.isEmpty() ? someText() : text());
            }
        }
    }

    private String someText() {
        return List.copyOf(present.values()).get(random.nextInt(present.size()));
    }

    private void answersAreRight(CodeEngine engine) throws InvalidPatternException {
        for (int i = 0; i < 30; i++) {
            String text = present.isEmpty() ? "absent" : someText();
            int from = random.nextInt(text.length());
            String literal = text.substring(from, Math.min(text.length(), from + 3 + random.nextInt(3)));
            literal = literal.lines().findFirst().orElse("").isEmpty()
                    ? "abc"
                    : literal.lines().findFirst().orElseThrow();
            String sought = literal;
            Set<String> expected = present.entrySet().stream()
                    .filter(each -> each.getValue().lines().anyMatch(line -> line.contains(sought)))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new));
            GrepAnswer answer = engine.view()
                    .grep(GrepQuery.literal(sought, 1_000, 1, System.nanoTime() + TimeUnit.SECONDS.toNanos(60)), pool);
            assertEquals(
                    expected,
                    answer.documents().stream()
                            .map(found -> found.document().path())
                            .collect(Collectors.toCollection(TreeSet::new)),
                    sought);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void aRestartReadsTheIndexAndNoText() throws Exception {
        CodeEngine engine = restarted();
        for (int round = 0; round < 12; round++) {
            edits(engine, 40 + random.nextInt(120));
            engine.indexAll();
            answersAreRight(engine);
            engine.close();
            engine = restarted();
            engine.indexAll();
            assertTrue(
                    read.size() < WORTH_INDEXING, read.size() + " texts were read, and not only what was not indexed");
            answersAreRight(engine);
        }
        assertTrue(files().size() < 12, "merging removes the files of what was merged: " + files());
        engine.close();
    }

    @Test
    void whatCannotBeUsedIsRemovedAndItsTextsAreIndexedAnew() throws Exception {
        CodeEngine engine = restarted();
        for (int round = 0; round < 3; round++) {
            edits(engine, 150);
            engine.indexAll();
        }
        engine.close();
        List<Path> before = files();
        Path damaged = before.getFirst();
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(damaged, bytes);
        Files.writeString(folder.resolve("999.grams"), "not one");
        Files.writeString(folder.resolve("1000.grams.new"), "half");
        Files.copy(before.getLast(), folder.resolve("998.grams"));
        engine = restarted();
        engine.indexAll();
        answersAreRight(engine);
        assertFalse(read.isEmpty(), "the texts of the damaged one were read");
        assertFalse(files().contains(damaged), "removed");
        assertFalse(files().stream().anyMatch(file -> file.toString().contains("/99")), "neither is used twice");
        assertFalse(files().stream().anyMatch(file -> file.toString().endsWith(".new")));
        engine.close();
    }

    @Test
    void textsThatTheLakeNoLongerKnowsTakeTheirFileWithThem() throws Exception {
        CodeEngine engine = restarted();
        edits(engine, 200);
        engine.indexAll();
        engine.close();
        assertFalse(files().isEmpty());
        operations.clear();
        present.clear();
        journal.clear();
        engine = restarted();
        engine.indexAll();
        assertEquals(List.of(), files());
        edits(engine, 100);
        engine.indexAll();
        answersAreRight(engine);
        engine.close();
    }

    @Test
    void aFolderThatCannotBeWrittenCostsNothingButTheNextStart() throws Exception {
        CodeEngine engine = restarted();
        Files.delete(folder);
        edits(engine, 200);
        engine.indexAll();
        answersAreRight(engine);
        engine.close();
        Files.createDirectory(folder);
    }
}
