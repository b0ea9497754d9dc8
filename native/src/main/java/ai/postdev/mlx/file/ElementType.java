package ai.postdev.mlx.file;

/** The element types of tensors that are read here, with the layout of their blocks. */
public enum ElementType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    BF16(30, 1, 2),
    /** Packed bits of MLX's own quantisation; only in safetensors files. */
    U32(-1, 1, 4);

    private static final ElementType[] ALL = values();

    private final int id;
    private final int elements;
    private final int bytes;

    ElementType(int id, int elements, int bytes) {
        this.id = id;
        this.elements = elements;
        this.bytes = bytes;
    }

    /** How many elements one block holds; the first dimension of a tensor is a multiple of it. */
    public int blockElements() {
        return elements;
    }

    /** How many bytes one block takes. */
    public int blockBytes() {
        return bytes;
    }

    /** The number that stands for this type in a GGUF file, or -1. */
    public int id() {
        return id;
    }

    /**
     * The type with this number.
     *
     * @throws ModelFileException when this type is not read here
     */
    static ElementType of(long id, String tensor) throws ModelFileException {
        for (ElementType type : ALL) {
            if (type.id == id) {
                return type;
            }
        }
        throw new ModelFileException("tensor " + tensor + " has the element type " + id
                + ", which is not read here; F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K and Q6_K are."
                + " Choose another quantisation of this model");
    }
}
