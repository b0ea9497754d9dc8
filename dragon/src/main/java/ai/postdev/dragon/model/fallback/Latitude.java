package ai.postdev.dragon.model.fallback;

/** How far from the model that was asked for the answer may come. */
public enum Latitude {
    /** Only from that one. */
    EXACT("exact"),
    /** Also from those that the settings name for the task, in their order. */
    CHAIN("chain"),
    /** From any model that can do what the request needs. */
    ANY("any");

    private final String id;

    Latitude(String id) {
        this.id = id;
    }

    /** The name in requests. */
    public String id() {
        return id;
    }
}
