package ai.postdev.dragon.model.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes a language model of two small layers with random weights, as a GGUF file that every engine reads: a token for each
 * byte and some for pieces of JSON. What closes something is likely, so that answers come to an end.
 */
public final class TinyModel {
    public static final int CONTEXT = 4_096;

    private static final int HIDDEN = 32;
    private static final int HEADS = 4;
    private static final int KV = 2;
    private static final int LAYERS = 2;
    private static final int BYTES_FROM = 3;
    private static final List<String> PIECES = List.of(
            "\u2581", "true", "false", "null", "\",\u2581\"", "\":", "\":\u2581", "[]", "{}", "12", "the", "}]");
    private static final int VOCABULARY = BYTES_FROM + 256 + PIECES.size();

    private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private final ByteArrayOutputStream headings = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final Random random;
    private int entryCount;
    private int tensorCount;

    private TinyModel(long seed) {
        random = new Random(seed);
    }

    /** @param broken whether what it says after a tilde is NaN */
    public static Path write(Path file, long seed, boolean broken) throws IOException {
        return Files.write(file, new TinyModel(seed).bytes(broken));
    }

    private byte[] bytes(boolean broken) {
        text("general.architecture", "llama");
        text("general.name", "tiny");
        number("llama.context_length", CONTEXT);
        number("llama.embedding_length", HIDDEN);
        number("llama.block_count", LAYERS);
        number("llama.feed_forward_length", HIDDEN);
        number("llama.attention.head_count", HEADS);
        number("llama.attention.head_count_kv", KV);
        number("llama.rope.dimension_count", HIDDEN / HEADS);
        entry("llama.attention.layer_norm_rms_epsilon", 6);
        put(entries, Float.floatToRawIntBits(1e-5f), 4);
        tokenizer();
        tensor("token_embd.weight", embedding(broken), HIDDEN, VOCABULARY);
        for (int layer = 0; layer < LAYERS; layer++) {
            String at = "blk." + layer + ".";
            int kv = HIDDEN / HEADS * KV;
            tensor(at + "attn_norm.weight", ones(HIDDEN), HIDDEN);
            tensor(at + "attn_q.weight", some(HIDDEN * HIDDEN), HIDDEN, HIDDEN);
            tensor(at + "attn_k.weight", some(HIDDEN * kv), HIDDEN, kv);
            tensor(at + "attn_v.weight", some(HIDDEN * kv), HIDDEN, kv);
            tensor(at + "attn_output.weight", some(HIDDEN * HIDDEN), HIDDEN, HIDDEN);
            tensor(at + "ffn_norm.weight", ones(HIDDEN), HIDDEN);
            tensor(at + "ffn_gate.weight", some(HIDDEN * HIDDEN), HIDDEN, HIDDEN);
            tensor(at + "ffn_up.weight", some(HIDDEN * HIDDEN), HIDDEN, HIDDEN);
            tensor(at + "ffn_down.weight", some(HIDDEN * HIDDEN), HIDDEN, HIDDEN);
        }
        tensor("output_norm.weight", ones(HIDDEN), HIDDEN);
        tensor("output.weight", head(), HIDDEN, VOCABULARY);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        put(all, 3, 4);
        put(all, tensorCount, 8);
        put(all, entryCount, 8);
        all.writeBytes(entries.toByteArray());
        all.writeBytes(headings.toByteArray());
        while (all.size() % 32 != 0) {
            all.write(0);
        }
        all.writeBytes(data.toByteArray());
        return all.toByteArray();
    }

    private void tokenizer() {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        List<Integer> types = new ArrayList<>(List.of(2, 3, 3));
        for (int b = 0; b < 256; b++) {
            tokens.add(String.format("<0x%02X>", b));
            types.add(6);
        }
        PIECES.forEach(piece -> {
            tokens.add(piece);
            types.add(1);
        });
        text("tokenizer.ggml.model", "llama");
        entry("tokenizer.ggml.tokens", 9);
        put(entries, 8, 4);
        put(entries, tokens.size(), 8);
        tokens.forEach(token -> put(entries, token));
        entry("tokenizer.ggml.scores", 9);
        put(entries, 6, 4);
        put(entries, tokens.size(), 8);
        for (int i = 0; i < tokens.size(); i++) {
            put(entries, Float.floatToRawIntBits(-i), 4);
        }
        entry("tokenizer.ggml.token_type", 9);
        put(entries, 5, 4);
        put(entries, tokens.size(), 8);
        types.forEach(type -> put(entries, type, 4));
        number("tokenizer.ggml.bos_token_id", 1);
        number("tokenizer.ggml.eos_token_id", 2);
        number("tokenizer.ggml.unknown_token_id", 0);
    }

    /** The first number of each is the same, so that the head can make tokens likely whatever came before. */
    private float[] embedding(boolean broken) {
        float[] values = some(HIDDEN * VOCABULARY);
        for (int token = 0; token < VOCABULARY; token++) {
            values[token * HIDDEN] = 1;
        }
        if (broken) {
            values[(BYTES_FROM + '~') * HIDDEN] = Float.NaN;
        }
        return values;
    }

    private float[] head() {
        float[] values = some(HIDDEN * VOCABULARY);
        for (int token = 0; token < VOCABULARY; token++) {
            values[token * HIDDEN] = 0;
        }
        for (char closes : "\"]},0".toCharArray()) {
            values[(BYTES_FROM + closes) * HIDDEN] = closes == ',' ? 0.3f : 0.9f;
        }
        values[2 * HIDDEN] = 0.9f;
        return values;
    }

    private float[] some(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * 0.25);
        }
        return values;
    }

    private static float[] ones(int count) {
        float[] values = new float[count];
        java.util.Arrays.fill(values, 1);
        return values;
    }

    private void tensor(String name, float[] values, int... shape) {
        tensorCount++;
        put(headings, name);
        put(headings, shape.length, 4);
        for (int side : shape) {
            put(headings, side, 8);
        }
        put(headings, 0, 4);
        put(headings, data.size(), 8);
        for (float value : values) {
            put(data, Float.floatToRawIntBits(value), 4);
        }
        while (data.size() % 32 != 0) {
            data.write(0);
        }
    }

    private void entry(String key, int type) {
        entryCount++;
        put(entries, key);
        put(entries, type, 4);
    }

    private void text(String key, String value) {
        entry(key, 8);
        put(entries, value);
    }

    private void number(String key, int value) {
        entry(key, 4);
        put(entries, value, 4);
    }

    private static void put(ByteArrayOutputStream to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        put(to, bytes.length, 8);
        to.writeBytes(bytes);
    }

    private static void put(ByteArrayOutputStream to, long value, int width) {
        byte[] bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        to.write(bytes, 0, width);
    }
}
