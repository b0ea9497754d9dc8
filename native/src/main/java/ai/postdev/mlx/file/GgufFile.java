package ai.postdev.mlx.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A GGUF model file, mapped into memory. Everything in it is checked before it is believed, so a damaged or hostile file
 * ends in a {@link ModelFileException}. Any thread may read; closing while another thread reads makes that one fail.
 */
public final class GgufFile implements AutoCloseable {
    private static final int DIMENSIONS_MAX = 4;

    private final Arena arena;
    private final GgufHeader header;
    private final Map<String, Tensor> tensors;

    private GgufFile(Arena arena, GgufHeader header, MemorySegment file) throws ModelFileException {
        this.arena = arena;
        this.header = header;
        tensors = tensors(header, file);
    }

    /**
     * Opens a file.
     *
     * @throws ModelFileException when it is damaged, hostile or of a kind that is not read here
     * @throws IOException when it cannot be read
     */
    public static GgufFile open(Path path) throws IOException {
        GgufHeader header = GgufHeader.read(path, GgufHeader.Lists.KEPT);
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new GgufFile(arena, header, map);
        } catch (ModelFileException e) {
            arena.close();
            throw new ModelFileException(path + ": " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Parses bytes that are in memory; closing the result changes nothing. For tests. */
    static GgufFile of(byte[] bytes) throws IOException {
        GgufHeader header = GgufHeader.read(new ByteArrayInputStream(bytes), bytes.length, GgufHeader.Lists.KEPT);
        return new GgufFile(Arena.ofShared(), header, MemorySegment.ofArray(bytes));
    }

    private static Map<String, Tensor> tensors(GgufHeader header, MemorySegment file) throws ModelFileException {
        Map<String, Tensor> tensors =
                LinkedHashMap.newLinkedHashMap(header.tensors().size());
        for (GgufHeader.Entry entry : header.tensors()) {
            String name = entry.name();
            int dimensions = entry.shape().size();
            if (dimensions < 1 || dimensions > DIMENSIONS_MAX) {
                throw new ModelFileException("tensor " + name + " has " + dimensions + " dimensions, not 1 to 4");
            }
            long[] shape = new long[dimensions];
            for (int i = 0; i < dimensions; i++) {
                // The file has the innermost first.
                shape[i] = entry.shape().get(dimensions - 1 - i);
                if (shape[i] > Integer.MAX_VALUE) {
                    throw new ModelFileException("tensor " + name + " has a dimension of " + shape[i]);
                }
            }
            ElementType type = ElementType.of(entry.kind(), name);
            long start = header.dataStart() + entry.offset();
            if (start + entry.bytes() > file.byteSize()) {
                throw new ModelFileException("the file became shorter while it was read");
            }
            if (tensors.put(name, new Tensor(name, type, shape, file.asSlice(start, entry.bytes()))) != null) {
                throw new ModelFileException("tensor " + name + " is there twice");
            }
        }
        return tensors;
    }

    /** All metadata: {@code Long}, {@code Double}, {@code Boolean}, {@code String} and arrays of them, unboxed. */
    public Map<String, Object> metadata() {
        return header.values();
    }

    /** All tensors by name, in the file's order. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /**
     * A text from the metadata.
     *
     * @throws ModelFileException when something else stands there
     */
    public Optional<String> text(String key) throws ModelFileException {
        return get(key, String.class);
    }

    /**
     * A whole number from the metadata.
     *
     * @throws ModelFileException when something else stands there
     */
    public Optional<Long> number(String key) throws ModelFileException {
        return get(key, Long.class);
    }

    /**
     * A number with a fraction from the metadata.
     *
     * @throws ModelFileException when something else stands there
     */
    public Optional<Double> real(String key) throws ModelFileException {
        return get(key, Double.class);
    }

    /**
     * A truth value from the metadata.
     *
     * @throws ModelFileException when something else stands there
     */
    public Optional<Boolean> flag(String key) throws ModelFileException {
        return get(key, Boolean.class);
    }

    /**
     * A value of this class from the metadata; arrays are {@code String[]}, {@code long[]} or {@code float[]}.
     *
     * @throws ModelFileException when something else stands there
     */
    public <T> Optional<T> get(String key, Class<T> type) throws ModelFileException {
        Object value = header.values().get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw new ModelFileException(
                    key + " is a " + value.getClass().getSimpleName() + ", not a " + type.getSimpleName());
        }
        return Optional.of(type.cast(value));
    }

    /** Unmaps the file; its tensors' data must not be touched afterwards. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
