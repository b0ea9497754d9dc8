package ai.postdev.actors.op;

/**
 * The node that wrote an operation. Made once per home and never reused, so that (origin, sequence) is unique for ever.
 *
 * @param value 1 to 64 characters of {@code [0-9a-z-]}
 */
public record Origin(String value) implements Comparable<Origin> {
    public Origin {
        if (!Ids.isOne(value, 64)) {
            throw new IllegalArgumentException("origin must be 1 to 64 of [0-9a-z-], found '" + value + "'");
        }
    }

    @Override
    public int compareTo(Origin other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
