package ai.postdev.dragon.lake.portable;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Writes a line as JSON. Equal lines give equal bytes: fields have a fixed order, maps are sorted by key. */
final class LineWriting {
    private LineWriting() {}

    /** The UTF-8 bytes of a line with its end. */
    static byte[] bytes(Line line) {
        StringWriter text = new StringWriter(256);
        try {
            JsonWriter json = new JsonWriter(text);
            json.beginObject();
            write(line, json);
            json.endObject();
            json.flush();
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be written to", e);
        }
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(Line line, JsonWriter json) throws IOException {
        switch (line) {
            case Line.Header header -> header(header, json);
            case Line.Change change -> change(change.operation(), json);
            case Line.Lost lost ->
                type("lost", json)
                        .name("origin")
                        .value(lost.origin().value())
                        .name("sequence")
                        .value(lost.sequence())
                        .name("why")
                        .value(lost.why());
            case Line.Dropped dropped -> {
                type("dropped", json).name("origin").value(dropped.origin().value());
                json.name("sequence").value(dropped.sequence());
                json.name("digest").value(HexFormat.of().toHexDigits(dropped.digest()));
            }
            case Line.Text text -> text(text, json);
            case Line.LostText lost ->
                type("lost-text", json).name("hash").value(lost.hash().hex());
            case Line.End end -> {
                Tally tally = end.tally();
                type("end", json).name("operations").value(tally.operations());
                json.name("lost").value(tally.lost());
                json.name("texts").value(tally.texts());
                json.name("lostTexts").value(tally.lostTexts());
                json.name("origins").beginArray();
                for (Map.Entry<Origin, Long> origin : end.upTo().sequences().entrySet()) {
                    json.beginObject().name("origin").value(origin.getKey().value());
                    json.name("upTo").value(origin.getValue()).endObject();
                }
                json.endArray();
                json.name("sha256").value(end.sha256().hex());
            }
        }
    }

    private static JsonWriter type(String type, JsonWriter json) throws IOException {
        return json.name("type").value(type);
    }

    private static void header(Line.Header header, JsonWriter json) throws IOException {
        type(LineReading.FORMAT, json).name("version").value(LineReading.VERSION);
        json.name("project").value(header.project().value());
        json.name("name").value(header.name());
        json.name("origins").beginArray();
        for (Line.Span span : header.spans()) {
            json.beginObject();
            json.name("origin").value(span.origin().value());
            json.name("start").value(span.start());
            json.name("after").value(span.after());
            json.endObject();
        }
        json.endArray();
    }

    /** As text where that says it all, else in base64. */
    private static void text(Line.Text text, JsonWriter json) throws IOException {
        type("text", json).name("hash").value(text.hash().hex());
        String string = new String(text.bytes(), StandardCharsets.UTF_8);
        if (Arrays.equals(string.getBytes(StandardCharsets.UTF_8), text.bytes())) {
            json.name("utf8").value(string);
        } else {
            json.name("base64").value(Base64.getEncoder().encodeToString(text.bytes()));
        }
    }

    private static void change(Operation operation, JsonWriter json) throws IOException {
        type("operation", json).name("origin").value(operation.origin().value());
        json.name("sequence").value(operation.sequence());
        json.name("millis").value(operation.time().millis());
        json.name("counter").value(operation.time().counter());
        switch (operation.body()) {
            case Body.PutDocument put -> {
                body("put-document", json)
                        .name("workspace")
                        .value(put.workspace().value());
                json.name("path").value(put.path());
                json.name("hash").value(put.hash().hex());
                json.name("size").value(put.size());
                json.name("language").value(put.language().id());
                json.name("modifiedMillis").value(put.modifiedMillis());
                json.name("fileSize").value(put.fileSize());
            }
            case Body.RemoveDocument remove -> {
                body("remove-document", json)
                        .name("workspace")
                        .value(remove.workspace().value());
                json.name("path").value(remove.path());
            }
            case Body.AppendEvent event -> {
                body("append-event", json).name("kind").value(event.kind());
                json.name("timeMillis").value(event.timeMillis());
                json.name("text").value(event.text());
                map(event.attributes(), json);
                strings(event.paths(), json);
            }
            case Body.PutNode put -> {
                node("node", put.node(), body("put-node", json));
                map(put.attributes(), json);
            }
            case Body.RemoveNode remove -> node("node", remove.node(), body("remove-node", json));
            case Body.PutEdge put -> {
                node("from", put.from(), body("put-edge", json));
                json.name("edge").value(put.type());
                node("to", put.to(), json);
                json.name("validFromMillis").value(put.validFromMillis());
                map(put.attributes(), json);
            }
            case Body.RemoveEdge remove -> {
                node("from", remove.from(), body("remove-edge", json));
                json.name("edge").value(remove.type());
                node("to", remove.to(), json);
            }
            case Body.PutEmbedding put -> {
                body("put-embedding", json).name("hash").value(put.hash().hex());
                json.name("model").value(put.model());
                json.name("vector").value(vector(put.vector()));
            }
            case Body.SetSetting set -> {
                body("set-setting", json).name("key").value(set.key());
                json.name("value").value(set.value());
            }
            case Body.PinEvent pin -> {
                body("pin-event", json).name("of").value(pin.of().value());
                json.name("event").value(pin.sequence());
                json.name("pinned").value(pin.pinned() ? "yes" : "no");
            }
            case Body.DropEvents drop -> {
                body("drop-events", json).name("kind").value(drop.kind());
                json.name("textBytes").value(drop.textBytes());
                json.name("of").value(drop.of().value());
                json.name("events").beginArray();
                for (long sequence : drop.sequences()) {
                    json.value(sequence);
                }
                json.endArray();
            }
        }
    }

    private static JsonWriter body(String kind, JsonWriter json) throws IOException {
        return json.name("body").value(kind);
    }

    private static void node(String name, NodeKey node, JsonWriter json) throws IOException {
        json.name(name).beginObject();
        json.name("type").value(node.type());
        json.name("key").value(node.key());
        json.endObject();
    }

    private static void map(Map<String, String> attributes, JsonWriter json) throws IOException {
        json.name("attributes").beginObject();
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            json.name(attribute.getKey()).value(attribute.getValue());
        }
        json.endObject();
    }

    private static void strings(List<String> paths, JsonWriter json) throws IOException {
        json.name("paths").beginArray();
        for (String path : paths) {
            json.value(path);
        }
        json.endArray();
    }

    /** Base64 of the numbers as float32, little-endian. */
    private static String vector(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float one : vector) {
            // As the bits are: a number that is none keeps its bits too.
            bytes.putInt(Float.floatToRawIntBits(one));
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
