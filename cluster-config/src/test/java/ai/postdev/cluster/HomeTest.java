package ai.postdev.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    Path dir;

    @Test
    void isNamedByTheEnvironmentElseByThePlatform() {
        Path user = Path.of("/home/ada");
        assertEquals(
                Path.of("/data/mine"),
                Home.locate(Map.of("POSTDEVAI_HOME", "/data/mine"), "Linux", user)
                        .root());
        assertEquals(
                Path.of("/home/ada/.local/share/postdevai"),
                Home.locate(Map.of(), "Linux", user).root());
        assertEquals(
                Path.of("/xdg/postdevai"),
                Home.locate(Map.of("XDG_DATA_HOME", "/xdg"), "Linux", user).root());
        assertEquals(
                Path.of("/home/ada/.local/share/postdevai"),
                Home.locate(Map.of("XDG_DATA_HOME", "relative"), "Linux", user).root());
        assertEquals(
                Path.of("/home/ada/Library/Application Support/PostDevAI"),
                Home.locate(Map.of(), "Mac OS X", user).root());
    }

    @Test
    void isClosedToOthers() throws IOException {
        Home home = Home.at(dir.resolve("a/b"));
        try (HomeLock lock = home.lock()) {
            Trust.of(lock.home(), "");
            home.nodeId();
            ManagementPort.Credentials.of(home);
            try (Stream<Path> all = Files.walk(home.root())) {
                for (Path path : (Iterable<Path>) all::iterator) {
                    assertEquals(
                            Files.isDirectory(path) ? "rwx------" : "rw-------",
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
                            path.toString());
                }
            }
        }
    }

    @Test
    void thatIsOpenToOthersIsClosedToThem() throws IOException {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        Home.at(dir).prepare();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir)));
    }

    @Test
    void keepsItsNodeIdForEver() throws IOException {
        Origin first = Home.at(dir).prepare().nodeId();
        assertEquals(first, Home.at(dir).prepare().nodeId());
        Files.writeString(dir.resolve("node-id"), "Ö\n");
        assertTrue(assertThrows(NodeRefused.class, () -> Home.at(dir).nodeId())
                .getMessage()
                .contains("damaged"));
    }

    @Test
    void ofANewerFormatIsRefused() throws IOException {
        Home.at(dir).prepare();
        Files.writeString(dir.resolve("format"), "2\n");
        String message =
                assertThrows(NodeRefused.class, () -> Home.at(dir).prepare()).getMessage();
        assertTrue(message.contains("has format 2") && message.contains("newer"), message);
    }

    @Test
    void thatIsAFileIsRefused() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));
        assertTrue(assertThrows(NodeRefused.class, () -> Home.at(file).prepare())
                .getMessage()
                .contains("is a file"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void thatCannotBeWrittenIsRefusedWithWhatToDo() {
        // The process file system refuses everybody, also the superuser.
        String message = assertThrows(
                        NodeRefused.class,
                        () -> Home.at(Path.of("/proc/postdevai")).prepare())
                .getMessage();
        assertTrue(message.contains("/proc/postdevai") && message.contains("POSTDEVAI_HOME"), message);
    }

    @Test
    void isLockedOnceAndTheRefusalNamesTheHolder() {
        Home home = Home.at(dir);
        HomeLock lock = home.lock();
        HomeInUse refused = assertThrows(HomeInUse.class, home::lock);
        assertEquals(ProcessHandle.current().pid(), refused.pid());
        assertTrue(refused.getMessage().contains(Long.toString(refused.pid())));
        assertTrue(HomeLock.isHeld(home));
        lock.close();
        assertFalse(HomeLock.isHeld(home));
        home.lock().close();
    }

    @Test
    void givesASocketPathThatThePlatformTakes() throws IOException {
        assertEquals(dir.resolve("run/node.sock"), Home.at(dir).socket());
        Home deep = Home.at(dir.resolve("d".repeat(120))).prepare();
        Path socket = deep.prepareSocket();
        assertTrue(socket.toString().length() <= Home.SOCKET_PATH_MAX, socket.toString());
        assertEquals(socket, deep.socket());
        Files.delete(socket.getParent());
    }

    @Test
    void refusesASocketDirectoryThatOthersCanEnter() throws IOException {
        Home deep = Home.at(dir.resolve("e".repeat(120))).prepare();
        Path directory = deep.prepareSocket().getParent();
        try {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
            assertThrows(NodeRefused.class, deep::prepareSocket);
        } finally {
            Files.delete(directory);
        }
    }

    @Test
    void tellsALiveNodeFromADeadOne() throws Exception {
        Home home = Home.at(dir).prepare();
        assertEquals(Optional.empty(), RunInfo.read(home));
        RunInfo self = RunInfo.ofThisProcess("1", "127.0.0.1:1", "http://127.0.0.1:2", dir.resolve("p"))
                .withDoors("127.0.0.1:3", "", "C:\\s", "key");
        self.write(home);
        assertEquals(Optional.of(self), RunInfo.ofLiveNode(home));

        Process dead = new ProcessBuilder("true").start();
        assertTrue(dead.waitFor(60, TimeUnit.SECONDS));
        new RunInfo(dead.pid(), self.startedMillis(), "1", "", "", "", "", "", "", "").write(home);
        assertEquals(Optional.empty(), RunInfo.ofLiveNode(home));

        // A pid that the system gave to another process since.
        new RunInfo(self.pid(), self.startedMillis() - 60_000, "1", "", "", "", "", "", "", "").write(home);
        assertEquals(Optional.empty(), RunInfo.ofLiveNode(home));
    }
}
