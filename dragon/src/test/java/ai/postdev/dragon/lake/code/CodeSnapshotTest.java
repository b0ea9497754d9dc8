package ai.postdev.dragon.lake.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.StoreEngine;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bytes of the code store's snapshot, the present ones and the former. */
class CodeSnapshotTest {
    private final Random random = Seeded.random("code snapshot");

    private static CodeEngine engine() {
        return new CodeEngine(CodeSettings.from(ConfigFactory.load()), _ -> Optional.empty());
    }

    private static Operation put(long sequence, String workspace, String path, String text) {
        return Seeded.operation(
                sequence,
                2_000 + sequence,
                new Body.PutDocument(
                        new WorkspaceId(workspace),
                        path,
                        ContentHash.of(text),
                        text.length(),
                        Language.ofPath(path),
                        5 * sequence,
                        text.length()));
    }

    private static Operation remove(long sequence, String workspace, String path) {
        return Seeded.operation(sequence, 2_000 + sequence, new Body.RemoveDocument(new WorkspaceId(workspace), path));
    }

    private static List<Operation> goldenOperations() {
        return List.of(
                put(1, "w", "A.java", "one"),
                put(2, "w", "a.txt", "one"), // the same content in another language
                put(3, "v", "A.java", "two"),
                put(4, "w", "A.java", "three"),
                remove(5, "w", "a.txt"),
                put(6, "w", "ü/B.go", ""));
    }

    private static CodeEngine folded(List<Operation> operations) {
        CodeEngine engine = engine();
        operations.forEach(engine::apply);
        return engine;
    }

    private static byte[] written(StoreEngine.Frozen frozen) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        frozen.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static CodeEngine read(byte[] bytes) throws IOException {
        CodeEngine engine = engine();
        engine.readSnapshot(new DataInputStream(new ByteArrayInputStream(bytes)));
        return engine;
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = CodeSnapshotTest.class.getResourceAsStream("/golden/" + name)) {
            return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }

    private static void assertSame(CodeEngine expected, CodeEngine found) {
        CodeView one = expected.view();
        CodeView other = found.view();
        assertEquals(one.documents(), other.documents());
        assertEquals(one.sequence(), other.sequence());
        for (String workspace : List.of("w", "v")) {
            for (String path : List.of("A.java", "a.txt", "ü/B.go")) {
                WorkspaceId in = new WorkspaceId(workspace);
                assertEquals(one.history(in, path), other.history(in, path), workspace + "/" + path);
            }
        }
    }

    @Test
    void theFormatIsTheGoldenOne() throws IOException {
        CodeEngine engine = folded(goldenOperations());
        byte[] bytes = written(engine.freeze());
        String write = System.getProperty("postdevai.golden.write"); // a folder: write instead of compare
        if (write != null) {
            Files.writeString(
                    Path.of(write, "code-snapshot.hex"), HexFormat.of().formatHex(bytes) + "\n");
        }
        assertEquals(
                HexFormat.of().formatHex(golden("code-snapshot.hex")),
                HexFormat.of().formatHex(bytes));
        assertSame(engine, read(bytes));
        assertArrayEquals(bytes, written(read(bytes).freeze()), "read and written again");
    }

    @Test
    void theFormerFormatIsReadAndRefusedWhereItIsDamaged() throws IOException {
        byte[] former = golden("code-snapshot-1.hex");
        assertSame(folded(goldenOperations()), read(former));
        for (int at = 0; at < former.length; at++) {
            byte[] damaged = former.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            assertThrows(IOException.class, () -> read(damaged), "bit flipped at " + at);
        }
    }

    @Test
    void aFrozenStateHasTheSameBytesHoweverLateItIsWritten() throws IOException {
        List<Operation> operations = new ArrayList<>();
        for (int i = 1; i <= 3_000; i++) {
            String workspace = "w" + random.nextInt(i > 2_000 ? 4 : 3); // one comes when the state is noted
            String path = "f" + random.nextInt(1 + i / 4) + (random.nextBoolean() ? ".java" : ".txt");
            operations.add(
                    random.nextInt(5) == 0
                            ? remove(i, workspace, path)
                            : put(i, workspace, path, "text " + random.nextInt(1 + i / 3)));
        }
        CodeEngine engine = folded(operations.subList(0, 2_000));
        byte[] then = written(engine.freeze());
        StoreEngine.Frozen frozen = engine.freeze();
        operations.subList(2_000, 3_000).forEach(engine::apply);
        assertArrayEquals(then, written(frozen));
        CodeEngine read = read(then);
        operations.subList(2_000, 3_000).forEach(read::apply);
        assertArrayEquals(written(engine.freeze()), written(read.freeze()));
        for (int round = 0; round < 200; round++) {
            byte[] bad = then.clone();
            int at = random.nextInt(bad.length);
            bad[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            CodeEngine empty = engine();
            assertThrows(
                    IOException.class,
                    () -> empty.readSnapshot(new DataInputStream(new ByteArrayInputStream(bad))),
                    "bit flipped at " + at);
            assertEquals(List.of(), empty.view().documents(), "shows nothing that is not checked whole");
            assertThrows(IOException.class, () -> read(Arrays.copyOf(then, random.nextInt(then.length))));
        }
    }
}
