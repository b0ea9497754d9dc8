package ai.postdev.dragon.model.catalogue;

import ai.postdev.mlx.file.GgmlType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes GGUF files byte by byte, right and wrong ones. */
public final class TestGguf {
    private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    private int entryCount;
    private int tensorCount;
    private long data;

    /** A small model that has everything. */
    public static TestGguf small() {
        return of(64);
    }

    /** The same with states of so many numbers, which says how much scratch it takes. */
    public static TestGguf of(int dimensions) {
        return untold(dimensions, 4).text("tokenizer.chat_template", "{{ messages }}");
    }

    /** A model that was not told how a conversation is written down; its parameters grow with {@code vocabulary}. */
    public static TestGguf untold(int dimensions, int vocabulary) {
        return new TestGguf()
                .text("general.architecture", "llama")
                .text("general.license", "mit")
                .u32("general.file_type", 15)
                .u32("llama.context_length", 2_048)
                .u32("llama.block_count", 3)
                .u32("llama.embedding_length", dimensions)
                .u32("llama.attention.head_count", 8)
                .u32("llama.attention.head_count_kv", 2)
                .texts("tokenizer.ggml.tokens", List.of("<s>", "a", "b", "ü"))
                .tensor("token_embd.weight", 12, 256, vocabulary)
                .tensor("output_norm.weight", 0, 64);
    }

    TestGguf text(String key, String value) {
        key(key, 8);
        text(entries, value);
        return this;
    }

    TestGguf u32(String key, int value) {
        key(key, 4);
        number(entries, value, 4);
        return this;
    }

    TestGguf texts(String key, List<String> values) {
        key(key, 9);
        number(entries, 8, 4);
        number(entries, values.size(), 8);
        values.forEach(value -> text(entries, value));
        return this;
    }

    TestGguf numbers(String key, List<Integer> values) {
        key(key, 9);
        number(entries, 5, 4);
        number(entries, values.size(), 8);
        values.forEach(value -> number(entries, value, 4));
        return this;
    }

    /** An entry whose value is given as it is. */
    TestGguf raw(String key, int type, byte... value) {
        key(key, type);
        entries.writeBytes(value);
        return this;
    }

    TestGguf tensor(String name, int type, long... shape) {
        return tensorAt(name, type, data, shape);
    }

    TestGguf tensorAt(String name, int type, long offset, long... shape) {
        tensorCount++;
        text(tensors, name);
        number(tensors, shape.length, 4);
        long numbers = 1;
        for (long side : shape) {
            number(tensors, side, 8);
            numbers *= side;
        }
        number(tensors, type, 4);
        number(tensors, offset, 8);
        long bytes = GgmlType.of(type).map(GgmlType::blockNumbers).orElse(1) <= 1 && type != 0
                ? numbers
                : GgmlType.of(type).orElseThrow().bytes(numbers);
        data = Math.max(data, (offset + bytes + 31) / 32 * 32);
        return this;
    }

    private void key(String key, int type) {
        entryCount++;
        text(entries, key);
        number(entries, type, 4);
    }

    private static void text(ByteArrayOutputStream to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(to, bytes.length, 8);
        to.writeBytes(bytes);
    }

    static void number(ByteArrayOutputStream to, long value, int width) {
        byte[] bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        to.write(bytes, 0, width);
    }

    public byte[] bytes() {
        return bytes(3, tensorCount, entryCount);
    }

    byte[] bytes(long version, long tensorsSaid, long entriesSaid) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            all.write("GGUF".getBytes(StandardCharsets.US_ASCII));
            number(all, version, 4);
            number(all, tensorsSaid, 8);
            number(all, entriesSaid, 8);
            entries.writeTo(all);
            tensors.writeTo(all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int start = (all.size() + 31) / 32 * 32;
        while (all.size() < start + data) {
            all.write(all.size() < start ? 0 : all.size() % 251);
        }
        return all.toByteArray();
    }
}
