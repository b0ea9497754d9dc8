package ai.postdev.dragon.lake.backup;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.backup.Manifest.End;
import ai.postdev.dragon.lake.backup.Manifest.Part;
import ai.postdev.dragon.lake.portable.Fields;
import ai.postdev.dragon.lake.portable.PortableRefused;
import ai.postdev.dragon.lake.portable.Tally;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A manifest as bytes: a line of JSON, and a line with the SHA-256 of the first. */
final class ManifestFile {
    private static final String FORMAT = "postdevai-backup";
    /** The newest version that this version reads, and the one it writes. */
    static final int VERSION = 1;

    private ManifestFile() {}

    static byte[] bytes(Manifest manifest) {
        StringWriter text = new StringWriter(1024);
        try {
            JsonWriter json = new JsonWriter(text);
            json.beginObject();
            json.name("type").value(FORMAT);
            json.name("version").value(VERSION);
            json.name("id").value(manifest.id());
            json.name("time").value(manifest.time().toString());
            json.name("projects").beginArray();
            for (Manifest.Project project : manifest.projects()) {
                project(project, json);
            }
            json.endArray();
            json.endObject();
            json.flush();
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be written to", e);
        }
        String first = text.append('\n').toString();
        return (first + "{\"sha256\":\"" + ContentHash.of(first) + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void project(Manifest.Project project, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("project").value(project.project().value());
        json.name("name").value(project.name());
        json.name("since").value(project.since());
        json.name("sequence").value(project.sequence());
        json.name("parts").beginArray();
        for (Part part : project.parts()) {
            json.beginObject();
            json.name("sha256").value(part.sha256().hex());
            json.name("bytes").value(part.bytes());
            json.name("plainBytes").value(part.plainBytes());
            json.name("operations").value(part.tally().operations());
            json.name("lost").value(part.tally().lost());
            json.name("texts").value(part.tally().texts());
            json.name("lostTexts").value(part.tally().lostTexts());
            json.name("ends").beginArray();
            for (End end : part.ends()) {
                json.beginObject();
                json.name("origin").value(end.origin().value());
                json.name("sequence").value(end.sequence());
                json.name("operation").value(end.operation().hex());
                json.endObject();
            }
            json.endArray();
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }

    /** @throws PortableRefused with what is wrong, if the bytes are not what was written, or of a newer version */
    static Manifest read(byte[] bytes, String where) throws PortableRefused {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        int first = Math.min(end + 1, bytes.length);
        String found = "{\"sha256\":\"" + ContentHash.of(bytes, 0, first) + "\"}\n";
        String written = new String(bytes, first, bytes.length - first, StandardCharsets.ISO_8859_1);
        if (!written.equals(found)) {
            throw new PortableRefused(where + " is damaged: its last line is '" + written.strip() + "', expected '"
                    + found.strip() + "'");
        }
        Fields fields = Fields.of(new String(bytes, 0, end, StandardCharsets.UTF_8), where);
        String type = fields.text("type");
        if (!type.equals(FORMAT)) {
            throw new PortableRefused(where + " is of type '" + type + "', expected '" + FORMAT + "'");
        }
        long version = fields.number("version");
        if (version != VERSION) {
            throw new PortableRefused(where + " has format version " + version + ", this version of PostDevAI reads "
                    + VERSION + "; use the one that wrote it, or a newer one");
        }
        try {
            String id = fields.text("id");
            Instant time = Instant.parse(fields.text("time"));
            List<Manifest.Project> projects = new ArrayList<>();
            for (Fields project : fields.objects("projects")) {
                projects.add(project(project));
            }
            fields.end();
            return new Manifest(id, time, projects);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new PortableRefused(where + ": " + e.getMessage());
        }
    }

    private static Manifest.Project project(Fields fields) throws PortableRefused {
        ProjectId project = new ProjectId(fields.text("project"));
        String name = fields.text("name");
        String since = fields.text("since");
        fields.number("sequence"); // for people: the parts say it too
        List<Part> parts = new ArrayList<>();
        for (Fields part : fields.objects("parts")) {
            parts.add(part(part));
        }
        fields.end();
        return new Manifest.Project(project, name, since, parts);
    }

    private static Part part(Fields fields) throws PortableRefused {
        ContentHash sha256 = fields.hash("sha256");
        long bytes = fields.number("bytes");
        long plainBytes = fields.number("plainBytes");
        Tally tally = new Tally(
                fields.number("operations"), fields.number("lost"), fields.number("texts"), fields.number("lostTexts"));
        List<End> ends = new ArrayList<>();
        for (Fields end : fields.objects("ends")) {
            ends.add(new End(new Origin(end.text("origin")), end.number("sequence"), end.hash("operation")));
            end.end();
        }
        fields.end();
        return new Part(sha256, bytes, plainBytes, tally, ends);
    }
}
