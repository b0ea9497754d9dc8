package ai.postdev.dragon.model.catalogue;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a pull writes down so that a later one can go on from what it fetched. A text of another version is passed over:
 * then the pull begins anew.
 *
 * @param source that it fetches, as people write it
 * @param revision commit
 * @param etags by file, as the server that gave the bytes names their version
 */
record PullState(String source, String revision, Map<String, String> etags) {
    private static final String TYPE = "postdevai-pull";
    private static final int VERSION = 1;

    PullState {
        etags = Map.copyOf(etags);
    }

    PullState with(String file, String etag) {
        Map<String, String> more = new TreeMap<>(etags);
        more.put(file, etag);
        return new PullState(source, revision, more);
    }

    String text() {
        return JsonDocument.of(TYPE, VERSION, json -> {
            json.name("source").value(source);
            json.name("revision").value(revision);
            json.name("etags").beginObject();
            for (Map.Entry<String, String> etag : new TreeMap<>(etags).entrySet()) {
                json.name(etag.getKey()).value(etag.getValue());
            }
            json.endObject();
        });
    }

    static Optional<PullState> read(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            JsonFields fields = JsonFields.of(text, PullRoom.STATE);
            if (!fields.text("type").equals(TYPE) || fields.number("version") != VERSION) {
                return Optional.empty();
            }
            JsonFields etags = fields.object("etags");
            Map<String, String> all = new TreeMap<>();
            for (String file : etags.names()) {
                all.put(file, etags.text(file));
            }
            return Optional.of(new PullState(fields.text("source"), fields.text("revision"), all));
        } catch (CatalogueRefused e) {
            return Optional.empty();
        }
    }
}
