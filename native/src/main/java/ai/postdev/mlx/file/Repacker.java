package ai.postdev.mlx.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Turns quantised GGUF blocks into MLX's affine quantisation with groups of 32, without loss: the same numbers in
 * another order, so that a GPU keeps the weights small. Q6_K has groups of 16, which MLX has not; it is dequantised.
 */
public final class Repacker {
    private static final int GROUP = 32;

    private Repacker() {}

    /** Whether this type can be kept quantised. */
    public static boolean canKeep(ElementType type) {
        return bits(type) > 0;
    }

    /** How many bits an element of this type takes in MLX, or 0 when it cannot be kept. */
    public static int bits(ElementType type) {
        return switch (type) {
            case Q4_0, Q4_1, Q4_K -> 4;
            case Q5_0, Q5_1, Q5_K -> 5;
            case Q8_0 -> 8;
            case F32, F16, BF16, U32, Q6_K -> 0;
        };
    }

    /**
     * Writes the weights, scales and biases.
     *
     * @param source exactly the tensor's blocks, in rows that are multiples of 32 elements
     * @param weights a bit stream of the elements, {@link #bits} each, lowest bit first
     * @param scales one 32-bit float for every 32 elements
     * @param biases one 32-bit float for every 32 elements
     */
    public static void repack(
            ElementType type, MemorySegment source, MemorySegment weights, MemorySegment scales, MemorySegment biases) {
        int bits = bits(type);
        int groups = type.blockElements() / GROUP;
        byte[] block = new byte[type.blockBytes()];
        int[] values = new int[GROUP];
        byte[] packed = new byte[GROUP * bits / 8];
        long group = 0;
        for (long at = 0; at < source.byteSize(); at += block.length) {
            MemorySegment.copy(source, ValueLayout.JAVA_BYTE, at, block, 0, block.length);
            for (int g = 0; g < groups; g++, group++) {
                unpack(type, block, g, values);
                pack(values, bits, packed);
                MemorySegment.copy(packed, 0, weights, ValueLayout.JAVA_BYTE, group * packed.length, packed.length);
                scales.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, group, scale(type, block, g));
                biases.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, group, bias(type, block, g));
            }
        }
    }

    private static float scale(ElementType type, byte[] block, int group) {
        float d = Dequantizer.half(block, 0);
        return type.blockElements() == GROUP ? d : d * Dequantizer.kScale(block, 4, group);
    }

    private static float bias(ElementType type, byte[] block, int group) {
        float d = Dequantizer.half(block, 0);
        return switch (type) {
            case Q4_0 -> -8 * d;
            case Q5_0 -> -16 * d;
            case Q8_0 -> -128 * d;
            case Q4_1, Q5_1 -> Dequantizer.half(block, 2);
            case Q4_K, Q5_K -> -Dequantizer.half(block, 2) * Dequantizer.kMin(block, 4, group);
            case F32, F16, BF16, U32, Q6_K -> throw new IllegalArgumentException(type + " cannot be kept quantised");
        };
    }

    private static void unpack(ElementType type, byte[] in, int group, int[] out) {
        int quants = switch (type) {
            case Q4_0, Q8_0 -> 2;
            case Q4_1 -> 4;
            case Q5_0 -> 6;
            case Q5_1 -> 8;
            case Q4_K -> 16 + group / 2 * 32;
            case Q5_K -> 48 + group / 2 * 32;
            case F32, F16, BF16, U32, Q6_K -> throw new IllegalArgumentException(type + " cannot be kept quantised");
        };
        for (int i = 0; i < GROUP; i++) {
            if (type == ElementType.Q8_0) {
                out[i] = in[quants + i] + 128;
            } else if (type.blockElements() == GROUP) {
                int low = (in[quants + i % 16] & 255) >> i / 16 * 4 & 15;
                int high = type == ElementType.Q5_0 || type == ElementType.Q5_1
                        ? Dequantizer.int32(in, quants - 4) >>> i & 1
                        : 0;
                out[i] = low | high << 4;
            } else {
                int low = (in[quants + i] & 255) >> group % 2 * 4 & 15;
                int high = type == ElementType.Q5_K ? (in[16 + i] & 255) >> group & 1 : 0;
                out[i] = low | high << 4;
            }
        }
    }

    private static void pack(int[] values, int bits, byte[] out) {
        long buffer = 0;
        int filled = 0;
        int at = 0;
        for (int value : values) {
            buffer |= (long) value << filled;
            filled += bits;
            while (filled >= 8) {
                out[at++] = (byte) buffer;
                buffer >>>= 8;
                filled -= 8;
            }
        }
    }
}
