package ai.postdev.dragon.lake.journal;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What the tests of the journal share: settings, and operations made from a seed. */
final class JournalTrial {
    private static final int FILES = 50;
    private static final int VERSIONS = 7;

    static final ProjectId PROJECT = new ProjectId("4f2a9c0d");
    static final ProjectId OTHER = new ProjectId("4f2a9c0d-1");
    static final Origin LAPTOP = new Origin("laptop");
    static final Origin STUDIO = new Origin("studio");

    private JournalTrial() {}

    static Random random(String test) {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println(test + ": -Dpostdevai.seed=" + seed);
        return new Random(seed);
    }

    /** The shipped settings with small memory, and ready to try again at once. */
    static JournalSettings settings() {
        return settings(Map.of());
    }

    static JournalSettings settings(Map<String, Object> changed) {
        return JournalSettings.from(ConfigFactory.parseMap(changed, "test")
                .atPath("postdevai.lake.journal")
                .withFallback(ConfigFactory.parseString("""
                    postdevai.lake.journal {
                      block-cache = 8 MiB
                      write-buffer = 8 MiB
                      free-min = 1 MiB
                      recover-interval = 0s
                    }\
                    """))
                .withFallback(ConfigFactory.load())
                .resolve());
    }

    static Operation note(ProjectId project, Origin origin, long sequence) {
        return operation(
                project,
                origin,
                sequence,
                new Body.AppendEvent("note", sequence, "note " + sequence, Map.of(), List.of()));
    }

    static Operation operation(ProjectId project, Origin origin, long sequence, Body body) {
        return new Operation(project, origin, sequence, HybridTime.of(1_700_000_000_000L + sequence, 0), body);
    }

    static List<Operation> notes(ProjectId project, Origin origin, long from, long to) {
        List<Operation> notes = new ArrayList<>();
        for (long sequence = from; sequence <= to; sequence++) {
            notes.add(note(project, origin, sequence));
        }
        return notes;
    }

    static Operation put(ProjectId project, Origin origin, long sequence, String path, Blob blob) {
        return operation(
                project,
                origin,
                sequence,
                new Body.PutDocument(
                        new WorkspaceId("w"),
                        path,
                        blob.hash(),
                        blob.text().length,
                        Language.ofPath(path),
                        sequence,
                        blob.text().length));
    }

    static Blob blob(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Blob(ContentHash.of(bytes), bytes);
    }

    /** A text that compresses about as well as source code. */
    static String source(Random random, int bytes) {
        String[] words = {
            "return", "final", "String", "void", "lake", "journal", "offset", "{", "}", "(", ");\n", "    "
        };
        StringBuilder text = new StringBuilder(bytes + 16);
        while (text.length() < bytes) {
            if (random.nextInt(3) == 0) {
                text.append(Integer.toString(random.nextInt(100_000), 36));
            } else {
                text.append(words[random.nextInt(words.length)]);
            }
            text.append(' ');
        }
        return text.toString();
    }

    /** The text of a file after so many changes. */
    static Blob version(int file, int version) {
        StringBuilder text = new StringBuilder(source(new Random(file), 1_000 + 100 * file));
        for (int change = 1; change <= version; change++) {
            text.insert(text.length() * change / (version + 1), "\nchange " + change + " of file " + file + "\n");
        }
        return blob(text.toString());
    }

    /** A write of one to four operations that go on after {@code last}, with the texts they need. */
    static JournalWrite randomWrite(Random random, ProjectId project, Origin origin, long last) {
        List<Operation> operations = new ArrayList<>();
        List<Blob> blobs = new ArrayList<>();
        Map<ContentHash, ContentHash> before = new HashMap<>();
        int count = 1 + random.nextInt(4);
        for (int i = 1; i <= count; i++) {
            long sequence = last + i;
            switch (random.nextInt(4)) {
                case 0 -> {
                    int file = random.nextInt(FILES);
                    int version = random.nextInt(VERSIONS + 2);
                    Blob blob =
                            version < VERSIONS ? version(file, version) : blob(source(random, random.nextInt(4_000)));
                    blobs.add(blob);
                    if (version > 0 && version < VERSIONS) {
                        before.put(blob.hash(), version(file, version - 1).hash());
                    }
                    operations.add(put(project, origin, sequence, "src/F" + file + ".java", blob));
                }
                case 1 ->
                    operations.add(operation(
                            project, origin, sequence, new Body.SetSetting("k" + random.nextInt(9), "v" + sequence)));
                case 2 ->
                    operations.add(operation(
                            project,
                            origin,
                            sequence,
                            new Body.PutEdge(
                                    new NodeKey("commit", "c" + random.nextInt(99)),
                                    "touches",
                                    new NodeKey("file", "f" + random.nextInt(99)),
                                    sequence,
                                    Map.of("added", "" + random.nextInt(9)))));
                default -> operations.add(note(project, origin, sequence));
            }
        }
        return new JournalWrite(operations, blobs, before);
    }

    static void written(Journal journal, List<Operation> operations, Blob... blobs) {
        JournalWrite.Outcome outcome = journal.append(operations, List.of(blobs));
        assertInstanceOf(JournalWrite.Written.class, outcome, outcome::toString);
    }

    static JournalWrite.Refused refused(JournalWrite.Outcome outcome) {
        return assertInstanceOf(JournalWrite.Refused.class, outcome);
    }

    static List<Operation> all(Journal journal, ProjectId project) throws JournalRefused {
        List<Operation> operations = new ArrayList<>();
        journal.replay(project, VersionVector.EMPTY, operations::add);
        return operations;
    }
}
