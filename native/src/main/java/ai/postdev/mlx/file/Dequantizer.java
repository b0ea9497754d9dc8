package ai.postdev.mlx.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Turns blocks of GGUF tensors into floats, exactly as the reference does. Any thread; no state is kept. */
public final class Dequantizer {
    private static final int CHUNK_BLOCKS = 256;

    private Dequantizer() {}

    /**
     * Writes the tensor's elements as 32-bit floats.
     *
     * @param source exactly the tensor's blocks
     * @param target room for all elements
     */
    public static void toFloats(ElementType type, MemorySegment source, MemorySegment target) {
        long blocks = source.byteSize() / type.blockBytes();
        if (blocks * type.blockBytes() != source.byteSize()
                || target.byteSize() != blocks * type.blockElements() * Float.BYTES) {
            throw new IllegalArgumentException(source.byteSize() + " bytes of " + type + " do not fill "
                    + target.byteSize() / Float.BYTES + " floats");
        }
        if (type == ElementType.F32) {
            MemorySegment.copy(source, 0, target, 0, source.byteSize());
            return;
        }
        // The plain types have blocks of one element; they are read in larger pieces.
        int step = type.blockElements() == 1 ? CHUNK_BLOCKS * 64 : CHUNK_BLOCKS;
        byte[] bytes = new byte[step * type.blockBytes()];
        float[] floats = new float[step * type.blockElements()];
        for (long block = 0; block < blocks; block += step) {
            int count = (int) Math.min(step, blocks - block);
            MemorySegment.copy(
                    source, ValueLayout.JAVA_BYTE, block * type.blockBytes(), bytes, 0, count * type.blockBytes());
            for (int i = 0; i < count; i++) {
                block(type, bytes, i * type.blockBytes(), floats, i * type.blockElements());
            }
            MemorySegment.copy(
                    floats,
                    0,
                    target,
                    ValueLayout.JAVA_FLOAT_UNALIGNED,
                    block * type.blockElements() * Float.BYTES,
                    count * type.blockElements());
        }
    }

    private static void block(ElementType type, byte[] in, int at, float[] out, int to) {
        switch (type) {
            case F32 -> out[to] = Float.intBitsToFloat(int32(in, at));
            case F16 -> out[to] = half(in, at);
            case U32 -> throw new IllegalArgumentException("packed bits are no numbers by themselves");
            case BF16 -> out[to] = Float.intBitsToFloat(uint16(in, at) << 16);
            case Q4_0 -> {
                float d = half(in, at);
                for (int i = 0; i < 16; i++) {
                    out[to + i] = ((in[at + 2 + i] & 15) - 8) * d;
                    out[to + i + 16] = (((in[at + 2 + i] & 255) >> 4) - 8) * d;
                }
            }
            case Q4_1 -> {
                float d = half(in, at);
                float m = half(in, at + 2);
                for (int i = 0; i < 16; i++) {
                    out[to + i] = (in[at + 4 + i] & 15) * d + m;
                    out[to + i + 16] = ((in[at + 4 + i] & 255) >> 4) * d + m;
                }
            }
            case Q5_0 -> {
                float d = half(in, at);
                int high = int32(in, at + 2);
                for (int i = 0; i < 16; i++) {
                    out[to + i] = (five(in[at + 6 + i] & 15, high >>> i) - 16) * d;
                    out[to + i + 16] = (five((in[at + 6 + i] & 255) >> 4, high >>> (i + 16)) - 16) * d;
                }
            }
            case Q5_1 -> {
                float d = half(in, at);
                float m = half(in, at + 2);
                int high = int32(in, at + 4);
                for (int i = 0; i < 16; i++) {
                    out[to + i] = five(in[at + 8 + i] & 15, high >>> i) * d + m;
                    out[to + i + 16] = five((in[at + 8 + i] & 255) >> 4, high >>> (i + 16)) * d + m;
                }
            }
            case Q8_0 -> {
                float d = half(in, at);
                for (int i = 0; i < 32; i++) {
                    out[to + i] = in[at + 2 + i] * d;
                }
            }
            case Q4_K -> {
                for (int group = 0; group < 8; group++) {
                    float scale = half(in, at) * kScale(in, at + 4, group);
                    float min = half(in, at + 2) * kMin(in, at + 4, group);
                    int quants = at + 16 + group / 2 * 32;
                    for (int i = 0; i < 32; i++) {
                        out[to + group * 32 + i] = scale * ((in[quants + i] & 255) >> group % 2 * 4 & 15) - min;
                    }
                }
            }
            case Q5_K -> {
                for (int group = 0; group < 8; group++) {
                    float scale = half(in, at) * kScale(in, at + 4, group);
                    float min = half(in, at + 2) * kMin(in, at + 4, group);
                    int quants = at + 48 + group / 2 * 32;
                    for (int i = 0; i < 32; i++) {
                        int low = (in[quants + i] & 255) >> group % 2 * 4 & 15;
                        out[to + group * 32 + i] = scale * five(low, (in[at + 16 + i] & 255) >> group) - min;
                    }
                }
            }
            case Q6_K -> {
                float d = half(in, at + 208);
                for (int i = 0; i < 256; i++) {
                    int part = i % 128;
                    int low = in[at + i / 128 * 64 + part % 64] & 255;
                    int high = in[at + 128 + i / 128 * 32 + part % 32] & 255;
                    int value = low >> part / 64 * 4 & 15 | (high >> part / 32 * 2 & 3) << 4;
                    out[to + i] = d * in[at + 192 + i / 16] * (value - 32);
                }
            }
        }
    }

    static int five(int low, int high) {
        return low | (high & 1) << 4;
    }

    /** The six-bit scale of a group in the twelve packed bytes of Q4_K and Q5_K. */
    static int kScale(byte[] in, int at, int group) {
        return group < 4 ? in[at + group] & 63 : in[at + group + 4] & 15 | (in[at + group - 4] & 255) >> 6 << 4;
    }

    /** The six-bit minimum of a group in the twelve packed bytes of Q4_K and Q5_K. */
    static int kMin(byte[] in, int at, int group) {
        return group < 4 ? in[at + group + 4] & 63 : (in[at + group + 4] & 255) >> 4 | (in[at + group] & 255) >> 6 << 4;
    }

    static float half(byte[] in, int at) {
        return Float.float16ToFloat((short) uint16(in, at));
    }

    static int uint16(byte[] in, int at) {
        return in[at] & 255 | (in[at + 1] & 255) << 8;
    }

    static int int32(byte[] in, int at) {
        return uint16(in, at) | uint16(in, at + 2) << 16;
    }
}
