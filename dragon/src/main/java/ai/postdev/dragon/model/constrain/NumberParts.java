package ai.postdev.dragon.model.constrain;

import static ai.postdev.dragon.model.constrain.Grammar.seq;
import static ai.postdev.dragon.model.constrain.Grammar.text;

import ai.postdev.dragon.model.constrain.Grammar.Part;
import ai.postdev.dragon.model.constrain.Grammar.Range;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Numbers between bounds, digit by digit. Of numbers with a fraction those are made whose whole part leaves room for any
 * fraction; the rest is valid too and not made.
 */
final class NumberParts {
    /** What has no bound has at most so many digits, as everywhere. */
    private static final long LARGEST = 999_999_999_999_999L;

    private static final int FRACTION_MAX = 15;

    private NumberParts() {}

    /**
     * Whole numbers.
     *
     * @param least none: no bound
     * @param most none: no bound
     * @return empty if there is none
     */
    static Optional<Part> integers(Optional<BigDecimal> least, Optional<BigDecimal> most) {
        return choice(whole(ceiling(least), floor(most)));
    }

    /** All numbers; the bounds as of {@link #integers}. */
    static Optional<Part> numbers(Optional<BigDecimal> least, Optional<BigDecimal> most) {
        long from = ceiling(least);
        long to = floor(most);
        List<Part> all = whole(from, to);
        if (!all.isEmpty()) {
            Part fraction = seq(text("."), new Part.Repeat(digit('0', '9'), 1, FRACTION_MAX));
            // A whole part with a fraction lies between itself and the next whole number away from zero.
            positive(Math.max(0, from), to - 1).forEach(part -> all.add(seq(part, fraction)));
            positive(Math.max(0, -to), -from - 1).forEach(part -> all.add(seq(text("-"), part, fraction)));
        }
        return choice(all);
    }

    private static long ceiling(Optional<BigDecimal> least) {
        return least.map(bound -> clamped(bound.setScale(0, RoundingMode.CEILING)))
                .orElse(-LARGEST);
    }

    private static long floor(Optional<BigDecimal> most) {
        return most.map(bound -> clamped(bound.setScale(0, RoundingMode.FLOOR))).orElse(LARGEST);
    }

    /** Beyond what has digits enough nothing is made: the bound becomes one that leaves nothing on its far side. */
    private static long clamped(BigDecimal bound) {
        BigDecimal beyond = BigDecimal.valueOf(LARGEST + 1);
        return bound.min(beyond).max(beyond.negate()).longValueExact();
    }

    private static Optional<Part> choice(List<Part> all) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.size() == 1 ? all.getFirst() : new Part.Alt(all));
    }

    private static List<Part> whole(long from, long to) {
        List<Part> all = new ArrayList<>(positive(Math.max(0, from), to));
        positive(Math.max(1, -to), -from).forEach(part -> all.add(seq(text("-"), part)));
        return all;
    }

    /** Digits of the numbers from one of 0 or more to another; none if there is none between. */
    private static List<Part> positive(long from, long to) {
        List<Part> all = new ArrayList<>();
        long last = Math.min(to, LARGEST);
        for (long low = from; low <= last; ) {
            // As far as there are as many digits.
            long end =
                    Math.min(last, Long.parseLong("9".repeat(Long.toString(low).length())));
            all.add(digits(Long.toString(low), Long.toString(end)));
            low = end + 1;
        }
        return all;
    }

    /** Texts of the same length between two. */
    private static Part digits(String low, String high) {
        if (low.isEmpty()) {
            return text("");
        }
        char first = low.charAt(0);
        char last = high.charAt(0);
        String lowRest = low.substring(1);
        String highRest = high.substring(1);
        int rest = lowRest.length();
        if (first == last) {
            return rest == 0
                    ? text(String.valueOf(first))
                    : seq(text(String.valueOf(first)), digits(lowRest, highRest));
        }
        List<Part> all = new ArrayList<>();
        if (!lowRest.equals("0".repeat(rest))) {
            all.add(seq(text(String.valueOf(first)), digits(lowRest, "9".repeat(rest))));
            first++;
        }
        boolean cut = !highRest.equals("9".repeat(rest));
        char full = (char) (cut ? last - 1 : last);
        if (first <= full) {
            all.add(
                    rest == 0
                            ? digit(first, full)
                            : seq(digit(first, full), new Part.Repeat(digit('0', '9'), rest, rest)));
        }
        if (cut) {
            all.add(seq(text(String.valueOf(last)), digits("0".repeat(rest), highRest)));
        }
        return all.size() == 1 ? all.getFirst() : new Part.Alt(all);
    }

    private static Part digit(char first, char last) {
        return new Part.Chars(List.of(new Range(first, last)));
    }
}
