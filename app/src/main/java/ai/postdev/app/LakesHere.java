package ai.postdev.app;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.ClusterFacts.Checkout;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.coordinator.registry.Capabilities;
import ai.postdev.dragon.lake.LakeRoom;
import ai.postdev.dragon.model.EmbedQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.RecipientRef;

/**
 * The lakes that lie on this node: tells the cluster what they are, gives them to the embedder, and closes them in an
 * orderly way. Called by lakes on their own threads.
 */
final class LakesHere implements LakeRoom.Observer {
    private static final String PREFIX = "workspace/";
    private static final String ROOT = "/root";
    private static final String NAME = "/name";

    private final ActorRef<Capabilities.Command> capabilities;
    private final Map<ProjectId, ActorRef<LakeProtocol.Command>> open = new ConcurrentHashMap<>();
    private final CompletableFuture<Done> allClosed = new CompletableFuture<>();
    private volatile ActorRef<EmbedQueue.Command> embedQueue;
    private volatile boolean closing;

    LakesHere(ActorRef<Capabilities.Command> capabilities) {
        this.capabilities = capabilities;
    }

    void embedWith(ActorRef<EmbedQueue.Command> queue) {
        embedQueue = queue;
    }

    /** A project's operations lie in this node's journal; its lake is opened, which then tells its name and folders. */
    void announce(ProjectId project, RecipientRef<LakeProtocol.Command> lake) {
        capabilities.tell(new Capabilities.Announce(project, project.value(), List.of()));
        lake.tell(LakeProtocol.Open.INSTANCE);
    }

    @Override
    public void described(ProjectId project, ActorRef<LakeProtocol.Command> lake, Map<String, String> settings) {
        if (open.put(project, lake) == null) {
            embedQueue.tell(new EmbedQueue.Watch(project, lake));
        }
        List<Checkout> checkouts = new ArrayList<>();
        String name = project.value();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            String key = setting.getKey();
            if (key.startsWith(PREFIX) && key.endsWith(ROOT)) {
                String id = key.substring(PREFIX.length(), key.length() - ROOT.length());
                checkouts.add(new Checkout(new WorkspaceId(id), setting.getValue()));
                name = settings.getOrDefault(PREFIX + id + NAME, name);
            }
        }
        capabilities.tell(new Capabilities.Announce(project, name, checkouts));
    }

    @Override
    public void closed(ProjectId project) {
        if (open.remove(project) != null) {
            embedQueue.tell(new EmbedQueue.Unwatch(project));
        }
        if (closing && open.isEmpty()) {
            allClosed.complete(Done.getInstance());
        }
    }

    @Override
    public void forgotten(ProjectId project) {
        closed(project);
        capabilities.tell(new Capabilities.Withdraw(project));
    }

    /** Has every lake answer what waits, then end. */
    CompletionStage<Done> close() {
        closing = true;
        open.values().forEach(lake -> lake.tell(LakeProtocol.Passivate.INSTANCE));
        if (open.isEmpty()) {
            allClosed.complete(Done.getInstance());
        }
        return allClosed;
    }
}
