package ai.postdev.dragon.memory;

/** What of a project takes memory, each on the account of its store's share. */
public enum Part {
    /** Embeddings and their index. */
    VECTORS(Share.VECTOR, "vectors"),
    /** Texts; beyond the budget they are read from the journal when they are needed. */
    TEXTS(Share.CODE, "texts"),
    /** The index for exact search. */
    CODE_INDEX(Share.CODE, "code index"),
    /** Events and their indexes. */
    EVENTS(Share.HISTORY, "events"),
    /** Nodes, edges and settings. */
    GRAPH(Share.METADATA, "graph");

    private final Share share;
    private final String id;

    Part(Share share, String id) {
        this.share = share;
        this.id = id;
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
