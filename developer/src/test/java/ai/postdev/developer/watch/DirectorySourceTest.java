package ai.postdev.developer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which folders are watched, for what, and until when. */
class DirectorySourceTest {
    @TempDir
    Path root;

    private final List<String> changed = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();

    private DirectorySource open(int foldersMax) throws IOException {
        return DirectorySource.open(root, "test", foldersMax, new DirectorySource.Listener() {
            @Override
            public void changed(Set<String> paths) {
                changed.addAll(paths);
            }

            @Override
            public void lost(String folder) {
                changed.add("lost " + folder);
            }

            @Override
            public void unwatchable(String folder, String why) {
                refused.add(folder);
            }
        });
    }

    /** Makes files in this order, the last one in a folder that is watched, and waits until that is told. */
    private List<String> made(String... files) throws IOException {
        changed.clear();
        for (String file : files) {
            Files.createDirectories(root.resolve(file).getParent());
            Files.createFile(root.resolve(file));
        }
        String last = files[files.length - 1];
        WatchHarness.await(() -> changed.contains(last), changed::toString);
        return List.copyOf(new TreeSet<>(changed));
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }

    @Test
    void ofAnAwaitingFolderOnlyThatChildIsToldHoweverItWasWatchedBefore() throws IOException {
        try (DirectorySource source = open(10)) {
            source.entered("a", folder("a"));
            assertEquals(List.of("a/x", "a/y"), made("a/x", "a/y"));
            source.awaits("a", folder("a"), ".git");
            assertEquals(List.of("a/.git"), made("a/z", "a/.git"));
            source.entered("a", folder("a"));
            assertEquals(List.of("a/u", "a/v"), made("a/u", "a/v"));
        }
    }

    @Test
    void leavingAFolderKeepsWhatWasEnteredSinceTheMark() throws IOException {
        try (DirectorySource source = open(10)) {
            source.entered("a", folder("a"));
            source.entered("a/old", folder("a/old"));
            source.entered("ab", folder("ab"));
            folder("a/new");
            long mark = source.mark();
            source.entered("a/new", folder("a/new"));
            source.left("a", mark);
            assertEquals(2, source.size());
            assertEquals(List.of("a/new/x", "ab/x"), made("a/x", "a/old/x", "a/new/x", "ab/x"));
            source.left("", source.mark());
            assertEquals(0, source.size());
        }
    }

    @Test
    void beyondTheBoundAFolderIsRefusedAndAKnownOneMayBeEnteredAgain() throws IOException {
        try (DirectorySource source = open(2)) {
            for (String name : List.of("a", "b", "c")) {
                source.entered(name, folder(name));
            }
            source.entered("a", folder("a"));
            assertEquals(List.of("c"), refused);
            assertEquals(List.of("a/x", "b/x"), made("c/x", "a/x", "b/x"));
        }
    }
}
