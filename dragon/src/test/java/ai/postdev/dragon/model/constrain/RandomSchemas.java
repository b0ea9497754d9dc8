package ai.postdev.dragon.model.constrain;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Random;

/** Schemas of everything that is supported, within one another. */
final class RandomSchemas {
    private static final List<String> NAMES =
            List.of("a", "name", "größe", "with space", "qu\"ote", "back\\slash", "sl/ash", "til~de", "%25", "日本", "");
    private static final List<String> PATTERNS = List.of(
            "^[a-z]{2,5}$",
            "^(foo|bar)+$",
            "\\d{3}-\\d{4}",
            "^[^\"\\\\]*$",
            "^.{0,4}$",
            "^[A-Z][\\w.]*@(x|y)\\.com$",
            "^\"q\\\\[\\]\\-\\s]?$".replace("[\\]", "\\[[\\]"),
            "^(?:a|b?c){1,3}é?$",
            "^\\S+ \\D\\W$",
            "^$");

    private final Random random;

    RandomSchemas(Random random) {
        this.random = random;
    }

    /** A schema with definitions, which it and they refer to. */
    JsonObject next() {
        JsonObject schema = some(3);
        if (schema.has("$ref") && random.nextBoolean()) {
            schema.addProperty("description", "beside a reference");
        }
        JsonObject definitions = new JsonObject();
        definitions.add("leaf", some(0));
        definitions.add("sl/ash ~", random.nextBoolean() ? object(0) : array(some(0)));
        JsonObject list = of("type", "object");
        JsonObject properties = new JsonObject();
        properties.add("value", some(0));
        properties.add("rest", anyOf(reference("#/$defs/list"), of("type", "null")));
        list.add("properties", properties);
        list.add("required", strings("rest"));
        definitions.add("list", list);
        schema.add("$defs", definitions);
        return schema;
    }

    private JsonObject some(int depth) {
        return switch (random.nextInt(depth > 0 ? 14 : 8)) {
            case 0 -> number();
            case 1, 2 -> string();
            case 3 -> literals();
            case 4 -> {
                JsonObject types = new JsonObject();
                types.add("type", strings("null", "string", "integer"));
                types.addProperty("maxLength", 1 + random.nextInt(20));
                yield types;
            }
            case 5 -> {
                JsonObject constant = new JsonObject();
                constant.add("const", value(2));
                yield constant;
            }
            case 6 -> of("description", "anything");
            case 7 -> array(of("type", "boolean"));
            case 8, 9, 10 -> object(depth - 1);
            case 11 -> array(some(depth - 1));
            case 12 -> anyOf(some(depth - 1), some(depth - 1), some(0));
            default ->
                reference(List.of("#/$defs/leaf", "#/$defs/list", "#/$defs/sl~1ash%20~0")
                        .get(random.nextInt(3)));
        };
    }

    private JsonObject string() {
        JsonObject string = of("type", "string");
        if (random.nextInt(3) == 0) {
            string.addProperty("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
            return string;
        }
        int min = random.nextInt(6);
        if (random.nextBoolean()) {
            string.addProperty("minLength", min);
        }
        if (random.nextBoolean()) {
            string.addProperty("maxLength", min + random.nextInt(10));
        }
        return string;
    }

    private JsonObject number() {
        JsonObject type =
                of("type", List.of("integer", "number", "boolean", "null").get(random.nextInt(4)));
        if (type.get("type").getAsString().matches("integer|number") && random.nextInt(4) > 0) {
            double from = (random.nextInt(4_000) - 2_000) * Math.pow(10, random.nextInt(5)) / 100;
            if (random.nextInt(3) > 0) {
                type.addProperty(random.nextBoolean() ? "minimum" : "exclusiveMinimum", from);
            }
            if (random.nextInt(3) > 0) {
                type.addProperty(
                        random.nextBoolean() ? "maximum" : "exclusiveMaximum", from + 3 + random.nextInt(3_000) / 2.0);
            }
        }
        return type;
    }

    private JsonObject literals() {
        JsonObject literals = new JsonObject();
        JsonArray values = new JsonArray();
        for (int i = random.nextInt(4); i >= 0; i--) {
            values.add(value(2));
        }
        literals.add("enum", values);
        return literals;
    }

    private JsonElement value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> JsonNull.INSTANCE;
            case 1 -> new JsonPrimitive(random.nextBoolean());
            case 2 -> new JsonPrimitive(random.nextInt(2_000) - 1_000);
            case 3 -> new JsonPrimitive(random.nextInt(1_000) / 8.0);
            case 4, 5 -> new JsonPrimitive(NAMES.get(random.nextInt(NAMES.size())) + "\n\t\u2028\u0001😀");
            case 6 -> {
                JsonArray array = new JsonArray();
                array.add(value(depth - 1));
                yield array;
            }
            default -> {
                JsonObject object = new JsonObject();
                object.add(NAMES.get(random.nextInt(NAMES.size())), value(depth - 1));
                yield object;
            }
        };
    }

    private JsonObject object(int depth) {
        JsonObject object = of("type", "object");
        JsonObject properties = new JsonObject();
        JsonArray required = new JsonArray();
        for (int i = random.nextInt(5); i > 0; i--) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            if (!properties.has(name)) {
                properties.add(name, some(depth));
                if (random.nextBoolean()) {
                    required.add(name);
                }
            }
        }
        if (random.nextInt(5) == 0) {
            required.add("elsewhere");
        }
        object.add("properties", properties);
        if (random.nextBoolean() || !required.isEmpty()) {
            object.add("required", required);
        }
        if (required.asList().stream().allMatch(name -> properties.has(name.getAsString())) && random.nextBoolean()) {
            object.addProperty("additionalProperties", false);
        }
        return object;
    }

    private JsonObject array(JsonObject items) {
        JsonObject array = of("type", "array");
        if (random.nextInt(5) > 0) {
            array.add("items", items);
        }
        int min = random.nextInt(3);
        if (random.nextBoolean()) {
            array.addProperty("minItems", min);
        }
        if (random.nextBoolean()) {
            array.addProperty("maxItems", min + random.nextInt(3));
        }
        return array;
    }

    private static JsonObject anyOf(JsonObject... all) {
        JsonObject any = new JsonObject();
        JsonArray options = new JsonArray();
        List.of(all).forEach(options::add);
        any.add("anyOf", options);
        return any;
    }

    private static JsonObject reference(String to) {
        return of("$ref", to);
    }

    private static JsonObject of(String name, String value) {
        JsonObject object = new JsonObject();
        object.addProperty(name, value);
        return object;
    }

    private static JsonArray strings(String... all) {
        JsonArray array = new JsonArray();
        List.of(all).forEach(array::add);
        return array;
    }
}
