package ai.postdev.dragon.lake.portable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.OperationCodec;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The lines of the format, as they were written once and must be read for ever. */
class PortableGoldenTest {
    private static final Origin ORIGIN = new Origin("laptop");
    private static final WorkspaceId WORKSPACE = new WorkspaceId("w1");
    private static final byte[] TEXT = "class A { String s = \"é\\n\"; }\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] BYTES = {(byte) 0xff, 0, 1};

    private static byte[] golden() throws IOException {
        try (InputStream in = PortableGoldenTest.class.getResourceAsStream("/golden/export.jsonl")) {
            return in.readAllBytes();
        }
    }

    private static List<Line> lines() {
        List<Body> bodies = List.of(
                new Body.PutDocument(WORKSPACE, "src/A.java", ContentHash.of(TEXT), TEXT.length, Language.JAVA, 1, 2),
                new Body.RemoveDocument(WORKSPACE, "src/B.java"),
                new Body.AppendEvent(
                        "note", -1, "a \"note\"\tof\n two lines", Map.of("b", "2", "a", "1"), List.of("x", "y")),
                new Body.PutNode(new NodeKey("file", "x"), Map.of()),
                new Body.RemoveNode(new NodeKey("file", "x")),
                new Body.PutEdge(
                        new NodeKey("commit", "c"),
                        "touches",
                        new NodeKey("file", "x"),
                        Long.MIN_VALUE,
                        Map.of("k", "")),
                new Body.RemoveEdge(new NodeKey("commit", "c"), "touches", new NodeKey("file", "x")),
                new Body.PutEmbedding(ContentHash.of("chunk"), "model", new float[] {1, -0.5f, Float.NaN}),
                new Body.SetSetting("workspace/w1/root", "/code/app"));
        List<Line> lines = new ArrayList<>();
        lines.add(new Line.Text(ContentHash.of(TEXT), TEXT));
        long sequence = 3;
        for (Body body : bodies) {
            lines.add(new Line.Change(new Operation(
                    new ProjectId("p1"), ORIGIN, sequence, HybridTime.of(1_700_000_000_000L + sequence, 7), body)));
            sequence++;
        }
        lines.add(new Line.Lost(ORIGIN, sequence, "checksum is 1, expected 2"));
        lines.add(new Line.Text(ContentHash.of(BYTES), BYTES));
        lines.add(new Line.LostText(ContentHash.of("gone")));
        return lines;
    }

    @Test
    void aStreamIsWrittenAsItAlwaysWas() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Line.Header header = new Line.Header(new ProjectId("p1"), "app", List.of(new Line.Span(ORIGIN, 3, 2)));
        try (PortableWriter writer = new PortableWriter(out, header, new PortableSettings(3, 1 << 20))) {
            for (Line line : lines()) {
                writer.add(line);
            }
            writer.finish();
        }
        byte[] plain = new ZstdInputStream(new ByteArrayInputStream(out.toByteArray())).readAllBytes();
        assertEquals(new String(golden(), StandardCharsets.UTF_8), new String(plain, StandardCharsets.UTF_8));
    }

    @Test
    void aStreamOfThePastIsReadAsItWasMeant() throws IOException {
        InputStream in = new ByteArrayInputStream(Zstd.compress(golden()));
        try (PortableReader reader = new PortableReader(in, new PortableSettings(3, 1 << 20))) {
            assertEquals("app", reader.header().name());
            for (Line expected : lines()) {
                same(expected, reader.next().orElseThrow());
            }
            assertEquals(Optional.empty(), reader.next());
            assertEquals(new Tally(9, 1, 2, 1), reader.tally());
        }
    }

    /** Arrays are compared by what is in them. */
    private static void same(Line expected, Line found) {
        if (expected instanceof Line.Change(Operation operation) && found instanceof Line.Change(Operation other)) {
            assertArrayEquals(OperationCodec.encode(operation), OperationCodec.encode(other));
        } else if (expected instanceof Line.Text text && found instanceof Line.Text other) {
            assertEquals(text.hash(), other.hash());
            assertArrayEquals(text.bytes(), other.bytes());
        } else {
            assertEquals(expected, found);
        }
    }
}
