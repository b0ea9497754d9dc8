package ai.postdev.dragon.lake.vector;

import java.util.Optional;

/**
 * How exactly the numbers of a vector are kept in memory. Less memory makes the last ranking of the nearest less exact;
 * which vectors are looked at follows from their codes, which are the same in each.
 */
public enum Precision {
    /** A float for each number. */
    FLOAT("f32", 32),
    /** A byte for each number, and a scale for each vector. */
    BYTE("8 bit", 8),
    /** Four bits for each number, and a scale for each vector. */
    NIBBLE("4 bit", 4);

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
        return this == NIBBLE ? Optional.empty() : Optional.of(values()[ordinal() + 1]);
    }

    /**
     * Bytes from one row to the next.
     *
     * @param length numbers in a row, a multiple of 16
     */
    long stride(int length) {
        return this == FLOAT ? (length * (long) Float.BYTES + LINE - 1) / LINE * LINE : scaleAt(length) + Float.BYTES;
    }

    /** Where in a row its scale is; a row of floats has none. */
    long scaleAt(int length) {
        return (long) length * bits / Byte.SIZE;
    }
}
