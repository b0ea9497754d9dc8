package ai.postdev.app;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.cluster.NodeEnd;
import ai.postdev.cluster.NodeSettings;
import ai.postdev.cluster.Role;
import ai.postdev.cluster.RunInfo;
import ai.postdev.cluster.RunningNode;
import ai.postdev.coordinator.gateway.NodeFacts;
import ai.postdev.dragon.Dragon;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.journal.JournalStats;
import ai.postdev.dragon.lake.journal.OpenReport;
import ai.postdev.dragon.lake.journal.RepairReport;
import ai.postdev.dragon.memory.ProcessMemory;
import ai.postdev.dragon.model.EmbedQueue;
import ai.postdev.v1.Endpoints;
import ai.postdev.v1.Finding;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.LakeStatus;
import ai.postdev.v1.MemoryDrift;
import ai.postdev.v1.ModelStatus;
import ai.postdev.v1.QueueStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this process knows of itself. */
final class LocalFacts implements NodeFacts {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFacts.class);
    private static final Duration MODELS_TIMEOUT = Duration.ofSeconds(1);
    private static final long DISK_FREE_LOW = 1L << 30;

    private final RunningNode<?> node;
    private final NodeSettings settings;
    private final NodeGuardian.Begun parts;
    private final Path tokenFile;
    private volatile RunInfo info;

    LocalFacts(RunningNode<?> node, NodeGuardian.Begun parts, Path tokenFile) {
        this.node = node;
        this.settings = node.settings();
        this.parts = parts;
        this.tokenFile = tokenFile;
        this.info = node.runInfo();
    }

    /** The doors are open at these addresses. */
    void opened(RunInfo doors) {
        info = doors;
    }

    @Override
    public ai.postdev.v1.Node node() {
        Runtime runtime = Runtime.getRuntime();
        return ai.postdev.v1.Node.newBuilder()
                .setPid(ProcessHandle.current().pid())
                .setVersion(settings.version())
                .addAllRoles(settings.roles().stream().map(Role::id).sorted().toList())
                .setReady(!info.socket().isEmpty())
                .setUptimeMs(ManagementFactory.getRuntimeMXBean().getUptime())
                .setRssBytes(ProcessMemory.residentBytes().orElse(0))
                .setHeapUsedBytes(runtime.totalMemory() - runtime.freeMemory())
                .setId(settings.id().value())
                .setHome(settings.home().root().toString())
                .build();
    }

    @Override
    public LakeAnswer memory(LakeRequest change) {
        return parts.dragon()
                .map(dragon -> MemoryReport.of(dragon.memory(), change))
                .orElse(LakeAnswer.getDefaultInstance());
    }

    @Override
    public MemoryDrift drift() {
        return parts.dragon()
                .map(dragon -> MemoryReport.drift(dragon.memory().drift()))
                .orElse(MemoryDrift.getDefaultInstance());
    }

    @Override
    public List<QueueStatus> queues() {
        return parts.dragon().map(Dragon::queues).orElse(List.of()).stream()
                .map(queue -> QueueStatus.newBuilder()
                        .setName(queue.name())
                        .setWaiting(queue.waiting())
                        .setMax(queue.max())
                        .setRefused(queue.refused())
                        .build())
                .toList();
    }

    @Override
    public CompletionStage<List<ModelStatus>> models() {
        if (parts.dragon().isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        CompletionStage<ModelStatus> asked = AskPattern.ask(
                parts.dragon().get().embedQueue(),
                EmbedQueue.Status::new,
                MODELS_TIMEOUT,
                node.system().scheduler());
        return asked.handle((status, failure) -> failure == null ? List.of(status) : List.of());
    }

    @Override
    public LakeStatus journal() {
        if (parts.dragon().isEmpty()) {
            return LakeStatus.getDefaultInstance();
        }
        try {
            JournalStats stats = parts.dragon().get().journal().stats();
            return LakeStatus.newBuilder()
                    .setJournalBytes(bytesBelow(settings.home().data().resolve("journal")))
                    .setBlobs(stats.blobs())
                    .setBlobBytes(stats.blobBytes())
                    .setBlobDiskBytes(stats.blobDiskBytes())
                    .setJournalCommits(stats.commits())
                    .setJournalSyncs(stats.syncs())
                    .setJournalFailedWrites(stats.failedWrites())
                    .build();
        } catch (JournalRefused e) {
            LOG.warn("no figures of the journal: {}", e.getMessage());
            return LakeStatus.getDefaultInstance();
        }
    }

    /** What a folder takes on disk: the database's own figure leaves out what is only in its log. */
    private static long bytesBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} cannot be measured: {}", folder, e.getMessage());
            return 0;
        }
    }

    @Override
    public Endpoints endpoints() {
        return Endpoints.newBuilder()
                .setGrpc(info.grpc())
                .setHttp(info.http())
                .setManagement(info.management())
                .setApiKeyFile(tokenFile.toString())
                .setSocket(info.socket())
                .build();
    }

    @Override
    public CompletionStage<List<Finding>> examine(boolean repair) {
        return CompletableFuture.supplyAsync(
                () -> examination(repair), node.system().dispatchers().lookup(DispatcherSelector.blocking()));
    }

    private List<Finding> examination(boolean repair) {
        List<Finding> findings = new ArrayList<>();
        findings.add(finding("ok", "java", Runtime.version().toString(), ""));
        findings.add(disk());
        parts.dragon().ifPresent(dragon -> {
            findings.add(MemoryReport.finding(dragon.memory().drift()));
            findings.addAll(journal(dragon, repair));
        });
        return findings;
    }

    private Finding disk() {
        try {
            FileStore store = Files.getFileStore(settings.home().root());
            long free = store.getUsableSpace();
            return free < DISK_FREE_LOW
                    ? finding("warning", "disk", free + " bytes free for " + settings.home(), "free some space")
                    : finding("ok", "disk", free + " bytes free for " + settings.home(), "");
        } catch (IOException e) {
            return finding("error", "disk", e.toString(), "see that the home can be read");
        }
    }

    private List<Finding> journal(Dragon dragon, boolean repair) {
        List<Finding> findings = new ArrayList<>();
        Journal journal = dragon.journal();
        OpenReport opened = journal.opened();
        if (!opened.cut().isEmpty() || opened.tornBytes() > 0) {
            findings.add(finding(
                    "warning",
                    "journal tail",
                    "cut at the last start, never acknowledged: " + opened.tornBytes() + " bytes, " + opened.cut(),
                    ""));
        }
        for (ProjectId project : journal.projects()) {
            findings.add(journal(journal, project, repair));
        }
        return findings;
    }

    private static Finding journal(Journal journal, ProjectId project, boolean repair) {
        String check = "journal of " + project;
        try {
            RepairReport report = repair ? journal.repair(project) : journal.inspect(project);
            if (report.healthy()) {
                return finding("ok", check, report.operations() + " operations, each readable", "");
            }
            if (report.physical()) {
                return finding(
                        "error",
                        check,
                        "the files of the journal are damaged: " + report.lost().size() + " operations and "
                                + report.lostBlobs().size() + " texts unreadable",
                        "run: postdevai stop; postdevai doctor --repair; postdevai up");
            }
            String found = report.lost().size() + " operations and "
                    + report.lostBlobs().size() + " texts unreadable: " + report.lost();
            return repair
                    ? finding(
                            "warning",
                            check,
                            "set aside: " + found,
                            "what the folder and git still know is read again; stop and start the node to open the"
                                    + " lake")
                    : finding("error", check, found, "run: postdevai doctor --repair");
        } catch (JournalRefused e) {
            return finding("error", check, e.getMessage(), "");
        }
    }

    private static Finding finding(String level, String check, String found, String advice) {
        return Finding.newBuilder()
                .setLevel(level)
                .setCheck(check)
                .setFound(found)
                .setAdvice(advice)
                .build();
    }

    @Override
    public void stop() {
        NodeEnd.begin(node.system()).whenComplete((_, failure) -> {
            if (failure != null) {
                LOG.error("the node did not end in order", failure);
            }
        });
    }
}
