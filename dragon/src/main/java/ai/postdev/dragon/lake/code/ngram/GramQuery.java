package ai.postdev.dragon.lake.code.ngram;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which grams a unit must contain to be worth reading. A gram is three bytes, the first one highest. */
public sealed interface GramQuery {
    /** Bytes of a gram. */
    int GRAM_BYTES = 3;

    /** Nothing is known: every unit may match. */
    GramQuery ALL = new All();

    /** Every unit. */
    record All() implements GramQuery {}

    /** Units with this gram. */
    record Gram(int code) implements GramQuery {}

    /** Units that each part allows. */
    record And(List<GramQuery> parts) implements GramQuery {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** Units that any part allows. */
    record Or(List<GramQuery> parts) implements GramQuery {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    /** The gram of three bytes. */
    static Gram gram(int first, int second, int third) {
        return new Gram((first & 0xFF) << 16 | (second & 0xFF) << 8 | third & 0xFF);
    }

    /** All of these; what is known to be no condition is left out. */
    static GramQuery and(List<GramQuery> queries) {
        Set<GramQuery> parts = new LinkedHashSet<>();
        for (GramQuery query : queries) {
            switch (query) {
                case All _ -> {}
                case And(List<GramQuery> inner) -> parts.addAll(inner);
                case Gram _, Or _ -> parts.add(query);
            }
        }
        return parts.isEmpty() ? ALL : parts.size() == 1 ? parts.iterator().next() : new And(new ArrayList<>(parts));
    }

    /** Any of these, at least one. */
    static GramQuery or(List<GramQuery> queries) {
        Set<GramQuery> parts = new LinkedHashSet<>();
        for (GramQuery query : queries) {
            switch (query) {
                case All _ -> {
                    return ALL;
                }
                case Or(List<GramQuery> inner) -> parts.addAll(inner);
                case Gram _, And _ -> parts.add(query);
            }
        }
        return parts.size() == 1 ? parts.iterator().next() : new Or(new ArrayList<>(parts));
    }
}
