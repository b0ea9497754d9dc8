package ai.postdev.dragon.lake;

import static ai.postdev.dragon.lake.Seeded.PROJECT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.Dragon;
import ai.postdev.dragon.disk.MemoryFolder;
import ai.postdev.dragon.model.serve.ModelHome;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake tells its journal what a text takes the place of. */
class LakeVersionsTest {
    private static final Config CONFIG = ConfigFactory.load();

    @TempDir(factory = MemoryFolder.class)
    Path dir;

    private final ActorTestKit kit = ActorTestKit.create(CONFIG);
    private ActorRef<LakeProtocol.Command> lake;

    private record Unobserved() implements LakeRoom.Observer {
        @Override
        public void described(ProjectId project, ActorRef<LakeProtocol.Command> lake, Map<String, String> settings) {}

        @Override
        public void closed(ProjectId project) {}

        @Override
        public void forgotten(ProjectId project) {}
    }

    private byte[] save(String path, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ContentHash hash = ContentHash.of(utf8);
        Body put = new Body.PutDocument(new WorkspaceId("w"), path, hash, utf8.length, Language.TEXT, 1, utf8.length);
        TestProbe<Reply<LakeProtocol.Appended>> probe = kit.createTestProbe();
        lake.tell(new LakeProtocol.Append(List.of(put), List.of(new LakeProtocol.Blob(hash, utf8)), probe.ref()));
        assertInstanceOf(Reply.Answered.class, probe.receiveMessage(Duration.ofSeconds(30)));
        return utf8;
    }

    @Test
    void whatAFileHeldBeforeIsNotKeptAgain() throws Exception {
        Random random = Seeded.random("lake versions");
        StringBuilder text = new StringBuilder();
        while (text.length() < 20_000) {
            text.append(Long.toString(random.nextLong(), 36)).append('\n');
        }
        LakeFiles files = LakeFiles.open(dir.resolve("data"), CONFIG);
        CompletableFuture<Dragon> started = new CompletableFuture<>();
        kit.spawn(Behaviors.setup(context -> {
            started.complete(Dragon.start(
                    context,
                    files,
                    dir.resolve("data"),
                    ModelHome.of("here", dir.resolve("models"), dir, CONFIG),
                    CONFIG,
                    new Unobserved()));
            return Behaviors.empty();
        }));
        try (Dragon dragon = started.get()) {
            lake = kit.spawn(dragon.lake(PROJECT));
            save("a.txt", text.toString());
            long one = files.journal().stats().blobDiskBytes();
            byte[] second = save("a.txt", text + "one line more\n");
            long two = files.journal().stats().blobDiskBytes();
            assertTrue(two - one < one / 20, two - one + " bytes more than " + one);
            assertArrayEquals(
                    second, files.journal().blob(ContentHash.of(second)).orElseThrow());
            save("b.txt", text + "the same in another file\n");
            assertTrue(files.journal().stats().blobDiskBytes() - two > one / 2, "of another file nothing is known");
            TestProbe<Void> end = kit.createTestProbe();
            lake.tell(LakeProtocol.Passivate.INSTANCE);
            end.expectTerminated(lake, Duration.ofSeconds(30));
            kit.shutdownTestKit();
        }
    }
}
