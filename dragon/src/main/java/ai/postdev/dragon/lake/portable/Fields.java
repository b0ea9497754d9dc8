package ai.postdev.dragon.lake.portable;

import ai.postdev.actors.op.ContentHash;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of one JSON object, each to be taken once. Strict: a field that is missing, of another type, doubled or
 * left over is refused, so that nothing a newer version wrote is passed over in silence. One thread.
 */
public final class Fields {
    private static final int DEPTH_MAX = 8;

    private final Map<String, Object> values;
    private final String where;

    private Fields(Map<String, Object> values, String where) {
        this.values = values;
        this.where = where;
    }

    /**
     * Reads one object.
     *
     * @param where names the place in messages, such as {@code line 7}
     * @throws PortableRefused if {@code line} is anything else
     */
    public static Fields of(String line, String where) throws PortableRefused {
        try (JsonReader json = new JsonReader(new StringReader(line))) {
            json.setStrictness(Strictness.STRICT);
            json.setNestingLimit(DEPTH_MAX);
            Map<String, Object> values = object(json, where);
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new PortableRefused(where + " holds more than one JSON object");
            }
            return new Fields(values, where);
        } catch (MalformedJsonException | EOFException | IllegalStateException | NumberFormatException e) {
            throw new PortableRefused(where + " is no JSON object: " + e.getMessage(), e);
        } catch (PortableRefused e) {
            throw e;
        } catch (IOException e) {
            throw new PortableRefused(where + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> object(JsonReader json, String where) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (values.put(name, value(json, where)) != null) {
                throw new PortableRefused(where + " has the field '" + name + "' twice");
            }
        }
        json.endObject();
        return values;
    }

    private static Object value(JsonReader json, String where) throws IOException {
        return switch (json.peek()) {
            case STRING -> json.nextString();
            case NUMBER -> json.nextLong();
            case BEGIN_OBJECT -> object(json, where);
            case BEGIN_ARRAY -> {
                List<Object> list = new ArrayList<>();
                json.beginArray();
                while (json.hasNext()) {
                    list.add(value(json, where));
                }
                json.endArray();
                yield list;
            }
            case BOOLEAN, NULL, END_ARRAY, END_OBJECT, NAME, END_DOCUMENT ->
                throw new PortableRefused(where + " holds a value of the kind " + json.peek()
                        + ", expected text, number, list or object");
        };
    }

    private <T> T take(String name, Class<T> type, String kind) throws PortableRefused {
        Object value = values.remove(name);
        if (!type.isInstance(value)) {
            throw new PortableRefused(where + (value == null ? " lacks" : " has another kind of value in")
                    + " the field '" + name + "', expected " + kind);
        }
        return type.cast(value);
    }

    /** A text. */
    public String text(String name) throws PortableRefused {
        return take(name, String.class, "a text");
    }

    /** A whole number. */
    public long number(String name) throws PortableRefused {
        return take(name, Long.class, "a whole number");
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** A SHA-256 in hexadecimal digits. */
    public ContentHash hash(String name) throws PortableRefused {
        String hex = text(name);
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new PortableRefused(where + " has '" + hex + "' in the field '" + name
                    + "', expected 64 hexadecimal digits in lower case");
        }
        return ContentHash.fromHex(hex);
    }

    byte[] base64(String name) throws PortableRefused {
        try {
            return Base64.getDecoder().decode(text(name));
        } catch (IllegalArgumentException e) {
            throw new PortableRefused(where + " has no base64 in the field '" + name + "': " + e.getMessage(), e);
        }
    }

    Fields object(String name) throws PortableRefused {
        return nested(take(name, Map.class, "an object"), name);
    }

    private Fields nested(Map<?, ?> map, String name) {
        Map<String, Object> typed = new LinkedHashMap<>();
        map.forEach((key, value) -> typed.put((String) key, value));
        return new Fields(typed, where + ", " + name);
    }

    /** A list of objects. */
    public List<Fields> objects(String name) throws PortableRefused {
        List<Fields> all = new ArrayList<>();
        for (Object one : take(name, List.class, "a list of objects")) {
            if (!(one instanceof Map<?, ?> map)) {
                throw new PortableRefused(where + " has something else than objects in the list '" + name + "'");
            }
            all.add(nested(map, name));
        }
        return all;
    }

    List<String> texts(String name) throws PortableRefused {
        List<String> all = new ArrayList<>();
        for (Object one : take(name, List.class, "a list of texts")) {
            if (!(one instanceof String text)) {
                throw new PortableRefused(where + " has something else than texts in the list '" + name + "'");
            }
            all.add(text);
        }
        return all;
    }

    List<Long> numbers(String name) throws PortableRefused {
        List<Long> all = new ArrayList<>();
        for (Object one : take(name, List.class, "a list of whole numbers")) {
            if (!(one instanceof Long number)) {
                throw new PortableRefused(where + " has something else than whole numbers in the list '" + name + "'");
            }
            all.add(number);
        }
        return all;
    }

    Map<String, String> map(String name) throws PortableRefused {
        Map<String, String> all = new LinkedHashMap<>();
        Map<?, ?> found = take(name, Map.class, "an object of texts");
        for (Map.Entry<?, ?> one : found.entrySet()) {
            if (!(one.getValue() instanceof String text)) {
                throw new PortableRefused(where + " has something else than texts in the object '" + name + "'");
            }
            all.put((String) one.getKey(), text);
        }
        return all;
    }

    /** Nothing may be left. */
    public void end() throws PortableRefused {
        if (!values.isEmpty()) {
            throw new PortableRefused(where + " has fields that this version does not know: " + values.keySet()
                    + "; a newer version wrote it, use that version or a newer one");
        }
    }
}
