package ai.postdev.dragon.lake.code;

import java.util.Comparator;
import java.util.Locale;
import java.util.function.Predicate;

/** The ways in which a symbol's name is asked for, as the index understands them. */
final class SymbolNames {
    /** By name, whatever the case. */
    static final Comparator<SymbolHit> ORDER =
            Comparator.comparing(hit -> hit.symbol().name().toLowerCase(Locale.ROOT));

    private SymbolNames() {}

    static Predicate<String> equalTo(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return found -> found.toLowerCase(Locale.ROOT).equals(lower);
    }

    static Predicate<String> startingWith(String prefix) {
        String lower = prefix.toLowerCase(Locale.ROOT);
        return found -> found.toLowerCase(Locale.ROOT).startsWith(lower);
    }

    static Predicate<String> withWord(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return found -> IdentifierWords.of(found).contains(lower);
    }
}
