package ai.postdev.dragon.lake.code.pattern;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * What every matching line must contain: one of a few literals. Worked out bottom-up over the pattern, where each node
 * knows all the strings it can match, if they are few, or else the best set of literals of which each match contains
 * one.
 *
 * @param literals one of these is in every match; empty if nothing useful is known
 * @param exact whether a line that contains one of them is a match already
 */
record RequiredLiterals(List<ByteLiteral> literals, boolean exact) {
    /** Literals looked for at once; each costs a few vector instructions for each block of text. */
    static final int LITERALS_MAX = 16;
    /** Bytes of one literal that are used; longer ones only cost time to compare. */
    static final int LENGTH_MAX = 64;
    /** Literals that are commoner than this (negative binary logarithm) cost more than they save. */
    private static final int RARITY_MIN = 7;

    private static final RequiredLiterals NONE = new RequiredLiterals(List.of(), false);

    /** What is known of a node. Null stands for: nothing. */
    private record Known(List<ByteLiteral> all, List<ByteLiteral> required, boolean looks) {
        List<ByteLiteral> best() {
            return better(all, required);
        }
    }

    private static final Known NOTHING = new Known(null, null, false);

    static RequiredLiterals of(Node node) {
        Known known = known(node);
        boolean exact =
                known.all() != null && !known.looks() && known.all().stream().noneMatch(l -> l.length() == 0);
        if (exact) {
            return new RequiredLiterals(minimal(known.all()), true);
        }
        List<ByteLiteral> best = known.best();
        return best == null || rarity(best) < RARITY_MIN ? NONE : new RequiredLiterals(minimal(best), false);
    }

    private static Known known(Node node) {
        return switch (node) {
            case Node.Empty _ -> new Known(List.of(ByteLiteral.EMPTY), null, false);
            case Node.Look _ -> new Known(List.of(ByteLiteral.EMPTY), null, true);
            case Node.Set(CodePoints set) -> new Known(strings(set), null, false);
            case Node.Concat(List<Node> nodes) ->
                concat(nodes.stream().map(RequiredLiterals::known).toList());
            case Node.Alternate(List<Node> nodes) -> alternate(nodes);
            case Node.Repeat(Node repeated, int min, int max) -> repeat(known(repeated), min, max);
        };
    }

    /** The strings of a small set; ASCII letters of both cases count as one. */
    private static List<ByteLiteral> strings(CodePoints set) {
        if (set.isEmpty() || set.size() > LITERALS_MAX) {
            return null;
        }
        List<ByteLiteral> strings = new ArrayList<>();
        for (int r = 0; r < set.rangeCount(); r++) {
            for (int c = set.first(r); c <= set.last(r); c++) {
                boolean lower = c >= 'a' && c <= 'z';
                boolean upper = c >= 'A' && c <= 'Z';
                if (upper && set.contains(c + 'a' - 'A')) {
                    strings.add(ByteLiteral.letter(c));
                } else if (!lower || !set.contains(c - 'a' + 'A')) {
                    strings.add(ByteLiteral.of(Character.toString(c)));
                }
            }
        }
        return strings;
    }

    private static Known concat(List<Known> parts) {
        List<ByteLiteral> run = List.of(ByteLiteral.EMPTY);
        List<ByteLiteral> best = null;
        boolean whole = true;
        boolean looks = false;
        for (Known part : parts) {
            looks |= part.looks();
            best = better(best, part.required());
            List<ByteLiteral> longer = part.all() == null ? null : cross(run, part.all());
            if (longer != null) {
                run = longer;
            } else {
                best = better(best, run);
                run = part.all() == null ? List.of(ByteLiteral.EMPTY) : part.all();
                whole = false;
            }
        }
        return whole ? new Known(run, best, looks) : new Known(null, better(best, run), looks);
    }

    private static Known alternate(List<Node> nodes) {
        List<ByteLiteral> all = new ArrayList<>();
        List<ByteLiteral> required = new ArrayList<>();
        boolean looks = false;
        for (Node node : nodes) {
            Known branch = known(node);
            looks |= branch.looks();
            all = branch.all() == null || all == null ? null : joined(all, branch.all());
            List<ByteLiteral> best = branch.best();
            required = best == null || required == null ? null : joined(required, best);
        }
        return new Known(all, required, looks);
    }

    private static Known repeat(Known repeated, int min, int max) {
        if (min == 0) {
            List<ByteLiteral> all =
                    max == 1 && repeated.all() != null ? joined(List.of(ByteLiteral.EMPTY), repeated.all()) : null;
            return all == null ? NOTHING : new Known(all, null, repeated.looks());
        }
        List<ByteLiteral> run = repeated.all();
        int copies = 1;
        while (run != null && copies < min && copies < LENGTH_MAX) {
            List<ByteLiteral> longer = cross(run, repeated.all());
            if (longer == null) {
                break;
            }
            run = longer;
            copies++;
        }
        boolean whole = run != null && copies == min && max == min;
        return whole
                ? new Known(run, repeated.required(), repeated.looks())
                : new Known(null, better(run, repeated.required()), repeated.looks());
    }

    /** Each of the first followed by each of the second; null if those are too many or too long. */
    private static List<ByteLiteral> cross(List<ByteLiteral> first, List<ByteLiteral> second) {
        if (first.size() * second.size() > LITERALS_MAX) {
            return null;
        }
        List<ByteLiteral> crossed = new ArrayList<>();
        for (ByteLiteral head : first) {
            for (ByteLiteral tail : second) {
                if (head.length() + tail.length() > LENGTH_MAX) {
                    return null;
                }
                crossed.add(head.then(tail));
            }
        }
        return crossed;
    }

    private static List<ByteLiteral> joined(List<ByteLiteral> some, List<ByteLiteral> more) {
        LinkedHashSet<ByteLiteral> joined = new LinkedHashSet<>(some);
        joined.addAll(more);
        return joined.size() > LITERALS_MAX ? null : List.copyOf(joined);
    }

    /** The set that fewer places of a text contain; either may be null. */
    private static List<ByteLiteral> better(List<ByteLiteral> some, List<ByteLiteral> others) {
        if (some == null || others == null) {
            return some == null ? others : some;
        }
        return rarity(others) > rarity(some) ? others : some;
    }

    private static int rarity(List<ByteLiteral> literals) {
        int least = literals.stream().mapToInt(ByteLiteral::rarity).min().orElse(0);
        return least - (32 - Integer.numberOfLeadingZeros(literals.size()));
    }

    /** Without duplicates and without literals that contain another one. */
    private static List<ByteLiteral> minimal(List<ByteLiteral> literals) {
        List<ByteLiteral> distinct = literals.stream().distinct().toList();
        return distinct.stream()
                .filter(literal -> distinct.stream().noneMatch(other -> other != literal && contains(literal, other)))
                .toList();
    }

    private static boolean contains(ByteLiteral outer, ByteLiteral inner) {
        for (int at = 0; at + inner.length() <= outer.length(); at++) {
            if (outer.cut(at, at + inner.length()).equals(inner)) {
                return true;
            }
        }
        return false;
    }
}
