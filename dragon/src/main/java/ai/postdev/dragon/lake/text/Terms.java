package ai.postdev.dragon.lake.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.util.BytesRef;

/** The terms of a text as the index knows them, for queries, paths and names. */
public final class Terms {
    // A stream holds a cache of stems: too large to make one for every query, and used by one thread at a time.
    private static final ThreadLocal<CodeTokenStream> STREAMS = ThreadLocal.withInitial(CodeTokenStream::new);

    private Terms() {}

    /**
     * A word of a text.
     *
     * @param terms the word itself in lower case, then its parts and their stems, without repeats
     */
    public record Word(List<String> terms) {
        public Word {
            terms = List.copyOf(terms);
        }

        /** The word in lower case. */
        public String text() {
            return terms.getFirst();
        }
    }

    /** The words of {@code text} in order. */
    public static List<Word> words(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        CodeTokenStream stream = STREAMS.get().over(bytes, 0, bytes.length);
        BytesTermAttribute term = stream.getAttribute(BytesTermAttribute.class);
        PositionIncrementAttribute increment = stream.getAttribute(PositionIncrementAttribute.class);
        List<Word> words = new ArrayList<>();
        Set<String> current = new LinkedHashSet<>();
        while (stream.incrementToken()) {
            if (increment.getPositionIncrement() > 0 && !current.isEmpty()) {
                words.add(new Word(List.copyOf(current)));
                current.clear();
            }
            current.add(term.getBytesRef().utf8ToString());
        }
        if (!current.isEmpty()) {
            words.add(new Word(List.copyOf(current)));
        }
        return words;
    }

    /** Looks in texts for some terms. Makes nothing of the others, of which there are many. One thread. */
    public static final class Wanted {
        private final Map<BytesRef, String> terms = new HashMap<>();

        /** Looks for these. */
        public Wanted(Set<String> terms) {
            terms.forEach(term -> this.terms.put(new BytesRef(term), term));
        }

        /** Those that are in {@code text}. */
        public Set<String> in(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            CodeTokenStream stream = STREAMS.get().over(bytes, 0, bytes.length);
            BytesTermAttribute term = stream.getAttribute(BytesTermAttribute.class);
            Set<String> found = new HashSet<>();
            while (stream.incrementToken()) {
                String wanted = terms.get(term.getBytesRef());
                if (wanted != null) {
                    found.add(wanted);
                }
            }
            return found;
        }
    }

    /** All terms of {@code text}, without repeats. */
    public static Set<String> all(String text) {
        Set<String> all = new LinkedHashSet<>();
        words(text).forEach(word -> all.addAll(word.terms()));
        return all;
    }
}
