package ai.postdev.dragon.model.prefix;

import java.util.Arrays;
import java.util.TreeMap;

/** A piece of the tree: some tokens that follow those of its parent. Has at least one token, but for the root. */
final class Node {
    Node parent;
    int[] tokens;
    /** Tokens up to the end of this piece. */
    int depth;

    final TreeMap<Integer, Node> children = new TreeMap<>();
    /** A session that is kept and ends with this piece; 0 if none does. */
    long handle;

    private double uses;
    long usedAt;

    Node(Node parent, int[] tokens, int depth) {
        this.parent = parent;
        this.tokens = tokens;
        this.depth = depth;
    }

    void use(long now, double halfLifeMillis) {
        uses = uses(now, halfLifeMillis) + 1;
        usedAt = now;
    }

    double uses(long now, double halfLifeMillis) {
        return uses * Math.pow(0.5, (now - usedAt) / halfLifeMillis);
    }

    /** Tokens of this piece that {@code other} has from {@code at} on. */
    int common(int[] other, int at) {
        int most = Math.min(tokens.length, other.length - at);
        int mismatch = Arrays.mismatch(tokens, 0, most, other, at, at + most);
        return mismatch < 0 ? most : mismatch;
    }

    /** Cuts this piece after so many of its tokens; answers the first part, which takes its place. */
    Node split(int count) {
        Node first = new Node(parent, Arrays.copyOf(tokens, count), depth - tokens.length + count);
        first.uses = uses;
        first.usedAt = usedAt;
        parent.children.put(first.tokens[0], first);
        tokens = Arrays.copyOfRange(tokens, count, tokens.length);
        parent = first;
        first.children.put(tokens[0], this);
        return first;
    }

    boolean isLeaf() {
        return children.isEmpty();
    }
}
