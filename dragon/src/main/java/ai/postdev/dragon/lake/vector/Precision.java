package ai.postdev.dragon.lake.vector;

import java.util.Optional;

/**
 * How exactly the numbers of a vector are kept in memory. Less memory makes the last ranking of the nearest less exact;
 * which vectors are looked at follows from their codes, which are the same in each but the last.
 */
public enum Precision {
    /** A float for each number. */
    FLOAT("f32", 32),
    /** A byte for each number, and a scale for each vector. */
    BYTE("8 bit", 8),
    /** Four bits for each number, and a scale for each vector. */
    NIBBLE("4 bit", 4),
    /** No row: what is known of the vector is its code in the partition, which is one bit for each number then. */
    BIT("1 bit", 1);

    private static final int LINE = 64;

    private final String id;
    private final int bits;

    Precision(String id, int bits) {
        this.id = id;
        this.bits = bits;
    }

    /** The name in answers. */
    public String id() {
        return id;
    }

    /** The next one that takes less memory; empty if there is none. */
    public Optional<Precision> lower() {
        return this == BIT ? Optional.empty() : Optional.of(values()[ordinal() + 1]);
    }

    /**
     * Bytes from one row to the next.
     *
     * @param length numbers in a row, a multiple of 16
     */
    long stride(int length) {
        return switch (this) {
            case FLOAT -> (length * (long) Float.BYTES + LINE - 1) / LINE * LINE;
            case BYTE, NIBBLE -> scaleAt(length) + Float.BYTES;
            case BIT -> 0;
        };
    }

    /** Whether there is a row. */
    boolean hasRow() {
        return this != BIT;
    }

    /** Where in a row its scale is; a row of floats has none. */
    long scaleAt(int length) {
        return (long) length * bits / Byte.SIZE;
    }
}
