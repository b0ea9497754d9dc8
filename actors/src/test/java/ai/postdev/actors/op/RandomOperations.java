package ai.postdev.actors.op;

import ai.postdev.actors.code.Language;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Operations with every body and with the awkward values: empty, extreme, non-ASCII. */
final class RandomOperations {
    static final int KINDS = 11;
    private static final String[] PIECES = {
        "a", "Z", "0", "/", " ", "\n", "\t", "\u0000", "é", "ß", "漢", "🐉", "\u202e", "\\", "\"", "src/Main.java"
    };
    private static final long[] EDGES = {0, 1, -1, 127, 128, Long.MAX_VALUE, Long.MIN_VALUE, 1_700_000_000_000L};

    private final Random random;

    RandomOperations(Random random) {
        this.random = random;
    }

    Operation next() {
        return new Operation(
                new ProjectId(id(64)),
                new Origin(id(64)),
                1 + (random.nextLong() >>> 2),
                new HybridTime(random.nextLong()),
                body(random.nextInt(KINDS)));
    }

    Body body(int kind) {
        return switch (kind) {
            case 0 -> new Body.PutDocument(workspace(), text(), hash(), number(), language(), number(), number());
            case 1 -> new Body.RemoveDocument(workspace(), text());
            case 2 -> new Body.AppendEvent(text(), number(), text(), map(), list());
            case 3 -> new Body.PutNode(node(), map());
            case 4 -> new Body.RemoveNode(node());
            case 5 -> new Body.PutEdge(node(), text(), node(), number(), map());
            case 6 -> new Body.RemoveEdge(node(), text(), node());
            case 7 -> new Body.PutEmbedding(hash(), text(), vector());
            case 8 -> new Body.SetSetting(text(), text());
            case 9 -> new Body.PinEvent(new Origin(id(64)), number(), random.nextBoolean());
            case 10 ->
                new Body.DropEvents(
                        text(),
                        number(),
                        new Origin(id(64)),
                        random.longs(random.nextInt(20), 1, 1L << 50).boxed().toList());
            default -> throw new IllegalArgumentException("kind " + kind);
        };
    }

    String id(int max) {
        String alphabet = "0123456789abcdefghijklmnopqrstuvwxyz-";
        StringBuilder id = new StringBuilder();
        int length = 1 + random.nextInt(max);
        for (int i = 0; i < length; i++) {
            id.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return id.toString();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private WorkspaceId workspace() {
        return new WorkspaceId(id(128));
    }

    private ContentHash hash() {
        return new ContentHash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    private Language language() {
        return Language.values()[random.nextInt(Language.values().length)];
    }

    private NodeKey node() {
        return new NodeKey("t" + text(), "k" + text());
    }

    private long number() {
        return random.nextBoolean() ? EDGES[random.nextInt(EDGES.length)] : random.nextLong();
    }

    private Map<String, String> map() {
        Map<String, String> map = new HashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            map.put(text(), text());
        }
        return map;
    }

    private List<String> list() {
        List<String> list = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            list.add(text());
        }
        return list;
    }

    private float[] vector() {
        float[] vector = new float[random.nextInt(400)];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = Float.intBitsToFloat(random.nextInt());
        }
        return vector;
    }
}
