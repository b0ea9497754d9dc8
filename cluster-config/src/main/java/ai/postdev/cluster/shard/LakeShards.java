package ai.postdev.cluster.shard;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.cluster.Role;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * The lakes of all projects of the cluster. A lake runs on the node with the role dragon that holds its data and is
 * reached from every node alike. One project is one shard, so that each can be placed by itself.
 */
public final class LakeShards {
    private final ClusterSharding sharding;

    private LakeShards(ClusterSharding sharding) {
        this.sharding = sharding;
    }

    /**
     * Takes part in the sharding of lakes: as a host on a dragon, as a caller elsewhere. To be called once on every node.
     *
     * @param lake makes the lake whose project is the entity id; it ends after {@link LakeProtocol.Passivate}
     */
    public static LakeShards init(
            ActorSystem<?> system, Function<EntityContext<LakeProtocol.Command>, Behavior<LakeProtocol.Command>> lake) {
        ClusterSharding sharding = ClusterSharding.get(system);
        sharding.init(Entity.of(LakeProtocol.TYPE_KEY, lake::apply)
                .withRole(Role.DRAGON.id())
                .withStopMessage(LakeProtocol.Passivate.INSTANCE)
                .withMessageExtractor(new OneShardPerProject())
                .withAllocationStrategy(new DataGravity(system)));
        return new LakeShards(sharding);
    }

    /** The lake of a project, wherever it runs. It is opened when first told something. */
    public EntityRef<LakeProtocol.Command> lake(ProjectId project) {
        return sharding.entityRefFor(LakeProtocol.TYPE_KEY, project.value());
    }

    private static final class OneShardPerProject
            extends ShardingMessageExtractor<ShardingEnvelope<LakeProtocol.Command>, LakeProtocol.Command> {
        @Override
        public String entityId(ShardingEnvelope<LakeProtocol.Command> envelope) {
            return envelope.entityId();
        }

        @Override
        public String shardId(String entityId) {
            return entityId;
        }

        @Override
        public LakeProtocol.Command unwrapMessage(ShardingEnvelope<LakeProtocol.Command> envelope) {
            return envelope.message();
        }
    }
}
