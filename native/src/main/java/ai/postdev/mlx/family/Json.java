package ai.postdev.mlx.family;

import ai.postdev.mlx.file.ModelFileException;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A configuration file of a model, whose values are checked as they are read. */
final class Json {
    private static final long MAX_BYTES = 1 << 22;

    private final JsonObject object;
    private final String file;

    private Json(JsonObject object, String file) {
        this.object = object;
        this.file = file;
    }

    static Json read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new ModelFileException(path + " is missing; a folder of safetensors files needs it");
        }
        if (Files.size(path) > MAX_BYTES) {
            throw new ModelFileException(path + " has more than " + MAX_BYTES + " bytes");
        }
        try {
            return new Json(JsonParser.parseString(Files.readString(path)).getAsJsonObject(), path.toString());
        } catch (JsonParseException | IllegalStateException | StackOverflowError e) {
            throw new ModelFileException(path + " is no JSON object: " + e.getMessage());
        }
    }

    boolean has(String key) {
        return object.has(key) && !object.get(key).isJsonNull();
    }

    Json child(String key) throws ModelFileException {
        if (!object.get(key).isJsonObject()) {
            throw wrong(key, "an object");
        }
        return new Json(object.getAsJsonObject(key), file);
    }

    String text(String key, String otherwise) throws ModelFileException {
        JsonElement value = value(key);
        if (value == null) {
            return otherwise;
        }
        if (!value.isJsonPrimitive()) {
            throw wrong(key, "a text");
        }
        return value.getAsString();
    }

    int number(String key) throws ModelFileException {
        if (!has(key)) {
            throw new ModelFileException(file + " does not say " + key);
        }
        return number(key, 0);
    }

    int number(String key, int otherwise) throws ModelFileException {
        JsonElement value = value(key);
        if (value == null) {
            return otherwise;
        }
        // Some keys hold one number or a list of them, such as several ends of text.
        JsonElement first = value.isJsonArray() && !value.getAsJsonArray().isEmpty()
                ? value.getAsJsonArray().get(0)
                : value;
        try {
            return first.getAsBigDecimal().intValueExact();
        } catch (ArithmeticException
                | NumberFormatException
                | UnsupportedOperationException
                | IllegalStateException e) {
            throw wrong(key, "a whole number");
        }
    }

    java.util.List<Integer> numbers(String key) throws ModelFileException {
        JsonElement value = value(key);
        if (value == null) {
            return java.util.List.of();
        }
        if (!value.isJsonArray()) {
            return java.util.List.of(number(key, 0));
        }
        try {
            return value.getAsJsonArray().asList().stream()
                    .map(JsonElement::getAsInt)
                    .toList();
        } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
            throw wrong(key, "a list of numbers");
        }
    }

    double real(String key, double otherwise) throws ModelFileException {
        JsonElement value = value(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return value.getAsDouble();
        } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
            throw wrong(key, "a number");
        }
    }

    boolean flag(String key, boolean otherwise) throws ModelFileException {
        JsonElement value = value(key);
        if (value == null) {
            return otherwise;
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw wrong(key, "true or false");
        }
        return value.getAsBoolean();
    }

    float[] floats(String key) throws ModelFileException {
        JsonElement value = value(key);
        try {
            float[] all = new float[value.getAsJsonArray().size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = value.getAsJsonArray().get(i).getAsFloat();
            }
            return all;
        } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
            throw wrong(key, "a list of numbers");
        }
    }

    private JsonElement value(String key) {
        return has(key) ? object.get(key) : null;
    }

    private ModelFileException wrong(String key, String expected) {
        return new ModelFileException(file + " has " + object.get(key) + " as " + key + ", not " + expected);
    }
}
