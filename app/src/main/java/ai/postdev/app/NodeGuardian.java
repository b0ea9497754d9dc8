package ai.postdev.app;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ArchiveProtocol;
import ai.postdev.actors.protocol.EmbeddingProtocol;
import ai.postdev.actors.protocol.ModelsProtocol;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.cluster.NodeSettings;
import ai.postdev.cluster.Role;
import ai.postdev.cluster.shard.LakeShards;
import ai.postdev.coordinator.registry.Capabilities;
import ai.postdev.coordinator.registry.ClusterView;
import ai.postdev.developer.ingest.ContentIntake;
import ai.postdev.developer.ingest.TextIntake;
import ai.postdev.developer.watch.WatchSettings;
import ai.postdev.developer.watch.Workspaces;
import ai.postdev.dragon.Dragon;
import ai.postdev.dragon.lake.LakeFiles;
import ai.postdev.dragon.model.serve.ModelHome;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The root of a node's actors. Starts nothing until the node is a member of its cluster and says {@link Begin}; then
 * what the node's roles ask for.
 */
final class NodeGuardian extends AbstractBehavior<NodeGuardian.Command> {
    /** What the guardian understands. */
    sealed interface Command {}

    /**
     * The node is a member: start the parts.
     *
     * @param lakeFiles of a node that is a dragon
     */
    record Begin(Optional<LakeFiles> lakeFiles, ActorRef<Begun> replyTo) implements Command {}

    /** The node ends: stop watching, so that nothing new comes. Answered when it has stopped. */
    record StopWatching(ActorRef<Done> replyTo) implements Command {}

    private record Watched(ActorRef<Done> replyTo) implements Command {}

    private record ViewChanged(ClusterView view) implements Command {}

    /** The parts that the doors talk to. */
    record Begun(
            LakeShards lakes,
            ActorRef<WorkspaceProtocol.Command> workspaces,
            ActorRef<ArchiveProtocol.Command> archive,
            ActorRef<ModelsProtocol.Command> models,
            ActorRef<ServingProtocol.Command> serving,
            ActorRef<EmbeddingProtocol.Command> embeddings,
            Optional<Dragon> dragon,
            LakesHere lakesHere,
            UnaryOperator<String> redact) {}

    private final NodeSettings settings;
    private final ClusterDirectory directory;
    private final TextIntake intake = new ContentIntake();
    private ActorRef<WorkspaceProtocol.Command> workspaces;
    private Optional<LakeFiles> lakeFiles = Optional.empty();
    private Optional<Runnable> begun = Optional.empty();

    static Behavior<Command> create(NodeSettings settings, ClusterDirectory directory) {
        return Behaviors.setup(context -> new NodeGuardian(context, settings, directory));
    }

    private NodeGuardian(ActorContext<Command> context, NodeSettings settings, ClusterDirectory directory) {
        super(context);
        this.settings = settings;
        this.directory = directory;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::onCommand).build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Begin begin -> onBegin(begin);
            case StopWatching stop -> {
                getContext().watchWith(workspaces, new Watched(stop.replyTo()));
                getContext().stop(workspaces);
            }
            case Watched watched -> watched.replyTo().tell(Done.getInstance());
            case ViewChanged changed -> onViewChanged(changed.view());
        }
        return this;
    }

    /**
     * The doors open on the answer, so it waits until the directory has every project that lies here: a call that comes
     * sooner would be told that nothing is remembered.
     */
    private void onBegin(Begin begin) {
        lakeFiles = begin.lakeFiles();
        Begun parts = begin();
        begun = Optional.of(() -> begin.replyTo().tell(parts));
    }

    private void onViewChanged(ClusterView view) {
        directory.show(view);
        if (begun.isPresent()
                && (lakeFiles.isEmpty()
                        || view.projects()
                                .keySet()
                                .containsAll(lakeFiles.get().journal().projects()))) {
            begun.get().run();
            begun = Optional.empty();
        }
    }

    private Begun begin() {
        ActorContext<Command> context = getContext();
        ActorRef<Capabilities.Command> capabilities = context.spawn(
                Behaviors.supervise(Capabilities.create(settings)).onFailure(SupervisorStrategy.restart()),
                "capabilities");
        capabilities.tell(new Capabilities.Follow(context.messageAdapter(ClusterView.class, ViewChanged::new)));
        LakesHere here = new LakesHere(capabilities);
        Optional<Dragon> dragon = lakeFiles.map(
                opened -> Dragon.start(context, opened, settings.home().data(), modelHome(), settings.config(), here));
        dragon.ifPresent(started -> here.embedWith(started.embedQueue()));
        LakeShards lakes = LakeShards.init(
                context.getSystem(), entity -> dragon.orElseThrow().lake(new ProjectId(entity.getEntityId())));
        // What lies here is announced before anything is asked of it, so that nobody opens it elsewhere.
        lakeFiles.ifPresent(
                opened -> opened.journal().projects().forEach(project -> here.announce(project, lakes.lake(project))));
        workspaces = context.spawn(
                settings.roles().contains(Role.DEVELOPER)
                        ? Behaviors.supervise(Workspaces.create(
                                        WatchSettings.from(settings.config()),
                                        settings.home().root(),
                                        settings.id(),
                                        intake,
                                        lakes::lake))
                                .onFailure(SupervisorStrategy.restart())
                        : NoWorkspaces.create(),
                "workspaces",
                DispatcherSelector.fromConfig(WatchSettings.DISPATCHER));
        ActorRef<ArchiveProtocol.Command> archive =
                dragon.map(Dragon::archive).orElseGet(() -> context.spawn(NoArchive.create(), "no-archive"));
        ActorRef<ModelsProtocol.Command> models =
                dragon.map(Dragon::models).orElseGet(() -> context.spawn(NoModels.create(), "no-models"));
        ActorRef<ServingProtocol.Command> serving =
                dragon.map(Dragon::serving).orElseGet(() -> context.spawn(NoServing.create(), "no-serving"));
        ActorRef<EmbeddingProtocol.Command> embeddings =
                dragon.map(Dragon::embeddings).orElseGet(() -> context.spawn(NoEmbeddings.create(), "no-embeddings"));
        return new Begun(lakes, workspaces, archive, models, serving, embeddings, dragon, here, intake::redact);
    }

    private ModelHome modelHome() {
        return ModelHome.of(
                settings.id().value(), settings.home().models(), settings.home().logs(), settings.config());
    }
}
