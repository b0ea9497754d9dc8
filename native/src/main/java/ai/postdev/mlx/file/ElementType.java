package ai.postdev.mlx.file;

/** The element types of tensors that are read here, with the layout of their blocks. */
public enum ElementType {
    F32(GgmlType.F32),
    F16(GgmlType.F16),
    Q4_0(GgmlType.Q4_0),
    Q4_1(GgmlType.Q4_1),
    Q5_0(GgmlType.Q5_0),
    Q5_1(GgmlType.Q5_1),
    Q8_0(GgmlType.Q8_0),
    Q4_K(GgmlType.Q4_K),
    Q5_K(GgmlType.Q5_K),
    Q6_K(GgmlType.Q6_K),
    BF16(GgmlType.BF16),
    /** Packed bits of MLX's own quantisation; only in safetensors files. */
    U32(-1, 1, 4);

    private static final ElementType[] ALL = values();

    private final long id;
    private final int elements;
    private final int bytes;

    ElementType(GgmlType type) {
        this(type.id(), type.blockNumbers(), type.blockBytes());
    }

    ElementType(long id, int elements, int bytes) {
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
