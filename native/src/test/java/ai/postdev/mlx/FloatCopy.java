package ai.postdev.mlx;

import ai.postdev.mlx.file.Dequantizer;
import ai.postdev.mlx.file.GgufFile;
import ai.postdev.mlx.file.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a GGUF file again with all weights as 32-bit floats. llama.cpp rounds activations to 8 bits where weights are
 * quantised; with these it computes in floats, and what is left of a difference is a mistake.
 */
final class FloatCopy {
    private static final int ALIGNMENT = 32;

    private FloatCopy() {}

    static void write(Path from, Path to) throws IOException {
        try (GgufFile file = GgufFile.open(from);
                FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer head =
                    ByteBuffer.allocate((int) Math.min(in.size(), 64 << 20)).order(ByteOrder.LITTLE_ENDIAN);
            in.read(head);
            head.flip();
            Tensor first = file.tensors().values().iterator().next();
            head.limit(find(head, name(first)));
            out.write(head);
            long place = 0;
            for (Tensor tensor : file.tensors().values()) {
                byte[] name = name(tensor);
                ByteBuffer heading = ByteBuffer.allocate(name.length + 64).order(ByteOrder.LITTLE_ENDIAN);
                heading.put(name).putInt(tensor.shape().length);
                for (int i = tensor.shape().length - 1; i >= 0; i--) {
                    heading.putLong(tensor.shape()[i]);
                }
                heading.putInt(0).putLong(place).flip();
                out.write(heading);
                place += padded(tensor.elements() * Float.BYTES);
            }
            out.position(padded(out.position()));
            for (Tensor tensor : file.tensors().values()) {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment floats = arena.allocate(tensor.elements() * Float.BYTES, 4);
                    Dequantizer.toFloats(tensor.type(), tensor.data(), floats);
                    long at = out.position();
                    ByteBuffer bytes = floats.asByteBuffer();
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                    out.position(at + padded(floats.byteSize()));
                }
            }
            if (out.position() > out.size()) {
                out.write(ByteBuffer.allocate(1), out.position() - 1);
            }
        }
    }

    private static byte[] name(Tensor tensor) {
        byte[] text = tensor.name().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    private static int find(ByteBuffer head, byte[] wanted) {
        for (int at = 24; at + wanted.length <= head.limit(); at++) {
            int i = 0;
            while (i < wanted.length && head.get(at + i) == wanted[i]) {
                i++;
            }
            if (i == wanted.length) {
                return at;
            }
        }
        throw new IllegalStateException("the first tensor was not found");
    }

    private static long padded(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
