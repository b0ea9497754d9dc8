package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Three node processes that share one CA; the nodes are shared between the tests, so the one that kills comes last. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {
    /** 128 + 15: the JVM ended in order, and says what made it end. */
    private static final int ENDED_BY_SIGTERM = 143;

    @TempDir
    static Path dir;

    private static final List<NodeProcess> STARTED = new ArrayList<>();
    private static NodeProcess first;
    private static NodeProcess second;
    private static NodeProcess third;

    @BeforeAll
    static void startThree() throws IOException {
        first = start("first", Map.of());
        first.up();
        second = start("second", joining());
        third = start("third", joining());
        second.up();
        third.up();
    }

    @AfterAll
    static void stopAll() throws InterruptedException {
        for (NodeProcess node : STARTED) {
            node.close();
        }
    }

    private static NodeProcess start(String home, Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of(
                // Found dead sooner than a laptop that only sleeps would be.
                "pekko.cluster.failure-detector.heartbeat-interval", "1s",
                "pekko.cluster.failure-detector.acceptable-heartbeat-pause", "6s",
                "pekko.cluster.split-brain-resolver.stable-after", "4s"));
        all.putAll(settings);
        NodeProcess node = NodeProcess.start(EchoNode.class, dir.resolve(home), all);
        STARTED.add(node);
        return node;
    }

    private static Map<String, String> joining() {
        return Map.of(
                "postdevai.cluster.join", first.up().cluster(),
                "postdevai.cluster.trust-dir", first.home().keys().toString(),
                "postdevai.cluster.join-timeout", "100s");
    }

    @Test
    @Order(1)
    void threeNodesAreMembersInTheEyesOfEach() {
        for (NodeProcess node : List.of(first, second, third)) {
            node.awaitMembers(List.of(first, second, third));
        }
    }

    @Test
    @Order(2)
    void aSearchIsAnsweredByTheNodeThatOwnsTheLakeWhoeverIsAsked() throws IOException {
        String owner = second.ask("/search/project-of-second");
        assertEquals(second.ask("/id"), owner);
        assertEquals(owner, first.ask("/search/project-of-second"));
        assertEquals(owner, third.ask("/search/project-of-second"));
        assertNotEquals(owner, first.ask("/search/project-of-first"));
    }

    @Test
    @Order(3)
    void aNodeOfAnotherAuthorityIsRefused() throws Exception {
        NodeProcess stranger = start(
                "stranger",
                Map.of("postdevai.cluster.join", first.up().cluster(), "postdevai.cluster.join-timeout", "5s"));
        assertRefused(stranger);
        assertTrue(stranger.log().contains("PKIX path"), stranger::log);
    }

    @Test
    @Order(4)
    void aNodeWithoutTlsIsRefused() throws Exception {
        assertRefused(start(
                "plain",
                Map.of(
                        "postdevai.cluster.join",
                        first.up().cluster(),
                        "postdevai.cluster.trust-dir",
                        first.home().keys().toString(),
                        "postdevai.cluster.join-timeout",
                        "5s",
                        "pekko.remote.artery.transport",
                        "tcp")));
    }

    private static void assertRefused(NodeProcess node) throws InterruptedException {
        assertEquals(4, node.exitCode(), node::log);
        assertTrue(node.log().contains("no cluster was joined at " + first.up().cluster()), node::log);
        assertTrue(node.log().contains("same CA"), node::log);
        for (NodeProcess member : List.of(first, second, third)) {
            member.awaitMembers(List.of(first, second, third));
        }
    }

    @Test
    @Order(5)
    void aHomeInUseIsRefusedWithTheProcessThatUsesIt() throws Exception {
        NodeProcess again = start("first", Map.of());
        assertEquals(4, again.exitCode(), again::log);
        assertTrue(again.log().contains("process " + first.pid()), again::log);
        assertTrue(first.isAlive());
        assertEquals(first.pid(), first.up().pid());
    }

    @Test
    @Order(6)
    void twoStartsOnOneHomeAtTheSameMomentMakeOneNode() throws Exception {
        NodeProcess one = start("contested", Map.of());
        NodeProcess other = start("contested", Map.of());
        NodeProcess loser = one.await(
                "one of two starts gives way",
                () -> List.of(one, other).stream()
                        .filter(node -> !node.isAlive())
                        .findFirst());
        NodeProcess winner = loser == one ? other : one;
        assertEquals(4, loser.exitCode(), loser::log);
        assertTrue(loser.log().contains("is in use by"), loser::log);
        winner.awaitMembers(List.of(winner));
        winner.terminate();
        assertEquals(ENDED_BY_SIGTERM, winner.exitCode(), winner::log);
        assertFalse(Files.exists(winner.home().runFile()));
    }

    @Test
    @Order(7)
    void aKilledNodeLeavesTheMemberListAndItsLakeWaitsForItsReturn() throws Exception {
        String id = third.ask("/id");
        third.ask("/announce/project-of-third");
        awaitHolder(id);
        assertEquals(id, first.ask("/search/project-of-third"));
        third.kill();
        first.awaitMembers(List.of(first, second));
        second.awaitMembers(List.of(first, second));
        assertEquals(second.ask("/id"), first.ask("/search/project-of-second"));

        CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> search(first, "project-of-third"));
        third = start("third", joining());
        third.up();
        first.awaitMembers(List.of(first, second, third));
        assertEquals(id, third.ask("/id"), "a home keeps its id");
        assertEquals(id, second.ask("/search/project-of-third"));
        assertEquals(id, asked.get(NodeProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    private static void awaitHolder(String id) {
        for (NodeProcess node : List.of(first, second)) {
            node.await(
                    "it knows the holder",
                    () -> Optional.of(ask(node, "/holder/project-of-third")).filter(id::equals));
        }
    }

    private static String search(NodeProcess node, String project) {
        return ask(node, "/search/" + project);
    }

    private static String ask(NodeProcess node, String path) {
        try {
            return node.ask(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Order(8)
    void aNodeThatIsToldToEndLeavesTheClusterInOrder() throws Exception {
        third.terminate();
        assertEquals(ENDED_BY_SIGTERM, third.exitCode(), third::log);
        first.awaitMembers(List.of(first, second));
    }

    @Test
    @Order(9)
    void theTwoOthersGoOnWhenTheOldestDiesAndTheLastYoungerOneEndsItself() throws Exception {
        third = start("third", joining());
        first.awaitMembers(List.of(first, second, third));
        first.kill();
        second.awaitMembers(List.of(second, third));
        third.awaitMembers(List.of(second, third));

        // Of two, the younger cannot know whether the other is dead or only out of reach.
        second.kill();
        assertEquals(5, third.exitCode(), third::log);
        assertTrue(third.log().contains("cut off from the others"), third::log);
    }
}
