package ai.postdev.dragon.lake.history;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.dragon.lake.Seeded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PathTableTest {
    private static final String[] PARTS = {"src", "a", "ab", "é", "", "x.java", "half \ud83d of one"};

    private static String path(Random random) {
        StringBuilder path = new StringBuilder(PARTS[random.nextInt(PARTS.length)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            path.append('/').append(PARTS[random.nextInt(PARTS.length)]);
        }
        return path.append(random.nextInt(3) == 0 ? "/" : "").toString();
    }

    private static List<String> below(PathTable table, String folder, int bound) {
        List<String> below = new ArrayList<>();
        table.eachBelow(folder, bound, row -> below.add(table.text(row)));
        return below;
    }

    private static byte[] saved(PathTable table, int rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.save(rows, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    @Test
    void whatThereWasIsWrittenTheSameWhenMoreFoldersCame() throws IOException {
        PathTable table = new PathTable();
        for (int i = 0; i < 2_000; i++) {
            table.intern("folder" + i / 7 + "/File" + i);
        }
        byte[] then = saved(table, 2_000);
        for (int i = 0; i < 2_000; i++) {
            table.intern("late" + i / 7 + "/File" + i);
        }
        assertArrayEquals(then, saved(table, 2_000));
    }

    @Test
    void findsPathsAndFoldersAsAListDoesAtEveryBound() throws IOException {
        Random random = Seeded.random("path table");
        PathTable table = new PathTable();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            String path = path(random);
            String kept = path.replace('\ud83d', '?'); // as UTF-8 has it
            int row = table.intern(path);
            if (!all.contains(kept)) {
                all.add(kept);
            }
            assertEquals(all.indexOf(kept), row, path);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.save(table.size(), new DataOutputStream(bytes));
        PathTable read = new PathTable();
        read.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        for (PathTable either : List.of(table, read)) {
            assertEquals(all.size(), either.size());
            int bound = random.nextInt(all.size());
            TreeSet<String> folders = new TreeSet<>(List.of("/", "sr/", "src/a", "none/"));
            for (int row = 0; row < all.size(); row++) {
                assertEquals(all.get(row), either.text(row));
                assertEquals(row < bound ? row : -1, either.find(all.get(row), bound), all.get(row));
                folders.add(all.get(row).substring(0, all.get(row).lastIndexOf('/') + 1));
            }
            folders.removeIf(folder -> !folder.endsWith("/"));
            for (String folder : folders) {
                assertEquals(
                        all.subList(0, bound).stream()
                                .filter(path -> path.startsWith(folder))
                                .toList(),
                        below(either, folder, bound),
                        folder);
            }
        }
    }
}
