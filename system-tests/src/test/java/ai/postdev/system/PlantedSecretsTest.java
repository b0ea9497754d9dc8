package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.StopRequest;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole node reads a repository with a thousand credentials in it, is told some and asked for some, and ends; then
 * nothing of them is anywhere in its home.
 */
class PlantedSecretsTest {
    private static final int ASKED = 60;

    @TempDir
    Path dir;

    private final Needles needles = new Needles();
    private NodeProcess node;

    @Test
    void noneOfAThousandPlantedSecretsIsInTheHome() throws Exception {
        long seed = Long.getLong("postdevai.seed", 20261125L);
        System.out.println("planted secrets: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        SecretsWorkspace workspace =
                new SecretsWorkspace(Files.createDirectory(dir.resolve("project")), random, needles);
        workspace.plantSources(140, 4);
        workspace.plantSecretFiles(60, 2);
        workspace.plantNames(40);
        workspace.commit(100);
        node = NodeProcess.start(NodeMain.class, dir.resolve("home"), Map.of());
        ProjectStatus done;
        try (NodeClient client = node.client()) {
            client.up(
                    UpRequest.newBuilder()
                            .addPaths(workspace.folder().toString())
                            .build(),
                    NodeProcess.PATIENCE,
                    _ -> {});
            for (int i = 0; i < 100; i++) {
                client.remember(RememberRequest.newBuilder()
                        .setText(workspace.text("note", 1))
                        .build());
            }
            editWhileWatched(client, workspace);
            ask(client, workspace);
            done = awaitDone(client);
            client.stop(StopRequest.getDefaultInstance());
            assertEquals(0, node.exitCode(), node::log);
        } finally {
            node.forget();
        }
        assertEquals(1_000, workspace.count());
        compare();
        Map<String, Long> skipped = done.getSkippedList().stream()
                .collect(Collectors.toMap(reason -> reason.getReason(), reason -> reason.getCount()));
        assertEquals(100, skipped.get("secret"), () -> "60 secret files and 40 secret names: " + done);
    }

    private void editWhileWatched(NodeClient client, SecretsWorkspace workspace) throws Exception {
        for (int i = 0; i < 20; i++) {
            workspace.write("live/edit" + i + ".py", workspace.text("edit", 2), StandardCharsets.UTF_8);
            workspace.write("live/edit" + i + ".py", workspace.text("edit", 2), StandardCharsets.UTF_8);
        }
        String mark = workspace.mark("last edit");
        workspace.write("live/last.py", mark + "\n", StandardCharsets.UTF_8);
        node.await("it shows the last edit", () -> {
            try {
                return client
                        .search(SearchRequest.newBuilder()
                                .setQuery(mark)
                                .setMode("regex")
                                .build())
                        .getHitsList()
                        .stream()
                        .findFirst();
            } catch (ClientFault e) {
                throw new AssertionError(node.log(), e);
            }
        });
    }

    /** Asks for secrets through every door, rightly and wrongly. */
    private static void ask(NodeClient client, SecretsWorkspace workspace) throws ClientFault {
        List<String> secrets = workspace.planted();
        for (int i = 0; i < ASKED; i++) {
            String secret = secrets.get(i * (secrets.size() / ASKED));
            for (String mode : List.of("auto", "text", "regex", "symbol", "vector")) {
                String query = mode.equals("regex") ? secret.replaceAll("[^A-Za-z0-9]", ".") : secret;
                ignoringRefusal(() -> client.search(
                        SearchRequest.newBuilder().setQuery(query).setMode(mode).build()));
            }
            client.recall(RecallRequest.newBuilder().setText(secret).build());
            client.timeline(TimelineRequest.newBuilder().setText(secret).build());
            ignoringRefusal(() ->
                    client.related(RelatedRequest.newBuilder().setTarget(secret).build()));
            ignoringRefusal(() -> client.show(
                    ShowRequest.newBuilder().setPath(secret).setAt(secret).build()));
            ignoringRefusal(() -> client.remember(RememberRequest.newBuilder()
                    .setText("no such project")
                    .setProject(secret)
                    .build()));
        }
    }

    private interface Call {
        Object run() throws ClientFault;
    }

    private static void ignoringRefusal(Call call) {
        try {
            assertTrue(call.run() != null);
        } catch (ClientFault e) {
            // That it refuses, and why, is told to the caller and to nobody else.
            assertFalse(e.getMessage().isEmpty());
        }
    }

    private ProjectStatus awaitDone(NodeClient client) {
        ProjectStatus done = node.await("everything is embedded and remembered", () -> {
            try {
                ProjectStatus status =
                        client.projects(ProjectsRequest.getDefaultInstance()).getProjects(0);
                return Optional.of(status)
                        .filter(project -> project.getIndexed()
                                && project.getChunks() > 0
                                && project.getEmbedded() == project.getChunks()
                                && project.getCommits() == 101);
            } catch (ClientFault e) {
                throw new AssertionError(node.log(), e);
            }
        });
        node.await("the edits are an event", () -> {
            try {
                return client
                        .timeline(TimelineRequest.newBuilder().setKind("edit").build())
                        .getEventsList()
                        .stream()
                        .filter(event -> event.getText().contains("live/"))
                        .findFirst();
            } catch (ClientFault e) {
                throw new AssertionError(node.log(), e);
            }
        });
        return done;
    }

    private void compare() throws Exception {
        HomeScan scan = new HomeScan(needles);
        scan.scan(dir.resolve("home"));
        scan.look(node.log().getBytes(StandardCharsets.UTF_8), "what the process printed");
        Map<String, Set<String>> leaks = new TreeMap<>(scan.found());
        leaks.keySet().removeIf(owner -> owner.startsWith("control"));
        for (String place :
                List.of("source", "file name", "commit message", "commit-body", "note", "edit", "last edit")) {
            assertTrue(scan.found().containsKey("control: " + place), "the scan does not see what lies in: " + place);
        }
        System.out.printf("planted secrets: %d MB of home looked at, %d found%n", scan.bytes() >> 20, leaks.size());
        assertEquals(
                Map.of(),
                leaks,
                () -> leaks.size() + " secrets are in the home:\n" + String.join("\n", leaks.keySet()));
        for (String place : List.of("secret file", "file with a secret name")) {
            assertEquals(null, scan.found().get("control: " + place), "a file was read that must not be: " + place);
        }
    }
}
