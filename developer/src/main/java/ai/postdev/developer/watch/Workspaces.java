package ai.postdev.developer.watch;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.Reply.Reason;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.actors.protocol.WorkspaceProtocol.Command;
import ai.postdev.developer.ingest.ProjectIdentity;
import ai.postdev.developer.ingest.TextIntake;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.UpProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Keeps the folders that this node watches, across restarts, each by a {@link Workspace} child. Runs on
 * {@link WatchSettings#DISPATCHER}: it checks paths and writes its list.
 */
public final class Workspaces extends AbstractBehavior<Command> {
    private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(3);

    /** One watched folder. */
    private record Kept(ProjectIdentity identity, ActorRef<Workspace.Command> actor) {}

    private final WatchSettings settings;
    private final Path home;
    private final Origin origin;
    private final TextIntake intake;
    private final Function<ProjectId, RecipientRef<LakeProtocol.Command>> lakes;
    private final WorkspaceList list;
    private final boolean gitInstalled;
    private final Map<Path, Kept> kept = new LinkedHashMap<>();
    private int spawned;

    /**
     * The keeper of a node's folders; begins to watch what its list names.
     *
     * @param home of the node
     * @param origin of the node: part of the names of its workspaces
     * @param lakes where the lake of a project is reached
     */
    public static Behavior<Command> create(
            WatchSettings settings,
            Path home,
            Origin origin,
            TextIntake intake,
            Function<ProjectId, RecipientRef<LakeProtocol.Command>> lakes) {
        return Behaviors.setup(context -> new Workspaces(context, settings, home, origin, intake, lakes));
    }

    private Workspaces(
            ActorContext<Command> context,
            WatchSettings settings,
            Path home,
            Origin origin,
            TextIntake intake,
            Function<ProjectId, RecipientRef<LakeProtocol.Command>> lakes) {
        super(context);
        this.settings = settings;
        this.home = home.toAbsolutePath().normalize();
        this.origin = origin;
        this.intake = intake;
        this.lakes = lakes;
        this.list = new WorkspaceList(this.home);
        this.gitInstalled = WorkspaceDisk.gitUsable(settings);
        try {
            list.load().forEach(this::keep);
        } catch (IOException e) {
            context.getLog()
                    .error("the list of watched folders was not readable; nothing is watched: {}", e.getMessage());
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::onCommand).build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case WorkspaceProtocol.Up up -> onUp(up);
            case WorkspaceProtocol.Unwatch unwatch -> onUnwatch(unwatch);
            case WorkspaceProtocol.Workspaces ask -> onWorkspaces(ask.replyTo());
            case WorkspaceProtocol.Rescan rescan -> onRescan(rescan);
            case WorkspaceProtocol.FileAtRevision ask -> onFileAtRevision(ask);
            case WorkspaceProtocol.SearchAtRevision ask -> onSearchAtRevision(ask);
        }
        return this;
    }

    private void keep(ProjectIdentity identity) {
        WorkspaceSeat seat = new WorkspaceSeat(settings, identity, home, origin, intake, gitInstalled);
        spawned++;
        ActorRef<Workspace.Command> actor = getContext()
                .spawn(
                        Behaviors.supervise(Workspace.create(seat, lakes.apply(identity.project())))
                                .onFailure(settings.restart()),
                        "workspace-" + spawned);
        kept.put(identity.root(), new Kept(identity, actor));
    }

    private void onUp(WorkspaceProtocol.Up up) {
        List<String> refusals = new ArrayList<>();
        Set<Path> roots = new LinkedHashSet<>();
        for (String path : up.paths()) {
            WatchablePath watchable = WatchablePath.of(path, home, gitInstalled);
            Optional<Path> root = watchable.root();
            if (root.isEmpty()) {
                refusals.add(watchable.message());
            } else if (start(root.get(), refusals)) {
                roots.add(root.get());
                if (!watchable.message().isEmpty()) {
                    up.replyTo().tell(note(kept.get(root.get()).identity(), watchable.message()));
                }
            }
        }
        Map<String, ActorRef<Workspace.Command>> followed = new LinkedHashMap<>();
        roots.forEach(root -> followed.put(root.toString(), kept.get(root).actor()));
        getContext().spawnAnonymous(UpSession.create(followed, refusals, up.replyTo()));
    }

    private static WorkspaceProtocol.UpMoved note(ProjectIdentity identity, String message) {
        return new WorkspaceProtocol.UpMoved(UpProgress.newBuilder()
                .setProject(identity.project().value())
                .setRoot(identity.root().toString())
                .setPhase("scanning")
                .setMessage(message)
                .build());
    }

    /** Watches {@code root} unless it is watched already; false with a refusal if it cannot be. */
    private boolean start(Path root, List<String> refusals) {
        try {
            Kept before = kept.get(root);
            ProjectIdentity identity = ProjectIdentity.of(root, home, origin, gitInstalled);
            if (before != null && before.identity().project().equals(identity.project())) {
                return true;
            }
            if (before != null) {
                getContext().stop(before.actor());
                kept.remove(root);
            }
            Optional<Path> around = kept.keySet().stream()
                    .filter(other -> root.startsWith(other) && identity.git().isEmpty())
                    .findAny();
            if (around.isPresent()) {
                refusals.add(root + " is watched already as part of " + around.get());
                return false;
            }
            if (kept.size() >= settings.workspacesMax()) {
                refusals.add(root + " would be more than " + settings.workspacesMax()
                        + " watched folders; forget one or raise postdevai.watch.workspaces-max");
                return false;
            }
            keep(identity);
            save();
            return true;
        } catch (IOException e) {
            refusals.add(root + " cannot be watched: " + e.getMessage());
            return false;
        }
    }

    private void save() throws IOException {
        list.save(kept.values().stream().map(Kept::identity).toList());
    }

    private List<Kept> of(String project) {
        return kept.values().stream()
                .filter(k -> k.identity().project().value().equals(project))
                .toList();
    }

    private void onUnwatch(WorkspaceProtocol.Unwatch unwatch) {
        List<Kept> of = of(unwatch.project());
        try {
            for (Kept gone : of) {
                getContext().stop(gone.actor());
                kept.remove(gone.identity().root());
                ProjectIdentity.forget(gone.identity().root(), home);
            }
            save();
            unwatch.replyTo().tell(new Reply.Answered<>(of.size()));
        } catch (IOException e) {
            unwatch.replyTo()
                    .tell(new Reply.Refused<>(
                            Reason.FAILED, "the list of watched folders was not written: " + e.getMessage()));
        }
    }

    private void onWorkspaces(ActorRef<List<ProjectStatus>> replyTo) {
        List<CompletableFuture<ProjectStatus>> asked = new ArrayList<>();
        for (Kept each : kept.values()) {
            CompletionStage<ProjectStatus> answer = AskPattern.ask(
                    each.actor(),
                    Workspace.Status::new,
                    STATUS_TIMEOUT,
                    getContext().getSystem().scheduler());
            asked.add(answer.exceptionally(_ -> silent(each.identity())).toCompletableFuture());
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenRun(() -> replyTo.tell(asked.stream()
                        .map(CompletableFuture::join)
                        .sorted(Comparator.comparing(ProjectStatus::getRoot))
                        .toList()));
        all.exceptionally(failure -> {
            getContext().getSystem().log().error("the state of the watched folders was not told", failure);
            return null;
        });
    }

    private static ProjectStatus silent(ProjectIdentity identity) {
        return ProjectStatus.newBuilder()
                .setId(identity.project().value())
                .setRoot(identity.root().toString())
                .setName(identity.name())
                .setWorkspace(identity.workspace().value())
                .setState("failed")
                .setProblem("the watcher did not answer within " + STATUS_TIMEOUT.toSeconds() + " s")
                .build();
    }

    private void onRescan(WorkspaceProtocol.Rescan rescan) {
        List<Kept> of = of(rescan.project());
        if (of.isEmpty()) {
            rescan.replyTo().tell(notWatched(rescan.project()));
        } else {
            ActorRef<Reply<Integer>> sum =
                    getContext().spawnAnonymous(SummedRescans.create(of.size(), rescan.replyTo()));
            of.forEach(each -> each.actor().tell(new Workspace.Rescan(sum)));
        }
    }

    private void onFileAtRevision(WorkspaceProtocol.FileAtRevision ask) {
        List<Kept> of = of(ask.project());
        if (of.isEmpty()) {
            ask.replyTo().tell(notWatched(ask.project()));
        } else {
            of.getFirst().actor().tell(new Workspace.FileAt(ask.path(), ask.revision(), ask.replyTo()));
        }
    }

    private void onSearchAtRevision(WorkspaceProtocol.SearchAtRevision ask) {
        List<Kept> of = of(ask.project());
        if (of.isEmpty()) {
            ask.replyTo().tell(notWatched(ask.project()));
        } else {
            of.getFirst().actor().tell(new Workspace.SearchAt(ask.request(), ask.replyTo()));
        }
    }

    private static <T> Reply<T> notWatched(String project) {
        return new Reply.Refused<>(
                Reason.NOT_FOUND,
                "project " + project + " is not watched on this node; run `postdevai up` on its folder");
    }
}
