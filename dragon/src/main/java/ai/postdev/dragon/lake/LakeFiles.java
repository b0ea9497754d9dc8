package ai.postdev.dragon.lake;

import static java.util.concurrent.TimeUnit.SECONDS;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.journal.JournalSettings;
import ai.postdev.dragon.memory.Memory;
import ai.postdev.dragon.memory.MemorySettings;
import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a node's lakes lies on its disk: the journal, and for each lake a folder of views. A node reads its lakes into
 * memory while it still joins its cluster: both take about a second, and on different processors. Any thread.
 */
public final class LakeFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LakeFiles.class);
    private static final int SECONDS_TO_END = 60;

    private final Path folder;
    private final Journal journal;
    private final Config config;
    private final Memory memory;
    private final LongSupplier wallMillis;
    private final ExecutorService ahead;

    // Guarded by this.
    private final Map<ProjectId, CompletableFuture<OpenLake>> begun = new HashMap<>();
    private final Set<ProjectId> taken = new HashSet<>();
    private boolean closed;

    /**
     * Opens the journal; may wait for the disk.
     *
     * @param data the home's data folder
     * @throws JournalRefused with what was found and what to do
     */
    public static LakeFiles open(Path data, Config config) throws JournalRefused {
        Journal journal = Journal.open(data.resolve("journal"), JournalSettings.from(config));
        return new LakeFiles(
                data.resolve("lakes"),
                journal,
                config,
                Memory.of(
                        MemorySettings.from(config),
                        "postdevai-" + journal.origin(),
                        data.resolve("ram"),
                        journal::memoryBytes,
                        journal::giveBack),
                System::currentTimeMillis);
    }

    /**
     * Removes what is left of the views of a project that the journal does not hold. No node may run on it.
     *
     * @param data the home's data folder
     */
    public static void clear(Path data, ProjectId project) throws IOException {
        Snapshots.delete(data.resolve("lakes").resolve(project.value()));
    }

    /** The files of lakes below {@code folder}, and a journal that is closed with them. */
    LakeFiles(Path folder, Journal journal, Config config, Memory memory, LongSupplier wallMillis) {
        this.folder = folder;
        this.journal = journal;
        this.config = config;
        this.memory = memory;
        this.wallMillis = wallMillis;
        ahead = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("lakes-ahead").factory());
    }

    /** The journal of all lakes. */
    public Journal journal() {
        return journal;
    }

    Config config() {
        return config;
    }

    LongSupplier wallMillis() {
        return wallMillis;
    }

    /** What the lakes hold in memory. */
    public Memory memory() {
        return memory;
    }

    /** The folder of one lake's views; it may be deleted at any time while the node is down. */
    Path folder(ProjectId project) {
        return folder.resolve(project.value());
    }

    /** Begins to read the lakes of all projects, one after another. What fails is tried again by {@link #take}. */
    public void readAhead() {
        journal.projects().forEach(project -> ahead.execute(() -> readAhead(project)));
    }

    void readAhead(ProjectId project) {
        CompletableFuture<OpenLake> lake = new CompletableFuture<>();
        synchronized (this) {
            if (closed || taken.contains(project)) {
                return;
            }
            begun.put(project, lake);
        }
        try {
            lake.complete(OpenLake.open(project, this));
        } catch (RuntimeException | Error e) {
            lake.completeExceptionally(e);
        }
    }

    /**
     * The lake of {@code project} in memory: the one read ahead, the first time, or one read now on {@code executor}. Its
     * taker ends it.
     */
    CompletableFuture<OpenLake> take(ProjectId project, Executor executor) {
        CompletableFuture<OpenLake> lake;
        synchronized (this) {
            taken.add(project);
            lake = begun.remove(project);
        }
        return lake != null ? lake : CompletableFuture.supplyAsync(() -> OpenLake.open(project, this), executor);
    }

    /** Ends the lakes that nobody took, and closes the journal. The others must have ended. */
    @Override
    public void close() throws JournalRefused {
        synchronized (this) {
            closed = true;
        }
        ahead.shutdown();
        try {
            if (!ahead.awaitTermination(SECONDS_TO_END, SECONDS)) {
                LOG.warn("a lake was still being read after {} s; the journal closes all the same", SECONDS_TO_END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            begun.values().stream()
                    .filter(lake -> lake.isDone() && !lake.isCompletedExceptionally())
                    .forEach(lake -> lake.join().close());
            begun.clear();
        }
        memory.close();
        journal.close();
    }
}
