package ai.postdev.mlx.file;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a GGUF file (versions 2 and 3, little-endian) says before its weights: metadata, and the names, shapes and places
 * of its tensors. The file is not trusted: every length is checked against what is there and against a bound, and the
 * tensors must lie within the file. Loads nothing native. Source of the format: ggml's docs/gguf.md.
 *
 * @param version of the format
 * @param values of the metadata: {@link String}, {@link Long}, {@link Double}, {@link Boolean}, and for lists {@link Many} or
 *     {@code String[]}, {@code long[]}, {@code float[]}
 * @param dataStart where the weights begin in the file
 * @param dataBytes of all tensors
 */
public record GgufHeader(
        long version, Map<String, Object> values, List<Entry> tensors, long dataStart, long dataBytes) {
    private static final int ENTRIES_MAX = 65_536;
    private static final int TENSORS_MAX = 262_144;
    private static final int KEY_BYTES_MAX = 65_535;
    private static final int TEXT_BYTES_MAX = 4 << 20;
    private static final long ITEMS_MAX = 1L << 26;
    /** Of a list that is kept. */
    private static final long KEPT_MAX = 1L << 24;

    private static final int NUMBERS_KEPT_MAX = 4_096;
    private static final int NESTING_MAX = 4;
    private static final int DIMENSIONS_MAX = 8;
    private static final int NAME_BYTES_MAX = 1_024;
    private static final long ALIGNMENT_DEFAULT = 32;
    private static final int MAGIC = 0x46554747;

    /** What becomes of lists. */
    public enum Lists {
        /** They are there, as arrays. */
        KEPT,
        /** Their size is, and short ones of whole numbers: vocabularies take much memory. */
        COUNTED
    }

    public GgufHeader {
        values = Map.copyOf(values);
        tensors = List.copyOf(tensors);
    }

    /**
     * A list in the metadata.
     *
     * @param numbers if it holds whole numbers, and few
     */
    public record Many(long size, List<Long> numbers) {
        public Many {
            numbers = List.copyOf(numbers);
        }
    }

    /**
     * A tensor.
     *
     * @param shape innermost dimension first
     * @param numbers that it has
     * @param kind how they are written, as the file says it
     * @param type the same; empty: newer than this reader, of a size that is unknown
     * @param offset from the beginning of the weights
     */
    public record Entry(String name, List<Long> shape, long numbers, long kind, Optional<GgmlType> type, long offset) {
        public Entry {
            shape = List.copyOf(shape);
        }

        /** That it takes; 0: unknown. */
        public long bytes() {
            return type.map(known -> known.bytes(numbers)).orElse(0L);
        }
    }

    /** Whether the file begins as one of this kind. */
    public static boolean isGguf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(4);
            return magic.length == 4 && magic[0] == 'G' && magic[1] == 'G' && magic[2] == 'U' && magic[3] == 'F';
        }
    }

    /**
     * Reads the beginning of a file.
     *
     * @throws ModelFileException if the file is damaged, hostile or of another kind
     * @throws IOException if it cannot be read
     */
    public static GgufHeader read(Path file, Lists lists) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return read(in, Files.size(file), lists);
        } catch (ModelFileException e) {
            throw new ModelFileException(file + ": " + e.getMessage());
        }
    }

    /** @param size of the whole file */
    public static GgufHeader read(InputStream from, long size, Lists lists) throws IOException {
        GgufBytes in = new GgufBytes(from, size);
        if (in.u32() != MAGIC) {
            throw in.damaged("it does not begin with the letters GGUF");
        }
        long version = in.u32();
        if (version != 2 && version != 3) {
            throw in.damaged("its version is " + version + (version > 0xffff ? " (big-endian?)" : "")
                    + ", expected 2 or 3, little-endian");
        }
        int tensorCount = (int) in.count(TENSORS_MAX, "tensors");
        int entries = (int) in.count(ENTRIES_MAX, "entries of metadata");
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < entries; i++) {
            String key = in.text(KEY_BYTES_MAX, "key");
            if (values.put(key, value(in, in.u32(), 0, lists)) != null) {
                throw in.damaged("the key '" + key + "' is there twice");
            }
        }
        List<Entry> tensors = new ArrayList<>();
        for (int i = 0; i < tensorCount; i++) {
            tensors.add(tensor(in));
        }
        long start = start(in, values);
        return new GgufHeader(version, values, tensors, start, place(in, tensors, start, alignment(in, values), size));
    }

    private static Object value(GgufBytes in, long type, int depth, Lists lists) throws IOException {
        return switch ((int) Math.min(type, Integer.MAX_VALUE)) {
            case 0 -> (long) in.u8();
            case 1 -> (long) (byte) in.u8();
            case 2 -> (long) in.u16();
            case 3 -> (long) (short) in.u16();
            case 4 -> in.u32();
            case 5 -> (long) (int) in.u32();
            case 6 -> (double) Float.intBitsToFloat((int) in.u32());
            case 7 -> {
                int flag = in.u8();
                if (flag > 1) {
                    throw in.damaged("a truth value is " + flag + ", expected 0 or 1");
                }
                yield flag == 1;
            }
            case 8 -> in.text(TEXT_BYTES_MAX, "text");
            case 9 -> lists == Lists.KEPT ? list(in) : many(in, depth);
            case 10, 11 -> in.i64();
            case 12 -> Double.longBitsToDouble(in.i64());
            default -> throw in.damaged("a value of the unknown type " + type);
        };
    }

    private static Many many(GgufBytes in, int depth) throws IOException {
        if (depth == NESTING_MAX) {
            throw in.damaged("lists lie deeper than " + NESTING_MAX + " in each other");
        }
        long type = in.u32();
        long size = in.count(ITEMS_MAX, "items of a list");
        int width = switch ((int) Math.min(type, Integer.MAX_VALUE)) {
            case 0, 1, 7 -> 1;
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case 10, 11, 12 -> 8;
            case 8, 9 -> 0;
            default -> throw in.damaged("a list of the unknown type " + type);
        };
        boolean whole = type <= 5 || type == 10 || type == 11;
        if (width > 0 && !(whole && size <= NUMBERS_KEPT_MAX)) {
            in.skip(size * width);
            return new Many(size, List.of());
        }
        List<Long> numbers = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            if (type == 8) {
                in.skip(in.count(TEXT_BYTES_MAX, "bytes of text"));
            } else if (value(in, type, depth + 1, Lists.COUNTED) instanceof Long number) {
                numbers.add(number);
            }
        }
        return new Many(size, numbers);
    }

    /** Numbers become {@code long[]} or {@code float[]}, strings {@code String[]}: boxes would take ten times the room. */
    private static Object list(GgufBytes in) throws IOException {
        long type = in.u32();
        int width = switch ((int) Math.min(type, Integer.MAX_VALUE)) {
            case 0, 1, 7 -> 1;
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case 8, 10, 11, 12 -> 8;
            case 9 -> throw in.damaged("a list lies in a list, which no model needs");
            default -> throw in.damaged("a list of the unknown type " + type);
        };
        int size = (int) in.count(KEPT_MAX, "items of a list");
        in.need((long) size * width);
        if (type == 8) {
            String[] texts = new String[size];
            for (int i = 0; i < size; i++) {
                texts[i] = in.token(TEXT_BYTES_MAX);
            }
            return texts;
        }
        if (type == 6 || type == 12) {
            float[] floats = new float[size];
            for (int i = 0; i < size; i++) {
                floats[i] = ((Double) value(in, type, 0, Lists.KEPT)).floatValue();
            }
            return floats;
        }
        long[] numbers = new long[size];
        for (int i = 0; i < size; i++) {
            Object number = value(in, type, 0, Lists.KEPT);
            numbers[i] = number instanceof Long whole ? whole : (Boolean) number ? 1 : 0;
        }
        return numbers;
    }

    private static Entry tensor(GgufBytes in) throws IOException {
        String name = in.text(NAME_BYTES_MAX, "a tensor's name");
        long dimensions = in.u32();
        if (dimensions > DIMENSIONS_MAX) {
            throw in.damaged(
                    "tensor '" + name + "' has " + dimensions + " dimensions, at most " + DIMENSIONS_MAX + " are read");
        }
        List<Long> shape = new ArrayList<>();
        long numbers = 1;
        for (int i = 0; i < dimensions; i++) {
            long side = in.i64();
            if (side < 1 || numbers > Long.MAX_VALUE / 64 / side) {
                throw in.damaged("tensor '" + name + "' has a side of " + Long.toUnsignedString(side));
            }
            numbers *= side;
            shape.add(side);
        }
        long type = in.u32();
        Optional<GgmlType> known = GgmlType.of(type);
        long row = shape.isEmpty() ? 1 : shape.getFirst();
        if (known.isPresent() && row % known.get().blockNumbers() != 0) {
            throw in.damaged("tensor '" + name + "' has rows of " + row + " numbers, " + known.get()
                    + " needs blocks of " + known.get().blockNumbers());
        }
        return new Entry(name, shape, numbers, type, known, in.i64());
    }

    private static long alignment(GgufBytes in, Map<String, Object> values) throws ModelFileException {
        Object aligned = values.getOrDefault("general.alignment", ALIGNMENT_DEFAULT);
        if (!(aligned instanceof Long alignment)
                || alignment < 1
                || alignment > 1 << 20
                || Long.bitCount(alignment) > 1) {
            throw in.damaged("its alignment is " + aligned + ", expected a power of two");
        }
        return alignment;
    }

    private static long start(GgufBytes in, Map<String, Object> values) throws ModelFileException {
        long alignment = alignment(in, values);
        return (in.position() + alignment - 1) / alignment * alignment;
    }

    /** Checks that all tensors lie within the file; answers their bytes. */
    private static long place(GgufBytes in, List<Entry> tensors, long start, long alignment, long size)
            throws ModelFileException {
        long bytes = 0;
        for (Entry tensor : tensors) {
            if (tensor.offset() < 0 || tensor.offset() % alignment != 0) {
                throw in.damaged("tensor '" + tensor.name() + "' begins at " + Long.toUnsignedString(tensor.offset())
                        + ", expected a multiple of " + alignment);
            }
            if (tensor.offset() > size - start || tensor.bytes() > size - start - tensor.offset()) {
                throw in.damaged("the file is cut: tensor '" + tensor.name() + "' of " + tensor.bytes()
                        + " bytes begins at byte " + Long.toUnsignedString(start + tensor.offset())
                        + ", the file has " + size);
            }
            bytes += tensor.bytes();
        }
        if (bytes > size) {
            throw in.damaged(
                    "its tensors take " + bytes + " bytes, the file has " + size + ": they lie over each other");
        }
        return bytes;
    }

    /** A text; empty where it is missing. */
    public String text(String key) {
        return values.get(key) instanceof String text ? text : "";
    }

    /** A whole number, of a list its greatest; {@code otherwise} where it is missing or negative. */
    public long number(String key, long otherwise) {
        return switch (values.get(key)) {
            case Long one when one >= 0 -> one;
            case Many many ->
                many.numbers().stream().mapToLong(Long::longValue).max().stream()
                        .filter(one -> one >= 0)
                        .findFirst()
                        .orElse(otherwise);
            case null, default -> otherwise;
        };
    }

    /** Items of a list; 0 where it is missing. */
    public long size(String key) {
        return values.get(key) instanceof Many many ? many.size() : 0;
    }
}
