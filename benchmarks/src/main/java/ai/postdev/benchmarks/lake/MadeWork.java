package ai.postdev.benchmarks.lake;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Operations as work makes them, always the same for a seed: half of them events, some of each other kind. */
final class MadeWork {
    static final ProjectId PROJECT = new ProjectId("measured");
    static final Origin ORIGIN = new Origin("measuring");

    private static final long BEGIN = 1_700_000_000_000L;
    private static final WorkspaceId WORKSPACE = new WorkspaceId("w1");
    static final int DIMENSIONS = 384;
    private static final String[] WORDS =
            ("connection refused retry timeout cache flush parser index journal commit build failed test module"
                            + " handler request response socket buffer thread pool shutdown config value null pointer illegal"
                            + " state argument stream closed permission denied file directory missing dependency version conflict"
                            + " merge branch rebase upload download token secret policy route cluster node leader member")
                    .split(" ");

    /** The kinds of operations that are told apart. */
    enum Kind {
        EVENT(50),
        COMMIT(3),
        DOCUMENT(25),
        EDGE(12),
        NODE(4),
        EMBEDDING(5),
        SETTING(1);

        private final int percent;

        Kind(int percent) {
            this.percent = percent;
        }
    }

    private final Random random;

    MadeWork(long seed) {
        random = new Random(seed);
    }

    /** So many operations of all kinds, in an order without order. */
    List<Operation> mixed(int count) {
        List<Operation> operations = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            operations.add(operation(i, body(kind(), i)));
        }
        return operations;
    }

    /** So many of one kind. */
    List<Operation> of(Kind kind, int count) {
        List<Operation> operations = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            operations.add(operation(i, body(kind, i)));
        }
        return operations;
    }

    /** An event with this sequence. */
    Operation event(long sequence) {
        return operation(sequence, body(Kind.EVENT, sequence));
    }

    /** A commit with this sequence. */
    Operation commit(long sequence) {
        return operation(sequence, body(Kind.COMMIT, sequence));
    }

    /** An edge with this sequence. */
    Operation edge(long sequence) {
        return operation(sequence, body(Kind.EDGE, sequence));
    }

    /** A version of a document with this sequence. */
    Operation document(long sequence) {
        return operation(sequence, body(Kind.DOCUMENT, sequence));
    }

    /** An embedding with this sequence. */
    Operation embedding(long sequence) {
        return operation(sequence, body(Kind.EMBEDDING, sequence));
    }

    private static Operation operation(long sequence, Body body) {
        return new Operation(PROJECT, ORIGIN, sequence, HybridTime.of(BEGIN + sequence, 0), body);
    }

    private Kind kind() {
        int at = random.nextInt(100);
        for (Kind kind : Kind.values()) {
            at -= kind.percent;
            if (at < 0) {
                return kind;
            }
        }
        return Kind.EVENT;
    }

    private Body body(Kind kind, long number) {
        return switch (kind) {
            case EVENT -> new Body.AppendEvent("command", time(), text(), Map.of(), files(random.nextInt(2)));
            case COMMIT ->
                new Body.AppendEvent(
                        "commit",
                        time(),
                        text(),
                        Map.of("commit", hash(number).hex().substring(0, 40), "author", "Ada <ada@example.org>"),
                        files(5));
            case DOCUMENT ->
                new Body.PutDocument(
                        WORKSPACE,
                        file(),
                        hash(number),
                        content(number).length(),
                        Language.byId("java"),
                        BEGIN + number,
                        content(number).length());
            case EDGE ->
                new Body.PutEdge(
                        new NodeKey("symbol", "Part" + random.nextInt(40) + "#call" + random.nextInt(500)),
                        "calls",
                        new NodeKey("symbol", "Part" + random.nextInt(40) + "#call" + random.nextInt(500)),
                        BEGIN + number,
                        Map.of("line", Integer.toString(random.nextInt(900))));
            case NODE ->
                new Body.PutNode(
                        new NodeKey("symbol", "Part" + random.nextInt(40) + "#call" + random.nextInt(500)),
                        Map.of("language", "java"));
            case EMBEDDING -> new Body.PutEmbedding(hash(number), "m", vector());
            case SETTING -> new Body.SetSetting("workspace/w" + random.nextInt(20), "/home/ada/code/" + number);
        };
    }

    /** The text of the document that an operation puts, which the journal must hold too. */
    static Optional<LakeProtocol.Blob> text(Operation operation) {
        return operation.body() instanceof Body.PutDocument put
                ? Optional.of(new LakeProtocol.Blob(
                        put.hash(), content(put.modifiedMillis() - BEGIN).getBytes(StandardCharsets.UTF_8)))
                : Optional.empty();
    }

    private static String content(long number) {
        return "c" + number;
    }

    private static ContentHash hash(long number) {
        return ContentHash.of(content(number));
    }

    private long time() {
        return BEGIN + random.nextInt(1_000_000_000);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int w = 4 + random.nextInt(16); w > 0; w--) {
            // Few words are common, names with numbers are rare.
            int pick = (int) (WORDS.length * Math.pow(random.nextDouble(), 2));
            text.append(WORDS[pick])
                    .append(random.nextInt(6) == 0 ? "_" + Integer.toString(random.nextInt(5_000), 36) : "")
                    .append(' ');
        }
        return text.toString();
    }

    private List<String> files(int count) {
        List<String> files = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            files.add(file());
        }
        return files;
    }

    private String file() {
        return "src/main/java/com/acme/part" + random.nextInt(40) + "/File" + random.nextInt(3_000) + ".java";
    }

    private float[] vector() {
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }
}
