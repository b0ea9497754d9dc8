package ai.postdev.actors.op;

import java.util.Random;

/** Operations with every body and with the awkward values: empty, extreme, non-ASCII. */
final class RandomOperations {
    static final int KINDS = 11;
    private final Random random;
    private final RandomValues values;

    RandomOperations(Random random) {
        this.random = random;
        this.values = new RandomValues(random, 5, 400);
    }

    Operation next() {
        return new Operation(
                new ProjectId(values.id(64)),
                new Origin(values.id(64)),
                1 + (random.nextLong() >>> 2),
                new HybridTime(random.nextLong()),
                body(random.nextInt(KINDS)));
    }

    Body body(int kind) {
        return switch (kind) {
            case 0 ->
                new Body.PutDocument(
                        workspace(),
                        values.text(),
                        values.hash(),
                        values.number(),
                        values.language(),
                        values.number(),
                        values.number());
            case 1 -> new Body.RemoveDocument(workspace(), values.text());
            case 2 -> new Body.AppendEvent(values.text(), values.number(), values.text(), values.map(), values.list());
            case 3 -> new Body.PutNode(values.node(), values.map());
            case 4 -> new Body.RemoveNode(values.node());
            case 5 -> new Body.PutEdge(values.node(), values.text(), values.node(), values.number(), values.map());
            case 6 -> new Body.RemoveEdge(values.node(), values.text(), values.node());
            case 7 -> new Body.PutEmbedding(values.hash(), values.text(), values.vector());
            case 8 -> new Body.SetSetting(values.text(), values.text());
            case 9 -> new Body.PinEvent(new Origin(values.id(64)), values.number(), random.nextBoolean());
            case 10 ->
                new Body.DropEvents(
                        values.text(),
                        values.number(),
                        new Origin(values.id(64)),
                        random.longs(random.nextInt(20), 1, 1L << 50).boxed().toList());
            default -> throw new IllegalArgumentException("kind " + kind);
        };
    }

    private WorkspaceId workspace() {
        return new WorkspaceId(values.id(128));
    }
}
