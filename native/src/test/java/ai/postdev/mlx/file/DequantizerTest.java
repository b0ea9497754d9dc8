package ai.postdev.mlx.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against values of the gguf package: src/test/golden/blocks.py makes them. */
class DequantizerTest {
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"F32", "U32"})
    void everyTypeGivesTheReferencesNumbers(ElementType type) throws IOException {
        MemorySegment blocks = MemorySegment.ofArray(read(type + ".bytes"));
        float[] golden = MemorySegment.ofArray(read(type + ".floats")).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        float[] found = new float[golden.length];
        Dequantizer.toFloats(type, blocks, MemorySegment.ofArray(found));
        assertArrayEquals(golden, found, 0f);
        assertThrows(
                IllegalArgumentException.class,
                () -> Dequantizer.toFloats(type, blocks, MemorySegment.ofArray(new float[golden.length - 1])));
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K"})
    void keptWeightsAreTheSameNumbers(ElementType type) throws IOException {
        MemorySegment blocks = MemorySegment.ofArray(read(type + ".bytes"));
        float[] golden = MemorySegment.ofArray(read(type + ".floats")).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        int bits = Repacker.bits(type);
        byte[] weights = new byte[golden.length * bits / 8];
        float[] scales = new float[golden.length / 32];
        float[] biases = new float[golden.length / 32];
        Repacker.repack(
                type,
                blocks,
                MemorySegment.ofArray(weights),
                MemorySegment.ofArray(scales),
                MemorySegment.ofArray(biases));
        float[] found = new float[golden.length];
        for (int i = 0; i < found.length; i++) {
            int value = 0;
            for (int bit = 0; bit < bits; bit++) {
                int at = i * bits + bit;
                value |= (weights[at / 8] >> at % 8 & 1) << bit;
            }
            found[i] = value * scales[i / 32] + biases[i / 32];
        }
        assertArrayEquals(golden, found, 0f);
    }

    private static byte[] read(String name) throws IOException {
        try (var in = DequantizerTest.class.getResourceAsStream("/blocks/" + name)) {
            return in.readAllBytes();
        }
    }
}
