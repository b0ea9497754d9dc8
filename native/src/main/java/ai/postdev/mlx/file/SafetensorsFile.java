package ai.postdev.mlx.file;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The tensors of a folder with safetensors files, mapped into memory. What the files claim is checked before it is
 * believed. Any thread may read.
 */
public final class SafetensorsFile implements AutoCloseable {
    private static final long MAX_HEADER = 100_000_000;
    private static final int MAX_SHARDS = 1024;
    private static final int MAX_DIMENSIONS = 8;
    /** Bounded before the parser sees it: a deep nesting would overflow the stack. */
    private static final int MAX_DEPTH = 8;

    private final Arena arena = Arena.ofShared();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private SafetensorsFile() {}

    /**
     * Opens all {@code *.safetensors} files of a folder, or one file.
     *
     * @throws ModelFileException when one is damaged, hostile or of a kind that is not read here
     * @throws IOException when one cannot be read
     */
    public static SafetensorsFile open(Path path) throws IOException {
        SafetensorsFile all = new SafetensorsFile();
        try {
            List<Path> shards = shards(path);
            for (Path shard : shards) {
                try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.READ)) {
                    all.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), all.arena));
                } catch (ModelFileException e) {
                    throw new ModelFileException(shard + ": " + e.getMessage());
                }
            }
            return all;
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private static List<Path> shards(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            List<Path> shards = files.filter(
                            file -> file.getFileName().toString().endsWith(".safetensors"))
                    .sorted()
                    .limit(MAX_SHARDS)
                    .toList();
            if (shards.isEmpty()) {
                throw new ModelFileException(path + " holds no *.safetensors file");
            }
            return shards;
        }
    }

    /** Parses bytes that are in memory. For tests. */
    static SafetensorsFile of(byte[] bytes) throws ModelFileException {
        SafetensorsFile file = new SafetensorsFile();
        file.read(MemorySegment.ofArray(bytes));
        return file;
    }

    /** All tensors by name. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    private void read(MemorySegment file) throws ModelFileException {
        if (file.byteSize() < 8) {
            throw new ModelFileException("the file has " + file.byteSize() + " bytes and no header; it was cut");
        }
        long length = file.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        if (length < 2 || length > MAX_HEADER || length > file.byteSize() - 8) {
            throw new ModelFileException("the header claims " + Long.toUnsignedString(length) + " bytes of a file of "
                    + file.byteSize() + "; it was cut, or is no safetensors file");
        }
        byte[] header = file.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
        checkDepth(header);
        MemorySegment data = file.asSlice(8 + length);
        long end = 0;
        try {
            JsonObject json = JsonParser.parseString(new String(header, StandardCharsets.UTF_8))
                    .getAsJsonObject();
            for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
                if (!entry.getKey().equals("__metadata__")) {
                    Tensor tensor = tensor(entry.getKey(), entry.getValue().getAsJsonObject(), data);
                    end = Math.max(
                            end,
                            tensor.data().address()
                                    - data.address()
                                    + tensor.data().byteSize());
                    if (tensor.type() != null && tensors.put(entry.getKey(), tensor) != null) {
                        throw new ModelFileException("tensor " + entry.getKey() + " is there twice");
                    }
                }
            }
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
            throw new ModelFileException("the header is not what safetensors describes: " + e.getMessage());
        }
        if (end != data.byteSize()) {
            throw new ModelFileException("its tensors take " + end + " bytes, " + data.byteSize() + " are there");
        }
    }

    private static void checkDepth(byte[] header) throws ModelFileException {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < header.length; i++) {
            byte b = header[i];
            if (quoted && b == '\\') {
                i++;
            } else if (b == '"') {
                quoted = !quoted;
            } else if (!quoted && (b == '{' || b == '[')) {
                if (++depth > MAX_DEPTH) {
                    throw new ModelFileException("the header is nested deeper than " + MAX_DEPTH);
                }
            } else if (!quoted && (b == '}' || b == ']')) {
                depth--;
            }
        }
    }

    private static Tensor tensor(String name, JsonObject entry, MemorySegment data) throws ModelFileException {
        JsonElement kind = entry.get("dtype");
        JsonElement dimensions = entry.get("shape");
        JsonElement place = entry.get("data_offsets");
        if (kind == null || dimensions == null || place == null) {
            throw new ModelFileException("tensor " + name + " lacks its dtype, shape or data_offsets");
        }
        ElementType type = switch (kind.getAsString()) {
            case "F32" -> ElementType.F32;
            case "F16" -> ElementType.F16;
            case "BF16" -> ElementType.BF16;
            case "U32" -> ElementType.U32;
            // Position numbers of old BERT files; nobody needs them, so their bytes are not looked at.
            case "I64", "I32", "U8", "I8", "BOOL", "F64", "I16", "U16", "U64", "F8_E4M3", "F8_E5M2" -> null;
            default ->
                throw new ModelFileException(
                        "tensor " + name + " has the element type " + kind + ", which is not known here");
        };
        JsonArray sizes = dimensions.getAsJsonArray();
        if (sizes.size() > MAX_DIMENSIONS) {
            throw new ModelFileException("tensor " + name + " has " + sizes.size() + " dimensions");
        }
        long[] shape = new long[sizes.size()];
        long bytes = type == null ? 0 : type.blockBytes();
        for (int i = 0; i < shape.length; i++) {
            shape[i] = sizes.get(i).getAsLong();
            if (shape[i] < 1 || shape[i] > Integer.MAX_VALUE || bytes > Long.MAX_VALUE / shape[i]) {
                throw new ModelFileException("tensor " + name + " has a dimension of " + shape[i]);
            }
            bytes *= shape[i];
        }
        JsonArray offsets = place.getAsJsonArray();
        if (offsets.size() != 2) {
            throw new ModelFileException("tensor " + name + " has " + offsets.size() + " data_offsets, not 2");
        }
        long from = offsets.get(0).getAsLong();
        long to = offsets.get(1).getAsLong();
        if (from < 0 || to < from || to > data.byteSize() || type != null && to - from != bytes) {
            throw new ModelFileException("tensor " + name + " takes bytes " + from + " to " + to + " of "
                    + data.byteSize() + ", its shape asks for " + bytes + "; the file was cut or is damaged");
        }
        return new Tensor(name, type, shape, data.asSlice(from, to - from));
    }

    /** Unmaps the files; their tensors' data must not be touched afterwards. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
