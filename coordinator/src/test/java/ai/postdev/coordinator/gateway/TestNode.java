package ai.postdev.coordinator.gateway;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ArchiveProtocol;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.ModelsProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.v1.AsOf;
import ai.postdev.v1.BackupAnswer;
import ai.postdev.v1.BackupProject;
import ai.postdev.v1.CancelPullAnswer;
import ai.postdev.v1.CopyProgress;
import ai.postdev.v1.Endpoints;
import ai.postdev.v1.ExportAnswer;
import ai.postdev.v1.Finding;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.LakeStatus;
import ai.postdev.v1.Member;
import ai.postdev.v1.MemoryDrift;
import ai.postdev.v1.MemoryHolding;
import ai.postdev.v1.ModelInfo;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.ModelStatus;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.Node;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.QueueStatus;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SkippedReason;
import ai.postdev.v1.UpProgress;
import ai.postdev.v1.VerifyModelAnswer;
import com.typesafe.config.ConfigFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A node around {@link TestLake}s: the service under test with real actors beneath it. */
final class TestNode implements AutoCloseable {
    static final String REFUSED_ROOT = "/missing";

    final ActorTestKit kit = ActorTestKit.create();
    final Map<String, TestLake> lakes = new ConcurrentHashMap<>();
    final Queue<WorkspaceProtocol.Command> watched = new ConcurrentLinkedQueue<>();
    final AtomicInteger stops = new AtomicInteger();
    final TestServing serving = new TestServing();
    final TestEmbeddings embeddings = new TestEmbeddings();
    final GatewaySettings settings;
    final NodeService service;
    final NodeFacts facts = new Facts();
    private final List<Directory.KnownProject> known = new ArrayList<>();
    private final Map<ProjectId, ActorRef<LakeProtocol.Command>> refs = new ConcurrentHashMap<>();

    TestNode(String config) {
        settings = GatewaySettings.from(ConfigFactory.parseString(config)
                .withFallback(ConfigFactory.load())
                .resolve());
        service = new NodeService(new NodeService.Parts(
                kit.system(),
                refs::get,
                kit.spawn(workspaces()),
                kit.spawn(archive()),
                kit.spawn(models()),
                kit.spawn(serving.behavior()),
                kit.spawn(embeddings.behavior()),
                new Known(),
                facts,
                text -> text.replace("hunter2", "[redacted]"),
                Clock.fixed(Instant.parse("2026-05-03T12:00:00Z"), ZoneOffset.UTC),
                settings));
    }

    /**
     * Two projects: {@code app} at /code/app and {@code lib} at /code/lib. A call that says nothing else has so much time that
     * lakes which answer do so on a busy machine too, and that silent ones do not hold a test up for long.
     */
    static TestNode withTwoProjects() {
        TestNode node = new TestNode("postdevai.gateway.deadline-default = 4s");
        node.add("aaaa1111", "app", "/code/app", 0.9);
        node.add("bbbb2222", "lib", "/code/lib", 0.5);
        return node;
    }

    void add(String id, String name, String root, double score) {
        TestLake lake = new TestLake(id, score);
        lakes.put(id, lake);
        refs.put(new ProjectId(id), kit.spawn(lake.behavior()));
        known.add(new Directory.KnownProject(new ProjectId(id), name, root, "node-a"));
    }

    private Behavior<WorkspaceProtocol.Command> workspaces() {
        return Behaviors.receiveMessage(command -> {
            watched.add(command);
            switch (command) {
                case WorkspaceProtocol.Up up -> {
                    for (String path : up.paths()) {
                        for (String phase : List.of("scanning", "reading", "searchable")) {
                            up.replyTo()
                                    .tell(new WorkspaceProtocol.UpMoved(UpProgress.newBuilder()
                                            .setRoot(path)
                                            .setPhase(path.equals(REFUSED_ROOT) ? "failed" : phase)
                                            .build()));
                        }
                    }
                    up.replyTo()
                            .tell(new WorkspaceProtocol.UpFinished(
                                    up.paths().contains(REFUSED_ROOT)
                                            ? List.of(REFUSED_ROOT + " is not there")
                                            : List.of()));
                }
                case WorkspaceProtocol.Unwatch unwatch -> unwatch.replyTo().tell(new Reply.Answered<>(1));
                case WorkspaceProtocol.Workspaces ask ->
                    ask.replyTo()
                            .tell(known.stream()
                                    .map(project -> ProjectStatus.newBuilder()
                                            .setId(project.id().value())
                                            .setWorkspace(project.id().value() + "-w")
                                            .setName(project.name())
                                            .setRoot(project.root())
                                            .setFiles(8)
                                            .setIndexed(true)
                                            .setState("watching")
                                            .addSkipped(SkippedReason.newBuilder()
                                                    .setReason("binary")
                                                    .setCount(2))
                                            .build())
                                    .toList());
                case WorkspaceProtocol.Rescan rescan -> rescan.replyTo().tell(new Reply.Answered<>(3));
                case WorkspaceProtocol.SearchAtRevision search ->
                    search.replyTo()
                            .tell(
                                    search.request().getAt().equals("HEAD~5")
                                                    && search.project().equals("aaaa1111")
                                            ? new Reply.Answered<>(SearchAnswer.newBuilder()
                                                    .setQuery(search.request().getQuery())
                                                    .setComplete(true)
                                                    .addAsOf(AsOf.newBuilder().setCommit("c0ffee"))
                                                    .build())
                                            : new Reply.Refused<>(Reply.Reason.NOT_FOUND, "unknown revision"));
                case WorkspaceProtocol.FileAtRevision file ->
                    file.replyTo()
                            .tell(
                                    file.revision().equals("HEAD~5")
                                                    && file.project().equals("aaaa1111")
                                            ? new Reply.Answered<>(new WorkspaceProtocol.RevisionFile(
                                                    "c0ffee", 1, Optional.of("old text")))
                                            : new Reply.Refused<>(Reply.Reason.NOT_FOUND, "unknown revision"));
            }
            return Behaviors.same();
        });
    }

    /** Copies aaaa1111 in two steps, and refuses everything else. */
    private static Behavior<ArchiveProtocol.Command> archive() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case ArchiveProtocol.Backup backup -> {
                    if (backup.only().isPresent()
                            && !backup.only().get().value().equals("aaaa1111")) {
                        backup.replyTo()
                                .tell(new ArchiveProtocol.Finished(
                                        Optional.of(new Reply.Refused<>(Reply.Reason.NOT_FOUND, "it lies elsewhere"))));
                    } else {
                        copied(
                                backup.replyTo(),
                                CopyProgress.newBuilder()
                                        .setBackup(BackupAnswer.newBuilder()
                                                .setFolder(backup.folder().toString())
                                                .setId("keep-" + backup.keep())
                                                .addProjects(BackupProject.newBuilder()
                                                        .setProjectName(
                                                                backup.names().get(new ProjectId("aaaa1111"))))));
                    }
                }
                case ArchiveProtocol.Export export ->
                    copied(
                            export.replyTo(),
                            CopyProgress.newBuilder()
                                    .setExport(ExportAnswer.newBuilder()
                                            .setFile(export.file().toString())
                                            .setProject(BackupProject.newBuilder()
                                                    .setProject(export.project().value())
                                                    .setProjectName(export.name()))));
            }
            return Behaviors.same();
        });
    }

    /** Has one model, {@code small}, and pulls everything but {@code nothing} in two steps. */
    private static Behavior<ModelsProtocol.Command> models() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case ModelsProtocol.Models ask ->
                    ask.replyTo()
                            .tell(
                                    ask.name().equals("nothing")
                                            ? new Reply.Refused<>(Reply.Reason.NOT_FOUND, "no model 'nothing'")
                                            : new Reply.Answered<>(ModelsAnswer.newBuilder()
                                                    .addModels(ModelInfo.newBuilder()
                                                            .setName("small")
                                                            .setKind("text")
                                                            .setState("installed"))
                                                    .addModels(ModelInfo.newBuilder()
                                                            .setName("minilm")
                                                            .setKind("embedding")
                                                            .setState("built-in"))
                                                    .addModels(ModelInfo.newBuilder()
                                                            .setName("far")
                                                            .setKind("text")
                                                            .setState("known"))
                                                    .build()));
                case ModelsProtocol.Pull pull -> {
                    pull.replyTo()
                            .tell(new ModelsProtocol.Moved(ModelProgress.newBuilder()
                                    .setName(pull.name())
                                    .setPhase("downloading")
                                    .build()));
                    pull.replyTo()
                            .tell(new ModelsProtocol.Moved(ModelProgress.newBuilder()
                                    .setPhase("done")
                                    .setModel(ModelInfo.newBuilder().setName(pull.model()))
                                    .build()));
                    pull.replyTo()
                            .tell(new ModelsProtocol.Finished(
                                    pull.model().equals("nothing")
                                            ? Optional.of(
                                                    new Reply.Refused<>(Reply.Reason.NOT_FOUND, "no model is known"))
                                            : Optional.empty()));
                }
                case ModelsProtocol.CancelPull cancel ->
                    cancel.replyTo()
                            .tell(new Reply.Answered<>(CancelPullAnswer.newBuilder()
                                    .setName(cancel.name())
                                    .build()));
                case ModelsProtocol.Remove remove ->
                    remove.replyTo().tell(new Reply.Refused<>(Reply.Reason.PRECONDITION, remove.name() + " is in use"));
                case ModelsProtocol.Verify verify -> {
                    verify.replyTo()
                            .tell(new ModelsProtocol.Moved(ModelProgress.newBuilder()
                                    .setVerified(VerifyModelAnswer.newBuilder().setName(verify.name()))
                                    .build()));
                    verify.replyTo().tell(new ModelsProtocol.Finished(Optional.empty()));
                }
            }
            return Behaviors.same();
        });
    }

    private static void copied(ActorRef<ArchiveProtocol.Event> replyTo, CopyProgress.Builder last) {
        replyTo.tell(new ArchiveProtocol.Moved(
                CopyProgress.newBuilder().setOperationsDone(1).build()));
        replyTo.tell(new ArchiveProtocol.Moved(last.build()));
        replyTo.tell(new ArchiveProtocol.Finished(Optional.empty()));
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }

    private final class Known implements Directory {
        @Override
        public Optional<String> absence(ProjectId project) {
            return Optional.empty();
        }

        @Override
        public List<KnownProject> projects() {
            return List.copyOf(known);
        }

        @Override
        public List<Member> members() {
            return List.of(
                    Member.newBuilder().setAddress("node-a").setReachable(true).build());
        }

        @Override
        public String leader() {
            return "node-a";
        }
    }

    private final class Facts implements NodeFacts {
        @Override
        public Node node() {
            return Node.newBuilder().setPid(77).setId("node-a").setReady(true).build();
        }

        @Override
        public CompletionStage<List<ModelStatus>> models() {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public LakeStatus journal() {
            return LakeStatus.newBuilder().setBlobs(8).build();
        }

        @Override
        public LakeAnswer memory(LakeRequest change) {
            if (change.getBudgetBytes() < 0) {
                throw new IllegalArgumentException("a memory budget is at least 1 byte");
            }
            return LakeAnswer.newBuilder()
                    .setBudgetBytes(change.getBudgetBytes() == 0 ? 1_000 : change.getBudgetBytes())
                    .addHoldings(
                            MemoryHolding.newBuilder().setProject("aaaa1111").setBytes(7))
                    .build();
        }

        @Override
        public MemoryDrift drift() {
            return MemoryDrift.newBuilder().setState("calm").build();
        }

        @Override
        public List<QueueStatus> queues() {
            return List.of(QueueStatus.newBuilder().setName("reads").setMax(9).build());
        }

        @Override
        public Endpoints endpoints() {
            return Endpoints.newBuilder().setGrpc("127.0.0.1:1").build();
        }

        @Override
        public CompletionStage<List<Finding>> examine(boolean repair) {
            return CompletableFuture.completedFuture(
                    List.of(Finding.newBuilder().setLevel("ok").setCheck("home").build()));
        }

        @Override
        public void stop() {
            stops.incrementAndGet();
        }
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(Duration.ofSeconds(60).toMillis(), TimeUnit.MILLISECONDS);
    }
}
