package ai.postdev.coordinator.gateway;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A node of two projects and its HTTP door, for all tests of a class. */
final class OpenDoor implements BeforeAllCallback, AfterAllCallback {
    private final String settings;
    private Path dir;
    TestNode node;
    TestDoor door;

    /** @param settings of {@code postdevai.gateway.http} */
    OpenDoor(String settings) {
        this.settings = settings;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        dir = Files.createTempDirectory("open-door");
        node = TestNode.withTwoProjects();
        door = new TestDoor(node, dir, settings);
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return door.post(path, body);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        door.close();
        node.close();
        Files.delete(dir.resolve("token"));
        Files.delete(dir);
    }
}
