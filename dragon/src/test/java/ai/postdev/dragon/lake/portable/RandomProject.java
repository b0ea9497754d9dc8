package ai.postdev.dragon.lake.portable;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.OperationCodec;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.RandomValues;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalSettings;
import ai.postdev.dragon.lake.journal.JournalWrite;
import ai.postdev.dragon.lake.journal.ReplayVisitor;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assertions;

/** Writes random operations of every kind, with awkward values, and tells all that a journal holds of a project. */
public final class RandomProject {
    /** When the first operation is written; each later one is written a second later. */
    public static final long BEGAN = 1_700_000_000_000L;

    private final Random random;
    private final RandomValues values;
    private final ProjectId project;
    private long clock = BEGAN;
    private final List<Blob> known = new ArrayList<>();

    public RandomProject(Random random, ProjectId project) {
        this.random = random;
        this.values = new RandomValues(random, 3, 50);
        this.project = project;
    }

    /** The shipped settings with small memory. */
    public static Config config() {
        return ConfigFactory.parseString("""
                postdevai.lake.journal { block-cache = 8 MiB, write-buffer = 8 MiB, free-min = 1 MiB, recover-interval = 0s }
                """).withFallback(ConfigFactory.load()).resolve();
    }

    public static JournalSettings journal() {
        return JournalSettings.from(config());
    }

    public static PortableSettings portable() {
        return PortableSettings.from(config());
    }

    /** Appends so many operations of an origin. */
    public void write(Journal journal, Origin origin, int count) {
        long last = origin.equals(journal.origin())
                ? journal.lastSequence(project)
                : journal.versionVector(project).sequence(origin);
        for (int i = 1; i <= count; i++) {
            List<Blob> blobs = new ArrayList<>();
            Body body = body(blobs);
            clock += 1_000;
            Operation operation =
                    new Operation(project, origin, last + i, HybridTime.of(clock, random.nextInt(3)), body);
            JournalWrite.Outcome outcome = journal.append(List.of(operation), blobs);
            Assertions.assertInstanceOf(JournalWrite.Written.class, outcome, outcome::toString);
        }
    }

    private Body body(List<Blob> blobs) {
        return switch (random.nextInt(9)) {
            case 0, 1 -> {
                Blob blob =
                        random.nextInt(4) == 0 && !known.isEmpty() ? known.get(random.nextInt(known.size())) : blob();
                blobs.add(blob);
                yield new Body.PutDocument(
                        workspace(),
                        values.text(),
                        blob.hash(),
                        blob.text().length,
                        values.language(),
                        values.number(),
                        values.number());
            }
            case 2 -> new Body.RemoveDocument(workspace(), values.text());
            case 3 ->
                new Body.AppendEvent(
                        values.text(),
                        values.number(),
                        values.text(),
                        values.map(),
                        List.of(values.text(), values.text()));
            case 4 -> new Body.PutNode(values.node(), values.map());
            case 5 -> new Body.RemoveNode(values.node());
            case 6 -> new Body.PutEdge(values.node(), values.text(), values.node(), values.number(), values.map());
            case 7 ->
                random.nextBoolean()
                        ? new Body.RemoveEdge(values.node(), values.text(), values.node())
                        : new Body.PutEmbedding(values.hash(), values.text(), values.vector());
            default -> new Body.SetSetting(values.text(), values.text());
        };
    }

    private Blob blob() {
        byte[] bytes;
        if (random.nextInt(5) == 0) {
            bytes = new byte[random.nextInt(50)];
            random.nextBytes(bytes); // no UTF-8
        } else {
            bytes = values.text(400).getBytes(StandardCharsets.UTF_8);
        }
        Blob blob = new Blob(ContentHash.of(bytes), bytes);
        known.add(blob);
        return blob;
    }

    private WorkspaceId workspace() {
        return new WorkspaceId("w" + random.nextInt(3));
    }

    /** One line for each operation, lost place and text that a journal holds of a project, up to {@code upTo}. */
    public static List<String> everything(Journal journal, ProjectId project, VersionVector upTo) throws IOException {
        List<String> all = new ArrayList<>();
        journal.replay(project, VersionVector.EMPTY, upTo, new ReplayVisitor() {
            @Override
            public void dropped(Origin of, long sequence, long digest) {
                all.add(of + "/" + sequence + " dropped " + digest);
            }

            @Override
            public void operation(Operation operation) {
                StringBuilder line = new StringBuilder(
                        operation.time().millis() + " " + HexFormat.of().formatHex(OperationCodec.encode(operation)));
                if (operation.body() instanceof Body.PutDocument put) {
                    line.append(' ')
                            .append(journal.text(put.hash())
                                    .map(HexFormat.of()::formatHex)
                                    .orElse("no text"));
                }
                all.add(line.toString());
            }

            @Override
            public void lost(Origin origin, long sequence, String why) {
                all.add("lost " + origin + " " + sequence + " " + why);
            }
        });
        all.add("starts " + journal.starts(project));
        return all;
    }

    /** How many different texts the operations of a project refer to. */
    public static long texts(Journal journal, ProjectId project) throws IOException {
        Set<ContentHash> hashes = new HashSet<>();
        journal.replay(project, VersionVector.EMPTY, operation -> {
            if (operation.body() instanceof Body.PutDocument put) {
                hashes.add(put.hash());
            }
        });
        return hashes.size();
    }

    /** An operation that puts a document. */
    public static Operation put(ProjectId project, Origin origin, long sequence, ContentHash hash) {
        return new Operation(
                project,
                origin,
                sequence,
                HybridTime.of(BEGAN + sequence, 0),
                new Body.PutDocument(new WorkspaceId("w"), "a/b.java", hash, 4, Language.JAVA, 1, 4));
    }

    /** All of a project. */
    public static List<String> everything(Journal journal, ProjectId project) throws IOException {
        return everything(journal, project, journal.versionVector(project));
    }
}
