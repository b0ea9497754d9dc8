package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.LAPTOP;
import static ai.postdev.dragon.lake.journal.JournalTrial.OTHER;
import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static ai.postdev.dragon.lake.journal.JournalTrial.STUDIO;
import static ai.postdev.dragon.lake.journal.JournalTrial.all;
import static ai.postdev.dragon.lake.journal.JournalTrial.blob;
import static ai.postdev.dragon.lake.journal.JournalTrial.note;
import static ai.postdev.dragon.lake.journal.JournalTrial.notes;
import static ai.postdev.dragon.lake.journal.JournalTrial.put;
import static ai.postdev.dragon.lake.journal.JournalTrial.refused;
import static ai.postdev.dragon.lake.journal.JournalTrial.settings;
import static ai.postdev.dragon.lake.journal.JournalTrial.written;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.actors.protocol.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path dir;

    @Test
    void whatWasWrittenIsReplayedInOrderAlsoAfterOpeningAgain() throws IOException {
        Random random = JournalTrial.random("journal round trip");
        List<ProjectId> projects = List.of(PROJECT, OTHER, new ProjectId("4"));
        List<Origin> origins = List.of(LAPTOP, STUDIO, new Origin("studio-2"));
        Map<ProjectId, Map<Origin, List<Operation>>> expected = new TreeMap<>();
        Map<ContentHash, byte[]> texts = new HashMap<>();
        for (int session = 0; session < 4; session++) {
            try (Journal journal = Journal.open(dir, settings())) {
                check(journal, expected, texts);
                for (int i = 0; i < 100; i++) {
                    ProjectId project = projects.get(random.nextInt(projects.size()));
                    Origin origin = origins.get(random.nextInt(origins.size()));
                    List<Operation> so = expected.computeIfAbsent(project, _ -> new TreeMap<>())
                            .computeIfAbsent(origin, _ -> new ArrayList<>());
                    JournalWrite write = JournalTrial.randomWrite(random, project, origin, so.size());
                    assertEquals(
                            new JournalWrite.Written(write.operations().size()),
                            journal.commit(List.of(write), Durability.OS).getFirst());
                    so.addAll(write.operations());
                    write.blobs().forEach(blob -> texts.put(blob.hash(), blob.text()));
                }
                check(journal, expected, texts);
            }
        }
    }

    private static void check(
            Journal journal, Map<ProjectId, Map<Origin, List<Operation>>> expected, Map<ContentHash, byte[]> texts)
            throws JournalRefused {
        assertEquals(expected.keySet(), journal.projects());
        for (Map.Entry<ProjectId, Map<Origin, List<Operation>>> project : expected.entrySet()) {
            List<Operation> operations = new ArrayList<>();
            ReplayReport report = journal.replay(project.getKey(), VersionVector.EMPTY, operations::add);
            assertEquals(
                    project.getValue().values().stream().flatMap(List::stream).toList(), operations);
            assertEquals(operations.size(), report.operations());
            assertEquals(journal.versionVector(project.getKey()), report.upTo());
            assertEquals(
                    operations.stream().map(Operation::time).max(HybridTime::compareTo),
                    Optional.of(journal.lastTime(project.getKey())));
            project.getValue()
                    .forEach((origin, list) ->
                            assertEquals(list.size(), report.upTo().sequence(origin)));
        }
        for (Map.Entry<ContentHash, byte[]> text : texts.entrySet()) {
            assertArrayEquals(text.getValue(), journal.blob(text.getKey()).orElseThrow());
        }
        assertEquals(texts.size(), journal.stats().blobs());
        assertEquals(
                texts.values().stream().mapToLong(text -> text.length).sum(),
                journal.stats().blobBytes());
    }

    @Test
    void replayStartsAfterWhatIsKnownAlready() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, notes(PROJECT, LAPTOP, 1, 2_500));
            written(journal, notes(PROJECT, STUDIO, 1, 3));
            List<Operation> rest = new ArrayList<>();
            ReplayReport report = journal.replay(
                    PROJECT, VersionVector.EMPTY.with(LAPTOP, 1_200).with(STUDIO, 3), rest::add);
            assertEquals(notes(PROJECT, LAPTOP, 1_201, 2_500), rest);
            assertFalse(report.ahead());
            assertTrue(journal.replay(PROJECT, VersionVector.EMPTY.with(STUDIO, 4), _ -> {})
                    .ahead());
            assertEquals(0, journal.replay(OTHER, VersionVector.EMPTY, _ -> {}).operations());
        }
    }

    @Test
    void aGapIsRefusedAndLeavesNoTrace() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, notes(PROJECT, LAPTOP, 1, 3));
            Blob blob = blob("left behind");
            JournalWrite.Refused gap = refused(journal.append(
                    List.of(put(PROJECT, LAPTOP, 4, "a", blob), note(PROJECT, LAPTOP, 6)), List.of(blob)));
            assertEquals(Reply.Reason.INVALID, gap.reason());
            assertTrue(gap.message().contains("operation 6 of origin laptop in project 4f2a9c0d"), gap.message());
            assertTrue(gap.message().contains("next sequence of this origin is 5"), gap.message());
            assertEquals(notes(PROJECT, LAPTOP, 1, 3), all(journal, PROJECT));
            assertFalse(journal.hasBlob(blob.hash()));
            assertEquals(0, journal.stats().blobs());
        }
    }

    @Test
    void aRepeatedWriteIsPassedOverAndAnotherContentUnderItsSequenceIsRefused() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, notes(PROJECT, LAPTOP, 1, 3));
            assertEquals(new JournalWrite.Written(1), journal.append(notes(PROJECT, LAPTOP, 2, 4), List.of()));
            Operation other = JournalTrial.operation(
                    PROJECT, LAPTOP, 4, note(PROJECT, LAPTOP, 99).body());
            assertEquals(
                    Reply.Reason.INVALID,
                    refused(journal.append(List.of(other), List.of())).reason());
            assertEquals(notes(PROJECT, LAPTOP, 1, 4), all(journal, PROJECT));
        }
    }

    @Test
    void inAGroupOneRefusedWriteDoesNotTouchTheOthers() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            Blob blob = blob("kept");
            List<JournalWrite.Outcome> outcomes = journal.commit(
                    List.of(
                            new JournalWrite(notes(PROJECT, LAPTOP, 1, 2), List.of()),
                            new JournalWrite(notes(PROJECT, LAPTOP, 4, 4), List.of()),
                            new JournalWrite(notes(PROJECT, LAPTOP, 2, 2), List.of()),
                            new JournalWrite(List.of(put(PROJECT, LAPTOP, 3, "a", blob)), List.of(blob)),
                            new JournalWrite(List.of(put(PROJECT, STUDIO, 1, "b", blob)), List.of())),
                    Durability.FSYNC);
            assertEquals(new JournalWrite.Written(2), outcomes.get(0));
            assertEquals(Reply.Reason.INVALID, refused(outcomes.get(1)).reason());
            assertEquals(new JournalWrite.Written(0), outcomes.get(2));
            assertEquals(new JournalWrite.Written(1), outcomes.get(3));
            assertEquals(new JournalWrite.Written(1), outcomes.get(4));
            assertEquals(3, journal.versionVector(PROJECT).sequence(LAPTOP));
            assertEquals(1, journal.stats().syncs());
        }
    }

    @Test
    void aDocumentWhoseTextIsUnknownIsRefused() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            JournalWrite.Refused refused =
                    refused(journal.append(List.of(put(PROJECT, LAPTOP, 1, "src/A.java", blob("unsent"))), List.of()));
            assertEquals(Reply.Reason.INVALID, refused.reason());
            assertTrue(refused.message().contains("src/A.java"), refused.message());
        }
    }

    @Test
    void aTextIsStoredOnceForAllProjectsAndCompressed() throws IOException {
        Blob blob = blob(JournalTrial.source(JournalTrial.random("dedup"), 200_000));
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, List.of(put(PROJECT, LAPTOP, 1, "a", blob)), blob, blob);
            long once = journal.stats().blobDiskBytes();
            for (int i = 1; i <= 20; i++) {
                written(journal, List.of(put(OTHER, LAPTOP, i, "b" + i, blob)), blob);
            }
            assertEquals(1, journal.stats().blobs());
            assertEquals(blob.text().length, journal.stats().blobBytes());
            assertEquals(once, journal.stats().blobDiskBytes());
            assertTrue(once < blob.text().length * 0.7, once + " bytes kept for " + blob.text().length);
            assertArrayEquals(blob.text(), journal.text(blob.hash()).orElseThrow());
        }
    }

    @Test
    void textsOfEverySizeComeBack() throws IOException {
        Random random = JournalTrial.random("blob sizes");
        List<Blob> blobs = new ArrayList<>();
        for (int size : new int[] {0, 1, 4, 5, 100, 1_023, 1_024, 1_025, 70_000, 3_000_000}) {
            blobs.add(blob(JournalTrial.source(random, size).substring(0, size)));
            byte[] noise = new byte[size];
            random.nextBytes(noise);
            blobs.add(new Blob(ContentHash.of(noise), noise));
        }
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, List.of(), blobs.toArray(Blob[]::new));
        }
        try (Journal journal = Journal.open(dir, settings())) {
            for (Blob blob : blobs) {
                assertArrayEquals(blob.text(), journal.blob(blob.hash()).orElseThrow());
            }
            assertEquals(Optional.empty(), journal.blob(ContentHash.of("never stored")));
        }
    }

    @Test
    void derivedDataIsKeptByKindAndDroppedByKind() throws IOException {
        Blob text = blob("x");
        ContentHash hash = text.hash();
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, List.of(), text);
            journal.putDerived("syntax.1", hash, new byte[] {1, 2});
            journal.putDerived("syntax.10", Map.of(hash, new byte[] {3}));
        }
        try (Journal journal = Journal.open(dir, settings())) {
            assertArrayEquals(
                    new byte[] {1, 2}, journal.derived("syntax.1", hash).orElseThrow());
            assertEquals(Optional.empty(), journal.derived("syntax.2", hash));
            journal.dropDerived("syntax.1");
            assertEquals(Optional.empty(), journal.derived("syntax.1", hash));
            assertArrayEquals(new byte[] {3}, journal.derived("syntax.10", hash).orElseThrow());
        }
    }

    @Test
    void aForgottenProjectIsGoneFromTheFilesAndSharedTextsStay() throws IOException {
        // No compression and no BLOB framing can hide these from a search of the files.
        Blob own = blob("OwnSecretOfTheForgottenProject");
        Blob shared = blob("SharedByBothProjects");
        try (Journal journal = Journal.open(dir, settings())) {
            written(
                    journal,
                    List.of(put(PROJECT, LAPTOP, 1, "a", own), put(PROJECT, LAPTOP, 2, "b", shared)),
                    own,
                    shared);
            written(journal, List.of(put(OTHER, LAPTOP, 1, "c", shared)), shared);
            journal.putDerived("syntax.1", own.hash(), "SyntaxOfTheForgotten".getBytes(StandardCharsets.UTF_8));
            journal.putDerived("syntax.1", shared.hash(), new byte[] {1});
            assertTrue(onDisk("OwnSecretOfTheForgottenProject"));

            assertEquals(new Forgot(2, 1, own.text().length), journal.forget(PROJECT));

            assertEquals(Set.of(OTHER), journal.projects());
            assertEquals(List.of(), all(journal, PROJECT));
            assertFalse(journal.hasBlob(own.hash()));
            assertTrue(journal.hasBlob(shared.hash()));
            // A parser that was at work meanwhile brings nothing back.
            journal.putDerived("syntax.1", own.hash(), "SyntaxOfTheForgotten".getBytes(StandardCharsets.UTF_8));
            assertEquals(Optional.empty(), journal.derived("syntax.1", own.hash()));
            assertTrue(journal.derived("syntax.1", shared.hash()).isPresent());
            assertEquals(1, journal.stats().blobs());
            assertEquals(shared.text().length, journal.stats().blobBytes());
            assertFalse(onDisk("OwnSecretOfTheForgottenProject"), "still in a file");
            assertFalse(onDisk("SyntaxOfTheForgotten"), "still in a file");
            assertTrue(onDisk("SharedByBothProjects"));
            written(journal, notes(PROJECT, LAPTOP, 1, 1));
        }
        try (Journal journal = Journal.open(dir, settings())) {
            assertEquals(notes(PROJECT, LAPTOP, 1, 1), all(journal, PROJECT));
            assertEquals(1, all(journal, OTHER).size());
        }
    }

    private boolean onDisk(String text) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void theOriginIsMadeOnceForAHome() throws IOException {
        Origin first;
        try (Journal journal = Journal.open(dir.resolve("a"), settings())) {
            first = journal.origin();
        }
        try (Journal again = Journal.open(dir.resolve("a"), settings());
                Journal other = Journal.open(dir.resolve("b"), settings())) {
            assertEquals(first, again.origin());
            assertNotEquals(first, other.origin());
        }
    }

    @Test
    void aSecondOpeningOfTheSameFolderIsRefused() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            JournalRefused refused = assertThrows(JournalRefused.class, () -> Journal.open(dir, settings()));
            assertEquals(Reply.Reason.PRECONDITION, refused.reason());
            assertTrue(refused.getMessage().contains("in use by another node"), refused.getMessage());
            written(journal, notes(PROJECT, LAPTOP, 1, 1));
        }
        Journal.open(dir, settings()).close();
    }

    @Test
    void aNewerFormatIsRefusedAndNothingIsTouched() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, notes(PROJECT, LAPTOP, 1, 1));
        }
        Path format = dir.resolve("format");
        String written = Files.readString(format);
        Files.writeString(format, "postdevai journal format 3\n");
        JournalRefused refused = assertThrows(JournalRefused.class, () -> Journal.open(dir, settings()));
        assertTrue(refused.getMessage().contains("has format 3, this version reads up to 2"), refused.getMessage());
        Files.writeString(format, "rubbish");
        assertThrows(JournalRefused.class, () -> Journal.open(dir, settings()));
        Files.delete(format);
        assertThrows(JournalRefused.class, () -> Journal.open(dir, settings()));
        Files.writeString(format, written);
        try (Journal journal = Journal.open(dir, settings())) {
            assertEquals(notes(PROJECT, LAPTOP, 1, 1), all(journal, PROJECT));
        }
    }

    @Test
    void aClosedJournalRefusesEverything() throws IOException {
        Journal journal = Journal.open(dir, settings());
        journal.close();
        journal.close();
        assertInstanceOf(JournalWrite.Refused.class, journal.append(notes(PROJECT, LAPTOP, 1, 1), List.of()));
        assertThrows(JournalRefused.class, () -> journal.blob(ContentHash.of("")));
        assertThrows(JournalRefused.class, journal::stats);
        assertThrows(JournalRefused.class, () -> journal.putDerived("a", ContentHash.of(""), new byte[0]));
    }

    @Test
    void aFolderThatCannotBeMadeIsRefusedWithTheReason() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "in the way");
        JournalRefused refused =
                assertThrows(JournalRefused.class, () -> Journal.open(file.resolve("journal"), settings()));
        assertTrue(refused.getMessage().contains("cannot be used"), refused.getMessage());
    }
}
