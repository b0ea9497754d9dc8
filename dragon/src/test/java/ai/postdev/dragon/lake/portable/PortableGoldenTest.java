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
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = PortableGoldenTest.class.getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        }
    }

    /** @param version of the format: the first knew no dropped events, nor what pins and drops them */
    private static List<Line> lines(int version) {
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
        if (version > 1) {
            for (Body body : List.of(
                    new Body.PinEvent(new Origin("studio"), 9, true),
                    new Body.PinEvent(new Origin("studio"), 10, false),
                    new Body.DropEvents("edit", 77, new Origin("studio"), List.of(3L, 4L, 1L << 40)))) {
                sequence++;
                lines.add(new Line.Change(new Operation(
                        new ProjectId("p1"), ORIGIN, sequence, HybridTime.of(1_700_000_000_000L, 7), body)));
            }
            lines.add(new Line.Dropped(ORIGIN, sequence + 1, 0x0123_4567_89ab_cdefL));
        }
        lines.add(new Line.Text(ContentHash.of(BYTES), BYTES));
        lines.add(new Line.LostText(ContentHash.of("gone")));
        return lines;
    }

    @Test
    void aStreamIsWrittenAsItAlwaysWas() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Line.Header header = new Line.Header(new ProjectId("p1"), "app", List.of(new Line.Span(ORIGIN, 3, 2)));
        try (PortableWriter writer = new PortableWriter(out, header, new PortableSettings(3, 1 << 20))) {
            for (Line line : lines(2)) {
                writer.add(line);
            }
            writer.finish();
        }
        byte[] plain = new ZstdInputStream(new ByteArrayInputStream(out.toByteArray())).readAllBytes();
        String write = System.getProperty("postdevai.golden.write"); // a folder: write instead of compare
        if (write != null) {
            Files.write(Path.of(write, "export.jsonl"), plain);
        }
        assertEquals(
                new String(golden("export.jsonl"), StandardCharsets.UTF_8), new String(plain, StandardCharsets.UTF_8));
    }

    @Test
    void aStreamOfThePastIsReadAsItWasMeant() throws IOException {
        read("export-1.jsonl", 1, new Tally(9, 1, 2, 1));
        read("export.jsonl", 2, new Tally(13, 1, 2, 1));
    }

    private static void read(String name, int version, Tally tally) throws IOException {
        InputStream in = new ByteArrayInputStream(Zstd.compress(golden(name)));
        try (PortableReader reader = new PortableReader(in, new PortableSettings(3, 1 << 20))) {
            assertEquals("app", reader.header().name());
            for (Line expected : lines(version)) {
                same(expected, reader.next().orElseThrow());
            }
            assertEquals(Optional.empty(), reader.next());
            assertEquals(tally, reader.tally());
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
