package ai.postdev.mlx.file;

import java.lang.foreign.MemorySegment;

/**
 * A tensor of a model file.
 *
 * @param name as the file has it
 * @param type how its elements are stored
 * @param shape outermost dimension first
 * @param data exactly its bytes, valid as long as the file is open
 */
public record Tensor(String name, ElementType type, long[] shape, MemorySegment data) {
    /** The number of elements. */
    public long elements() {
        long product = 1;
        for (long dimension : shape) {
            product *= dimension;
        }
        return product;
    }
}
