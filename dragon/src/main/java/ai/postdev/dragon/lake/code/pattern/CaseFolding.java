package ai.postdev.dragon.lake.code.pattern;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Unicode's simple case folding (CaseFolding.txt, status C and S), worked out from the platform's case mappings: two
 * code points are alike when they fold to the same one.
 */
final class CaseFolding {
    /** Code points that are alike, for each code point that is not alone; ascending by code point. */
    private static final int[] CASED;

    private static final int[][] ALIKE;

    static {
        Map<Integer, int[]> classes = new HashMap<>();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            int folded = fold(c);
            if (folded != c) {
                classes.merge(folded, new int[] {folded, c}, CaseFolding::join);
            }
        }
        Map<Integer, int[]> byMember = new HashMap<>();
        classes.values().forEach(members -> Arrays.stream(members).forEach(c -> byMember.put(c, members)));
        CASED = byMember.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
        ALIKE = Arrays.stream(CASED).mapToObj(byMember::get).toArray(int[][]::new);
    }

    private CaseFolding() {}

    private static int[] join(int[] some, int[] more) {
        return Arrays.stream(new int[][] {some, more})
                .flatMapToInt(Arrays::stream)
                .distinct()
                .toArray();
    }

    private static int fold(int c) {
        return switch (c) {
            // Dotted and dotless i fold only under Turkish rules or to two code points.
            case 0x130, 0x131 -> c;
            // Alike since Unicode 15.1, by folding alone: the case mappings of these need several code points.
            case 0x1FD3 -> 0x390;
            case 0x1FE3 -> 0x3B0;
            case 0xFB05 -> 0xFB06;
            default -> Character.toLowerCase(Character.toUpperCase(c));
        };
    }

    /** The set with everything added that is alike to a member. */
    static CodePoints close(CodePoints set) {
        BitSet added = new BitSet();
        for (int r = 0; r < set.rangeCount(); r++) {
            int at = Arrays.binarySearch(CASED, set.first(r));
            for (int i = at < 0 ? -at - 1 : at; i < CASED.length && CASED[i] <= set.last(r); i++) {
                for (int alike : ALIKE[i]) {
                    added.set(alike);
                }
            }
        }
        return set.union(of(added));
    }

    /** The set with the other case of its ASCII letters added. */
    static CodePoints closeAscii(CodePoints set) {
        BitSet added = new BitSet();
        for (int c = 'a'; c <= 'z'; c++) {
            int upper = c - 'a' + 'A';
            if (set.contains(c)) {
                added.set(upper);
            }
            if (set.contains(upper)) {
                added.set(c);
            }
        }
        return set.union(of(added));
    }

    private static CodePoints of(BitSet members) {
        CodePoints.Builder builder = new CodePoints.Builder();
        members.stream().forEach(c -> builder.add(c, c));
        return builder.build();
    }
}
