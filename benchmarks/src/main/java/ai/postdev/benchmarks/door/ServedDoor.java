package ai.postdev.benchmarks.door;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.coordinator.gateway.AccessToken;
import ai.postdev.coordinator.gateway.Directory;
import ai.postdev.coordinator.gateway.GatewaySettings;
import ai.postdev.coordinator.gateway.NodeService;
import ai.postdev.coordinator.openai.OpenAiDoor;
import ai.postdev.coordinator.openai.OpenAiSettings;
import ai.postdev.dragon.memory.Memory;
import ai.postdev.dragon.memory.MemorySettings;
import ai.postdev.dragon.model.catalogue.Cancellation;
import ai.postdev.dragon.model.catalogue.CatalogueSettings;
import ai.postdev.dragon.model.catalogue.KnownModels;
import ai.postdev.dragon.model.catalogue.PullProgress;
import ai.postdev.dragon.model.catalogue.Puller;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import ai.postdev.dragon.model.catalogue.UsageProbe;
import ai.postdev.dragon.model.serve.LoadedModels;
import ai.postdev.dragon.model.serve.ModelServer;
import ai.postdev.dragon.model.serve.ServingSettings;
import ai.postdev.dragon.model.worker.WorkerCommand;
import ai.postdev.v1.Member;
import ai.postdev.v1.ServingAnswer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;

/** The HTTP door over the real keeper of models, whose workers are scripted. In this process, without a lake. */
final class ServedDoor implements AutoCloseable {
    static final String MODEL = "smollm2-135m";

    private final ActorSystem<Void> system;
    private final ServerBinding binding;
    private final AtomicLong names = new AtomicLong();
    final ActorRef<ServingProtocol.Command> serving;
    final String key;

    /** @param paceMillis between two words of an answer */
    ServedDoor(Path scratch, long paceMillis) throws Exception {
        Config config = ConfigFactory.parseString("pekko.actor.provider = local, postdevai.gateway.http.port = 0")
                .withFallback(ConfigFactory.load())
                .resolve();
        system = ActorSystem.create(Behaviors.empty(), "bench", config);
        serving = system.systemActorOf(
                ModelServer.create(
                        ServingSettings.from(config, scratch),
                        new ModelServer.Parts(
                                "bench",
                                store(),
                                new LoadedModels(),
                                Memory.of(MemorySettings.from(config), "bench", scratch, () -> 0, () -> 0)
                                        .modelRoom(),
                                worker(paceMillis))),
                "model-server",
                Props.empty());
        // Nothing but answers of models is asked for, so the other parts need not be there.
        NodeService service = new NodeService(new NodeService.Parts(
                system,
                _ -> null,
                system.ignoreRef(),
                system.ignoreRef(),
                system.ignoreRef(),
                serving,
                system.ignoreRef(),
                new Nowhere(),
                null,
                text -> text,
                Clock.systemUTC(),
                GatewaySettings.from(config)));
        AccessToken token = AccessToken.in(scratch.resolve("token"));
        key = Files.readString(scratch.resolve("token")).strip();
        binding = OpenAiDoor.open(system, service, token, OpenAiSettings.from(config), Clock.systemUTC())
                .toCompletableFuture()
                .get();
    }

    /** The keeper looks a model up before it starts a worker; what is in its file no script reads. */
    private static StoreAccess store() throws Exception {
        CatalogueSettings settings = CatalogueSettings.from(ConfigFactory.load());
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "postdevai", "test-models", "models");
        StoreAccess access = new StoreAccess(cache, settings, UsageProbe.NONE);
        new Puller(access.store(), KnownModels.own(), settings, InstantSource.system())
                .pull(MODEL, PullProgress.NONE, new Cancellation());
        return access;
    }

    private static List<String> worker(long paceMillis) {
        List<String> command = new ArrayList<>(WorkerCommand.thisBuild());
        command.set(command.size() - 2, ScriptedWorker.class.getName());
        command.add(command.indexOf("-cp"), "-D" + ScriptedWorker.PACE + "=" + paceMillis);
        return command;
    }

    InetSocketAddress address() {
        return binding.localAddress();
    }

    <T> ActorRef<T> spawn(Behavior<T> behavior) {
        return system.systemActorOf(behavior, "client-" + names.incrementAndGet(), Props.empty());
    }

    ServingAnswer figures() {
        CompletionStage<ServingAnswer> figures =
                AskPattern.ask(serving, ServingProtocol.Look::new, Duration.ofSeconds(10), system.scheduler());
        return figures.toCompletableFuture().join();
    }

    @Override
    public void close() {
        binding.terminate(Duration.ofSeconds(1)).toCompletableFuture().join();
        system.terminate();
        CompletableFuture.allOf(system.getWhenTerminated().toCompletableFuture().thenApply(_ -> null))
                .join();
    }

    private static final class Nowhere implements Directory {
        @Override
        public List<KnownProject> projects() {
            return List.of();
        }

        @Override
        public Optional<String> absence(ProjectId project) {
            return Optional.empty();
        }

        @Override
        public List<Member> members() {
            return List.of();
        }

        @Override
        public String leader() {
            return "";
        }
    }
}
