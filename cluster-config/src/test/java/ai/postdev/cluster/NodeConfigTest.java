package ai.postdev.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeConfigTest {
    @TempDir
    Path dir;

    private Home home;

    @BeforeEach
    void prepare() {
        home = Home.at(dir).prepare();
    }

    private void file(String text) throws IOException {
        Files.writeString(home.configFile(), text);
    }

    @Test
    void theStrongestPlaceWins() throws IOException {
        assertEquals(25520, port(Map.of(), Map.of()));
        file("postdevai.cluster.first-port = 1");
        assertEquals(1, port(Map.of(), Map.of()));
        Map<String, String> environment = Map.of("POSTDEVAI_CLUSTER_FIRST_PORT", "2");
        assertEquals(2, port(Map.of(), environment));
        System.setProperty("postdevai.cluster.first-port", "3");
        try {
            assertEquals(3, port(Map.of(), environment));
            assertEquals(4, port(Map.of("postdevai.cluster.first-port", "4"), environment));
        } finally {
            System.clearProperty("postdevai.cluster.first-port");
        }
    }

    private int port(Map<String, String> commandLine, Map<String, String> environment) {
        return NodeConfig.load(home, commandLine, environment).getInt("postdevai.cluster.first-port");
    }

    @Test
    void aNameOfItsOwnInTheReferenceAlsoBeatsTheFile() throws IOException {
        file("postdevai.cluster.trust-dir = /file");
        Config config = NodeConfig.load(home, Map.of(), Map.of("POSTDEVAI_TRUST_DIR", "/environment"));
        assertEquals("/environment", config.getString("postdevai.cluster.trust-dir"));
        assertEquals("/file", NodeConfig.load(home, Map.of(), Map.of()).getString("postdevai.cluster.trust-dir"));
    }

    @Test
    void listsInTheEnvironmentAreSeparatedByCommas() {
        Config config = NodeConfig.load(
                home, Map.of(), Map.of("POSTDEVAI_CLUSTER_JOIN", "a:1, b:2", "POSTDEVAI_NODE_ROLES", "dragon"));
        NodeSettings settings = NodeSettings.from(home, config);
        assertEquals(List.of("a:1", "b:2"), settings.join());
        assertEquals(Set.of(Role.DRAGON), settings.roles());
    }

    @Test
    void theHomeComesFromTheNodeAndNotFromTheFile() throws IOException {
        file("postdevai.home = /elsewhere");
        assertEquals(
                dir.toString(),
                NodeConfig.load(home, Map.of(), Map.of("POSTDEVAI_HOME", "/other"))
                        .getString("postdevai.home"));
    }

    @Test
    void theFileCanTunePekko() throws IOException {
        file("pekko.cluster.split-brain-resolver.stable-after = 33s");
        assertEquals(
                33,
                NodeConfig.load(home, Map.of(), Map.of())
                        .getDuration("pekko.cluster.split-brain-resolver.stable-after")
                        .toSeconds());
    }

    @Test
    void mistakesAreNamedWithTheirPlace() throws IOException {
        file("postdevai.cluster { port = ");
        assertRefused("postdevai.conf");
        file("postdevai.cluster.port = 70000");
        assertRefused("70000");
        file("postdevai.node.roles = [dragoon]");
        assertRefused("dragoon");
        file("postdevai.cluster.join = [\"machine\"]");
        assertRefused("HOST:PORT");
        file("postdevai.node.roles = []");
        assertRefused("empty");
    }

    private void assertRefused(String part) {
        String message = assertThrows(
                        NodeRefused.class, () -> NodeSettings.from(home, NodeConfig.load(home, Map.of(), Map.of())))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void theVersionIsTheOneOfTheBuild() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String version = NodeConfig.load(home, Map.of(), Map.of()).getString("postdevai.version");
        assertTrue(pom.contains("<version>" + version + "</version>"), version);
    }
}
