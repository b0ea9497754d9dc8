package ai.postdev.dragon.model.constrain;

import static ai.postdev.dragon.model.constrain.Grammar.UNBOUNDED;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.Set;

/** The keywords of one schema; each is taken once, and what nobody took is refused. One thread. */
final class Keywords {
    private final JsonObject schema;
    private final String pointer;
    private final SchemaSettings settings;
    private final Set<String> left;

    Keywords(JsonObject schema, String pointer, SchemaSettings settings) {
        this.schema = schema;
        this.pointer = pointer;
        this.settings = settings;
        left = new LinkedHashSet<>(schema.keySet());
    }

    String pointer() {
        return pointer;
    }

    void forget(Set<String> names) {
        left.removeAll(names);
    }

    boolean has(String name) {
        return schema.has(name);
    }

    JsonElement take(String name) {
        left.remove(name);
        return schema.get(name);
    }

    private UnsupportedSchemaException wrong(String name, String expected) {
        return new UnsupportedSchemaException(pointer, name + " is " + schema.get(name) + ", expected " + expected);
    }

    String text(String name) {
        JsonElement value = take(name);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw wrong(name, "a string");
        }
        return value.getAsString();
    }

    JsonArray array(String name) {
        JsonElement value = take(name);
        if (!value.isJsonArray()) {
            throw wrong(name, "an array");
        }
        return value.getAsJsonArray();
    }

    JsonObject object(String name) {
        JsonElement value = take(name);
        if (!value.isJsonObject()) {
            throw wrong(name, "an object");
        }
        return value.getAsJsonObject();
    }

    /** A number of things. */
    int count(String name, int fallback) {
        if (!has(name)) {
            return fallback;
        }
        JsonElement value = take(name);
        if (!isOf(value, "integer") || value.getAsBigDecimal().signum() < 0) {
            throw wrong(name, "an integer of 0 or more");
        }
        if (value.getAsBigDecimal().compareTo(BigDecimal.valueOf(settings.repeatMax())) > 0) {
            throw wrong(name, "at most " + settings.repeatMax() + " (postdevai.models.schema.repeat-max)");
        }
        return value.getAsInt();
    }

    void ordered(String minName, int min, String maxName, int max) {
        if (max != UNBOUNDED && min > max) {
            throw new UnsupportedSchemaException(pointer, minName + " " + min + " is more than " + maxName + " " + max);
        }
    }

    /** Whatever else objects may have: answers never have it. */
    void additionalPropertiesAreNotMade() {
        left.remove("additionalProperties");
    }

    /** The types that are named, or that a keyword of only one type tells; empty if it may be any. */
    Set<String> types() {
        Set<String> types = new LinkedHashSet<>();
        if (has("type")) {
            JsonElement type = take("type");
            if (type.isJsonArray()) {
                type.getAsJsonArray().forEach(one -> types.add(one.getAsString()));
            } else {
                types.add(type.getAsString());
            }
            if (types.contains("number")) {
                types.remove("integer");
            }
        } else if (has("properties") || has("required") || has("additionalProperties")) {
            types.add("object");
        } else if (has("items") || has("minItems") || has("maxItems")) {
            types.add("array");
        } else if (has("pattern") || has("minLength") || has("maxLength")) {
            types.add("string");
        }
        return types;
    }

    /** Whether a value is of a type of JSON schema. */
    static boolean isOf(JsonElement value, String type) {
        return switch (type) {
            case "null" -> value.isJsonNull();
            case "array" -> value.isJsonArray();
            case "object" -> value.isJsonObject();
            case "boolean" ->
                value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
            case "string" ->
                value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
            case "number" ->
                value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
            case "integer" ->
                isOf(value, "number")
                        && value.getAsBigDecimal().stripTrailingZeros().scale() <= 0;
            default -> false;
        };
    }

    /** Refuses what was not taken. */
    void done() {
        if (!left.isEmpty()) {
            throw new UnsupportedSchemaException(
                    pointer,
                    left + " cannot be guaranteed; supported are type, properties, required, items, minItems, maxItems,"
                            + " minLength, maxLength, pattern, enum, const, anyOf and local $ref, each where it belongs");
        }
    }
}
