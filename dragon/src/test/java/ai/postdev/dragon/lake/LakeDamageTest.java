package ai.postdev.dragon.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.disk.DiskImage;
import ai.postdev.dragon.disk.FileHarm;
import ai.postdev.dragon.disk.MemoryFolder;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.journal.JournalWrite;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Whatever is damaged of what a lake derives from its journal (snapshots, their positions, the text index): the lake opens
 * and shows what the journal says, from a damaged file or without it.
 */
@Execution(ExecutionMode.CONCURRENT)
class LakeDamageTest {
    private static final List<ProjectId> PROJECTS = List.of(new ProjectId("4f2a9c0d"), new ProjectId("77aa0c1d"));
    private static final Origin ORIGIN = new Origin("laptop");
    private static final WorkspaceId WORKSPACE = new WorkspaceId("w");
    private static final int OPERATIONS = 240;
    /** Of them, how many the snapshot and the text index reflect; the rest is in the journal only. */
    private static final int SAVED = 200;

    @TempDir(factory = MemoryFolder.class)
    Path dir;

    private final Random random = Seeded.random("lake damage");

    @Test
    void whatIsDerivedIsMadeAgainWhereItIsDamaged() throws Exception {
        damages(200);
    }

    /** Set {@code postdevai.damages} for another number. */
    @Test
    @Tag("campaign")
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void whatIsDerivedIsMadeAgainAfterThousandsOfDamages() throws Exception {
        damages(Integer.getInteger("postdevai.damages", 3_000));
    }

    private void damages(int count) throws Exception {
        Path data = dir.resolve("data");
        DiskImage derived;
        Map<ProjectId, Map<String, Object>> expected = new TreeMap<>();
        Map<String, Integer> tally = new TreeMap<>();
        try (LakeFiles files = LakeFiles.open(data, ConfigFactory.load())) {
            for (ProjectId project : PROJECTS) {
                remember(files, project, 1, SAVED);
                save(files, project);
                remember(files, project, SAVED + 1, OPERATIONS);
            }
            Path lakes = data.resolve("lakes");
            derived = DiskImage.read(lakes, lakes.resolve("nothing"));
            for (ProjectId project : PROJECTS) {
                expected.put(project, shown(files, project, tally));
            }
            assertEquals(Map.of("from the snapshot", 2, "text index read", 2), tally);
            for (int i = 0; i < count; i++) {
                replace(lakes, derived);
                List<Path> victims = FileHarm.files(lakes);
                FileHarm harm = FileHarm.values()[random.nextInt(FileHarm.values().length)];
                String about = harm.to(FileHarm.any(victims, random), victims, random);
                for (ProjectId project : PROJECTS) {
                    assertEquals(expected.get(project), shown(files, project, tally), about);
                }
            }
        }
        System.out.println(
                "lake damage: " + count + " damages of " + derived.files().keySet() + ": " + tally);
        assertTrue(tally.getOrDefault("from the journal", 0) > 0, "no damage was ever found");
        assertTrue(tally.getOrDefault("text index to be made anew", 0) > 0, "no damage of the text was ever found");
    }

    private void remember(LakeFiles files, ProjectId project, int from, int to) {
        for (int sequence = from; sequence <= to; sequence++) {
            String words =
                    "class C" + random.nextInt(1_000) + " { int field" + sequence + " = " + random.nextInt() + "; }\n";
            byte[] bytes = words.repeat(1 + random.nextInt(30)).getBytes(StandardCharsets.UTF_8);
            Blob text = new Blob(ContentHash.of(bytes), bytes);
            boolean isDocument = sequence % 4 == 0;
            Body body = switch (sequence % 4) {
                case 0 ->
                    new Body.PutDocument(
                            WORKSPACE,
                            "src/F" + sequence % 60 + ".java",
                            text.hash(),
                            bytes.length,
                            Language.ofPath("F.java"),
                            sequence,
                            bytes.length);
                case 1 -> new Body.AppendEvent("note", sequence, words, Map.of("a", "b"), List.of());
                case 2 ->
                    new Body.PutEdge(
                            new NodeKey("commit", "c" + random.nextInt(20)),
                            "touches",
                            new NodeKey("file", "f" + random.nextInt(20)),
                            sequence,
                            Map.of());
                default ->
                    new Body.PutEmbedding(text.hash(), "m", new float[] {
                        random.nextFloat(), random.nextFloat(), random.nextFloat(), random.nextFloat()
                    });
            };
            Operation operation =
                    new Operation(project, ORIGIN, sequence, HybridTime.of(1_700_000_000_000L + sequence, 0), body);
            assertInstanceOf(
                    JournalWrite.Written.class,
                    files.journal().append(List.of(operation), isDocument ? List.of(text) : List.of()));
        }
    }

    /** Writes the snapshot and the text index, as the lake's actors do. */
    private static void save(LakeFiles files, ProjectId project) throws IOException {
        OpenLake lake = OpenLake.open(project, files);
        try {
            for (Document document : lake.code().view().documents()) {
                lake.text()
                        .documentPut(
                                document, files.journal().blob(document.hash()).orElseThrow());
            }
            lake.text().refresh(lake.code().view().sequence());
            lake.text().commit(lake.code().view().sequence());
            Snapshots snapshots = new Snapshots(files.folder(project));
            Path folder = snapshots.begin();
            for (Map.Entry<String, StoreEngine<?>> engine : engines(lake).entrySet()) {
                assertInstanceOf(
                        Reply.Answered.class, Store.write(engine.getValue().freeze(), folder.resolve(engine.getKey())));
            }
            snapshots.finish(folder, lake.asOf());
        } finally {
            lake.close();
        }
    }

    private static Map<String, StoreEngine<?>> engines(OpenLake lake) {
        Map<String, StoreEngine<?>> engines = new LinkedHashMap<>();
        engines.put(Stores.CODE, lake.code());
        engines.put(Stores.VECTOR, lake.vector());
        engines.put(Stores.HISTORY, lake.history());
        engines.put(Stores.METADATA, lake.metadata());
        return engines;
    }

    /** All that the lake shows; where it came from goes to {@code tally}. */
    private static Map<String, Object> shown(LakeFiles files, ProjectId project, Map<String, Integer> tally)
            throws IOException {
        OpenLake lake = OpenLake.open(project, files);
        try {
            Map<String, Object> shown = new TreeMap<>();
            for (Map.Entry<String, StoreEngine<?>> engine : engines(lake).entrySet()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                engine.getValue().writeSnapshot(new DataOutputStream(bytes));
                shown.put(engine.getKey(), ContentHash.of(bytes.toByteArray()));
            }
            // The order of contents in its snapshot is that of their coming.
            CodeView code = lake.code().view();
            shown.put(
                    Stores.CODE,
                    code.documents().stream()
                            .map(document -> List.of(document, code.history(WORKSPACE, document.path())))
                            .toList());
            shown.put("as of", lake.asOf());
            boolean replayed = lake.replayed() == OPERATIONS;
            assertTrue(replayed || lake.replayed() == OPERATIONS - SAVED, "replayed " + lake.replayed());
            tally.merge(replayed ? "from the journal" : "from the snapshot", 1, Integer::sum);
            boolean anew = lake.text().sequence() == 0;
            tally.merge(anew ? "text index to be made anew" : "text index read", 1, Integer::sum);
            if (anew) {
                assertEquals(0, lake.text().current().entries());
                // As the code store does: it tells an index of the past every document.
                for (Document document : lake.code().view().at(SAVED).documents()) {
                    lake.text()
                            .documentPut(
                                    document,
                                    files.journal().blob(document.hash()).orElseThrow());
                }
                lake.text().refresh(SAVED);
            }
            shown.put("entries", lake.text().current().entries());
            List<String> hits = new ArrayList<>();
            for (String term : List.of("class", "field")) {
                lake.text().current().passages(Map.of(term, 1f), 0, Optional.empty(), 1_000).stream()
                        .map(hit -> hit.path() + ":" + hit.startLine() + "-" + hit.endLine())
                        .sorted()
                        .forEach(hits::add);
            }
            shown.put("hits", hits);
            return shown;
        } finally {
            lake.close();
        }
    }

    private static void replace(Path folder, DiskImage by) throws IOException {
        Snapshots.delete(folder);
        Files.createDirectories(folder.getParent());
        by.write(folder);
    }
}
