package ai.postdev.coordinator.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.ClusterFacts.Checkout;
import ai.postdev.actors.protocol.ClusterFacts.NodeFacts;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Node 0 and 1 are dragons, node 2 is none. */
class CapabilitiesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int FOUR_MEBIBYTES = 4 << 20;

    @TempDir
    static Path dir;

    private static ClusterOfThree cluster;

    @BeforeAll
    static void start() {
        cluster = new ClusterOfThree(dir, "all", "dragon", "coordinator");
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void everyNodeSeesAllMembersAndWhatTheyCanDo() {
        cluster.node(1).capabilities().tell(new Capabilities.Serve(List.of("minilm")));
        for (int i = 0; i < 3; i++) {
            ClusterView view = await(
                    i,
                    seen -> seen.members().size() == 3
                            && seen.members().stream()
                                    .allMatch(member -> member.facts().isPresent())
                            && seen.members().stream()
                                    .allMatch(member -> member.status().equals("Up") && member.reachable())
                            && !seen.status().getLeader().isEmpty()
                            && !models(seen, 1).isEmpty());
            assertEquals(cluster.id(i), view.self().value());
            assertEquals(List.of("minilm"), models(view, 1));
            assertEquals(List.of("coordinator"), member(view, 2).roles());
            assertEquals(cluster.node(0).running().cluster(), member(view, 0).address());
            assertEquals(3, view.status().getMembersCount());
        }
    }

    private static List<String> models(ClusterView view, int node) {
        return member(view, node).facts().map(NodeFacts::models).orElse(List.of());
    }

    private static ClusterView.NodeView member(ClusterView view, int node) {
        return view.member(cluster.node(node).running().settings().id()).orElseThrow();
    }

    @Test
    void whatANodeHoldsIsKnownEverywhereUntilItIsWithdrawn() {
        ProjectId project = new ProjectId("held");
        Checkout checkout = new Checkout(new WorkspaceId("w-1"), "/home/ada/code");
        cluster.node(1).capabilities().tell(new Capabilities.Announce(project, "code", List.of(checkout)));
        for (int i = 0; i < 3; i++) {
            ClusterView view = await(i, seen -> seen.projects().containsKey(project));
            assertEquals(
                    cluster.id(1),
                    view.projects().get(project).getFirst().node().value());
            assertEquals(
                    List.of(checkout), view.projects().get(project).getFirst().checkouts());
            assertEquals(Optional.empty(), view.absence(project));
        }
        cluster.node(1).capabilities().tell(new Capabilities.Withdraw(project));
        for (int i = 0; i < 3; i++) {
            await(i, seen -> !seen.projects().containsKey(project));
        }
    }

    @Test
    void whatANodeAnnouncesItKnowsItselfAtOnce() {
        ProjectId project = new ProjectId("at-once");
        TestProbe<ClusterView> probe =
                TestProbe.create(cluster.node(0).running().system());
        ActorRef<Capabilities.Command> capabilities = cluster.node(0).capabilities();
        capabilities.tell(new Capabilities.Announce(project, "code", List.of()));
        capabilities.tell(new Capabilities.View(probe.ref()));
        assertTrue(probe.receiveMessage(PATIENCE).projects().containsKey(project));
        capabilities.tell(new Capabilities.Withdraw(project));
        capabilities.tell(new Capabilities.View(probe.ref()));
        assertTrue(!probe.receiveMessage(PATIENCE).projects().containsKey(project));
        probe.stop();
    }

    @Test
    void aNewLakeRunsOnTheDragonThatAsksFirstAndIsReachedFromAll() throws Exception {
        ProjectId project = new ProjectId("new-on-1");
        assertEquals(cluster.id(1), askFrom(1, project));
        assertEquals(cluster.id(1), askFrom(0, project));
        assertEquals(cluster.id(1), askFrom(2, project));
    }

    @Test
    void aNewLakeOfANodeThatIsNoDragonRunsOnOne() throws Exception {
        String where = askFrom(2, new ProjectId("new-on-2"));
        assertTrue(List.of(cluster.id(0), cluster.id(1)).contains(where), where);
    }

    @Test
    void aLakeRunsOnTheNodeThatHoldsItWhoeverAsks() throws Exception {
        ProjectId project = new ProjectId("held-by-1");
        cluster.node(1).capabilities().tell(new Capabilities.Announce(project, "code", List.of()));
        // Its own node knows at once; who asks must have heard of it too.
        for (int i = 0; i < 3; i++) {
            await(i, seen -> seen.projects().containsKey(project));
        }
        assertEquals(cluster.id(1), askFrom(0, project));
        assertEquals(cluster.id(1), askFrom(2, project));
    }

    @Test
    void aFileOfFourMebibytesTravelsToALakeAndBack() throws Exception {
        ProjectId project = new ProjectId("large");
        assertEquals(cluster.id(1), askFrom(1, project));
        byte[] text = new byte[FOUR_MEBIBYTES];
        // Two files in one batch.
        LakeProtocol.Blob blob = new LakeProtocol.Blob(ContentHash.of(text), text);
        Reply<LakeProtocol.Appended> appended =
                ask(0, project, replyTo -> new LakeProtocol.Append(List.of(), List.of(blob, blob), replyTo));
        assertEquals(
                2L * FOUR_MEBIBYTES,
                ((Reply.Answered<LakeProtocol.Appended>) appended).answer().sequence());
        Reply<ShowAnswer> shown = ask(
                2,
                project,
                replyTo -> new LakeProtocol.Show(
                        ShowRequest.newBuilder()
                                .setPath(Integer.toString(FOUR_MEBIBYTES))
                                .build(),
                        replyTo));
        assertEquals(
                FOUR_MEBIBYTES,
                ((Reply.Answered<ShowAnswer>) shown).answer().getText().length());
    }

    private static String askFrom(int node, ProjectId project) throws Exception {
        Reply<SearchAnswer> reply = ask(
                node,
                project,
                replyTo -> new LakeProtocol.Search(
                        SearchRequest.newBuilder().setQuery("where").build(), replyTo));
        return ((Reply.Answered<SearchAnswer>) reply).answer().getHits(0).getPath();
    }

    private static <T> Reply<T> ask(
            int node, ProjectId project, Function<ActorRef<Reply<T>>, LakeProtocol.Command> command) throws Exception {
        return cluster.node(node)
                .lakes()
                .lake(project)
                .<Reply<T>>ask(command::apply, PATIENCE)
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static ClusterView await(int node, Predicate<ClusterView> wanted) {
        TestProbe<ClusterView> probe =
                TestProbe.create(cluster.node(node).running().system());
        cluster.node(node).capabilities().tell(new Capabilities.Follow(probe.ref()));
        ClusterView view = probe.receiveMessage(PATIENCE);
        while (!wanted.test(view)) {
            view = probe.receiveMessage(PATIENCE);
        }
        probe.stop();
        return view;
    }
}
