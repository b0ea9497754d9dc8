package ai.postdev.dragon.model.catalogue;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;

/** A file of ours as JSON, for people to read too: one object that begins with what it is, and ends with a line's end. */
final class JsonDocument {
    /** Writes the fields of an object. */
    interface Fields {
        void to(JsonWriter json) throws IOException;
    }

    private JsonDocument() {}

    static String of(String type, int version, Fields fields) {
        StringWriter text = new StringWriter(1024);
        try {
            JsonWriter json = new JsonWriter(text);
            json.setIndent("  ");
            json.beginObject();
            json.name("type").value(type);
            json.name("version").value(version);
            fields.to(json);
            json.endObject();
            json.flush();
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be written to", e);
        }
        return text.append('\n').toString();
    }
}
