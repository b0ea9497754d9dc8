package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.code.pattern.FoldedLiteral;
import ai.postdev.dragon.lake.text.Definitions;
import ai.postdev.dragon.lake.text.Passages;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Looks for the terms of a query in texts that no index knows, as parts of words and whatever their case. Says which texts are worth
 * a closer look, not how well they match. Safe on any thread.
 */
final class WordScan {
    /** Terms that are looked for; a query of more is looked for by its heaviest ones. */
    private static final int TERMS_MAX = Long.SIZE;

    /** Places of a term that are looked at for whether they define it; a name is rarely used more often before. */
    private static final int PLACES_MAX = 12;

    /** How much more a term counts where it is part of a defined name. */
    private static final double DEFINED = 3;

    /** How much more the terms of one passage count than those of a whole text. */
    private static final double PASSAGE = 2;

    private record Sought(String term, FoldedLiteral literal, float weight, boolean name, long parts) {}

    private final List<Sought> terms = new ArrayList<>();

    /**
     * Which terms a text has; a bit for each.
     *
     * @param in the text
     * @param path in its path
     * @param defined in names that it defines
     */
    record Found(long in, long path, long defined) {
        boolean isNothing() {
            return (in | path) == 0;
        }
    }

    /**
     * A scan for some terms.
     *
     * @param terms weight by term
     * @param names in lower case, of which it matters where they are defined; terms that are parts of other names count as well in
     *     {@link #closer}
     */
    WordScan(Map<String, Float> terms, Set<String> names) {
        List<Map.Entry<String, Float>> heaviest = new ArrayList<>(terms.entrySet());
        heaviest.sort(Map.Entry.<String, Float>comparingByValue().reversed());
        List<Map.Entry<String, Float>> sought =
                new ArrayList<>(heaviest.subList(0, Math.min(TERMS_MAX, heaviest.size())));
        // Parts before what they are parts of: where a part is not, the whole need not be looked for.
        sought.sort(Comparator.comparingInt(entry -> entry.getKey().length()));
        for (Map.Entry<String, Float> entry : sought) {
            long parts = 0;
            for (int i = 0; i < this.terms.size(); i++) {
                parts |= entry.getKey().contains(this.terms.get(i).term()) ? 1L << i : 0;
            }
            FoldedLiteral literal =
                    new FoldedLiteral(entry.getKey().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            this.terms.add(
                    new Sought(entry.getKey(), literal, entry.getValue(), names.contains(entry.getKey()), parts));
        }
    }

    /** The terms in a text and in its path, and of names whether it defines them. */
    Found look(String path, byte[] text, int length) {
        return look(path, text, length, false);
    }

    private Found look(String path, byte[] text, int length, boolean closely) {
        String folded = path.toLowerCase(Locale.ROOT);
        long in = 0;
        long inPath = 0;
        long defined = 0;
        for (int i = 0; i < terms.size(); i++) {
            Sought sought = terms.get(i);
            long bit = 1L << i;
            inPath |= folded.contains(sought.term()) ? bit : 0;
            if ((in & sought.parts()) != sought.parts()) {
                continue;
            }
            int place = sought.literal().next(text, 0, length);
            if (place >= 0) {
                in |= bit;
                defined |= (sought.name() || closely && sought.weight() >= 1) && isDefined(sought, text, length, place)
                        ? bit
                        : 0;
            }
        }
        return new Found(in, inPath, defined);
    }

    private static boolean isDefined(Sought sought, byte[] text, int length, int first) {
        int place = first;
        for (int i = 0; i < PLACES_MAX && place >= 0; i++) {
            int start = place;
            while (start > 0 && text[start - 1] != '\n') {
                start--;
            }
            int end = place;
            while (end < length && text[end] != '\n') {
                end++;
            }
            for (Definitions.Definition definition : Definitions.in(text, start, end, 1)) {
                if (definition.name().toLowerCase(Locale.ROOT).contains(sought.term())) {
                    return true;
                }
            }
            place = end < length ? sought.literal().next(text, end, length) : -1;
        }
        return false;
    }

    /**
     * How much each term says, from how many of the texts have it.
     *
     * @param texts how many there are in all
     */
    double[] worth(List<Found> found, int texts) {
        double[] worth = new double[terms.size()];
        for (int i = 0; i < worth.length; i++) {
            long bit = 1L << i;
            long having = found.stream().filter(one -> (one.in() & bit) != 0).count();
            worth[i] = terms.get(i).weight() * Math.log(1 + texts / (having + 0.5));
        }
        return worth;
    }

    /** How promising a text is, as a whole. */
    static double score(Found found, double[] worth) {
        double score = 0;
        for (int i = 0; i < worth.length; i++) {
            long bit = 1L << i;
            score += (found.in() & bit) != 0 ? worth[i] : 0;
            score += (found.path() & bit) != 0 ? worth[i] : 0;
            score += (found.defined() & bit) != 0 ? DEFINED * worth[i] : 0;
        }
        return score;
    }

    /**
     * How promising a text is by its best passage too, which tells apart what is about something from what is long, and by all that
     * it defines.
     */
    double closer(String path, byte[] text, int length, double[] worth) {
        double[] best = new double[1];
        Passages.cut(text, length, passage -> {
            double score = 0;
            long in = 0;
            for (int i = 0; i < worth.length; i++) {
                Sought sought = terms.get(i);
                if ((in & sought.parts()) == sought.parts()
                        && sought.literal().next(text, passage.startByte(), passage.endByte()) >= 0) {
                    in |= 1L << i;
                    score += worth[i];
                }
            }
            best[0] = Math.max(best[0], score);
        });
        return PASSAGE * best[0] + score(look(path, text, length, true), worth);
    }
}
