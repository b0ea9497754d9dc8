package ai.postdev.mlx.file;

import ai.postdev.mlx.family.GgufFamily;
import ai.postdev.mlx.token.GgufTokenizer;
import java.io.IOException;

/** What Jazzer calls with bytes of its own making: {@code mvn -pl native verify -Pfuzz}. */
public final class GgufFuzz {
    private GgufFuzz() {}

    /** Everything but an answer or a {@link ModelFileException} is a finding. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        try (GgufFile file = GgufFile.of(data)) {
            for (Tensor tensor : file.tensors().values()) {
                if (tensor.type() != ElementType.F32 && tensor.elements() < 1 << 16) {
                    float[] room = new float[(int) tensor.elements()];
                    Dequantizer.toFloats(tensor.type(), tensor.data(), java.lang.foreign.MemorySegment.ofArray(room));
                }
            }
            GgufTokenizer.of(file).encode("Hello, <s> 12 \uD83D\uDE00 world", true);
            GgufFamily.decoder(file, 1024);
        } catch (ModelFileException e) {
            if (e.getMessage().isBlank()) {
                throw new IllegalStateException("an error that says nothing", e);
            }
        }
    }
}
