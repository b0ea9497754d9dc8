package ai.postdev.coordinator.metrics;

import java.util.List;
import java.util.Locale;

/**
 * Every metric of a node: the catalogue that the exposition and its reference page are made from. Names follow Prometheus:
 * base units, {@code _total} for what only grows.
 */
public enum Metric {
    NODE_INFO("node_info", Type.GAUGE, "Always 1; which node this is.", "node", "version"),
    NODE_UPTIME("node_uptime_seconds", Type.GAUGE, "Since the process began."),
    NODE_READY("node_ready", Type.GAUGE, "1 when the doors are open."),
    NODE_MEMBERS("node_members", Type.GAUGE, "Nodes of the cluster that this one knows.", "reachable"),

    MEMORY_BUDGET("memory_budget_bytes", Type.GAUGE, "What the whole process may take."),
    MEMORY_RESIDENT("memory_resident_bytes", Type.GAUGE, "Of the process in RAM; 0 where the system does not say."),
    MEMORY_PROCESS(
            "memory_process_bytes",
            Type.GAUGE,
            "Parts of it: anonymous, file and shared are in RAM; heap_used, heap_committed, heap_max, non_heap, direct and"
                    + " journal are what the Java machine and the journal's database say they took.",
            "part"),
    MEMORY_BESIDES("memory_besides_bytes", Type.GAUGE, "In RAM besides what the ledger knows the stores to hold."),
    MEMORY_AVAILABLE("memory_available_bytes", Type.GAUGE, "What the stores may hold together: the budget less that."),
    MEMORY_ALLOWED("memory_allowed_bytes", Type.GAUGE, "A store's own share, whatever the others hold.", "store"),
    MEMORY_HELD("memory_held_bytes", Type.GAUGE, "What a store holds, all projects together.", "store"),
    MEMORY_PROJECT_HELD(
            "memory_project_held_bytes",
            Type.GAUGE,
            "What a part of a project holds.",
            "project",
            "name",
            "store",
            "part"),
    MEMORY_PROJECT_WANTED(
            "memory_project_wanted_bytes",
            Type.GAUGE,
            "What a part asked for in vain since demands were last made.",
            "project",
            "name",
            "store",
            "part"),
    MEMORY_PROJECT_GIVABLE(
            "memory_project_givable_bytes",
            Type.GAUGE,
            "What can be taken back from a part.",
            "project",
            "name",
            "store",
            "part"),
    MEMORY_PROJECT_TIER(
            "memory_project_tier_entries",
            Type.GAUGE,
            "Entries of a part by how exactly they are kept; below the first tier they are degraded.",
            "project",
            "name",
            "part",
            "tier"),
    MEMORY_REFUSED("memory_refused_total", Type.COUNTER, "How often more was asked for than there was."),
    MEMORY_GIVEN_BACK("memory_given_back_bytes_total", Type.COUNTER, "What holders were asked for and gave back."),
    MEMORY_DRIFT("memory_drift_bytes", Type.GAUGE, "In RAM and accounted for by nobody; below 0 the other way round."),
    MEMORY_DRIFT_RATIO("memory_drift_ratio", Type.GAUGE, "That, as a part of the budget."),
    MEMORY_DRIFT_STATE("memory_drift_state", Type.GAUGE, "1 for the state that the alarm is in.", "state"),
    MEMORY_DRIFT_ALARMS("memory_drift_alarms_total", Type.COUNTER, "How often the alarm was raised."),

    RAM_DISK_INFO("ram_disk_info", Type.GAUGE, "Always 1; what bulk data lies on.", "mode", "folder"),
    RAM_DISK_CAPACITY("ram_disk_capacity_bytes", Type.GAUGE, "Of that file system; 0 if there is none."),
    RAM_DISK_FREE("ram_disk_free_bytes", Type.GAUGE, "Of that file system."),
    RAM_DISK_USED("ram_disk_used_bytes", Type.GAUGE, "Bulk data on it, and in ordinary memory instead.", "place"),
    RAM_DISK_TROUBLE("ram_disk_trouble", Type.GAUGE, "1 when some is in ordinary memory that ought not to be."),

    JOURNAL_BYTES("journal_bytes", Type.GAUGE, "Of the journal's files."),
    JOURNAL_OPERATIONS("journal_operations", Type.GAUGE, "Operations of the projects here."),
    JOURNAL_TEXTS("journal_texts", Type.GAUGE, "Distinct texts."),
    JOURNAL_TEXT_BYTES("journal_text_bytes", Type.GAUGE, "Of these texts: plain, and as they are stored.", "form"),
    JOURNAL_COMMITS("journal_commits_total", Type.COUNTER, "Commits."),
    JOURNAL_SYNCS("journal_syncs_total", Type.COUNTER, "Syncs of the log to the disk."),
    JOURNAL_FAILED("journal_failed_writes_total", Type.COUNTER, "Writes that the disk refused."),

    STORE_ENTRIES("store_entries", Type.GAUGE, "Vectors, events, nodes and edges that the lakes here hold.", "kind"),
    EVENTS_PINNED("events_pinned", Type.GAUGE, "Events that no rule of retention drops."),
    EVENTS_DROPPED("events_dropped_total", Type.COUNTER, "Events that rules of retention dropped, since ever."),
    EVENTS_DROPPED_BYTES("events_dropped_bytes_total", Type.COUNTER, "Text of these events."),
    EVENTS_DROPPED_HELD(
            "events_dropped_held_bytes",
            Type.GAUGE,
            "Text of dropped events that memory holds until the history is folded anew."),
    STORE_TEXT("store_text_memory_bytes", Type.GAUGE, "Texts in memory; the others are read from the journal."),
    VECTOR_CHECKED(
            "vector_neighbours_checked",
            Type.GAUGE,
            "True neighbours in the searches by meaning that were last checked against exact ones."),
    VECTOR_FOUND("vector_neighbours_found", Type.GAUGE, "Those of them that the search had found."),

    PROJECT_FILES("project_files", Type.GAUGE, "Documents that can be found.", "project", "name", "workspace", "root"),
    PROJECT_BYTES("project_bytes", Type.GAUGE, "Of these.", "project", "name", "workspace", "root"),
    PROJECT_CHUNKS("project_chunks", Type.GAUGE, "Chunks of them.", "project", "name", "workspace", "root"),
    PROJECT_EMBEDDED(
            "project_embedded_chunks", Type.GAUGE, "Chunks with an embedding.", "project", "name", "workspace", "root"),
    PROJECT_UNRANKED(
            "project_unranked_documents",
            Type.GAUGE,
            "Documents that the index of ranked text does not have yet; each search looks through them.",
            "project",
            "name",
            "workspace",
            "root"),
    PROJECT_INDEXED(
            "project_indexed",
            Type.GAUGE,
            "1 when all of the folder can be found.",
            "project",
            "name",
            "workspace",
            "root"),
    PROJECT_STATE(
            "project_state",
            Type.GAUGE,
            "1 for the state that it is in.",
            "project",
            "name",
            "workspace",
            "root",
            "state"),
    PROJECT_TROUBLE(
            "project_trouble",
            Type.GAUGE,
            "1 when something is wrong; status says what.",
            "project",
            "name",
            "workspace",
            "root"),
    PROJECT_SKIPPED(
            "project_skipped_files", Type.GAUGE, "Files left out.", "project", "name", "workspace", "root", "reason"),

    WATCH_TOUCHED(
            "watch_touched_paths_total",
            Type.COUNTER,
            "Paths that the system said were touched.",
            "project",
            "name",
            "workspace",
            "root"),
    WATCH_LOSSES(
            "watch_losses_total",
            Type.COUNTER,
            "Times that the system lost count of what was touched; each is answered by a scan.",
            "project",
            "name",
            "workspace",
            "root"),
    WATCH_SCANS(
            "watch_scans_total", Type.COUNTER, "Scans of the whole folder.", "project", "name", "workspace", "root"),
    WATCH_GIT(
            "watch_git_moves_total",
            Type.COUNTER,
            "Moves of HEAD, branches or index.",
            "project",
            "name",
            "workspace",
            "root"),
    WATCH_READ_FILES("watch_read_files_total", Type.COUNTER, "Documents read.", "project", "name", "workspace", "root"),
    WATCH_READ_BYTES("watch_read_bytes_total", Type.COUNTER, "Bytes of these.", "project", "name", "workspace", "root"),
    WATCH_WAITING(
            "watch_waiting_paths",
            Type.GAUGE,
            "Paths that wait to be looked at.",
            "project",
            "name",
            "workspace",
            "root"),
    WATCH_UNWATCHED(
            "watch_unwatched_folders",
            Type.GAUGE,
            "Folders that cannot be watched and are scanned now and then.",
            "project",
            "name",
            "workspace",
            "root"),

    QUEUE_WAITING("queue_waiting", Type.GAUGE, "What waits at a bound of the node.", "queue"),
    QUEUE_MAX("queue_max", Type.GAUGE, "The bound.", "queue"),
    QUEUE_REFUSED("queue_refused_total", Type.COUNTER, "What was refused at it.", "queue"),

    MODEL_STATE("model_state", Type.GAUGE, "1 for the state that a model is in.", "model", "engine", "state"),
    MODEL_EMBEDDED("model_embedded_chunks_total", Type.COUNTER, "Chunks embedded.", "model"),
    MODEL_WAITING("model_waiting_chunks", Type.GAUGE, "Chunks that wait for it.", "model"),
    MODEL_RATE("model_chunks_per_second", Type.GAUGE, "How fast it is.", "model"),
    MODEL_REQUESTS("model_requests_total", Type.COUNTER, "Requests that ended, by outcome.", "model", "outcome"),
    MODEL_FIRST_TOKEN(
            "model_first_token_seconds",
            Type.HISTOGRAM,
            "From the request to the first token of its answer, with any load.",
            "model"),
    MODEL_INTER_TOKEN(
            "model_inter_token_seconds", Type.HISTOGRAM, "Between two tokens, on average of an answer.", "model"),
    MODEL_QUEUE_WAIT("model_queue_wait_seconds", Type.HISTOGRAM, "In the queue, without any load.", "model"),
    MODEL_PREFILL("model_prefill_tokens_per_second", Type.HISTOGRAM, "Tokens of a prompt read in a second.", "model"),
    MODEL_DECODE("model_decode_tokens_per_second", Type.HISTOGRAM, "Tokens of an answer made in a second.", "model"),
    MODEL_TOKENS(
            "model_tokens_total",
            Type.COUNTER,
            "Tokens: of prompts, of those from a cache, of answers.",
            "model",
            "kind"),
    MODEL_FALLBACKS("model_fallbacks_total", Type.COUNTER, "Requests that another model took over.", "model"),
    MODEL_LOADS("model_loads_total", Type.COUNTER, "Loads into memory.", "model"),
    MODEL_LOAD_TIME("model_load_seconds_total", Type.COUNTER, "What these took together.", "model"),
    MODEL_EVICTIONS("model_evictions_total", Type.COUNTER, "How often it made room or was idle for too long.", "model"),
    MODEL_TRIMS("model_trims_total", Type.COUNTER, "How often it gave memory back and stayed.", "model"),
    MODEL_TRIMMED("model_trimmed_bytes_total", Type.COUNTER, "What these brought together.", "model"),
    MODEL_DEATHS("model_deaths_total", Type.COUNTER, "How often its worker died.", "model"),
    MODEL_BYTES(
            "model_memory_bytes",
            Type.GAUGE,
            "What a model in memory holds on the ledger: weights, kv, cache, scratch.",
            "model",
            "kind"),
    MODEL_RESIDENT("model_resident_bytes", Type.GAUGE, "Of its process in RAM, as the system says.", "model"),
    MODEL_RESERVED(
            "model_reserved_bytes",
            Type.GAUGE,
            "Of what it holds on the ledger: kept for what it has not touched so far; 0 once it has answered.",
            "model"),
    MODEL_SEQUENCES(
            "model_sequences", Type.GAUGE, "Requests that it can work on at once, and those now.", "model", "state"),
    MODEL_PINNED("model_pinned", Type.GAUGE, "1 when it stays in memory whatever else wants to be loaded.", "model"),
    MODEL_IDLE("model_idle_seconds", Type.GAUGE, "Since its last use.", "model"),
    MODEL_REUSE("model_reuse_probability", Type.GAUGE, "Of a use soon, as it is estimated.", "model"),
    MODELS_WAITING("models_waiting_requests", Type.GAUGE, "Requests that wait for a model.", "class"),
    MODELS_RUNNING("models_running_requests", Type.GAUGE, "Requests that a model works on."),
    MODELS_ROOM(
            "models_room_bytes",
            Type.GAUGE,
            "Memory for models: held by them, of it reserved, promised to them, possible if projects make way, short in the"
                    + " system.",
            "kind"),

    CALLS(
            "calls_total",
            Type.COUNTER,
            "Calls that ended, by outcome: ok, or the code of the fault; resource_exhausted is a refusal at a bound.",
            "call",
            "outcome"),
    CALL_DURATION(
            "call_duration_seconds",
            Type.HISTOGRAM,
            "From the request to the whole answer, whatever came of it.",
            "call");

    /** What a metric is. */
    public enum Type {
        GAUGE,
        COUNTER,
        HISTOGRAM;

        /** As the format names it. */
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String PREFIX = "postdevai_";

    private final String id;
    private final Type type;
    private final String help;
    private final List<String> labels;

    Metric(String id, Type type, String help, String... labels) {
        this.id = PREFIX + id;
        this.type = type;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** The name of its samples; those of a histogram have a suffix besides. */
    public String id() {
        return id;
    }

    /** Gauge, counter or histogram. */
    public Type type() {
        return type;
    }

    /** What it says, in a sentence. */
    public String help() {
        return help;
    }

    /** The names of its labels. */
    public List<String> labels() {
        return labels;
    }
}
