package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.model.catalogue.Manifest.Facts;
import ai.postdev.dragon.model.catalogue.Manifest.Format;
import ai.postdev.dragon.model.catalogue.Manifest.Kind;
import ai.postdev.dragon.model.catalogue.Manifest.Memory;
import ai.postdev.dragon.model.catalogue.Manifest.StoredFile;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A manifest as JSON, for people to read and for every later version. */
final class ManifestText {
    private static final String TYPE = "postdevai-model";
    /** The newest version that this version reads, and the one it writes. */
    static final int VERSION = 1;

    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+ -]{0,199}");

    private ManifestText() {}

    /** Whether a file of a model may have this name. */
    static boolean isFileName(String name) {
        return FILE_NAME.matcher(name).matches() && !name.equals(ModelStore.MANIFEST);
    }

    static String of(Manifest manifest) {
        return JsonDocument.of(TYPE, VERSION, json -> {
            json.name("name").value(manifest.name().value());
            json.name("source").value(manifest.source().text());
            json.name("revision").value(manifest.revision());
            json.name("pulled").value(manifest.pulled().toString());
            json.name("licence").value(manifest.licence());
            json.name("kind").value(manifest.kind().name().toLowerCase(Locale.ROOT));
            json.name("format").value(manifest.format().name().toLowerCase(Locale.ROOT));
            json.name("files").beginArray();
            for (StoredFile file : manifest.files()) {
                json.beginObject();
                json.name("name").value(file.name());
                json.name("bytes").value(file.bytes());
                json.name("sha256").value(file.sha256().hex());
                json.name("modifiedMillis").value(file.modifiedMillis());
                json.endObject();
            }
            json.endArray();
            facts(manifest.facts(), json);
            json.name("memory").beginObject();
            json.name("weightBytes").value(manifest.memory().weightBytes());
            json.name("kvBytesPerToken").value(manifest.memory().kvBytesPerToken());
            json.name("overheadBytes").value(manifest.memory().overheadBytes());
            json.endObject();
        });
    }

    private static void facts(Facts facts, JsonWriter json) throws IOException {
        json.name("facts").beginObject();
        json.name("architecture").value(facts.architecture());
        json.name("quantisation").value(facts.quantisation());
        json.name("parameters").value(facts.parameters());
        json.name("contextTokens").value(facts.contextTokens());
        json.name("layers").value(facts.layers());
        json.name("dimensions").value(facts.dimensions());
        json.name("vocabulary").value(facts.vocabulary());
        json.name("chatTemplate").value(facts.chatTemplate());
        json.endObject();
    }

    /** @throws CatalogueRefused with what is wrong, also if a newer version wrote it */
    static Manifest read(String text, String where) throws CatalogueRefused {
        JsonFields fields = JsonFields.of(text, where);
        if (!fields.text("type").equals(TYPE)) {
            throw refused(where + " is of type '" + fields.text("type") + "', expected '" + TYPE + "'");
        }
        long version = fields.number("version");
        if (version != VERSION) {
            throw refused(where + " has format version " + version + ", this version of PostDevAI reads " + VERSION
                    + "; use the one that wrote it, or pull the model again");
        }
        try {
            List<StoredFile> files = new ArrayList<>();
            for (JsonFields file : fields.objects("files")) {
                if (!isFileName(file.text("name"))) {
                    throw refused(
                            where + " names the file '" + file.text("name") + "', which cannot be one of a model");
                }
                files.add(new StoredFile(
                        file.text("name"), file.number("bytes"), file.hash("sha256"), file.number("modifiedMillis")));
            }
            JsonFields memory = fields.object("memory");
            return new Manifest(
                    new ModelName(fields.text("name")),
                    ModelSource.parse(fields.text("source")),
                    fields.text("revision"),
                    Instant.parse(fields.text("pulled")),
                    fields.text("licence"),
                    fields.oneOf("kind", Kind.class),
                    fields.oneOf("format", Format.class),
                    files,
                    facts(fields.object("facts")),
                    new Memory(
                            memory.number("weightBytes"),
                            memory.number("kvBytesPerToken"),
                            memory.number("overheadBytes")));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw refused(where + ": " + e.getMessage());
        }
    }

    private static Facts facts(JsonFields facts) throws CatalogueRefused {
        return new Facts(
                facts.text("architecture"),
                facts.text("quantisation"),
                facts.number("parameters"),
                facts.number("contextTokens"),
                facts.number("layers"),
                facts.number("dimensions"),
                facts.number("vocabulary"),
                facts.flag("chatTemplate"));
    }

    private static CatalogueRefused refused(String message) {
        return new CatalogueRefused(Reply.Reason.PRECONDITION, message);
    }
}
