package ai.postdev.dragon.lake.code.pattern;

import java.util.List;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Finds the next place where one of a few literals stands, by comparing two rare bytes of each with a whole vector of
 * the text at once (the packed pairs of the memchr crate). Immutable, safe on any thread.
 */
final class LiteralScanner {
    private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private final ByteLiteral[] literals;
    /** Offsets of the two bytes compared, for each literal. */
    private final int[] firsts;

    private final int[] seconds;
    private final int longest;
    private final int shortest;

    LiteralScanner(List<ByteLiteral> literals) {
        this.literals = literals.toArray(ByteLiteral[]::new);
        this.firsts = new int[this.literals.length];
        this.seconds = new int[this.literals.length];
        int most = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < this.literals.length; i++) {
            ByteLiteral literal = this.literals[i];
            most = Math.max(most, literal.length());
            least = Math.min(least, literal.length());
            firsts[i] = rarest(literal, -1);
            seconds[i] = literal.length() == 1 ? firsts[i] : rarest(literal, firsts[i]);
        }
        this.longest = most;
        this.shortest = least;
    }

    private static int rarest(ByteLiteral literal, int except) {
        int rarest = except == 0 ? 1 : 0;
        for (int i = 0; i < literal.length(); i++) {
            if (i != except && literal.rarity(i) > literal.rarity(rarest)) {
                rarest = i;
            }
        }
        return rarest;
    }

    /** The first place in {@code [from, to)} where a literal stands as a whole; -1 if there is none. */
    int next(byte[] text, int from, int to) {
        int at = literals.length == 1 ? one(text, from, to) : many(text, from, to);
        if (at < 0) {
            return ~at;
        }
        for (int last = to - shortest; at <= last; at++) {
            if (isAt(text, at, to)) {
                return at;
            }
        }
        return -1;
    }

    private boolean isAt(byte[] text, int at, int to) {
        for (ByteLiteral literal : literals) {
            if (at + literal.length() <= to && literal.isAt(text, at)) {
                return true;
            }
        }
        return false;
    }

    /** Answers where the scan by vectors ended, or the complement of the place found. */
    private int one(byte[] text, int from, int to) {
        ByteLiteral literal = literals[0];
        int first = firsts[0];
        int second = seconds[0];
        byte firstMask = literal.masks()[first];
        byte secondMask = literal.masks()[second];
        return firstMask == ByteLiteral.EXACT && secondMask == ByteLiteral.EXACT
                ? oneExact(text, from, to - longest - LANES, literal, first, second)
                : oneMasked(text, from, to - longest - LANES, literal, first, second);
    }

    private static int oneExact(byte[] text, int from, int last, ByteLiteral literal, int first, int second) {
        ByteVector wantedFirst = ByteVector.broadcast(SPECIES, literal.values()[first]);
        ByteVector wantedSecond = ByteVector.broadcast(SPECIES, literal.values()[second]);
        int at = from;
        for (; at <= last; at += LANES) {
            VectorMask<Byte> both = ByteVector.fromArray(SPECIES, text, at + first)
                    .eq(wantedFirst)
                    .and(ByteVector.fromArray(SPECIES, text, at + second).eq(wantedSecond));
            for (long bits = both.toLong(); bits != 0; bits &= bits - 1) {
                int place = at + Long.numberOfTrailingZeros(bits);
                if (literal.isAt(text, place)) {
                    return ~place;
                }
            }
        }
        return at;
    }

    private static int oneMasked(byte[] text, int from, int last, ByteLiteral literal, int first, int second) {
        ByteVector wantedFirst = ByteVector.broadcast(SPECIES, literal.values()[first]);
        ByteVector wantedSecond = ByteVector.broadcast(SPECIES, literal.values()[second]);
        ByteVector firstMask = ByteVector.broadcast(SPECIES, literal.masks()[first]);
        ByteVector secondMask = ByteVector.broadcast(SPECIES, literal.masks()[second]);
        int at = from;
        for (; at <= last; at += LANES) {
            VectorMask<Byte> both = ByteVector.fromArray(SPECIES, text, at + first)
                    .and(firstMask)
                    .eq(wantedFirst)
                    .and(ByteVector.fromArray(SPECIES, text, at + second)
                            .and(secondMask)
                            .eq(wantedSecond));
            for (long bits = both.toLong(); bits != 0; bits &= bits - 1) {
                int place = at + Long.numberOfTrailingZeros(bits);
                if (literal.isAt(text, place)) {
                    return ~place;
                }
            }
        }
        return at;
    }

    private int many(byte[] text, int from, int to) {
        int last = to - longest - LANES;
        int at = from;
        for (; at <= last; at += LANES) {
            long bits = 0;
            for (int i = 0; i < literals.length; i++) {
                ByteLiteral literal = literals[i];
                int first = firsts[i];
                int second = seconds[i];
                bits |= ByteVector.fromArray(SPECIES, text, at + first)
                        .and(literal.masks()[first])
                        .eq(literal.values()[first])
                        .and(ByteVector.fromArray(SPECIES, text, at + second)
                                .and(literal.masks()[second])
                                .eq(literal.values()[second]))
                        .toLong();
            }
            for (; bits != 0; bits &= bits - 1) {
                int place = at + Long.numberOfTrailingZeros(bits);
                if (isAt(text, place, to)) {
                    return ~place;
                }
            }
        }
        return at;
    }
}
