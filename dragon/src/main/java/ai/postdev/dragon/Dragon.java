package ai.postdev.dragon;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ArchiveProtocol;
import ai.postdev.actors.protocol.EmbeddingProtocol;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.ModelsProtocol;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.dragon.lake.Lake;
import ai.postdev.dragon.lake.LakeFiles;
import ai.postdev.dragon.lake.LakeReader;
import ai.postdev.dragon.lake.LakeRoom;
import ai.postdev.dragon.lake.LakeSettings;
import ai.postdev.dragon.lake.QueueFigures;
import ai.postdev.dragon.lake.ReadPool;
import ai.postdev.dragon.lake.backup.ArchiveKeeper;
import ai.postdev.dragon.lake.backup.BackupSettings;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.journal.JournalSettings;
import ai.postdev.dragon.lake.journal.JournalWriter;
import ai.postdev.dragon.lake.journal.WriteQueue;
import ai.postdev.dragon.lake.portable.PortableSettings;
import ai.postdev.dragon.lake.retrieval.QueryMeaning;
import ai.postdev.dragon.lake.retrieval.Retrieval;
import ai.postdev.dragon.lake.retrieval.RetrievalSettings;
import ai.postdev.dragon.lake.syntax.SyntaxSettings;
import ai.postdev.dragon.lake.syntax.TreeSitterSyntax;
import ai.postdev.dragon.memory.Memory;
import ai.postdev.dragon.memory.MemoryKeeper;
import ai.postdev.dragon.model.EmbedQueue;
import ai.postdev.dragon.model.EmbedRequestSettings;
import ai.postdev.dragon.model.EmbedServer;
import ai.postdev.dragon.model.EmbedderKeeping;
import ai.postdev.dragon.model.EmbedderSettings;
import ai.postdev.dragon.model.EmbedderSlot;
import ai.postdev.dragon.model.Embedders;
import ai.postdev.dragon.model.QueryEmbedder;
import ai.postdev.dragon.model.QueryGate;
import ai.postdev.dragon.model.catalogue.Catalogue;
import ai.postdev.dragon.model.catalogue.KnownModels;
import ai.postdev.dragon.model.engine.ModelFacts;
import ai.postdev.dragon.model.serve.EmbedderPlace;
import ai.postdev.dragon.model.serve.ModelHome;
import ai.postdev.dragon.model.serve.ModelServer;
import ai.postdev.dragon.model.serve.ServingSettings;
import ai.postdev.dragon.model.worker.WorkerCommand;
import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The dragon of a node: its journal, the actors that all lakes share, and the behaviour of a lake. Made by the node's
 * guardian; {@link #close} after the lakes have ended.
 */
public final class Dragon implements AutoCloseable {
    private final LakeFiles files;
    private final ReadPool reads;
    private final ForkJoinPool scans;
    private final ActorRef<JournalWriter.Command> writer;
    private final WriteQueue writes = new WriteQueue();
    private final JournalSettings journalSettings;
    private final ActorRef<EmbedQueue.Command> embedQueue;
    private final ActorRef<ArchiveProtocol.Command> archive;
    private final ActorRef<ServingProtocol.Command> serving;
    private final ActorRef<ModelsProtocol.Command> models;
    private final ActorRef<EmbeddingProtocol.Command> embeddings;
    private final LakeRoom room;

    /**
     * Spawns what lakes share, as children of the guardian.
     *
     * @param files of the lakes; closed with the dragon
     * @param data the home's data folder
     * @param modelHome where the models are kept
     * @param observer is told which lakes are open here
     */
    public static Dragon start(
            ActorContext<?> context,
            LakeFiles files,
            Path data,
            ModelHome modelHome,
            Config config,
            LakeRoom.Observer observer) {
        return new Dragon(context, files, data, modelHome, config, observer);
    }

    private Dragon(
            ActorContext<?> context,
            LakeFiles files,
            Path data,
            ModelHome modelHome,
            Config config,
            LakeRoom.Observer observer) {
        this.files = files;
        Journal journal = files.journal();
        LakeSettings settings = LakeSettings.from(config);
        reads = new ReadPool(settings);
        scans = new ForkJoinPool(settings.readThreads());
        context.spawn(
                MemoryKeeper.create(files.memory()),
                "memory-keeper",
                DispatcherSelector.fromConfig("postdevai.lake.store-dispatcher"));
        journalSettings = JournalSettings.from(config);
        writer = context.spawn(
                JournalWriter.create(journal, journalSettings, writes),
                "journal-writer",
                DispatcherSelector.sameAsParent());
        archive = context.spawn(
                ArchiveKeeper.create(
                        journal, PortableSettings.from(config), BackupSettings.from(config), InstantSource.system()),
                "archive-keeper");
        EmbedderSettings embedder = EmbedderSettings.from(config, data.resolve("models"));
        Map<String, EmbedderPlace> places = new ConcurrentHashMap<>();
        serving = context.spawn(
                ModelServer.create(
                        ServingSettings.from(config, modelHome.logs()),
                        new ModelServer.Parts(
                                modelHome.node(),
                                modelHome.store(),
                                modelHome.loaded(),
                                files.memory().modelRoom(),
                                WorkerCommand.thisBuild(),
                                name -> Optional.ofNullable(places.get(name)))),
                "model-server");
        models = context.spawn(
                Catalogue.create(modelHome.store(), KnownModels.own(), InstantSource.system()), "catalogue");
        QueryGate gate = new QueryGate();
        EmbedderKeeping keeping = new EmbedderKeeping(serving, embedder, context.getSystem());
        ActorSystem<?> system = context.getSystem();
        Embedders embedders = new Embedders(Embedders.first(embedder, modelHome.store()), (spec, cell) -> {
            ActorRef<EmbedderSlot.Command> slot = system.systemActorOf(
                    EmbedderSlot.create(embedder, cell, spec::load, Optional.of(() -> keeping.ask(spec.name()))),
                    "embedder-slot-" + UUID.randomUUID(),
                    Props.empty());
            places.put(
                    spec.name(),
                    new EmbedderPlace(slot, new ModelFacts(spec.engine(), embedder.tokensMax(), embedder.threads())));
            return slot;
        });
        system.scheduler()
                .scheduleOnce(
                        embedder.loadAfter(),
                        () -> embedders.add(Embedders.here(embedder, modelHome.store())),
                        system.dispatchers().lookup(DispatcherSelector.blocking()));
        Embedders.Place target = embedders.target();
        embedQueue = context.spawn(
                EmbedQueue.create(
                        embedder, target, gate, () -> embedders.others().forEach(keeping::letGo)),
                "embed-queue");
        embeddings = context.spawn(
                EmbedServer.create(EmbedRequestSettings.from(config), target.spec(), target.slot(), gate),
                "embed-server");
        QueryEmbedder queryEmbedder = new QueryEmbedder(embedders, embedder);
        room = new LakeRoom(
                journal.origin(),
                files,
                writer,
                embedQueue,
                new TreeSitterSyntax(SyntaxSettings.from(config)),
                new LakeReader(
                        settings,
                        new Retrieval(RetrievalSettings.from(config), QueryMeaning.by(queryEmbedder), scans),
                        gate,
                        target.spec().key()),
                gate,
                reads,
                scans,
                settings,
                observer);
    }

    /** The behaviour of the lake of {@code project}. */
    public Behavior<LakeProtocol.Command> lake(ProjectId project) {
        return Lake.create(project, room);
    }

    /** The origin of this node's operations. */
    public Origin origin() {
        return files.journal().origin();
    }

    /** The queue that embeds, for its status. */
    public ActorRef<EmbedQueue.Command> embedQueue() {
        return embedQueue;
    }

    /** What waits at the bounds that all lakes share. A refusal for want of room counts at both bounds of the journal. */
    public List<QueueFigures> queues() {
        return List.of(
                reads.figures(),
                new QueueFigures(
                        "journal-operations",
                        writes.operations(),
                        journalSettings.operationsPendingMax(),
                        writes.refused()),
                new QueueFigures("journal-bytes", writes.bytes(), journalSettings.bytesPendingMax(), writes.refused()));
    }

    /** Copies the journal to backups and exports. */
    public ActorRef<ArchiveProtocol.Command> archive() {
        return archive;
    }

    /** The models of this node: what there is, pulls. */
    public ActorRef<ModelsProtocol.Command> models() {
        return models;
    }

    /** Keeps the language models. */
    public ActorRef<ServingProtocol.Command> serving() {
        return serving;
    }

    /** Embeds texts that callers bring. */
    public ActorRef<EmbeddingProtocol.Command> embeddings() {
        return embeddings;
    }

    /** What the lakes hold in memory, for its status and its budget. */
    public Memory memory() {
        return files.memory();
    }

    /** The journal, for its status and for repairs. */
    public Journal journal() {
        return files.journal();
    }

    /** Ends the pools and closes the journal. The lakes must have ended. */
    @Override
    public void close() throws JournalRefused {
        reads.close();
        scans.shutdownNow();
        files.close();
    }
}
