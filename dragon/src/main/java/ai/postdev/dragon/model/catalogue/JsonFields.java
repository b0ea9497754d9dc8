package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.Reply;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of a JSON object, read with words for what is wrong. Fields that nobody asks for are passed over: answers of
 * a hub have many. One thread.
 */
final class JsonFields {
    private static final int DEPTH_MAX = 32;

    private final JsonObject object;
    private final String where;

    private JsonFields(JsonObject object, String where) {
        this.object = object;
        this.where = where;
    }

    /** @throws CatalogueRefused if {@code text} is anything else than one object */
    static JsonFields of(String text, String where) throws CatalogueRefused {
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            json.setStrictness(Strictness.STRICT);
            json.setNestingLimit(DEPTH_MAX);
            JsonElement element = JsonParser.parseReader(json);
            if (json.peek() != JsonToken.END_DOCUMENT || !element.isJsonObject()) {
                throw refused(where + " is not one JSON object", null);
            }
            return new JsonFields(element.getAsJsonObject(), where);
        } catch (CatalogueRefused e) {
            throw e;
        } catch (JsonParseException | IOException | IllegalStateException e) {
            throw refused(where + " is no JSON: " + e.getMessage(), e);
        }
    }

    private static CatalogueRefused refused(String message, Throwable cause) {
        return new CatalogueRefused(Reply.Reason.FAILED, message, cause);
    }

    private CatalogueRefused wrong(String name, JsonElement found, String expected) {
        return refused(
                where + (found == null ? " lacks" : " has something else in") + " the field '" + name + "', expected "
                        + expected,
                null);
    }

    boolean has(String name) {
        return object.has(name) && !object.get(name).isJsonNull();
    }

    boolean hasText(String name) {
        return has(name)
                && object.get(name).isJsonPrimitive()
                && object.get(name).getAsJsonPrimitive().isString();
    }

    String text(String name) throws CatalogueRefused {
        JsonElement value = object.get(name);
        if (value == null
                || !value.isJsonPrimitive()
                || !value.getAsJsonPrimitive().isString()) {
            throw wrong(name, value, "a text");
        }
        return value.getAsString();
    }

    long number(String name) throws CatalogueRefused {
        JsonElement value = object.get(name);
        try {
            if (value != null
                    && value.isJsonPrimitive()
                    && value.getAsJsonPrimitive().isNumber()) {
                return value.getAsBigDecimal().longValueExact();
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw refused(where + " has " + value + " in the field '" + name + "', expected a whole number", e);
        }
        throw wrong(name, value, "a whole number");
    }

    boolean flag(String name) throws CatalogueRefused {
        JsonElement value = object.get(name);
        if (value == null
                || !value.isJsonPrimitive()
                || !value.getAsJsonPrimitive().isBoolean()) {
            throw wrong(name, value, "true or false");
        }
        return value.getAsBoolean();
    }

    /** A SHA-256 as 64 hexadecimal digits in lower case. */
    ContentHash hash(String name) throws CatalogueRefused {
        String hex = text(name);
        if (!hex.matches("[0-9a-f]{64}")) {
            throw refused(
                    where + " has '" + hex + "' in the field '" + name + "', expected 64 hexadecimal digits", null);
        }
        return ContentHash.fromHex(hex);
    }

    <E extends Enum<E>> E oneOf(String name, Class<E> kind) throws CatalogueRefused {
        String text = text(name);
        for (E one : kind.getEnumConstants()) {
            if (one.name().equalsIgnoreCase(text)) {
                return one;
            }
        }
        throw refused(
                where + " has '" + text + "' in the field '" + name + "', which this version does not know", null);
    }

    JsonFields object(String name) throws CatalogueRefused {
        JsonElement value = object.get(name);
        if (value == null || !value.isJsonObject()) {
            throw wrong(name, value, "an object");
        }
        return new JsonFields(value.getAsJsonObject(), where + ", " + name);
    }

    List<JsonFields> objects(String name) throws CatalogueRefused {
        List<JsonFields> all = new ArrayList<>();
        for (JsonElement one : array(name)) {
            if (!one.isJsonObject()) {
                throw wrong(name, one, "a list of objects");
            }
            all.add(new JsonFields(one.getAsJsonObject(), where + ", " + name));
        }
        return all;
    }

    /** The names of all fields. */
    List<String> names() {
        return List.copyOf(object.keySet());
    }

    List<Long> numbers(String name) throws CatalogueRefused {
        List<Long> all = new ArrayList<>();
        for (JsonElement one : array(name)) {
            try {
                all.add(one.getAsBigDecimal().longValueExact());
            } catch (ArithmeticException
                    | NumberFormatException
                    | IllegalStateException
                    | UnsupportedOperationException e) {
                throw refused(where + " has " + one + " in the list '" + name + "', expected whole numbers", e);
            }
        }
        return all;
    }

    private JsonArray array(String name) throws CatalogueRefused {
        JsonElement value = object.get(name);
        if (value == null || !value.isJsonArray()) {
            throw wrong(name, value, "a list");
        }
        return value.getAsJsonArray();
    }
}
