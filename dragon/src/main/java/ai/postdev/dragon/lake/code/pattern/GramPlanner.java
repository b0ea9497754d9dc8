package ai.postdev.dragon.lake.code.pattern;

import ai.postdev.dragon.lake.code.ngram.GramQuery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Works out which grams every matching line contains, bottom-up over the pattern. Each node knows either all byte
 * strings that it matches, if they are few, or else how its matches begin and end, and which grams they have anyway. A
 * bound that is reached makes the answer weaker, never wrong. Strings of bytes are kept as Latin-1 text.
 *
 * <p>Source: Russ Cox, "Regular Expression Matching with a Trigram Index".
 */
final class GramPlanner {
    /** Code points of a set that are spelled out; all forms of white space fit. */
    private static final int SET_MAX = 32;
    /** Strings that a node may be known by. */
    private static final int STRINGS_MAX = 64;
    /** Bytes of such a string; a longer text is known by its grams. */
    private static final int LENGTH_MAX = 16;
    /** Bytes of a beginning or end that matter: with a neighbour's byte they make a gram. */
    private static final int EDGE = GramQuery.GRAM_BYTES - 1;
    /** Copies of a repeated part that are looked at. */
    private static final int COPIES_MAX = 3;
    /** Strings asked for one by one; more are asked for place by place. */
    private static final int APART_MAX = 4;
    /** Grams of one query. */
    private static final int GRAMS_MAX = 500;

    /** {@code all} is null if it is not known. The edges hold the empty string where nothing is known. */
    private record Known(Set<String> all, Set<String> starts, Set<String> ends, GramQuery grams) {
        static Known all(Set<String> all) {
            return new Known(all, all, all, GramQuery.ALL);
        }
    }

    private static final Set<String> UNKNOWN = Set.of("");
    private static final Known EMPTY = Known.all(UNKNOWN);
    private static final Known ANY = new Known(null, UNKNOWN, UNKNOWN, GramQuery.ALL);

    private int grams;

    private GramPlanner() {}

    static GramQuery plan(Node node) {
        GramPlanner planner = new GramPlanner();
        return planner.grams(planner.known(node));
    }

    private Known known(Node node) {
        return switch (node) {
            case Node.Empty _, Node.Look _ -> EMPTY;
            case Node.Set(CodePoints set) -> strings(set);
            case Node.Concat(List<Node> nodes) -> {
                List<GramQuery> grams = new ArrayList<>();
                Known whole = EMPTY;
                for (Node each : nodes) {
                    whole = concat(whole, known(each), grams);
                }
                yield with(whole, grams);
            }
            case Node.Alternate(List<Node> nodes) ->
                either(nodes.stream().map(this::known).toList());
            case Node.Repeat(Node repeated, int min, int max) -> repeat(repeated, min, max);
        };
    }

    private static Known strings(CodePoints set) {
        if (set.size() > SET_MAX) {
            return ANY;
        }
        Set<String> strings = new LinkedHashSet<>();
        for (int r = 0; r < set.rangeCount(); r++) {
            for (int c = set.first(r); c <= set.last(r); c++) {
                // No line has a line feed.
                if (c != '\n') {
                    byte[] utf8 = Character.toString(c).getBytes(StandardCharsets.UTF_8);
                    strings.add(new String(utf8, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return strings.isEmpty() ? ANY : Known.all(strings);
    }

    /** One after the other; what their grams are goes to {@code grams} where the strings do not tell. */
    private Known concat(Known first, Known second, List<GramQuery> grams) {
        if (first.all() != null && second.all() != null) {
            Set<String> all = cross(first.all(), second.all());
            if (all != null && all.stream().allMatch(string -> string.length() <= LENGTH_MAX)) {
                return Known.all(all);
            }
        }
        grams.add(grams(first));
        grams.add(grams(second));
        Set<String> across = cross(ends(first.ends()), starts(second.starts()));
        if (across != null) {
            grams.add(anyOf(across));
        }
        Set<String> starts = starts(first.starts());
        Set<String> ends = ends(second.ends());
        return new Known(
                null,
                first.all() == null ? starts : orUnknown(cross(starts, starts(second.starts())), true),
                second.all() == null ? ends : orUnknown(cross(ends(first.ends()), ends), false),
                GramQuery.ALL);
    }

    private static Known with(Known known, List<GramQuery> grams) {
        return known.all() == null ? new Known(null, known.starts(), known.ends(), GramQuery.and(grams)) : known;
    }

    private Known either(List<Known> branches) {
        if (branches.stream().allMatch(branch -> branch.all() != null)) {
            Set<String> all = joined(branches.stream().map(Known::all).toList());
            if (all.size() <= STRINGS_MAX) {
                return Known.all(all);
            }
        }
        return new Known(
                null,
                orUnknown(joined(branches.stream().map(Known::starts).toList()), true),
                orUnknown(joined(branches.stream().map(Known::ends).toList()), false),
                GramQuery.or(branches.stream().map(this::grams).toList()));
    }

    private Known repeat(Node repeated, int min, int max) {
        if (min == 0) {
            return max == 1 ? either(List.of(EMPTY, known(repeated))) : ANY;
        }
        List<GramQuery> grams = new ArrayList<>();
        Known one = known(repeated);
        Known run = one;
        int copies = 1;
        for (; copies < Math.min(min, COPIES_MAX); copies++) {
            run = concat(run, one, grams);
        }
        if (copies == max) {
            return with(run, grams);
        }
        grams.add(grams(run));
        return new Known(null, starts(run.starts()), ends(run.ends()), GramQuery.and(grams));
    }

    /** The grams of a node's matches, those of the known strings included. */
    private GramQuery grams(Known known) {
        return known.all() == null ? known.grams() : anyOf(known.all());
    }

    /** The grams of which any of these strings has all. */
    private GramQuery anyOf(Set<String> strings) {
        int least = strings.stream().mapToInt(String::length).min().orElse(0);
        int most = strings.stream().mapToInt(String::length).max().orElse(0);
        int cost = strings.stream()
                .mapToInt(string -> string.length() - EDGE)
                .filter(count -> count > 0)
                .sum();
        if (least <= EDGE || grams + cost > GRAMS_MAX) {
            return GramQuery.ALL;
        }
        grams += cost;
        List<GramQuery> parts = new ArrayList<>();
        if (strings.size() > APART_MAX && least == most) {
            // Fewer parts than string by string, as the strings of letters in both cases share their grams.
            for (int i = 0; i + EDGE < least; i++) {
                int at = i;
                parts.add(GramQuery.or(
                        strings.stream().map(string -> gram(string, at)).toList()));
            }
            return GramQuery.and(parts);
        }
        for (String string : strings) {
            List<GramQuery> all = new ArrayList<>();
            for (int i = 0; i + EDGE < string.length(); i++) {
                all.add(gram(string, i));
            }
            parts.add(GramQuery.and(all));
        }
        return GramQuery.or(parts);
    }

    private static GramQuery gram(String string, int at) {
        return GramQuery.gram(string.charAt(at), string.charAt(at + 1), string.charAt(at + 2));
    }

    private static Set<String> joined(List<Set<String>> sets) {
        Set<String> joined = new LinkedHashSet<>();
        sets.forEach(joined::addAll);
        return joined;
    }

    /** Each of the first followed by each of the second; null if those are too many. */
    private static Set<String> cross(Set<String> first, Set<String> second) {
        if (first.size() * second.size() > STRINGS_MAX) {
            return null;
        }
        Set<String> crossed = new LinkedHashSet<>();
        for (String head : first) {
            for (String tail : second) {
                crossed.add(head + tail);
            }
        }
        return crossed;
    }

    private static Set<String> starts(Set<String> strings) {
        Set<String> cut = new LinkedHashSet<>();
        strings.forEach(string -> cut.add(string.substring(0, Math.min(EDGE, string.length()))));
        return cut;
    }

    private static Set<String> ends(Set<String> strings) {
        Set<String> cut = new LinkedHashSet<>();
        strings.forEach(string -> cut.add(string.substring(Math.max(0, string.length() - EDGE))));
        return cut;
    }

    /** Cut to what matters at an edge; nothing known if there are too many. */
    private static Set<String> orUnknown(Set<String> strings, boolean start) {
        Set<String> cut = strings == null ? UNKNOWN : start ? starts(strings) : ends(strings);
        return cut.size() > STRINGS_MAX ? UNKNOWN : cut;
    }
}
