package ai.postdev.dragon.memory;

/** What of a project takes memory, each on the account of its store's share. */
public enum Part {
    /** Embeddings and their index. */
    VECTORS(Share.VECTOR, "vectors", true),
    /** Texts; beyond the budget they are read from the journal when they are needed. */
    TEXTS(Share.CODE, "texts", true),
    /** The index for exact search. */
    CODE_INDEX(Share.CODE, "code index", false),
    /** Events and their indexes. */
    EVENTS(Share.HISTORY, "events", false),
    /** Nodes, edges and settings. */
    GRAPH(Share.METADATA, "graph", false);

    private final Share share;
    private final String id;
    private final boolean offHeap;

    Part(Share share, String id, boolean offHeap) {
        this.share = share;
        this.id = id;
        this.offHeap = offHeap;
    }

    /** Whether it lies outside the Java heap. */
    boolean offHeap() {
        return offHeap;
    }

    /** Whose share it counts against. */
    public Share share() {
        return share;
    }

    /** The name in answers. */
    public String id() {
        return id;
    }
}
