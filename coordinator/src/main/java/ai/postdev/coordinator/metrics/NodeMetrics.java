package ai.postdev.coordinator.metrics;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeStatus;
import ai.postdev.v1.Member;
import ai.postdev.v1.MemoryDrift;
import ai.postdev.v1.MemoryHolding;
import ai.postdev.v1.MemoryProcess;
import ai.postdev.v1.MemoryShare;
import ai.postdev.v1.MemoryTier;
import ai.postdev.v1.ModelStatus;
import ai.postdev.v1.Node;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.QueueStatus;
import ai.postdev.v1.RamDisk;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.SkippedReason;
import ai.postdev.v1.StatusAnswer;
import ai.postdev.v1.WatchStatus;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The figures of a node as metrics: what {@code status} and {@code lake} answer, and how calls went. Pure. */
public final class NodeMetrics {
    /** What HTTP calls the format. */
    public static final String CONTENT_TYPE = Exposition.CONTENT_TYPE;

    private static final double MILLIS = 1_000;
    private static final List<String> DRIFT_STATES = List.of("calm", "rising", "alarm", "falling");

    private final Exposition out = new Exposition();

    private NodeMetrics() {}

    /** All metrics, in Prometheus's text format. */
    public static String of(StatusAnswer status, LakeAnswer memory, CallFigures calls) {
        NodeMetrics metrics = new NodeMetrics();
        metrics.node(status);
        metrics.memory(memory);
        metrics.holdings(memory.getHoldingsList());
        metrics.drift(memory.getDrift());
        metrics.disk(memory.getRamDisk());
        metrics.lake(status.getLake());
        metrics.projects(status.getProjectsList());
        metrics.watchers(status.getProjectsList().stream()
                .filter(ProjectStatus::hasWatch)
                .toList());
        metrics.queues(status.getQueuesList());
        metrics.models(status.getModelsList(), status.getServing().getModelsList());
        new ServingMetrics(metrics.out).write(status.getServing());
        metrics.calls(calls);
        return metrics.out.text();
    }

    private void node(StatusAnswer status) {
        Node node = status.getNode();
        out.begin(Metric.NODE_INFO).sample(1, node.getId(), node.getVersion());
        out.single(Metric.NODE_UPTIME, node.getUptimeMs() / MILLIS);
        out.single(Metric.NODE_READY, one(node.getReady()));
        List<Member> members = status.getCluster().getMembersList();
        long reachable = members.stream().filter(Member::getReachable).count();
        out.begin(Metric.NODE_MEMBERS).sample(reachable, "true").sample(members.size() - reachable, "false");
    }

    private void memory(LakeAnswer memory) {
        out.single(Metric.MEMORY_BUDGET, memory.getBudgetBytes());
        out.single(Metric.MEMORY_RESIDENT, memory.getResidentBytes());
        MemoryProcess process = memory.getProcess();
        out.begin(Metric.MEMORY_PROCESS)
                .sample(process.getAnonymousBytes(), "anonymous")
                .sample(process.getFileBytes(), "file")
                .sample(process.getSharedBytes(), "shared")
                .sample(process.getHeapUsedBytes(), "heap_used")
                .sample(process.getHeapCommittedBytes(), "heap_committed")
                .sample(process.getHeapMaxBytes(), "heap_max")
                .sample(process.getNonHeapBytes(), "non_heap")
                .sample(process.getDirectBytes(), "direct")
                .sample(process.getJournalBytes(), "journal");
        out.single(Metric.MEMORY_BESIDES, memory.getBaseBytes());
        out.single(Metric.MEMORY_AVAILABLE, memory.getAvailableBytes());
        each(Metric.MEMORY_ALLOWED, memory.getSharesList(), MemoryShare::getLimitBytes, NodeMetrics::labels);
        each(Metric.MEMORY_HELD, memory.getSharesList(), MemoryShare::getUsedBytes, NodeMetrics::labels);
        out.single(Metric.MEMORY_REFUSED, memory.getRefused());
        out.single(Metric.MEMORY_GIVEN_BACK, memory.getGivenBackBytes());
    }

    private void holdings(List<MemoryHolding> holdings) {
        each(Metric.MEMORY_PROJECT_HELD, holdings, MemoryHolding::getBytes, NodeMetrics::labels);
        each(Metric.MEMORY_PROJECT_WANTED, holdings, MemoryHolding::getWantedBytes, NodeMetrics::labels);
        each(Metric.MEMORY_PROJECT_GIVABLE, holdings, MemoryHolding::getGivableBytes, NodeMetrics::labels);
        out.begin(Metric.MEMORY_PROJECT_TIER);
        for (MemoryHolding holding : holdings) {
            for (MemoryTier tier : holding.getTiersList()) {
                out.sample(
                        tier.getEntries(), holding.getProject(), holding.getName(), holding.getPart(), tier.getTier());
            }
        }
    }

    private void drift(MemoryDrift drift) {
        out.single(Metric.MEMORY_DRIFT, drift.getUnexplainedBytes());
        out.single(Metric.MEMORY_DRIFT_RATIO, drift.getRatio());
        each(Metric.MEMORY_DRIFT_STATE, DRIFT_STATES, state -> one(state.equals(drift.getState())), state ->
                new String[] {state});
        out.single(Metric.MEMORY_DRIFT_ALARMS, drift.getAlarms());
    }

    private void disk(RamDisk disk) {
        out.begin(Metric.RAM_DISK_INFO).sample(1, disk.getMode(), disk.getFolder());
        out.single(Metric.RAM_DISK_CAPACITY, disk.getCapacityBytes());
        out.single(Metric.RAM_DISK_FREE, disk.getFreeBytes());
        out.begin(Metric.RAM_DISK_USED)
                .sample(disk.getMappedBytes(), "disk")
                .sample(disk.getOrdinaryBytes(), "ordinary");
        out.single(Metric.RAM_DISK_TROUBLE, one(!disk.getNote().isEmpty()));
    }

    private void lake(LakeStatus lake) {
        out.single(Metric.JOURNAL_BYTES, lake.getJournalBytes());
        out.single(Metric.JOURNAL_OPERATIONS, lake.getOperations());
        out.single(Metric.JOURNAL_TEXTS, lake.getBlobs());
        out.begin(Metric.JOURNAL_TEXT_BYTES)
                .sample(lake.getBlobBytes(), "plain")
                .sample(lake.getBlobDiskBytes(), "stored");
        out.single(Metric.JOURNAL_COMMITS, lake.getJournalCommits());
        out.single(Metric.JOURNAL_SYNCS, lake.getJournalSyncs());
        out.single(Metric.JOURNAL_FAILED, lake.getJournalFailedWrites());
        out.begin(Metric.STORE_ENTRIES)
                .sample(lake.getVectors(), "vectors")
                .sample(lake.getEvents(), "events")
                .sample(lake.getNodes(), "nodes")
                .sample(lake.getEdges(), "edges");
        out.single(Metric.EVENTS_PINNED, lake.getEventsPinned());
        out.single(Metric.EVENTS_DROPPED, lake.getEventsDropped());
        out.single(Metric.EVENTS_DROPPED_BYTES, lake.getDroppedBytes());
        out.single(Metric.EVENTS_DROPPED_HELD, lake.getDroppedHeldBytes());
        out.single(Metric.STORE_TEXT, lake.getTextBytesInMemory());
        out.single(Metric.VECTOR_CHECKED, lake.getNeighboursChecked());
        out.single(Metric.VECTOR_FOUND, lake.getNeighboursFound());
    }

    private void projects(List<ProjectStatus> projects) {
        each(Metric.PROJECT_FILES, projects, ProjectStatus::getFiles, NodeMetrics::labels);
        each(Metric.PROJECT_BYTES, projects, ProjectStatus::getBytes, NodeMetrics::labels);
        each(Metric.PROJECT_CHUNKS, projects, ProjectStatus::getChunks, NodeMetrics::labels);
        each(Metric.PROJECT_EMBEDDED, projects, ProjectStatus::getEmbedded, NodeMetrics::labels);
        each(Metric.PROJECT_UNRANKED, projects, ProjectStatus::getUnranked, NodeMetrics::labels);
        each(Metric.PROJECT_INDEXED, projects, project -> one(project.getIndexed()), NodeMetrics::labels);
        each(Metric.PROJECT_STATE, projects, _ -> 1, project -> labels(project, project.getState()));
        each(
                Metric.PROJECT_TROUBLE,
                projects,
                project -> one(!project.getProblem().isEmpty()),
                NodeMetrics::labels);
        out.begin(Metric.PROJECT_SKIPPED);
        for (ProjectStatus project : projects) {
            for (SkippedReason reason : project.getSkippedList()) {
                out.sample(reason.getCount(), labels(project, reason.getReason()));
            }
        }
    }

    private void watchers(List<ProjectStatus> projects) {
        watcher(Metric.WATCH_TOUCHED, projects, WatchStatus::getTouched);
        watcher(Metric.WATCH_LOSSES, projects, WatchStatus::getLosses);
        watcher(Metric.WATCH_SCANS, projects, WatchStatus::getScans);
        watcher(Metric.WATCH_GIT, projects, WatchStatus::getGitMoves);
        watcher(Metric.WATCH_READ_FILES, projects, WatchStatus::getReadFiles);
        watcher(Metric.WATCH_READ_BYTES, projects, WatchStatus::getReadBytes);
        watcher(Metric.WATCH_WAITING, projects, WatchStatus::getWaiting);
        watcher(Metric.WATCH_UNWATCHED, projects, WatchStatus::getUnwatched);
    }

    private void watcher(Metric metric, List<ProjectStatus> projects, ToLongFunction<WatchStatus> figure) {
        each(metric, projects, project -> figure.applyAsLong(project.getWatch()), NodeMetrics::labels);
    }

    private void queues(List<QueueStatus> queues) {
        Function<QueueStatus, String[]> labels = queue -> new String[] {queue.getName()};
        each(Metric.QUEUE_WAITING, queues, QueueStatus::getWaiting, labels);
        each(Metric.QUEUE_MAX, queues, QueueStatus::getMax, labels);
        each(Metric.QUEUE_REFUSED, queues, QueueStatus::getRefused, labels);
    }

    private void models(List<ModelStatus> models, List<ServedModel> served) {
        Function<ModelStatus, String[]> labels = model -> new String[] {model.getName()};
        each(Metric.MODEL_STATE, models, _ -> 1, model ->
                new String[] {model.getName(), model.getEngine(), model.getState()});
        served.forEach(model -> out.sample(1, model.getName(), model.getEngine(), model.getState()));
        each(Metric.MODEL_EMBEDDED, models, ModelStatus::getEmbedded, labels);
        each(Metric.MODEL_WAITING, models, ModelStatus::getWaiting, labels);
        out.begin(Metric.MODEL_RATE);
        models.forEach(model -> out.sample(model.getPerSecond(), model.getName()));
    }

    /** Each call has its {@code ok} from the beginning, so that a rate over it never lacks its first value. */
    private void calls(CallFigures calls) {
        out.begin(Metric.CALLS);
        for (Call call : Call.values()) {
            for (FaultCode outcome : FaultCode.values()) {
                long count = calls.count(call, outcome);
                if (count > 0 || outcome == FaultCode.OK) {
                    out.sample(count, call.id(), outcome.name().toLowerCase(Locale.ROOT));
                }
            }
        }
        out.begin(Metric.CALL_DURATION);
        for (Call call : Call.values()) {
            out.histogram(calls.durations(call), call.id());
        }
    }

    private <T> void each(
            Metric metric, List<T> rows, ToLongFunction<? super T> value, Function<? super T, String[]> labels) {
        out.begin(metric);
        rows.forEach(row -> out.sample(value.applyAsLong(row), labels.apply(row)));
    }

    private static String[] labels(MemoryShare share) {
        return new String[] {share.getStore()};
    }

    private static String[] labels(MemoryHolding holding) {
        return new String[] {holding.getProject(), holding.getName(), holding.getStore(), holding.getPart()};
    }

    private static String[] labels(ProjectStatus project) {
        return new String[] {project.getId(), project.getName(), project.getWorkspace(), project.getRoot()};
    }

    private static String[] labels(ProjectStatus project, String further) {
        return new String[] {project.getId(), project.getName(), project.getWorkspace(), project.getRoot(), further};
    }

    private static long one(boolean yes) {
        return yes ? 1 : 0;
    }
}
