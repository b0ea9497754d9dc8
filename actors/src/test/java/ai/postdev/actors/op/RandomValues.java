package ai.postdev.actors.op;

import ai.postdev.actors.code.Language;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What random operations are made of: values that are awkward more often than not: empty, extreme, non-ASCII. */
public final class RandomValues {
    private static final String[] PIECES = {
        "a",
        "Z",
        "0",
        "/",
        " ",
        "\n",
        "\t",
        "\u0000",
        "é",
        "ß",
        "漢",
        "🐉",
        "\u202e",
        "\u2028",
        "\\",
        "\"",
        "</x>",
        "src/Main.java"
    };
    private static final long[] EDGES = {0, 1, -1, 127, 128, Long.MAX_VALUE, Long.MIN_VALUE, 1_700_000_000_000L};
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz-";

    private final Random random;
    private final int listMax;
    private final int vectorMax;

    /**
     * Values from a source.
     *
     * @param listMax entries of a list or map at most
     * @param vectorMax numbers of a vector at most
     */
    public RandomValues(Random random, int listMax, int vectorMax) {
        this.random = random;
        this.listMax = listMax;
        this.vectorMax = vectorMax;
    }

    /** An id of at most so many letters, and one at least. */
    public String id(int max) {
        StringBuilder id = new StringBuilder();
        int length = 1 + random.nextInt(max);
        for (int i = 0; i < length; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    /** A short text, perhaps empty. */
    public String text() {
        return text(11);
    }

    /** A text of at most so many pieces. */
    public String text(int piecesMax) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(piecesMax + 1); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    /** A hash, most likely of nothing. */
    public ContentHash hash() {
        return new ContentHash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** Any language. */
    public Language language() {
        return Language.values()[random.nextInt(Language.values().length)];
    }

    /** A node of a random type. */
    public NodeKey node() {
        return new NodeKey("t" + text(), "k" + text());
    }

    /** Half of them at an edge. */
    public long number() {
        return random.nextBoolean() ? EDGES[random.nextInt(EDGES.length)] : random.nextLong();
    }

    /** Texts by texts. */
    public Map<String, String> map() {
        Map<String, String> map = new HashMap<>();
        for (int i = random.nextInt(listMax + 1); i > 0; i--) {
            map.put(text(), text());
        }
        return map;
    }

    /** Texts. */
    public List<String> list() {
        List<String> list = new ArrayList<>();
        for (int i = random.nextInt(listMax + 1); i > 0; i--) {
            list.add(text());
        }
        return list;
    }

    /** Numbers of any bits, not all of them finite. */
    public float[] vector() {
        float[] vector = new float[random.nextInt(vectorMax)];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = Float.intBitsToFloat(random.nextInt());
        }
        return vector;
    }
}
