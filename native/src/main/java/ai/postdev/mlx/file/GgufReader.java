package ai.postdev.mlx.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses a GGUF file; nothing in it is believed before it was checked against the file's size. */
final class GgufReader {
    private static final int MAGIC = 0x46554747;
    private static final long MAX_KEYS = 1 << 16;
    private static final long MAX_TENSORS = 1 << 16;
    private static final long MAX_NAME = 1 << 10;
    private static final long MAX_STRING = 1 << 26;
    private static final long MAX_ARRAY = 1 << 24;
    private static final long MAX_ALIGNMENT = 1 << 20;
    private static final int MAX_DIMENSIONS = 4;
    /** No dimension that a model really has comes near, and the product of four stays checked by exact arithmetic. */
    private static final long MAX_DIMENSION = Integer.MAX_VALUE;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment file;
    private long at;

    GgufReader(MemorySegment file) {
        this.file = file;
    }

    /** What a file holds: metadata by key and tensors by name. */
    record Content(Map<String, Object> metadata, Map<String, Tensor> tensors) {}

    Content read() throws ModelFileException {
        need(4, "the magic number");
        int magic = file.get(INT, at);
        if (magic != MAGIC) {
            throw new ModelFileException("not a GGUF file: it starts with " + Integer.toHexString(magic)
                    + " and not with \"GGUF\"; fetch the model again or name another file");
        }
        at += 4;
        int version = int32("the version");
        if (version != 2 && version != 3) {
            throw new ModelFileException(
                    "GGUF version " + version + (Integer.reverseBytes(version) == 3 ? " (a big-endian file)" : "")
                            + " is not read here; versions 2 and 3 of little-endian files are");
        }
        long tensorCount = count("tensors", MAX_TENSORS);
        long keyCount = count("metadata keys", MAX_KEYS);
        Map<String, Object> metadata = LinkedHashMap.newLinkedHashMap((int) keyCount);
        for (long i = 0; i < keyCount; i++) {
            String key = string("a metadata key", MAX_NAME);
            int type = int32("the type of " + key);
            if (metadata.put(key, value(key, type, true)) != null) {
                throw new ModelFileException("the metadata key " + key + " is there twice");
            }
        }
        List<Heading> headings = new ArrayList<>();
        for (long i = 0; i < tensorCount; i++) {
            headings.add(heading());
        }
        return new Content(metadata, tensors(headings, alignment(metadata)));
    }

    private record Heading(String name, ElementType type, long[] shape, long offset, long bytes) {}

    private Heading heading() throws ModelFileException {
        String name = string("a tensor's name", MAX_NAME);
        int dimensions = int32("the dimensions of " + name);
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw new ModelFileException("tensor " + name + " has " + dimensions + " dimensions, not 1 to 4");
        }
        long[] shape = new long[dimensions];
        long elements = 1;
        for (int i = dimensions - 1; i >= 0; i--) {
            long dimension = int64("the dimensions of " + name);
            if (dimension < 1 || dimension > MAX_DIMENSION) {
                throw new ModelFileException("tensor " + name + " has a dimension of " + dimension);
            }
            shape[i] = dimension;
            elements = product(elements, dimension, name);
        }
        ElementType type = ElementType.of(Integer.toUnsignedLong(int32("the type of " + name)), name);
        if (shape[dimensions - 1] % type.blockElements() != 0) {
            throw new ModelFileException("tensor " + name + " has rows of " + shape[dimensions - 1]
                    + " elements, which " + type + " cannot hold: its blocks have " + type.blockElements());
        }
        long offset = int64("the place of " + name);
        long bytes = product(elements / type.blockElements(), type.blockBytes(), name);
        return new Heading(name, type, shape, offset, bytes);
    }

    private Map<String, Tensor> tensors(List<Heading> headings, long alignment) throws ModelFileException {
        long base = (at + alignment - 1) / alignment * alignment;
        Map<String, Tensor> tensors = LinkedHashMap.newLinkedHashMap(headings.size());
        for (Heading h : headings) {
            if (h.offset < 0 || h.offset % alignment != 0) {
                throw new ModelFileException("tensor " + h.name + " lies at " + h.offset
                        + ", which is no multiple of the alignment " + alignment);
            }
            long room = file.byteSize() - base;
            if (h.offset > room || h.bytes > room - h.offset) {
                throw new ModelFileException("tensor " + h.name + " takes " + h.bytes + " bytes at " + h.offset
                        + " of the data, but the file holds " + Math.max(0, room)
                        + " bytes of data: it was cut; fetch the model again");
            }
            Tensor tensor = new Tensor(h.name, h.type, h.shape, file.asSlice(base + h.offset, h.bytes));
            if (tensors.put(h.name, tensor) != null) {
                throw new ModelFileException("tensor " + h.name + " is there twice");
            }
        }
        return tensors;
    }

    private static long alignment(Map<String, Object> metadata) throws ModelFileException {
        Object value = metadata.getOrDefault("general.alignment", 32L);
        if (!(value instanceof Long alignment)
                || alignment < 1
                || alignment > MAX_ALIGNMENT
                || Long.bitCount(alignment) != 1) {
            throw new ModelFileException(
                    "general.alignment is " + value + ", not a power of two up to " + MAX_ALIGNMENT);
        }
        return alignment;
    }

    private static long product(long a, long b, String name) throws ModelFileException {
        if (a > Long.MAX_VALUE / b) {
            throw new ModelFileException("tensor " + name + " claims more than 2^63 elements");
        }
        return a * b;
    }

    private Object value(String key, int type, boolean arrays) throws ModelFileException {
        String what = "the value of " + key;
        return switch (type) {
            case 0 -> (long) int8(what) & 255;
            case 1 -> (long) int8(what);
            case 2 -> (long) int16(what) & 65535;
            case 3 -> (long) int16(what);
            case 4 -> Integer.toUnsignedLong(int32(what));
            case 5 -> (long) int32(what);
            case 6 -> (double) Float.intBitsToFloat(int32(what));
            case 7 -> int8(what) != 0;
            case 8 -> string(what, MAX_STRING);
            case 9 -> {
                if (!arrays) {
                    throw new ModelFileException(what + " is an array in an array, which is not read here");
                }
                yield array(key);
            }
            case 10, 11 -> int64(what);
            case 12 -> Double.longBitsToDouble(int64(what));
            default -> throw new ModelFileException(what + " has the unknown type " + type);
        };
    }

    /** Numbers become {@code long[]} or {@code float[]}, strings {@code String[]}: boxes would take ten times the room. */
    private Object array(String key) throws ModelFileException {
        String what = "the value of " + key;
        int type = int32(what);
        long length = int64(what);
        int smallest = switch (type) {
            case 0, 1, 7 -> 1;
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case 8, 10, 11, 12 -> 8;
            default -> throw new ModelFileException(what + " is an array of the unknown type " + type);
        };
        if (length < 0 || length > MAX_ARRAY || length * smallest > file.byteSize() - at) {
            throw new ModelFileException(what + " is an array of " + Long.toUnsignedString(length)
                    + " elements, more than the file can hold or " + MAX_ARRAY + ", the most that is read here");
        }
        int count = (int) length;
        if (type == 8) {
            String[] strings = new String[count];
            for (int i = 0; i < count; i++) {
                strings[i] = string(what, MAX_STRING);
            }
            return strings;
        }
        if (type == 6 || type == 12) {
            float[] floats = new float[count];
            for (int i = 0; i < count; i++) {
                floats[i] = ((Double) value(key, type, false)).floatValue();
            }
            return floats;
        }
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            Object number = value(key, type, false);
            numbers[i] = number instanceof Long n ? n : (Boolean) number ? 1 : 0;
        }
        return numbers;
    }

    private long count(String what, long limit) throws ModelFileException {
        long count = int64("the number of " + what);
        if (count < 0 || count > limit) {
            throw new ModelFileException("the file claims " + Long.toUnsignedString(count) + " " + what + "; at most "
                    + limit + " are read here");
        }
        return count;
    }

    private String string(String what, long limit) throws ModelFileException {
        long length = int64(what);
        if (length < 0 || length > limit) {
            throw new ModelFileException(what + " at byte " + at + " claims to be " + Long.toUnsignedString(length)
                    + " bytes long; at most " + limit + " are read here");
        }
        need(length, what);
        byte[] bytes = new byte[(int) length];
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, at, bytes, 0, bytes.length);
        at += length;
        // Tokens may be parts of characters in some files; what is no UTF-8 becomes U+FFFD.
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private byte int8(String what) throws ModelFileException {
        need(1, what);
        return file.get(ValueLayout.JAVA_BYTE, at++);
    }

    private short int16(String what) throws ModelFileException {
        need(2, what);
        at += 2;
        return file.get(SHORT, at - 2);
    }

    private int int32(String what) throws ModelFileException {
        need(4, what);
        at += 4;
        return file.get(INT, at - 4);
    }

    private long int64(String what) throws ModelFileException {
        need(8, what);
        at += 8;
        return file.get(LONG, at - 8);
    }

    private void need(long bytes, String what) throws ModelFileException {
        if (bytes > file.byteSize() - at) {
            throw new ModelFileException("the file ends in " + what + ": " + bytes + " bytes are expected at byte " + at
                    + " of " + file.byteSize() + "; it was cut, fetch the model again");
        }
    }
}
