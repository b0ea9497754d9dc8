package ai.postdev.mlx.token;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A tokenizer made from a {@code tokenizer.json}, by Hugging Face's library. It neither pads nor cuts, whatever the file
 * says.
 */
public final class FileTokenizer implements Tokenizer {
    private final HuggingFaceTokenizer tokenizer;
    private final Set<Integer> ends;
    private final OptionalInt start;
    private final int size;
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Set<Integer> special = new java.util.HashSet<>();
    private final boolean byteLevel;

    /**
     * Reads the file.
     *
     * @param size how many tokens the model has
     * @param start the token that starts a text, or -1
     * @param ends the tokens that end an answer
     * @throws IOException when it cannot be read or is none
     */
    public FileTokenizer(Path file, int size, int start, Set<Integer> ends) throws IOException {
        tokenizer = HuggingFaceTokenizer.newInstance(
                file, Map.of("padding", "false", "truncation", "false", "modelMaxLength", "1000000000"));
        this.size = size;
        this.start = start < 0 ? OptionalInt.empty() : OptionalInt.of(start);
        this.ends = Set.copyOf(ends);
        try {
            JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            byteLevel = json.has("decoder") && json.get("decoder").toString().contains("\"ByteLevel\"");
            JsonElement vocabulary = json.getAsJsonObject("model").get("vocab");
            if (vocabulary.isJsonObject()) {
                vocabulary
                        .getAsJsonObject()
                        .entrySet()
                        .forEach(e -> name(e.getValue().getAsInt(), e.getKey()));
            }
            if (json.has("added_tokens")) {
                for (JsonElement added : json.getAsJsonArray("added_tokens")) {
                    JsonObject token = added.getAsJsonObject();
                    name(token.get("id").getAsInt(), token.get("content").getAsString());
                    if (token.get("special").getAsBoolean()) {
                        special.add(token.get("id").getAsInt());
                    }
                }
            }
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            tokenizer.close();
            throw new IOException(file + " is no tokenizer.json that is understood here: " + e.getMessage(), e);
        }
    }

    private void name(int id, String name) {
        names.put(id, name);
        ids.put(name, id);
    }

    @Override
    public int[] encode(String text, boolean special) {
        Encoding encoding = tokenizer.encode(text, special, false);
        return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public String decode(int... tokens) {
        return tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
    }

    @Override
    public byte[] bytes(int token) {
        String name = names.get(token);
        if (name == null || special.contains(token)) {
            return new byte[0];
        }
        if (byteLevel) {
            return BytePairs.bytesOf(name);
        }
        if (name.matches("<0x[0-9A-F]{2}>")) {
            return new byte[] {(byte) Integer.parseInt(name, 3, 5, 16)};
        }
        return name.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public OptionalInt start() {
        return start;
    }

    @Override
    public Set<Integer> ends() {
        return ends;
    }

    @Override
    public String name(int token) {
        return names.getOrDefault(token, "");
    }

    @Override
    public OptionalInt named(String name) {
        Integer id = ids.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
