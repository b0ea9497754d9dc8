package ai.postdev.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeBootstrapTest {
    private static final Map<String, Object> IN_THIS_PROCESS = Map.of("postdevai.node.exit-jvm", "off");

    @TempDir
    Path dir;

    @Test
    void aLoneNodeIsAClusterOfItsOwnWithAGuardedManagementPort() throws Exception {
        Home home = Home.at(dir);
        HomeLock lock = home.lock();
        RunningNode<Object> node =
                NodeBootstrap.start(lock, NodeSettings.load(home, IN_THIS_PROCESS), Behaviors.empty());
        try (HttpClient http = HttpClient.newHttpClient()) {
            String password = Files.readString(node.managementCredentials()).strip();
            assertEquals(
                    401, get(http, node.management() + "/cluster/members", null).statusCode());
            assertEquals(
                    401,
                    get(http, node.management() + "/ready", "postdevai:wrong").statusCode());
            HttpResponse<String> members = get(http, node.management() + "/cluster/members", password);
            assertEquals(200, members.statusCode());
            assertTrue(members.body().contains("Up") && members.body().contains(node.cluster()), members.body());
            assertEquals(200, get(http, node.management() + "/ready", password).statusCode());
            assertEquals(200, get(http, node.management() + "/alive", password).statusCode());
            String metrics = node.management() + "/metrics";
            assertEquals(401, get(http, metrics, null).statusCode());
            assertEquals(503, get(http, metrics, password).statusCode(), "nothing is served yet");
            MetricsPage.serve(
                    node.system().classicSystem(),
                    "text/plain; version=0.0.4; charset=utf-8",
                    () -> CompletableFuture.completedFuture("é 1\n"));
            HttpResponse<String> page = get(http, metrics, password);
            assertEquals("é 1\n", page.body());
            assertEquals(
                    "text/plain; version=0.0.4; charset=utf-8",
                    page.headers().firstValue("content-type").orElse("").toLowerCase(Locale.ROOT));
            assertEquals(401, get(http, metrics, password + "x").statusCode());
            HttpRequest leave = request(
                            node.management() + "/cluster/members/pekko://postdevai@" + node.cluster(), password)
                    .DELETE()
                    .build();
            assertEquals(
                    405, http.send(leave, HttpResponse.BodyHandlers.ofString()).statusCode());

            node.runInfo().write(home);
            assertTrue(RunInfo.ofLiveNode(home).isPresent());
        }
        NodeEnd.begin(node.system()).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertFalse(Files.exists(home.runFile()));
    }

    private static HttpResponse<String> get(HttpClient http, String uri, String password) throws Exception {
        return http.send(request(uri, password).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String uri, String password) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri));
        return password == null
                ? request
                : request.header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aFixedPortThatIsTakenIsRefusedAndADefaultOneIsStepped() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Home home = Home.at(dir);
            try (HomeLock lock = home.lock()) {
                NodeSettings settings = NodeSettings.load(
                        home, Map.of("postdevai.cluster.port", taken.getLocalPort(), "postdevai.node.exit-jvm", "off"));
                String message = assertThrows(
                                NodeRefused.class, () -> NodeBootstrap.start(lock, settings, Behaviors.empty()))
                        .getMessage();
                assertTrue(message.contains(":" + taken.getLocalPort() + " is taken"), message);
            }
            HomeLock lock = home.lock();
            NodeSettings settings = NodeSettings.load(
                    home,
                    Map.of("postdevai.cluster.first-port", taken.getLocalPort(), "postdevai.node.exit-jvm", "off"));
            RunningNode<Object> node = NodeBootstrap.start(lock, settings, Behaviors.empty());
            String port = node.cluster().substring(node.cluster().lastIndexOf(':') + 1);
            assertTrue(Integer.parseInt(port) > taken.getLocalPort(), port);
            NodeEnd.begin(node.system()).toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void aSeedThatIsNotThereIsNamedInTheRefusal() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Home home = Home.at(dir);
        try (HomeLock lock = home.lock()) {
            NodeSettings settings = NodeSettings.load(
                    home,
                    Map.of(
                            "postdevai.cluster.join", "127.0.0.1:" + free,
                            "postdevai.cluster.join-timeout", "2s",
                            "postdevai.node.exit-jvm", "off"));
            String message = assertThrows(
                            NodeRefused.class, () -> NodeBootstrap.start(lock, settings, Behaviors.empty()))
                    .getMessage();
            assertTrue(message.contains("127.0.0.1:" + free) && message.contains("sha256"), message);
        }
    }

    @Test
    void whatIsBegunBesideTheSystemEndsTheStartIfItFails() throws Exception {
        Home home = Home.at(dir);
        try (HomeLock lock = home.lock()) {
            int port;
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            }
            NodeSettings settings =
                    NodeSettings.load(home, Map.of("postdevai.cluster.port", port, "postdevai.node.exit-jvm", "off"));
            NodeRefused refused = assertThrows(
                    NodeRefused.class,
                    () -> NodeBootstrap.start(lock, settings, Behaviors.empty(), () -> {
                        throw new NodeRefused("the journal is torn");
                    }));
            assertEquals("the journal is torn", refused.getMessage());
            try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertTrue(again.isBound(), "the port is free again");
            }
        }
    }
}
