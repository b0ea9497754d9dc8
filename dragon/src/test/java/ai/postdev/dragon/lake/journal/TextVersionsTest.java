package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.LAPTOP;
import static ai.postdev.dragon.lake.journal.JournalTrial.OTHER;
import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static ai.postdev.dragon.lake.journal.JournalTrial.blob;
import static ai.postdev.dragon.lake.journal.JournalTrial.put;
import static ai.postdev.dragon.lake.journal.JournalTrial.settings;
import static ai.postdev.dragon.lake.journal.JournalTrial.version;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;

/** Texts that are kept as what is new in them: small, and readable whatever goes. */
class TextVersionsTest {
    private static final int FILES = 40;

    @TempDir
    Path dir;

    private static void write(
            Journal journal, List<Operation> operations, Map<ContentHash, ContentHash> before, Blob... b) {
        JournalWrite write = new JournalWrite(operations, List.of(b), before);
        assertInstanceOf(
                JournalWrite.Written.class,
                journal.commit(List.of(write), Durability.OS).getFirst());
    }

    /** Version 0 and version 1 of a file, as a project that saved it twice. */
    private static void saveTwice(Journal journal, int file) {
        Blob first = version(file, 0);
        Blob second = version(file, 1);
        write(journal, List.of(put(PROJECT, LAPTOP, 1, "a", first)), Map.of(), first);
        write(journal, List.of(put(PROJECT, LAPTOP, 2, "a", second)), Map.of(second.hash(), first.hash()), second);
    }

    private Optional<Records.Version> keptAs(Blob blob) throws RocksDBException {
        try (JournalDatabase database = open()) {
            return Records.version(database.db().get(database.blobs(), JournalKeys.blob(blob.hash())));
        }
    }

    private JournalDatabase open() throws RocksDBException {
        return JournalDatabase.open(dir.resolve("rocks"), settings(), WALRecoveryMode.TolerateCorruptedTailRecords);
    }

    @Test
    void twentyVersionsOfATreeTakeLittleMoreThanOne() throws IOException {
        long one = 0;
        int versions = 20;
        long sequence = 0;
        try (Journal journal = Journal.open(dir, settings())) {
            for (int v = 0; v < versions; v++) {
                for (int file = 0; file < FILES; file++) {
                    Blob blob = version(file, v);
                    write(
                            journal,
                            List.of(put(PROJECT, LAPTOP, ++sequence, "f" + file, blob)),
                            v == 0
                                    ? Map.of()
                                    : Map.of(blob.hash(), version(file, v - 1).hash()),
                            blob);
                }
                one = v == 0 ? journal.stats().blobDiskBytes() : one;
            }
            long all = journal.stats().blobDiskBytes();
            assertTrue(all > 1.05 * one && all < 4 * one, all + " bytes, of one version " + one);
        }
        // Read by another process, so nothing is in memory.
        try (Journal journal = Journal.open(dir, settings())) {
            for (int v = 0; v < versions; v++) {
                for (int file = 0; file < FILES; file++) {
                    Blob blob = version(file, v);
                    assertArrayEquals(blob.text(), journal.blob(blob.hash()).orElseThrow());
                }
            }
            assertTrue(journal.inspect(PROJECT).healthy());
        }
    }

    @Test
    void eachIsAVersionOfOneInFullAndAfterSomeThereIsAnother() throws Exception {
        int most = settings().versionsMax();
        List<Blob> blobs = new ArrayList<>();
        try (Journal journal = Journal.open(dir, settings())) {
            for (int v = 0; v <= most + 2; v++) {
                Blob blob = blob(version(30, 0).text().length
                        + new String(version(30, 0).text(), StandardCharsets.UTF_8) + "change " + v);
                Map<ContentHash, ContentHash> before =
                        v == 0 ? Map.of() : Map.of(blob.hash(), blobs.getLast().hash());
                write(journal, List.of(put(PROJECT, LAPTOP, v + 1, "a", blob)), before, blob);
                blobs.add(blob);
            }
        }
        assertEquals(Optional.empty(), keptAs(blobs.getFirst()));
        for (int v = 1; v <= most; v++) {
            assertEquals(Optional.of(new Records.Version(blobs.getFirst().hash(), v)), keptAs(blobs.get(v)));
        }
        assertEquals(Optional.empty(), keptAs(blobs.get(most + 1)));
        assertEquals(Optional.of(new Records.Version(blobs.get(most + 1).hash(), 1)), keptAs(blobs.get(most + 2)));
    }

    @Test
    void anyTextComesBackWhateverItIsSaidToTakeThePlaceOf() throws IOException {
        Random random = JournalTrial.random("text versions");
        Map<ContentHash, Blob> stored = new TreeMap<>();
        try (Journal journal = Journal.open(dir, settings())) {
            List<Blob> known = new ArrayList<>(List.of(version(1, 0), blob(""), blob("x")));
            for (int i = 0; i < 300; i++) {
                Blob like = known.get(random.nextInt(known.size()));
                byte[] bytes = like.text().clone();
                switch (random.nextInt(6)) {
                    case 0 -> random.nextBytes(bytes);
                    case 1 -> bytes = new byte[random.nextInt(3)];
                    case 2 ->
                        bytes = JournalTrial.source(random, TextVersions.TEXT_MAX + random.nextInt(9) - 4)
                                .getBytes(StandardCharsets.UTF_8);
                    default -> {
                        for (int edit = 0; edit < 3 && bytes.length > 0; edit++) {
                            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                        }
                    }
                }
                Blob blob = new Blob(ContentHash.of(bytes), bytes);
                ContentHash before = random.nextInt(8) == 0 ? ContentHash.of("never stored") : like.hash();
                write(journal, List.of(), Map.of(blob.hash(), before), blob);
                stored.put(blob.hash(), blob);
                if (bytes.length < 100_000) {
                    known.add(blob);
                }
            }
            for (Blob blob : stored.values()) {
                assertArrayEquals(blob.text(), journal.blob(blob.hash()).orElseThrow());
            }
            assertEquals(stored.size(), journal.stats().blobs());
            assertEquals(
                    stored.values().stream()
                            .mapToLong(blob -> blob.text().length)
                            .sum(),
                    journal.stats().blobBytes());
        }
    }

    @Test
    void aVersionOutlivesTheProjectOfItsBase() throws Exception {
        Blob first = version(7, 0);
        Blob second = version(7, 1);
        try (Journal journal = Journal.open(dir, settings())) {
            saveTwice(journal, 7);
            write(journal, List.of(put(OTHER, LAPTOP, 1, "b", second)), Map.of());
        }
        assertTrue(keptAs(second).isPresent());
        try (Journal journal = Journal.open(dir, settings())) {
            assertEquals(1, journal.forget(PROJECT).blobs());
            assertFalse(journal.hasBlob(first.hash()));
            assertArrayEquals(second.text(), journal.blob(second.hash()).orElseThrow());
            assertTrue(journal.inspect(OTHER).healthy());
            assertEquals(1, journal.stats().blobs());
            assertEquals(second.text().length, journal.stats().blobBytes());
            long disk = journal.stats().blobDiskBytes();
            journal.forget(OTHER);
            assertTrue(disk > 0 && journal.stats().blobDiskBytes() == 0, "counted as it is kept");
        }
    }

    @Test
    void aVersionWithoutItsBaseIsNamedSetAsideAndStoredAgain() throws Exception {
        Blob first = version(7, 0);
        Blob second = version(7, 1);
        try (Journal journal = Journal.open(dir, settings())) {
            saveTwice(journal, 7);
        }
        try (JournalDatabase database = open()) {
            byte[] record = database.db().get(database.blobs(), JournalKeys.blob(first.hash()));
            record[record.length / 2] ^= 4;
            database.db().put(database.blobs(), JournalKeys.blob(first.hash()), record);
        }
        try (Journal journal = Journal.open(dir, settings())) {
            JournalRefused refused = assertThrows(JournalRefused.class, () -> journal.blob(second.hash()));
            assertTrue(
                    refused.getMessage()
                            .contains("version of text " + first.hash() + ", which is unreadable: checksum"),
                    refused.getMessage());
            assertEquals(
                    List.of(first.hash(), second.hash()),
                    journal.repair(PROJECT).lostBlobs());
            write(journal, List.of(), Map.of(second.hash(), first.hash()), second, first);
            assertArrayEquals(first.text(), journal.blob(first.hash()).orElseThrow());
            assertArrayEquals(second.text(), journal.blob(second.hash()).orElseThrow());
        }
    }

    @Test
    void aBaseThatComesBackAsAVersionStillServes() throws Exception {
        Blob first = version(7, 0);
        Blob second = version(7, 1);
        Blob third = version(7, 2);
        try (Journal journal = Journal.open(dir, settings())) {
            saveTwice(journal, 7);
            write(journal, List.of(), Map.of(), third);
        }
        try (JournalDatabase database = open()) {
            database.db().delete(database.blobs(), JournalKeys.blob(first.hash()));
        }
        try (Journal journal = Journal.open(dir, settings())) {
            assertThrows(JournalRefused.class, () -> journal.blob(second.hash()));
            write(journal, List.of(), Map.of(first.hash(), third.hash()), first);
        }
        assertTrue(keptAs(first).isPresent());
        try (Journal journal = Journal.open(dir, settings())) {
            assertArrayEquals(second.text(), journal.blob(second.hash()).orElseThrow());
        }
    }

    @Test
    void aSalvageTakesTheBaseAlong() throws Exception {
        Blob first = version(7, 0);
        Blob second = version(7, 1);
        try (Journal journal = Journal.open(dir, settings())) {
            write(journal, List.of(), Map.of(), first); // no operation that could be read names it
            write(journal, List.of(put(PROJECT, LAPTOP, 1, "a", second)), Map.of(second.hash(), first.hash()), second);
        }
        assertTrue(keptAs(second).isPresent());
        assertTrue(Journal.salvage(dir, settings()).projects().get(PROJECT).healthy());
        try (Journal journal = Journal.open(dir, settings())) {
            assertArrayEquals(second.text(), journal.blob(second.hash()).orElseThrow());
            assertEquals(2, journal.stats().blobs());
        }
    }

    @Test
    void aJournalOfTheFormatBeforeIsReadAndIsOfThisOneFromThenOn() throws IOException {
        Blob text = version(3, 0);
        try (Journal journal = Journal.open(dir, settings())) {
            write(journal, List.of(put(PROJECT, LAPTOP, 1, "a", text)), Map.of(), text);
        }
        Path format = dir.resolve("format");
        assertEquals("postdevai journal format 2\n", Files.readString(format));
        Files.writeString(format, "postdevai journal format 1\n");
        try (Journal journal = Journal.open(dir, settings())) {
            assertArrayEquals(text.text(), journal.blob(text.hash()).orElseThrow());
            assertEquals("postdevai journal format 2\n", Files.readString(format));
        }
    }

    @Test
    void recordsAreReadAsTheyWereWrittenOnce() throws IOException {
        byte[] base = "class A {\n    int value() {\n        return 1;\n    }\n}\n".getBytes(StandardCharsets.UTF_8);
        String text = "class A {\n    int value() {\n        return 2;\n    }\n}\n";
        byte[] record = HexFormat.of().parseHex(golden());
        assertEquals(Optional.of(new Records.Version(ContentHash.of(base), 17)), Records.version(record));
        assertEquals(text.length(), Records.textLength(record));
        assertEquals(text, new String(Records.text(record, base), StandardCharsets.UTF_8));
        for (int i = 0; i < record.length; i++) {
            byte[] harmed = record.clone();
            harmed[i] ^= 1;
            assertThrows(IOException.class, () -> Records.text(harmed, base), "byte " + i);
        }
    }

    private static String golden() throws IOException {
        try (InputStream in = TextVersionsTest.class.getResourceAsStream("/golden/text-version.hex")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
    }
}
