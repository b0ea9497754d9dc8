package ai.postdev.dragon.lake.portable;

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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Reads a line from JSON. */
final class LineReading {
    /** The type of the first line. */
    static final String FORMAT = "postdevai-export";
    /** The newest version of the format that this version reads, and the one it writes. */
    static final int VERSION = 2;

    /** The oldest that it reads: without dropped events and what pins and drops them. */
    private static final int OLDEST = 1;

    private LineReading() {}

    /**
     * The header.
     *
     * @throws PortableRefused if it is none, or one of a newer version
     */
    static Line.Header header(String line) throws PortableRefused {
        String where = "line 1";
        Fields fields = Fields.of(line, where);
        String type = fields.text("type");
        if (!type.equals(FORMAT)) {
            throw new PortableRefused("line 1 is of type '" + type + "', expected '" + FORMAT
                    + "'; is this really an export of PostDevAI?");
        }
        long version = fields.number("version");
        if (version < OLDEST || version > VERSION) {
            throw new PortableRefused("the format has version " + version + ", this version of PostDevAI reads "
                    + OLDEST + " to " + VERSION + "; use the one that wrote it, or a newer one");
        }
        try {
            ProjectId project = new ProjectId(fields.text("project"));
            String name = fields.text("name");
            List<Line.Span> spans = new ArrayList<>();
            for (Fields span : fields.objects("origins")) {
                spans.add(new Line.Span(new Origin(span.text("origin")), span.number("start"), span.number("after")));
                span.end();
            }
            fields.end();
            return new Line.Header(project, name, spans);
        } catch (IllegalArgumentException e) {
            throw new PortableRefused(where + ": " + e.getMessage(), e);
        }
    }

    /** Any line but the first. */
    static Line line(String line, ProjectId project, String where) throws PortableRefused {
        Fields fields = Fields.of(line, where);
        String type = fields.text("type");
        try {
            Line read = switch (type) {
                case "operation" -> new Line.Change(operation(fields, project, where));
                case "lost" ->
                    new Line.Lost(new Origin(fields.text("origin")), fields.number("sequence"), fields.text("why"));
                case "dropped" ->
                    new Line.Dropped(
                            new Origin(fields.text("origin")), fields.number("sequence"), digest(fields, where));
                case "text" -> text(fields, where);
                case "lost-text" -> new Line.LostText(fields.hash("hash"));
                case "end" ->
                    new Line.End(
                            new Tally(
                                    fields.number("operations"),
                                    fields.number("lost"),
                                    fields.number("texts"),
                                    fields.number("lostTexts")),
                            upTo(fields.objects("origins")),
                            fields.hash("sha256"));
                default ->
                    throw new PortableRefused(where + " is of type '" + type
                            + "', which this version does not know; a newer version wrote it, use that or a newer one");
            };
            fields.end();
            return read;
        } catch (IllegalArgumentException e) {
            throw new PortableRefused(where + ": " + e.getMessage(), e);
        }
    }

    private static VersionVector upTo(List<Fields> origins) throws PortableRefused {
        Map<Origin, Long> upTo = new HashMap<>();
        for (Fields origin : origins) {
            upTo.put(new Origin(origin.text("origin")), origin.number("upTo"));
            origin.end();
        }
        return new VersionVector(upTo);
    }

    private static Line.Text text(Fields fields, String where) throws PortableRefused {
        ContentHash hash = fields.hash("hash");
        byte[] bytes = fields.has("base64")
                ? fields.base64("base64")
                : fields.text("utf8").getBytes(StandardCharsets.UTF_8);
        ContentHash found = ContentHash.of(bytes);
        if (!found.equals(hash)) {
            throw new PortableRefused(where + " holds a text with the SHA-256 " + found + ", expected " + hash);
        }
        return new Line.Text(hash, bytes);
    }

    private static Operation operation(Fields fields, ProjectId project, String where) throws PortableRefused {
        return new Operation(
                project,
                new Origin(fields.text("origin")),
                fields.number("sequence"),
                HybridTime.of(fields.number("millis"), fields.number("counter")),
                body(fields, where));
    }

    private static Body body(Fields fields, String where) throws PortableRefused {
        String kind = fields.text("body");
        return switch (kind) {
            case "put-document" ->
                new Body.PutDocument(
                        new WorkspaceId(fields.text("workspace")),
                        fields.text("path"),
                        fields.hash("hash"),
                        fields.number("size"),
                        language(fields.text("language"), where),
                        fields.number("modifiedMillis"),
                        fields.number("fileSize"));
            case "remove-document" ->
                new Body.RemoveDocument(new WorkspaceId(fields.text("workspace")), fields.text("path"));
            case "append-event" ->
                new Body.AppendEvent(
                        fields.text("kind"),
                        fields.number("timeMillis"),
                        fields.text("text"),
                        fields.map("attributes"),
                        fields.texts("paths"));
            case "put-node" -> new Body.PutNode(node(fields, "node"), fields.map("attributes"));
            case "remove-node" -> new Body.RemoveNode(node(fields, "node"));
            case "put-edge" ->
                new Body.PutEdge(
                        node(fields, "from"),
                        fields.text("edge"),
                        node(fields, "to"),
                        fields.number("validFromMillis"),
                        fields.map("attributes"));
            case "remove-edge" -> new Body.RemoveEdge(node(fields, "from"), fields.text("edge"), node(fields, "to"));
            case "put-embedding" ->
                new Body.PutEmbedding(fields.hash("hash"), fields.text("model"), vector(fields.base64("vector")));
            case "set-setting" -> new Body.SetSetting(fields.text("key"), fields.text("value"));
            case "pin-event" ->
                new Body.PinEvent(
                        new Origin(fields.text("of")), fields.number("event"), isPinned(fields.text("pinned"), where));
            case "drop-events" ->
                new Body.DropEvents(
                        fields.text("kind"),
                        fields.number("textBytes"),
                        new Origin(fields.text("of")),
                        fields.numbers("events"));
            default ->
                throw new PortableRefused(where + " is the operation '" + kind
                        + "', which this version does not know; a newer version wrote it, use that or a newer one");
        };
    }

    private static boolean isPinned(String word, String where) throws PortableRefused {
        return switch (word) {
            case "yes" -> true;
            case "no" -> false;
            default ->
                throw new PortableRefused(where + " has '" + word + "' in the field 'pinned', expected yes or no");
        };
    }

    private static long digest(Fields fields, String where) throws PortableRefused {
        String hex = fields.text("digest");
        if (!hex.matches("[0-9a-f]{16}")) {
            throw new PortableRefused(
                    where + " has '" + hex + "' in the field 'digest', expected 16 hexadecimal digits in lower case");
        }
        return HexFormat.fromHexDigitsToLong(hex);
    }

    private static NodeKey node(Fields fields, String name) throws PortableRefused {
        Fields node = fields.object(name);
        NodeKey key = new NodeKey(node.text("type"), node.text("key"));
        node.end();
        return key;
    }

    /** A language that is unknown here would become another one in silence. */
    private static Language language(String id, String where) throws PortableRefused {
        return Arrays.stream(Language.values())
                .filter(language -> language.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new PortableRefused(where + " names the language '" + id
                        + "', which this version does not know; a newer version wrote it, use that or a newer one"));
    }

    private static float[] vector(byte[] bytes) {
        if (bytes.length % Float.BYTES != 0) {
            throw new IllegalArgumentException("a vector of " + bytes.length + " bytes is no whole number of floats");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        float[] vector = new float[bytes.length / Float.BYTES];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = Float.intBitsToFloat(buffer.getInt());
        }
        return vector;
    }
}
