package ai.postdev.dragon.model.constrain;

import static ai.postdev.dragon.model.constrain.Grammar.UNBOUNDED;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

    private static final List<String> BOUNDS = List.of("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum");

    boolean hasBounds() {
        return BOUNDS.stream().anyMatch(this::has);
    }

    /** The greater of what a number is at least, and is more than by the least step of whole numbers. */
    Optional<BigDecimal> least() {
        Optional<BigDecimal> least = number("minimum");
        Optional<BigDecimal> above = number("exclusiveMinimum")
                .map(bound -> bound.setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE));
        return least.isPresent() && above.isPresent()
                ? Optional.of(least.get().max(above.get()))
                : least.or(() -> above);
    }

    /** The smaller of what a number is at most, and is less than by the least step of whole numbers. */
    Optional<BigDecimal> most() {
        Optional<BigDecimal> most = number("maximum");
        Optional<BigDecimal> below = number("exclusiveMaximum")
                .map(bound -> bound.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE));
        return most.isPresent() && below.isPresent() ? Optional.of(most.get().min(below.get())) : most.or(() -> below);
    }

    private Optional<BigDecimal> number(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonElement value = take(name);
        if (!isOf(value, "number")) {
            throw wrong(name, "a number");
        }
        return Optional.of(value.getAsBigDecimal());
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
        } else if (hasBounds()) {
            types.add("number");
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
                            + " minLength, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, pattern, enum, const, anyOf and local $ref, each where it belongs");
        }
    }
}
