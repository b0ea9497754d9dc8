package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.LAPTOP;
import static ai.postdev.dragon.lake.journal.JournalTrial.OTHER;
import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static ai.postdev.dragon.lake.journal.JournalTrial.STUDIO;
import static ai.postdev.dragon.lake.journal.JournalTrial.all;
import static ai.postdev.dragon.lake.journal.JournalTrial.blob;
import static ai.postdev.dragon.lake.journal.JournalTrial.notes;
import static ai.postdev.dragon.lake.journal.JournalTrial.put;
import static ai.postdev.dragon.lake.journal.JournalTrial.settings;
import static ai.postdev.dragon.lake.journal.JournalTrial.written;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;

class JournalDamageTest {
    @TempDir
    Path dir;

    @FunctionalInterface
    private interface Harm {
        void to(JournalDatabase database) throws RocksDBException;
    }

    /** Changes the closed journal behind its back. */
    private void harm(Harm harm) throws RocksDBException {
        try (JournalDatabase database =
                JournalDatabase.open(dir.resolve("rocks"), settings(), WALRecoveryMode.TolerateCorruptedTailRecords)) {
            harm.to(database);
        }
    }

    private void flip(Origin origin, long sequence, Random random) throws RocksDBException {
        harm(database -> {
            byte[] key = JournalKeys.operation(PROJECT, origin, sequence);
            byte[] record = database.db().get(database.operations(), key);
            record[random.nextInt(record.length)] ^= (byte) (1 << random.nextInt(8));
            database.db().put(database.operations(), key, record);
        });
    }

    private void fill() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, notes(PROJECT, LAPTOP, 1, 20));
            written(journal, notes(PROJECT, STUDIO, 1, 20));
            written(journal, notes(OTHER, LAPTOP, 1, 5));
        }
    }

    @Test
    void anUnreadableTailIsCutAndReportedAndTheRestIsReplayed() throws Exception {
        Random random = JournalTrial.random("cut tail");
        fill();
        flip(LAPTOP, 20, random);
        flip(LAPTOP, 19, random);
        try (Journal journal = Journal.open(dir, settings())) {
            assertEquals(
                    List.of(
                            "operation 20 of origin laptop in project 4f2a9c0d",
                            "operation 19 of origin laptop in project 4f2a9c0d"),
                    journal.opened().cut());
            assertFalse(journal.opened().originRenewed());
            assertEquals(18, journal.versionVector(PROJECT).sequence(LAPTOP));
            List<Operation> expected = new ArrayList<>(notes(PROJECT, LAPTOP, 1, 18));
            expected.addAll(notes(PROJECT, STUDIO, 1, 20));
            assertEquals(expected, all(journal, PROJECT));
            assertEquals(notes(OTHER, LAPTOP, 1, 5), all(journal, OTHER));
            written(journal, notes(PROJECT, LAPTOP, 19, 21));
        }
        try (Journal journal = Journal.open(dir, settings())) {
            assertEquals(List.of(), journal.opened().cut());
            assertEquals(41, all(journal, PROJECT).size());
        }
        harm(database -> assertTrue(
                database.db().get(database.quarantine(), JournalKeys.operation(PROJECT, LAPTOP, 20)) != null,
                "the cut record is kept in quarantine"));
    }

    @Test
    void aHomeThatLostItsOwnTailWritesUnderANewOrigin() throws Exception {
        Origin own;
        try (Journal journal = Journal.open(dir, settings())) {
            own = journal.origin();
            written(journal, notes(PROJECT, own, 1, 3));
        }
        flip(own, 3, JournalTrial.random("own tail"));
        Origin renewed;
        try (Journal journal = Journal.open(dir, settings())) {
            assertTrue(journal.opened().originRenewed());
            renewed = journal.origin();
            assertNotEquals(own, renewed);
            written(journal, notes(PROJECT, renewed, 1, 1));
        }
        try (Journal journal = Journal.open(dir, settings())) {
            assertEquals(renewed, journal.origin());
            assertFalse(journal.opened().originRenewed());
            assertEquals(3, all(journal, PROJECT).size());
        }
    }

    @Test
    void operationsAreCountedOnceAlthoughANewOriginGoesOnCounting() throws Exception {
        Origin own;
        try (Journal journal = Journal.open(dir, settings())) {
            own = journal.origin();
            written(journal, notes(PROJECT, own, 1, 8));
        }
        flip(own, 8, JournalTrial.random("own tail"));
        try (Journal journal = Journal.open(dir, settings())) {
            assertTrue(journal.opened().originRenewed());
            long next = journal.lastSequence(PROJECT) + 1;
            assertEquals(8, next);
            written(journal, notes(PROJECT, journal.origin(), next, next + 1));
            assertEquals(9, journal.operations(PROJECT));
            assertEquals(9, all(journal, PROJECT).size());
        }
    }

    @Test
    void moreBadRecordsAtTheEndThanACrashLeavesAreRefused() throws Exception {
        Random random = JournalTrial.random("long tail");
        fill();
        for (long sequence = 18; sequence <= 20; sequence++) {
            flip(LAPTOP, sequence, random);
        }
        JournalRefused refused =
                assertThrows(JournalRefused.class, () -> Journal.open(dir, settings(Map.of("tail-cut-max", 2))));
        assertTrue(refused.getMessage().contains("the last 2 operations of origin laptop"), refused.getMessage());
        Journal.open(dir, settings(Map.of("tail-cut-max", 3))).close();
    }

    @Test
    void anUnreadableMiddleIsRefusedWithItsPlaceAndRepairSetsItAside() throws Exception {
        Random random = JournalTrial.random("bad middle");
        fill();
        flip(LAPTOP, 7, random);
        harm(database -> database.db().delete(database.operations(), JournalKeys.operation(PROJECT, STUDIO, 11)));
        try (Journal journal = Journal.open(dir, settings())) {
            List<Operation> before = new ArrayList<>();
            JournalRefused refused =
                    assertThrows(JournalRefused.class, () -> journal.replay(PROJECT, VersionVector.EMPTY, before::add));
            assertTrue(
                    refused.getMessage().startsWith("operation 7 of origin laptop in project 4f2a9c0d is unreadable"),
                    refused.getMessage());
            assertTrue(refused.getMessage().contains("postdevai doctor --repair"), refused.getMessage());
            assertEquals(notes(PROJECT, LAPTOP, 1, 6), before);
            JournalRefused gap = assertThrows(
                    JournalRefused.class, () -> journal.replay(PROJECT, VersionVector.EMPTY.with(LAPTOP, 20), _ -> {}));
            assertTrue(
                    gap.getMessage().startsWith("operation 11 of origin studio in project 4f2a9c0d is missing"),
                    gap.getMessage());
            assertEquals(5, all(journal, OTHER).size(), "another project is not touched");

            RepairReport seen = journal.inspect(PROJECT);
            assertFalse(seen.healthy());
            assertEquals(38, seen.operations());
            assertEquals(2, seen.lost().size());
            assertThrows(JournalRefused.class, () -> all(journal, PROJECT), "inspecting changes nothing");

            assertEquals(seen, journal.repair(PROJECT));
            assertTrue(journal.inspect(PROJECT).healthy());
        }
        try (Journal journal = Journal.open(dir, settings())) {
            List<Operation> rest = new ArrayList<>();
            ReplayReport report = journal.replay(PROJECT, VersionVector.EMPTY, rest::add);
            assertEquals(38, report.operations());
            assertEquals(2, report.lost());
            assertEquals(20, report.upTo().sequence(LAPTOP));
            written(journal, notes(PROJECT, LAPTOP, 21, 21));
        }
        harm(database -> assertTrue(
                database.db().get(database.quarantine(), JournalKeys.operation(PROJECT, LAPTOP, 7)) != null));
    }

    @Test
    void aRecordUnderAnothersKeyIsUnreadable() throws Exception {
        fill();
        harm(database -> database.db()
                .put(
                        database.operations(),
                        JournalKeys.operation(PROJECT, LAPTOP, 7),
                        database.db().get(database.operations(), JournalKeys.operation(PROJECT, LAPTOP, 8))));
        try (Journal journal = Journal.open(dir, settings())) {
            JournalRefused refused = assertThrows(JournalRefused.class, () -> all(journal, PROJECT));
            assertTrue(refused.getMessage().contains("holds operation 8"), refused.getMessage());
        }
    }

    @Test
    void aRecordOfANewerVersionIsNeverCut() throws Exception {
        fill();
        byte[] newer = Records.operation(JournalTrial.note(PROJECT, LAPTOP, 20));
        newer[Integer.BYTES] = 77;
        harm(database ->
                database.db().put(database.operations(), JournalKeys.operation(PROJECT, LAPTOP, 20), resealed(newer)));
        JournalRefused refused = assertThrows(JournalRefused.class, () -> Journal.open(dir, settings()));
        assertTrue(refused.getMessage().contains("written by a newer version"), refused.getMessage());
        assertTrue(refused.getMessage().contains("record format 77"), refused.getMessage());
    }

    private static byte[] resealed(byte[] record) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(record, Integer.BYTES, record.length - Integer.BYTES);
        java.nio.ByteBuffer.wrap(record).putInt(0, (int) crc.getValue());
        return record;
    }

    @Test
    void anUnreadableTextIsReportedAndCanBeStoredAgainAfterARepair() throws Exception {
        Random random = JournalTrial.random("bad text");
        Blob bad = blob(JournalTrial.source(random, 5_000));
        Blob good = blob(JournalTrial.source(random, 5_000));
        Blob gone = blob(JournalTrial.source(random, 100));
        try (Journal journal = Journal.open(dir, settings())) {
            written(
                    journal,
                    List.of(
                            put(PROJECT, LAPTOP, 1, "bad", bad),
                            put(PROJECT, LAPTOP, 2, "good", good),
                            put(PROJECT, LAPTOP, 3, "gone", gone)),
                    bad,
                    good,
                    gone);
        }
        harm(database -> {
            byte[] record = database.db().get(database.blobs(), JournalKeys.blob(bad.hash()));
            record[record.length / 2] ^= 4;
            database.db().put(database.blobs(), JournalKeys.blob(bad.hash()), record);
            database.db().delete(database.blobs(), JournalKeys.blob(gone.hash()));
        });
        try (Journal journal = Journal.open(dir, settings())) {
            JournalRefused refused = assertThrows(JournalRefused.class, () -> journal.blob(bad.hash()));
            assertTrue(refused.getMessage().contains(bad.hash().hex()), refused.getMessage());
            RepairReport report = journal.repair(PROJECT);
            assertEquals(List.of(bad.hash(), gone.hash()), report.lostBlobs());
            assertEquals(3, report.operations());
            assertFalse(journal.hasBlob(bad.hash()));
            written(journal, List.of(), bad, gone);
            assertTrue(journal.inspect(PROJECT).healthy());
            assertTrue(journal.blob(bad.hash()).isPresent());
        }
    }

    @Test
    void unreadableDerivedDataIsAsIfItWereNotThere() throws Exception {
        Blob text = blob("x");
        try (Journal journal = Journal.open(dir, settings())) {
            journal.putDerived("syntax.1", text.hash(), new byte[] {1, 2, 3});
        }
        harm(database -> database.db()
                .put(database.derived(), JournalKeys.derived("syntax.1", text.hash()), new byte[] {9, 9, 9, 9, 9, 9}));
        try (Journal journal = Journal.open(dir, settings())) {
            assertTrue(journal.derived("syntax.1", text.hash()).isEmpty());
        }
    }
}
