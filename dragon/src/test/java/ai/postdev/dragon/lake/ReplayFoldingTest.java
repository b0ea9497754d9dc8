package ai.postdev.dragon.lake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A lake that is folded by many threads is the lake that one folded, operation by operation, as it lived. */
class ReplayFoldingTest {
    private static final Config CONFIG =
            ConfigFactory.parseResources("reference.conf").resolve();

    private record Engines(CodeEngine code, VectorEngine vector, HistoryEngine history, MetadataEngine metadata) {
        static Engines empty() {
            CodeEngine code = new CodeEngine(CodeSettings.from(CONFIG), _ -> Optional.empty());
            return new Engines(
                    code,
                    new VectorEngine(new VectorSettings(40, 4), code::supersededAt),
                    new HistoryEngine(HistorySettings.from(CONFIG)),
                    new MetadataEngine(MetadataSettings.from(CONFIG)));
        }

        List<List<StoreEngine<?>>> lanes() {
            return List.of(List.of(code, vector), List.of(history), List.of(metadata));
        }

        void live(Operation operation) {
            Stream.of(code, vector, history, metadata).forEach(engine -> engine.apply(operation));
        }

        byte[] state() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (StoreEngine<?> engine : List.of(vector, history, metadata)) {
                engine.writeSnapshot(new DataOutputStream(bytes));
            }
            code.view()
                    .documents()
                    .forEach(document ->
                            bytes.writeBytes(document.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            return bytes.toByteArray();
        }
    }

    private static Body body(Random random, int number) {
        NodeKey from = new NodeKey("symbol", "s" + random.nextInt(20));
        WorkspaceId workspace = new WorkspaceId("w" + random.nextInt(2));
        String path = "src/part" + random.nextInt(5) + "/File" + random.nextInt(9) + ".java";
        ContentHash hash = ContentHash.of("c" + random.nextInt(60));
        return switch (random.nextInt(12)) {
            case 0 -> new Body.PutDocument(workspace, path, hash, 2, Language.JAVA, number, 2);
            case 1 -> new Body.RemoveDocument(workspace, path);
            case 2 -> new Body.PutNode(from, Map.of("n", "" + number));
            case 3 -> new Body.RemoveNode(from);
            case 4 -> new Body.PutEdge(from, "calls", new NodeKey("symbol", "t"), number, Map.of());
            case 5 -> new Body.SetSetting("k" + random.nextInt(5), "v" + number);
            case 6 -> new Body.PutEmbedding(hash, "m", new float[] {number, 1, random.nextInt(9)});
            case 7 -> new Body.PinEvent(Seeded.ORIGIN, 1 + random.nextInt(Math.max(1, number)), random.nextBoolean());
            case 8 ->
                new Body.DropEvents(
                        "command", 9, Seeded.ORIGIN, List.of(1L + random.nextInt(number), 2_000L + random.nextInt(99)));
            case 9 ->
                new Body.AppendEvent(
                        "commit", number, "Mend it", Map.of("commit", "k" + random.nextInt(40)), List.of(path));
            default ->
                new Body.AppendEvent(
                        "command",
                        number,
                        "error: part" + random.nextInt(40) + " failed\nat x " + number,
                        Map.of(),
                        List.of(path));
        };
    }

    @Test
    void aReplayedStateIsTheOneThatLived() throws IOException {
        Random random = Seeded.random("aReplayedStateIsTheOneThatLived");
        List<Operation> operations = new ArrayList<>();
        for (int i = 1; i <= 3_000; i++) {
            operations.add(Seeded.operation(
                    new Origin(random.nextInt(4) == 0 ? "node-b" : "node-a"), i, 1_000L + i, body(random, i)));
        }
        Engines lived = Engines.empty();
        operations.forEach(lived::live);
        for (ReplaySettings settings : List.of(
                new ReplaySettings(0, 100, 1 << 20, 2),
                new ReplaySettings(1, 7, 1 << 20, 1),
                new ReplaySettings(3, 64, 1_000, 3),
                new ReplaySettings(4, 5_000, 1 << 20, 8))) {
            Engines replayed = Engines.empty();
            try (ReplayFolding folding = new ReplayFolding(settings, replayed.lanes())) {
                operations.forEach(folding::add);
                folding.end();
            }
            assertArrayEquals(lived.state(), replayed.state(), settings.toString());
        }
    }

    /** Fails at one operation. */
    private record Failing(RuntimeException with, List<Long> folded) implements StoreEngine<Long> {
        @Override
        public void apply(Operation operation) {
            if (operation.sequence() == 50) {
                throw with;
            }
            folded.add(operation.sequence());
        }

        @Override
        public Long view() {
            return (long) folded.size();
        }

        @Override
        public Frozen freeze() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void readSnapshot(DataInput in) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    @Test
    void whatAnEngineCannotFoldIsToldAndNothingIsFoldedAfterIt() {
        for (int threads : new int[] {0, 2}) {
            Failing engine = new Failing(new IllegalStateException("no such thing"), new ArrayList<>());
            ReplayFolding folding =
                    new ReplayFolding(new ReplaySettings(threads, 10, 1 << 20, 2), List.of(List.of(engine)));
            RuntimeException thrown = assertThrows(RuntimeException.class, () -> {
                try (folding) {
                    for (int i = 1; i <= 200; i++) {
                        folding.add(Seeded.operation(i, i, new Body.SetSetting("k", "v" + i)));
                    }
                    folding.end();
                }
            });
            assertSame(engine.with(), thrown);
            assertEquals(49, engine.folded().size());
        }
    }
}
