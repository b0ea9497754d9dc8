package ai.postdev.developer.watch;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.v1.ProjectStatus;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** The real watchers on a real folder, with a lake in memory behind them. */
final class WatchHarness implements AutoCloseable {
    /** One walk for every build, so that a red build is about the change; another one with -Dpostdevai.seed=N. */
    static final long SEED = Long.getLong("postdevai.seed", 20261124L);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final ActorTestKit kit;
    final TestLake lake;
    final PlainTextIntake intake = new PlainTextIntake();
    final ActorRef<WorkspaceProtocol.Command> workspaces;

    /** Watches for a node with this home; {@code config} goes before the defaults. */
    WatchHarness(Path home, TestLake lake, String config) {
        String quick = """
            postdevai.watch { root-check-interval = 50 ms, git-poll-interval = 300 ms, edit-quiet = 100 ms,
                              poll-interval = 200 ms, ask-timeout = 1 s, retry-min = 10 ms, retry-max = 100 ms }
            """;
        this.kit = ActorTestKit.create(
                "watch",
                ConfigFactory.parseString(config)
                        .withFallback(ConfigFactory.parseString(quick))
                        .withFallback(ConfigFactory.load()));
        this.lake = lake;
        ActorRef<LakeProtocol.Command> lakeRef = kit.spawn(lake.behavior());
        this.workspaces = kit.spawn(
                Workspaces.create(
                        WatchSettings.from(kit.system().settings().config()),
                        home,
                        new Origin("test-node"),
                        intake,
                        _ -> lakeRef),
                "workspaces",
                DispatcherSelector.fromConfig(WatchSettings.DISPATCHER));
    }

    /** Watches these folders and waits until they are searchable; the answer is what was refused. */
    List<String> up(Path... folders) {
        TestProbe<WorkspaceProtocol.UpEvent> probe = kit.createTestProbe();
        List<String> paths = new ArrayList<>();
        for (Path folder : folders) {
            paths.add(folder.toString());
        }
        workspaces.tell(new WorkspaceProtocol.Up(paths, probe.ref()));
        while (true) {
            if (probe.receiveMessage(PATIENCE) instanceof WorkspaceProtocol.UpFinished finished) {
                return finished.refusals();
            }
        }
    }

    List<ProjectStatus> status() {
        return ask(WorkspaceProtocol.Workspaces::new);
    }

    ProjectStatus onlyStatus() {
        return status().getFirst();
    }

    <T> Reply<T> reply(Function<ActorRef<Reply<T>>, WorkspaceProtocol.Command> request) {
        return ask(request);
    }

    private <T> T ask(Function<ActorRef<T>, WorkspaceProtocol.Command> request) {
        try {
            return AskPattern.<WorkspaceProtocol.Command, T>ask(workspaces, request::apply, PATIENCE, kit.scheduler())
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** Waits until {@code condition} holds; {@code found} describes what is there if it never does. */
    static void await(BooleanSupplier condition, Supplier<String> found) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + found.get());
            }
            Thread.onSpinWait();
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }
}
