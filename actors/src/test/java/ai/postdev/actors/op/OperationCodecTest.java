package ai.postdev.actors.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.store.v1.StoredOperation;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OperationCodecTest {
    private static final int CASES = 2_000;

    @Test
    void everyOperationComesBackAsItWas() {
        RandomOperations operations = new RandomOperations(Seed.random("codec round trip"));
        for (int i = 0; i < CASES; i++) {
            Operation operation = operations.next();
            assertSame(operation, OperationCodec.decode(OperationCodec.encode(operation)));
        }
    }

    @Test
    void equalOperationsGiveEqualBytes() {
        RandomOperations operations = new RandomOperations(Seed.random("codec determinism"));
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = OperationCodec.encode(operations.next());
            assertArrayEquals(bytes, OperationCodec.encode(OperationCodec.decode(bytes)));
        }
    }

    @Test
    void damagedBytesAreRefusedOrAreAnotherOperationButNeverAnotherFailure() {
        Random random = Seed.random("codec damage");
        RandomOperations operations = new RandomOperations(random);
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = OperationCodec.encode(operations.next());
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertTrue(OperationCodec.decode(bytes).sequence() >= 1);
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage() != null && !e.getMessage().isBlank());
            }
        }
    }

    @Test
    void aBodyOfANewerVersionIsNamedAsSuch() {
        byte[] bytes = StoredOperation.newBuilder()
                .setProject("p")
                .setOrigin("o")
                .setSequence(7)
                .build()
                .toByteString()
                .concat(ByteString.fromHex("ca3e00")) // field 1001, empty message
                .toByteArray();
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> OperationCodec.decode(bytes));
        assertTrue(
                refused.getMessage().contains("o/7") && refused.getMessage().contains("newer"), refused.getMessage());
    }

    @Test
    void everyKindOfBodyKeepsItsBytes() throws IOException {
        for (Map.Entry<String, Operation> golden : golden().entrySet()) {
            assertEquals(
                    file(golden.getKey()),
                    HexFormat.of().formatHex(OperationCodec.encode(golden.getValue())),
                    golden.getKey()
                            + ": stored bytes changed. The journals of users hold the old ones; a format is only"
                            + " ever added to");
        }
    }

    @Test
    void oldBytesAreStillUnderstood() throws IOException {
        for (Map.Entry<String, Operation> golden : golden().entrySet()) {
            assertSame(golden.getValue(), OperationCodec.decode(HexFormat.of().parseHex(file(golden.getKey()))));
        }
    }

    @Test
    void everyBodyHasGoldenBytes() {
        List<String> bodies = golden().values().stream()
                .map(operation -> operation.body().getClass().getSimpleName())
                .distinct()
                .sorted()
                .toList();
        List<String> permitted = List.of(Body.class.getPermittedSubclasses()).stream()
                .map(Class::getSimpleName)
                .sorted()
                .toList();
        assertEquals(permitted, bodies);
        assertEquals(RandomOperations.KINDS, permitted.size());
    }

    /** Writes the files of golden bytes that are missing: {@code OperationCodecTest FOLDER}. Never changes one. */
    public static void main(String[] folder) throws IOException {
        for (Map.Entry<String, Operation> golden : golden().entrySet()) {
            Path file = Path.of(folder[0], golden.getKey() + ".hex");
            if (!Files.exists(file)) {
                Files.writeString(file, HexFormat.of().formatHex(OperationCodec.encode(golden.getValue())) + "\n");
            }
        }
    }

    private static Map<String, Operation> golden() {
        ContentHash hash = ContentHash.of("class Dragon {}\n");
        WorkspaceId workspace = new WorkspaceId("laptop-app");
        NodeKey commit = new NodeKey("commit", "4f2a9c");
        NodeKey file = new NodeKey("file", "src/Dragon.java");
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("removed", "3");
        attributes.put("added", "12");
        Map<String, Body> bodies = new LinkedHashMap<>();
        bodies.put(
                "put-document",
                new Body.PutDocument(workspace, "src/Dragon.java", hash, 16, Language.JAVA, 1_764_000_000_123L, 17));
        bodies.put("remove-document", new Body.RemoveDocument(workspace, "src/Dragon.java"));
        bodies.put(
                "append-event",
                new Body.AppendEvent(
                        "commit",
                        1_764_000_000_000L,
                        "Mend the café's 🐉",
                        attributes,
                        List.of("src/Dragon.java", "README.md")));
        bodies.put("append-event-empty", new Body.AppendEvent("", 0, "", Map.of(), List.of()));
        bodies.put("put-node", new Body.PutNode(commit, attributes));
        bodies.put("remove-node", new Body.RemoveNode(commit));
        bodies.put("put-edge", new Body.PutEdge(commit, "touches", file, 1_764_000_000_000L, attributes));
        bodies.put("remove-edge", new Body.RemoveEdge(commit, "touches", file));
        bodies.put(
                "put-embedding",
                new Body.PutEmbedding(hash, "minilm-l6-v2-q", new float[] {0f, -0f, 1.5f, -2.25f, Float.MIN_VALUE}));
        bodies.put("pin-event", new Body.PinEvent(new Origin("laptop-2"), 300, true));
        bodies.put("unpin-event", new Body.PinEvent(new Origin("laptop-2"), 1, false));
        bodies.put(
                "drop-events",
                new Body.DropEvents("edit", 4_096, new Origin("laptop-2"), List.of(5L, 7L, 300L, 1L << 40)));
        bodies.put("set-setting", new Body.SetSetting("retention", "90d"));
        return bodies.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> new Operation(
                                new ProjectId("4f2a9c0d"),
                                new Origin("a1b2c3d4e5f60718"),
                                300,
                                HybridTime.of(1_764_000_000_456L, 2),
                                entry.getValue()),
                        (one, _) -> one,
                        LinkedHashMap::new));
    }

    private static String file(String name) throws IOException {
        try (InputStream in = OperationCodecTest.class.getResourceAsStream("/golden/" + name + ".hex")) {
            if (in == null) {
                throw new IOException("no golden/" + name + ".hex; main of this class writes it");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
    }

    /** Records compare arrays by identity, so vectors are compared apart, bit for bit. */
    private static void assertSame(Operation expected, Operation found) {
        if (expected.body() instanceof Body.PutEmbedding put) {
            Body.PutEmbedding other = assertInstanceOf(Body.PutEmbedding.class, found.body());
            assertEquals(put.hash(), other.hash());
            assertEquals(put.model(), other.model());
            assertEquals(put.vector().length, other.vector().length);
            for (int i = 0; i < put.vector().length; i++) {
                assertEquals(Float.floatToRawIntBits(put.vector()[i]), Float.floatToRawIntBits(other.vector()[i]));
            }
            assertEquals(expected.project(), found.project());
            assertEquals(expected.origin(), found.origin());
            assertEquals(expected.sequence(), found.sequence());
            assertEquals(expected.time(), found.time());
        } else {
            assertEquals(expected, found);
        }
    }
}
