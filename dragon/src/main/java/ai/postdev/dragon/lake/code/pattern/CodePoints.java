package ai.postdev.dragon.lake.code.pattern;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** An immutable set of Unicode scalar values, kept as sorted ranges that neither overlap nor touch. */
final class CodePoints {
    static final CodePoints NONE = new CodePoints(new int[0]);

    /** Every scalar value: surrogates are none. */
    static final CodePoints ALL = new CodePoints(new int[] {0, 0xD7FF, 0xE000, Character.MAX_CODE_POINT});

    /** First and last of each range, inclusive. */
    private final int[] ranges;

    private CodePoints(int[] ranges) {
        this.ranges = ranges;
    }

    static CodePoints of(int codePoint) {
        return range(codePoint, codePoint);
    }

    static CodePoints range(int first, int last) {
        return new CodePoints(new int[] {first, last}).intersect(ALL);
    }

    /** The scalar values with a property. */
    static CodePoints where(IntPredicate property) {
        Builder builder = new Builder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c == 0xD800) {
                c = 0xE000;
            }
            if (property.test(c)) {
                builder.add(c, c);
            }
        }
        return builder.build();
    }

    int rangeCount() {
        return ranges.length / 2;
    }

    int first(int range) {
        return ranges[2 * range];
    }

    int last(int range) {
        return ranges[2 * range + 1];
    }

    boolean isEmpty() {
        return ranges.length == 0;
    }

    /** How many code points there are. */
    int size() {
        int size = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            size += ranges[i + 1] - ranges[i] + 1;
        }
        return size;
    }

    boolean contains(int codePoint) {
        int low = 0;
        int high = rangeCount() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (codePoint < first(middle)) {
                high = middle - 1;
            } else if (codePoint > last(middle)) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    CodePoints union(CodePoints other) {
        if (isEmpty()) {
            return other;
        }
        if (other.isEmpty()) {
            return this;
        }
        Builder builder = new Builder();
        int i = 0;
        int j = 0;
        while (i < ranges.length || j < other.ranges.length) {
            if (j == other.ranges.length || i < ranges.length && ranges[i] <= other.ranges[j]) {
                builder.add(ranges[i], ranges[i + 1]);
                i += 2;
            } else {
                builder.add(other.ranges[j], other.ranges[j + 1]);
                j += 2;
            }
        }
        return builder.build();
    }

    CodePoints intersect(CodePoints other) {
        Builder builder = new Builder();
        int i = 0;
        int j = 0;
        while (i < ranges.length && j < other.ranges.length) {
            int first = Math.max(ranges[i], other.ranges[j]);
            int last = Math.min(ranges[i + 1], other.ranges[j + 1]);
            if (first <= last) {
                builder.add(first, last);
            }
            if (ranges[i + 1] < other.ranges[j + 1]) {
                i += 2;
            } else {
                j += 2;
            }
        }
        return builder.build();
    }

    CodePoints negate() {
        Builder builder = new Builder();
        int next = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            if (ranges[i] > next) {
                builder.add(next, ranges[i] - 1);
            }
            next = ranges[i + 1] + 1;
        }
        if (next <= Character.MAX_CODE_POINT) {
            builder.add(next, Character.MAX_CODE_POINT);
        }
        return builder.build().intersect(ALL);
    }

    CodePoints without(CodePoints other) {
        return intersect(other.negate());
    }

    CodePoints symmetricDifference(CodePoints other) {
        return union(other).without(intersect(other));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints set && Arrays.equals(ranges, set.ranges);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ranges);
    }

    @Override
    public String toString() {
        return Arrays.toString(ranges);
    }

    /** Collects ranges in ascending order of their first code point. */
    static final class Builder {
        private int[] ranges = new int[16];
        private int length;

        void add(int first, int last) {
            if (length > 0 && first <= ranges[length - 1] + 1) {
                ranges[length - 1] = Math.max(ranges[length - 1], last);
                return;
            }
            if (length == ranges.length) {
                ranges = Arrays.copyOf(ranges, 2 * length);
            }
            ranges[length++] = first;
            ranges[length++] = last;
        }

        CodePoints build() {
            return new CodePoints(Arrays.copyOf(ranges, length));
        }
    }
}
