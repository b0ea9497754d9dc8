package ai.postdev.dragon.lake.code;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.syntax.Syntax;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Where names are defined and where chunks stand. Grows only: contents that nobody holds any more stay until the engine
 * makes a new index, and readers pass over what their view does not show. The engine's owner writes, any thread reads.
 */
final class SyntaxIndex {
    private final ConcurrentMap<String, Places> byName = new ConcurrentHashMap<>();
    private final ConcurrentNavigableMap<String, Names> byLowerCase = new ConcurrentSkipListMap<>();
    private final ConcurrentMap<String, Names> byWord = new ConcurrentHashMap<>();
    private final ConcurrentMap<ContentHash, Places> byChunk = new ConcurrentHashMap<>();
    private long symbols;

    /** Places in contents. Grows only. */
    static final class Places {
        private volatile Blob[] blobs = new Blob[1];
        private volatile int[] indexes = new int[1];
        private volatile int count;

        private void add(Blob blob, int index) {
            int at = count;
            if (at == blobs.length) {
                int longer = at + (at >> 1) + 1;
                blobs = Arrays.copyOf(blobs, longer);
                indexes = Arrays.copyOf(indexes, longer);
            }
            blobs[at] = blob;
            indexes[at] = index;
            count = at + 1;
        }

        int count() {
            return count;
        }

        Blob blob(int at) {
            return blobs[at];
        }

        /** Of the symbol or chunk within the content's syntax. */
        int index(int at) {
            return indexes[at];
        }
    }

    /** Distinct names. Grows only. */
    static final class Names {
        private volatile String[] names = new String[0];

        private void add(String name) {
            String[] grown = Arrays.copyOf(names, names.length + 1);
            grown[names.length] = name;
            names = grown;
        }

        List<String> all() {
            return Arrays.asList(names);
        }
    }

    /** How many symbols were added, of contents held now or not. */
    long symbols() {
        return symbols;
    }

    void add(Blob blob) {
        Blob.Parsed parsed = blob.parsed();
        List<Syntax.Symbol> found = parsed.syntax().symbols();
        for (int i = 0; i < found.size(); i++) {
            String name = found.get(i).name();
            Places places = byName.get(name);
            if (places == null) {
                places = new Places();
                byName.put(name, places);
                addName(name);
            }
            places.add(blob, i);
        }
        symbols += found.size();
        List<ContentHash> chunks = parsed.chunkHashes();
        for (int i = 0; i < chunks.size(); i++) {
            byChunk.computeIfAbsent(chunks.get(i), _ -> new Places()).add(blob, i);
        }
    }

    private void addName(String name) {
        byLowerCase
                .computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new Names())
                .add(name);
        IdentifierWords.of(name).stream()
                .distinct()
                .forEach(word -> byWord.computeIfAbsent(word, _ -> new Names()).add(name));
    }

    /** Null if no content defines the name. */
    Places named(String name) {
        return byName.get(name);
    }

    List<String> namesIgnoringCase(String name) {
        Names names = byLowerCase.get(name.toLowerCase(Locale.ROOT));
        return names == null ? List.of() : names.all();
    }

    /** Groups of names that start with {@code prefix}, in the order of their lower case. */
    Iterable<Names> startingWith(String prefix) {
        String lower = prefix.toLowerCase(Locale.ROOT);
        return byLowerCase.subMap(lower, lower + Character.MAX_VALUE).values();
    }

    List<String> namesWithWord(String word) {
        Names names = byWord.get(word.toLowerCase(Locale.ROOT));
        return names == null ? List.of() : names.all();
    }

    /** Null if no content has the chunk. */
    Places chunk(ContentHash hash) {
        return byChunk.get(hash);
    }
}
