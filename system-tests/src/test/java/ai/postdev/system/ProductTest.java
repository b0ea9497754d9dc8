package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.ClientSettings;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.DiffRequest;
import ai.postdev.v1.Member;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.StatusAnswer;
import ai.postdev.v1.StatusRequest;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpRequest;
import ai.postdev.v1.VersionsAnswer;
import ai.postdev.v1.VersionsRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The product itself: two nodes as users start them, asked through the socket of the command line. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProductTest {
    @TempDir
    static Path dir;

    private static final List<NodeProcess> STARTED = new ArrayList<>();
    private static NodeProcess first;
    private static NodeProcess second;
    private static Path folder;

    @BeforeAll
    static void startTwo() throws IOException {
        folder = Files.createDirectories(dir.resolve("project/src"));
        Files.writeString(
                folder.resolve("Retry.java"),
                "class Retry {\n    void again() { throw new IllegalStateException(\"quince marmalade\"); }\n}\n");
        first = start("first", Map.of());
        first.up();
        second = start(
                "second",
                Map.of(
                        "postdevai.cluster.join", first.up().cluster(),
                        "postdevai.cluster.trust-dir", first.home().keys().toString()));
        second.up();
    }

    @AfterAll
    static void stopAll() throws InterruptedException {
        for (NodeProcess node : STARTED) {
            node.close();
        }
    }

    private static NodeProcess start(String home, Map<String, String> settings) throws IOException {
        // The embedder costs memory and time, and nothing here asks for meaning.
        NodeProcess node = NodeProcess.start(
                NodeMain.class, dir.resolve(home), settings, Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false"));
        STARTED.add(node);
        return node;
    }

    private static NodeClient client(NodeProcess node) {
        return new NodeClient(
                Path.of(node.up().socket()),
                "no node in " + node.home(),
                ClientSettings.DEFAULT.withDeadline(NodeProcess.PATIENCE));
    }

    @Test
    @Order(1)
    void theMembersAreTheTwoNodesWithTheirIds() {
        first.awaitMembers(List.of(first, second));
        StatusAnswer status = second.await("its status shows both nodes", () -> {
            try (NodeClient client = client(second)) {
                return Optional.of(client.status(StatusRequest.getDefaultInstance()))
                        .filter(answer -> answer.getCluster().getMembersCount() == 2);
            } catch (ClientFault e) {
                throw new AssertionError(second.log(), e);
            }
        });
        assertTrue(status.getCluster().getMembersList().stream().allMatch(Member::getReachable));
        assertTrue(status.getCluster().getMembersList().stream()
                .anyMatch(member -> member.getId().equals(status.getNode().getId())));
    }

    @Test
    @Order(2)
    void whatOneNodeRemembersIsFoundThroughTheOther() throws Exception {
        try (NodeClient owner = client(second)) {
            owner.up(
                    UpRequest.newBuilder()
                            .addPaths(folder.getParent().toString())
                            .build(),
                    NodeProcess.PATIENCE,
                    _ -> {});
            assertEquals("src/Retry.java", search(owner).getHits(0).getPath());
        }
        awaitProjectAtFirst();
        try (NodeClient other = client(first)) {
            SearchAnswer answer = search(other);
            assertEquals("src/Retry.java", answer.getHits(0).getPath());
            assertTrue(answer.getComplete(), answer::toString);
        }
    }

    @Test
    @Order(3)
    void evidenceAndPastOfAFileComeThroughTheOtherNode() throws Exception {
        Path file = folder.resolve("Retry.java");
        String before = Files.readString(file);
        try (NodeClient owner = client(second);
                NodeClient other = client(first)) {
            long sequence = owner.projects(ProjectsRequest.getDefaultInstance())
                    .getProjects(0)
                    .getSequence();
            ContextAnswer context = other.context(ContextRequest.newBuilder()
                    .setQuery("quince marmalade")
                    .setTokens(500)
                    .build());
            assertEquals("src/Retry.java", context.getItems(0).getPath());
            assertTrue(context.getItems(0).getText().contains("quince marmalade"), context::toString);
            assertTrue(context.getTokens() <= 500, context::toString);
            Files.writeString(file, before.replace("again", "oncemore"));
            DiffRequest since = DiffRequest.newBuilder()
                    .setPath("src/Retry.java")
                    .setFrom(Long.toString(sequence))
                    .build();
            DiffAnswer diff = first.await("it sees the change", () -> {
                try {
                    return Optional.of(other.diff(since))
                            .filter(answer -> answer.getChange().equals("modified"));
                } catch (ClientFault e) {
                    throw new AssertionError(first.log(), e);
                }
            });
            assertEquals(List.of(1, 1), List.of(diff.getAdded(), diff.getRemoved()));
            assertTrue(diff.getDiff().contains("+    void oncemore()"), diff::getDiff);
            VersionsAnswer versions = other.versions(
                    VersionsRequest.newBuilder().setPath("src/Retry.java").build());
            assertEquals(2, versions.getVersionsCount());
            assertEquals(1, versions.getVersions(0).getAdded());
        }
    }

    private static SearchAnswer search(NodeClient client) throws ClientFault {
        return client.search(
                SearchRequest.newBuilder().setQuery("quince marmalade").build());
    }

    private static void awaitProjectAtFirst() {
        first.await("it knows the project of the other node", () -> {
            try (NodeClient client = client(first)) {
                return Optional.of(client.projects(ProjectsRequest.getDefaultInstance()))
                        .filter(answer -> answer.getProjectsCount() > 0);
            } catch (ClientFault e) {
                throw new AssertionError(first.log(), e);
            }
        });
    }

    @Test
    @Order(4)
    void aNoteTakenThroughTheOtherNodeSurvivesTheDeathOfItsOwner() throws Exception {
        try (NodeClient other = client(first)) {
            other.remember(RememberRequest.newBuilder()
                    .setText("the quince needs sugar")
                    .build());
        }
        second.kill();
        second = start("second", Map.of("postdevai.cluster.join", first.up().cluster()));
        second.up();
        try (NodeClient owner = client(second)) {
            assertTrue(
                    owner.timeline(TimelineRequest.newBuilder().setKind("note").build()).getEventsList().stream()
                            .anyMatch(event -> event.getText().contains("the quince needs sugar")));
        }
        for (NodeProcess node : List.of(second, first)) {
            awaitHit(node);
        }
    }

    /** After a start without an orderly end before it, the ranked text is made again behind the open doors. */
    private static void awaitHit(NodeProcess node) {
        node.await("it finds the file again", () -> {
            try (NodeClient client = client(node)) {
                return search(client).getHitsList().stream()
                        .filter(hit -> hit.getPath().equals("src/Retry.java"))
                        .findFirst();
            } catch (ClientFault e) {
                throw new AssertionError(node.log(), e);
            }
        });
    }
}
