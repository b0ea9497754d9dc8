package ai.postdev.dragon.lake.portable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.journal.Adoption;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ExportTest {
    private static final ProjectId PROJECT = new ProjectId("p1");

    @TempDir
    Path dir;

    private final Random random = Seeded.random("export");
    private Path file;
    private List<String> all;

    @BeforeEach
    void export() throws IOException {
        file = dir.resolve("one.jsonl.zst");
        try (Journal journal = open("source")) {
            RandomProject project = new RandomProject(random, PROJECT);
            project.write(journal, journal.origin(), 150);
            project.write(journal, new Origin("studio"), 50);
            all = RandomProject.everything(journal, PROJECT);
            Export.Report report = export(journal, file);
            assertEquals(200, report.tally().operations());
            assertEquals(Files.size(file), report.bytes());
            assertEquals(ContentHash.of(Files.readAllBytes(file)), report.sha256());
        }
    }

    private Journal open(String home) throws JournalRefused {
        return Journal.open(dir.resolve(home), RandomProject.journal());
    }

    private static Export.Report export(Journal journal, Path to) throws IOException {
        return Export.write(journal, PROJECT, "näme", to, RandomProject.portable(), (_, _, _, _) -> {});
    }

    private Import.Report take(Path from, String home) throws IOException {
        return Import.run(from, RandomProject.portable(), new Import.Home() {
            @Override
            public Adoption begin(Set<ProjectId> projects) throws IOException {
                return Adoption.begin(dir.resolve(home), RandomProject.journal(), projects);
            }

            @Override
            public void clear(ProjectId project) {
                // No views are kept here.
            }
        });
    }

    @Test
    void exportImportExportGivesEqualBytes() throws IOException {
        Import.Report report = take(file, "second");
        assertEquals("näme", report.name());
        assertEquals(200, report.tally().operations());
        try (Journal journal = open("second")) {
            assertEquals(all, RandomProject.everything(journal, PROJECT));
            export(journal, dir.resolve("two.jsonl.zst"));
        }
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(dir.resolve("two.jsonl.zst")));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        JournalRefused twice = assertThrows(JournalRefused.class, () -> take(file, "second"));
        assertTrue(twice.getMessage().contains("in this home already"), twice.getMessage());
    }

    @Test
    void aFileThatIsThereIsNotReplaced() throws IOException {
        try (Journal journal = open("source")) {
            PortableRefused refused = assertThrows(PortableRefused.class, () -> export(journal, file));
            assertTrue(refused.getMessage().contains("is there already"), refused.getMessage());
        }
        assertFalse(Files.exists(dir.resolve("one.jsonl.zst.partial")));
    }

    @Test
    void aFileThatIsCutAnywhereIsRefusedWithThePlace() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < 20; i++) {
            int length = i == 0 ? whole.length - 1 : random.nextInt(whole.length);
            refused(Arrays.copyOf(whole, length), "line ");
        }
        byte[] plain = plain();
        for (int i = 0; i < 20; i++) {
            int length = i == 0 ? plain.length - 1 : random.nextInt(plain.length);
            refused(Zstd.compress(Arrays.copyOf(plain, length)), "is cut off in line ");
        }
        refused(new byte[0], "line 1");
    }

    @Test
    void whatWasChangedIsRefused() throws IOException {
        byte[] plain = plain();
        for (int i = 0; i < 50; i++) {
            byte[] flipped = plain.clone();
            flipped[random.nextInt(plain.length)] ^= (byte) (1 << random.nextInt(8));
            refused(Zstd.compress(flipped), "was not taken in");
        }
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < 50; i++) {
            byte[] flipped = whole.clone();
            flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                // A bit that says nothing, such as a reserved one of the frame, may be flipped: what is read is equal.
                assertArrayEquals(plain, plain(flipped));
            } catch (IOException e) {
                refused(flipped, "was not taken in");
            }
        }
    }

    @Test
    void whatFollowsAnotherOrComesFromANewerVersionIsRefused() throws IOException {
        String text = new String(plain(), StandardCharsets.UTF_8);
        changed(text, line -> line.replace("\"version\":1", "\"version\":2"), "the format has version 2");
        changed(text, line -> line.replace("\"type\":\"lost\"", "\"type\":\"dream\""), "");
        changed(text, line -> line.replace("\"body\":\"put-node\"", "\"body\":\"put-dream\""), "newer version");
        changed(text, line -> line.replace("{\"type\":\"operation\",", "{\"type\":\"operation\",\"mood\":1,"), "newer");
        changed(text, line -> line.contains("\"sequence\":7,") ? "" : line + "\n", "expected 7");
        refused(Zstd.compress((text + "{}\n").getBytes(StandardCharsets.UTF_8)), "follows after the end");
        refused("no export".getBytes(StandardCharsets.UTF_8), "no export");
        refused(Zstd.compress("{\"type\":\"cat\"}\n".getBytes(StandardCharsets.UTF_8)), "of type 'cat'");
        String part = text.replaceFirst("\"after\":0", "\"after\":5");
        refused(Zstd.compress(part.getBytes(StandardCharsets.UTF_8)), "part of a backup");
    }

    @Test
    void aLineBeyondTheBoundIsRefused() throws IOException {
        PortableSettings narrow = new PortableSettings(1, 100);
        try (PortableReader reader = new PortableReader(Files.newInputStream(file), new PortableSettings(1, 1 << 20))) {
            assertEquals(PROJECT, reader.header().project());
        }
        PortableRefused refused =
                assertThrows(PortableRefused.class, () -> new PortableReader(Files.newInputStream(file), narrow));
        assertTrue(refused.getMessage().contains("line-bytes-max"), refused.getMessage());
    }

    private void changed(String text, UnaryOperator<String> change, String says) throws IOException {
        StringBuilder changed = new StringBuilder();
        text.lines().forEach(line -> {
            String next = change.apply(line);
            changed.append(next).append(next.isEmpty() || next.endsWith("\n") ? "" : "\n");
        });
        if (!changed.toString().equals(text)) {
            refused(Zstd.compress(changed.toString().getBytes(StandardCharsets.UTF_8)), says);
        }
    }

    private void refused(byte[] bytes, String says) throws IOException {
        Path bad = dir.resolve("bad");
        Files.write(bad, bytes);
        PortableRefused refused = assertThrows(PortableRefused.class, () -> take(bad, "never"));
        assertTrue(refused.getMessage().contains(says), refused.getMessage());
        if (Files.exists(dir.resolve("never"))) {
            try (Journal journal = open("never")) {
                assertEquals(Set.of(), journal.projects());
            }
        }
    }

    private byte[] plain() throws IOException {
        return plain(Files.readAllBytes(file));
    }

    private static byte[] plain(byte[] compressed) throws IOException {
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(compressed))) {
            return in.readAllBytes();
        }
    }
}
