package ai.postdev.actors.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HomeFolderTest {
    @Test
    void theVariableWinsOverThePlatform() {
        assertEquals(
                Path.of("/data/node"),
                HomeFolder.of(Map.of("POSTDEVAI_HOME", "/data/./node"), "/home/ada", "Linux")
                        .root());
    }

    @Test
    void eachPlatformHasItsOwnDataDirectory() {
        assertEquals(
                Path.of("/home/ada/.local/share/postdevai"),
                HomeFolder.of(Map.of(), "/home/ada", "Linux").root());
        assertEquals(
                Path.of("/var/ada/postdevai"),
                HomeFolder.of(Map.of("XDG_DATA_HOME", "/var/ada"), "/home/ada", "Linux")
                        .root());
        assertEquals(
                Path.of("/Users/ada/Library/Application Support/PostDevAI"),
                HomeFolder.of(Map.of(), "/Users/ada", "Mac OS X").root());
    }

    @Test
    void aDeepHomeStillHasASocketThatFitsAnAddress() {
        HomeFolder deep = new HomeFolder(Path.of("/" + "d".repeat(200)));
        HomeFolder other = new HomeFolder(Path.of("/" + "e".repeat(200)));
        assertTrue(deep.socket().toString().length() <= HomeFolder.SOCKET_PATH_BYTES_MAX);
        assertNotEquals(deep.socket(), other.socket());
    }
}
