package ai.postdev.dragon.model.constrain;

import com.google.gson.JsonElement;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** JSON pointers (RFC 6901) within one document. */
final class Pointers {
    private Pointers() {}

    /** The pointer of a reference within the document. */
    static String local(String reference, String pointer) {
        if (!reference.equals("#") && !reference.startsWith("#/")) {
            throw new UnsupportedSchemaException(
                    pointer,
                    "$ref is " + reference + ", expected # or #/… : only references within the schema are followed");
        }
        // A plus is a plus here, unlike in a form.
        return URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    static JsonElement at(JsonElement document, String pointer) {
        JsonElement at = document;
        for (String escaped :
                pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
            String name = escaped.replace("~1", "/").replace("~0", "~");
            JsonElement next = null;
            if (at.isJsonObject()) {
                next = at.getAsJsonObject().get(name);
            } else if (at.isJsonArray()
                    && name.matches("\\d{1,6}")
                    && Integer.parseInt(name) < at.getAsJsonArray().size()) {
                next = at.getAsJsonArray().get(Integer.parseInt(name));
            }
            if (next == null) {
                throw new UnsupportedSchemaException(pointer, "there is nothing, but a $ref to it");
            }
            at = next;
        }
        return at;
    }
}
