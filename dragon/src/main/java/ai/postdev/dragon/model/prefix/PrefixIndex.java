package ai.postdev.dragon.model.prefix;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Which beginnings of prompts one slot has read, as a radix tree over token ids (as in RadixAttention, Zheng and others 2024).
 * Sessions that begin alike share their keys and values, so each piece of the tree counts once, however many sessions are kept
 * through it. Beyond its bytes the piece at an end goes that was used least, recently and often. A pure state machine; times are
 * milliseconds of one clock that never goes back. Not thread-safe.
 */
public final class PrefixIndex {
    private final PrefixSettings settings;
    private final long bytesPerToken;
    private final Node root = new Node(null, new int[0], 0);
    private final List<PrefixEffect> effects = new ArrayList<>();
    private long bytesMax;
    private long tokens;
    private int entries;
    private long handles;
    private long asked;
    private long reused;

    /**
     * An empty one.
     *
     * @param bytesPerToken of keys and values
     * @param bytesMax that are kept
     */
    public PrefixIndex(PrefixSettings settings, long bytesPerToken, long bytesMax) {
        this.settings = settings;
        this.bytesPerToken = bytesPerToken;
        this.bytesMax = bytesMax;
    }

    /** The longest beginning of the prompt that was read already, also if it is only a part of what is kept. */
    public Match find(int[] prompt, long now) {
        asked += prompt.length;
        Node node = root;
        int matched = 0;
        int most = prompt.length - 1;
        while (matched < most) {
            Node child = node.children.get(prompt[matched]);
            if (child == null) {
                break;
            }
            int common = Math.min(child.common(prompt, matched), most - matched);
            matched += common;
            node = child;
            if (common < child.tokens.length) {
                break;
            }
        }
        if (matched < settings.tokensMin()) {
            return Match.NONE;
        }
        for (Node used = node; used != root; used = used.parent) {
            used.use(now, settings.halfLife().toMillis());
        }
        reused += matched;
        return new Match(handle(node), matched);
    }

    /** A session that is kept and goes through the node; there is one. */
    private static long handle(Node node) {
        Node at = node;
        while (at.handle == 0) {
            at = at.children.firstEntry().getValue();
        }
        return at.handle;
    }

    /** A session has read these tokens and is about to end: what of it should be kept. */
    public List<PrefixEffect> keep(int[] session, long now) {
        effects.clear();
        int most = (int) Math.min(session.length, bytesMax / bytesPerToken);
        if (most >= settings.tokensMin()) {
            insert(Arrays.copyOf(session, most), now);
            shrink(now);
        }
        return List.copyOf(effects);
    }

    private void insert(int[] session, long now) {
        Node node = root;
        int at = 0;
        while (at < session.length) {
            Node child = node.children.get(session[at]);
            if (child == null) {
                child = new Node(node, Arrays.copyOfRange(session, at, session.length), session.length);
                tokens += child.tokens.length;
                node.children.put(session[at], child);
            }
            int common = child.common(session, at);
            if (common < child.tokens.length) {
                if (at + common == session.length) {
                    // It ends within a piece, of which a longer session is kept.
                    child.use(now, settings.halfLife().toMillis());
                    return;
                }
                child = child.split(common);
            }
            child.use(now, settings.halfLife().toMillis());
            at += common;
            node = child;
        }
        if (!node.isLeaf() || node.handle != 0) {
            return;
        }
        node.handle = ++handles;
        entries++;
        effects.add(new PrefixEffect.Keep(node.handle, session.length));
        // What ended where this one goes on has all that it has.
        for (Node above = node.parent; above != root; above = above.parent) {
            drop(above);
        }
    }

    private void drop(Node node) {
        if (node.handle != 0) {
            effects.add(new PrefixEffect.Drop(node.handle));
            node.handle = 0;
            entries--;
        }
    }

    /** From now on so many bytes are kept. */
    public List<PrefixEffect> bound(long newBytesMax, long now) {
        effects.clear();
        bytesMax = newBytesMax;
        shrink(now);
        return List.copyOf(effects);
    }

    private void shrink(long now) {
        while (bytes() > bytesMax || entries > settings.entriesMax()) {
            Node leaf = leastWorth(now);
            int over = entries > settings.entriesMax()
                    ? leaf.tokens.length
                    : (int) Math.min(leaf.tokens.length, blocks(bytes() - bytesMax));
            if (over < leaf.tokens.length) {
                leaf.tokens = Arrays.copyOf(leaf.tokens, leaf.tokens.length - over);
                leaf.depth -= over;
                effects.add(new PrefixEffect.Trim(leaf.handle, leaf.depth));
            } else {
                cut(leaf);
            }
            tokens -= over;
        }
    }

    /** Tokens in whole blocks that take at least so many bytes. */
    private long blocks(long bytes) {
        long needed = (bytes + bytesPerToken - 1) / bytesPerToken;
        return (needed + settings.blockTokens() - 1) / settings.blockTokens() * settings.blockTokens();
    }

    private void cut(Node leaf) {
        Node parent = leaf.parent;
        parent.children.remove(leaf.tokens[0]);
        if (parent != root && parent.isLeaf()) {
            // Nobody else has what is before it.
            parent.handle = leaf.handle;
            effects.add(new PrefixEffect.Trim(leaf.handle, parent.depth));
        } else {
            drop(leaf);
        }
    }

    private Node leastWorth(long now) {
        double halfLife = settings.halfLife().toMillis();
        List<Node> leaves = new ArrayList<>();
        Deque<Node> open = new ArrayDeque<>(root.children.values());
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (node.isLeaf()) {
                leaves.add(node);
            } else {
                open.addAll(node.children.values());
            }
        }
        return leaves.stream()
                .min(Comparator.comparingDouble((Node node) -> node.uses(now, halfLife))
                        .thenComparingLong(node -> node.usedAt)
                        .thenComparingLong(node -> node.handle))
                .orElseThrow();
    }

    /** What is kept now. */
    public long bytes() {
        return tokens * bytesPerToken;
    }

    /** Sessions that are kept. */
    public int entries() {
        return entries;
    }

    /** Tokens of all prompts that were looked for. */
    public long askedTokens() {
        return asked;
    }

    /** Tokens of them that need not be read again. */
    public long reusedTokens() {
        return reused;
    }
}
