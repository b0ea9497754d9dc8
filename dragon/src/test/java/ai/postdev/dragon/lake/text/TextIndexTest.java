package ai.postdev.dragon.lake.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.Document;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class TextIndexTest {
    private static final WorkspaceId WORKSPACE = new WorkspaceId("w");
    private static final TextSettings SETTINGS = new TextSettings(16, Long.MAX_VALUE, 2);

    @TempDir
    Path folder;

    private long sequence;

    private Document document(String path, String text) {
        sequence++;
        return new Document(
                WORKSPACE,
                path,
                ContentHash.of(text),
                text.length(),
                Language.ofPath(path),
                0,
                text.length(),
                sequence,
                HybridTime.of(sequence, 0));
    }

    private void put(TextIndex index, String path, String text) {
        index.documentPut(document(path, text), text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> find(TextView view, String word) {
        return find(view, word, Optional.empty());
    }

    private static List<String> find(TextView view, String word, Optional<TextFilter> filter) {
        return view.passages(Map.of(word, 1f), 0, filter, 1_000).stream()
                .map(TextView.PassageHit::path)
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void showsADocumentWhenRefreshReturns() {
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            for (int i = 0; i < 50; i++) {
                put(index, "a.go", "needle" + i);
                index.refresh(sequence);
                assertEquals(List.of("a.go"), find(index.current(), "needle" + i));
                assertEquals(List.of(), find(index.current(), "needle" + (i - 1)));
            }
            index.documentRemoved(document("a.go", ""));
            index.refresh(sequence);
            assertEquals(List.of(), find(index.current(), "needle49"));
        }
    }

    @Test
    void keepsAnOldViewAsItWas() {
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            put(index, "a.go", "before");
            index.refresh(sequence);
            TextView old = index.current();
            put(index, "a.go", "after");
            index.refresh(sequence);
            assertEquals(List.of("a.go"), find(old, "before"));
            assertEquals(List.of(), find(old, "after"));
        }
    }

    @Test
    void saysTheLinesOfAPassage() {
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            put(index, "a.txt", "filler line of words\n".repeat(200) + "needle\n");
            index.refresh(sequence);
            TextView.PassageHit hit = index.current()
                    .passages(Map.of("needle", 1f), 0, Optional.empty(), 5)
                    .getFirst();
            assertEquals(201, hit.endLine());
            assertTrue(hit.startLine() > 100);
        }
    }

    @Test
    void whatAFirstReadingLeavesInManyPartsIsMergedAndShownSo() {
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            put(index, "large.txt", "filler line of words\n".repeat(60_000));
            index.refresh(sequence);
            for (int i = 0; i < 45; i++) {
                put(index, "d" + i + ".txt", "needle" + i);
                index.refresh(sequence);
            }
            TextView many = index.current();
            assertTrue(many.parts() > 20, () -> many.parts() + " parts");
            while (index.quiet()) {
                Thread.onSpinWait();
            }
            TextView few = index.current();
            assertTrue(few.parts() < many.parts() / 2, () -> many.parts() + " parts, then " + few.parts());
            assertEquals(List.of("d31.txt"), find(few, "needle31"));
            assertEquals(List.of("d31.txt"), find(many, "needle31"), "an older view stays");
            assertFalse(index.quiet());
        }
    }

    @Test
    void continuesFromTheLastCommit() {
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            put(index, "a.go", "alpha");
            put(index, "b.go", "beta");
            index.refresh(41);
            index.commit(41);
        }
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            assertEquals(41, index.sequence());
            assertEquals(List.of("a.go"), find(index.current(), "alpha"));
            int entries = index.current().entries();
            TextView before = index.current();
            put(index, "a.go", "alpha");
            index.refresh(42);
            assertEquals(before, index.current(), "an unchanged document is not indexed again");
            assertEquals(entries, index.current().entries());
            put(index, "a.go", "gamma");
            index.refresh(43);
            assertEquals(List.of(), find(index.current(), "alpha"));
            assertEquals(List.of("a.go"), find(index.current(), "gamma"));
        }
    }

    @Test
    void dropsWhatWasNotToldAgain() {
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            put(index, "a.go", "alpha");
            put(index, "b.go", "alpha");
            index.refresh(2);
        }
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            put(index, "b.go", "alpha");
            index.dropUntold();
            index.refresh(3);
            assertEquals(List.of("b.go"), find(index.current(), "alpha"));
        }
    }

    @Test
    void filtersByGlobAndLanguage() {
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            for (String path : List.of("src/a.go", "src/deep/b.go", "lib/c.py", "d.go")) {
                put(index, path, "needle");
            }
            index.refresh(sequence);
            TextView view = index.current();
            assertEquals(List.of("src/a.go", "src/deep/b.go"), find(view, "needle", glob("src/**")));
            assertEquals(List.of("src/a.go"), find(view, "needle", glob("src/*.go")));
            assertEquals(List.of("d.go", "src/a.go", "src/deep/b.go"), find(view, "needle", glob("*.go")));
            assertEquals(
                    List.of("lib/c.py"),
                    find(view, "needle", Optional.of(new TextFilter(Optional.empty(), Optional.of(Language.PYTHON)))));
        }
    }

    private static Optional<TextFilter> glob(String glob) {
        return Optional.of(new TextFilter(Optional.of(PathGlob.of(glob)), Optional.empty()));
    }

    @Test
    void showsOtherVersionsInPlaceOfItsOwn() {
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE);
                TextIndex versions = TextIndex.inMemory()) {
            put(index, "a.go", "today common");
            put(index, "b.go", "other common");
            index.refresh(sequence);
            put(versions, "a.go", "yesterday common");
            versions.refresh(sequence);
            TextView past = index.current().replacing(versions.current(), List.of(document("a.go", "")));
            assertEquals(List.of("a.go"), find(past, "yesterday"));
            assertEquals(List.of(), find(past, "today"));
            assertEquals(List.of("a.go", "b.go"), find(past, "common"));
        }
    }

    @Test
    void agreesWithAMapAfterRandomChanges() {
        long seed = Long.getLong("postdevai.seed", 7L);
        Random random = new Random(seed);
        Map<String, String> oracle = new HashMap<>();
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            for (int step = 0; step < 400; step++) {
                String path = "d" + random.nextInt(3) + "/f" + random.nextInt(20) + ".go";
                if (random.nextInt(4) == 0 && oracle.containsKey(path)) {
                    index.documentRemoved(document(path, ""));
                    oracle.remove(path);
                } else {
                    String text = "word" + random.nextInt(8) + " and word" + random.nextInt(8);
                    put(index, path, text);
                    oracle.put(path, text);
                }
                index.refresh(sequence);
                String word = "word" + random.nextInt(8);
                List<String> expected = new TreeSet<>(oracle.keySet())
                        .stream()
                                .filter(p -> List.of(oracle.get(p).split(" ")).contains(word))
                                .toList();
                assertEquals(expected, find(index.current(), word), "seed " + seed + ", step " + step);
            }
        }
    }

    @Test
    void startsAnewWhenTheFilesAreDamaged() throws Exception {
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            put(index, "a.go", "alpha");
            index.refresh(5);
        }
        try (var files = Files.newDirectoryStream(folder, "*.{cfs,cfe,si,fnm}")) {
            for (Path file : files) {
                Files.write(file, new byte[] {1, 2, 3});
            }
        }
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            assertEquals(0, index.sequence());
            put(index, "a.go", "alpha");
            index.refresh(6);
            assertEquals(List.of("a.go"), find(index.current(), "alpha"));
        }
    }

    @Test
    void refusesAFolderThatAnotherHolds() {
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            put(index, "a.go", "alpha");
            index.refresh(5);
            assertThrows(UncheckedIOException.class, () -> TextIndex.open(folder, SETTINGS, Long.MAX_VALUE));
            assertEquals(List.of("a.go"), find(index.current(), "alpha"));
        }
    }

    @Test
    void startsAnewWithAnIndexOfAnotherFormat() throws Exception {
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            put(index, "a.go", "alpha");
            index.refresh(5);
        }
        try (var directory = new org.apache.lucene.store.MMapDirectory(folder);
                var writer = new org.apache.lucene.index.IndexWriter(
                        directory, new org.apache.lucene.index.IndexWriterConfig(null))) {
            writer.setLiveCommitData(Map.of("format", "0", "sequence", "5").entrySet());
            writer.commit();
        }
        try (TextIndex index = TextIndex.open(folder, SETTINGS, Long.MAX_VALUE)) {
            assertEquals(0, index.sequence());
            assertEquals(List.of(), find(index.current(), "alpha"));
            assertNotEquals(5, index.sequence());
        }
    }
}
