package ai.postdev.coordinator.metrics;

/** The calls of a node's service that are counted, by their name in the API. */
public enum Call {
    UP("Up"),
    STATUS("Status"),
    PROJECTS("Projects"),
    PIN("Pin"),
    FORGET("Forget"),
    SEARCH("Search"),
    RECALL("Recall"),
    RELATED("Related"),
    SHOW("Show"),
    CONTEXT("Context"),
    DIFF("Diff"),
    VERSIONS("Versions"),
    TIMELINE("Timeline"),
    REMEMBER("Remember"),
    DOCTOR("Doctor"),
    LAKE("Lake"),
    STOP("Stop"),
    BACKUP("Backup"),
    EXPORT("Export"),
    GENERATE("Generate"),
    GENERATE_STREAM("GenerateStream"),
    ASK("Ask"),
    EMBED("Embed"),
    MODELS("Models"),
    PULL_MODEL("PullModel"),
    CANCEL_PULL("CancelPull"),
    REMOVE_MODEL("RemoveModel"),
    VERIFY_MODEL("VerifyModel"),
    SERVING("Serving"),
    LOAD_MODEL("LoadModel"),
    UNLOAD_MODEL("UnloadModel"),
    PIN_MODEL("PinModel"),
    WHY_MODEL("WhyModel"),
    BENCH_MODEL("BenchModel");

    private final String id;

    Call(String id) {
        this.id = id;
    }

    /** Its name in the API. */
    public String id() {
        return id;
    }
}
