package ai.postdev.dragon.memory;

/** The stores that a budget is split between. */
public enum Share {
    /** Embeddings and their index. */
    VECTOR("vector"),
    /** Texts and the index for exact search. */
    CODE("code"),
    /** Events. */
    HISTORY("history"),
    /** The graph and the settings. */
    METADATA("metadata");

    private final String id;

    Share(String id) {
        this.id = id;
    }

    /** The name in settings and answers. */
    public String id() {
        return id;
    }
}
