package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.door.Frame;
import ai.postdev.actors.door.Frames;
import ai.postdev.v1.AsOf;
import ai.postdev.v1.CodeThen;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.Event;
import ai.postdev.v1.Hit;
import ai.postdev.v1.Node;
import ai.postdev.v1.PinAnswer;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.Relation;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.StatusAnswer;
import ai.postdev.v1.TimelineAnswer;
import com.google.protobuf.MessageLite;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Goes through the everyday calls once against a partner in the same process, so that the JVM learns which classes they
 * load: the launcher runs this when it makes the AOT cache of the command line. It touches no node and no home.
 */
public final class Rehearsal {
    private Rehearsal() {}

    /**
     * Rehearses.
     *
     * @param args a folder that may be written, which becomes the home of the rehearsal
     */
    public static void main(String[] args) throws IOException {
        Path home = Path.of(args[0]);
        System.setProperty("postdevai.home", home.toString());
        Path socket = Files.createDirectories(home.resolve("run")).resolve("node.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread partner = new Thread(() -> answer(server), "partner");
            partner.setDaemon(true);
            partner.start();
            for (boolean colour : new boolean[] {false, true}) {
                for (List<String> line : LINES) {
                    Terminal terminal = terminal(colour);
                    int code = Main.run(line.toArray(String[]::new), terminal);
                    if (code > Exit.NOTHING) {
                        throw new IllegalStateException("the rehearsal of " + line + " ended with " + code);
                    }
                }
            }
        }
        // The path through the process' own streams.
        Terminal.ofProcess().flush();
    }

    private static final List<List<String>> LINES = List.of(
            List.of("search", "where", "--limit", "3"),
            List.of("search", "where", "--json"),
            List.of("search", "--stdin"),
            List.of("recall", "boom"),
            List.of("recall", "boom", "--json"),
            List.of("related", "Foo"),
            List.of("related", "Foo", "--json"),
            List.of("pin", "7"),
            List.of("show", "A.java"),
            List.of("show", "A.java", "--json"),
            List.of("context", "where"),
            List.of("context", "where", "--markdown"),
            List.of("context", "where", "--json"),
            List.of("diff", "A.java", "--from", "1"),
            List.of("timeline", "--since=2h"),
            List.of("timeline", "--json"),
            List.of("remember", "this"),
            List.of("remember", "this", "--json"),
            List.of("status"),
            List.of("status", "--json"));

    private static Terminal terminal(boolean colour) {
        ByteArrayInputStream in =
                new ByteArrayInputStream("plain\n{\"query\":\"object\"}\n".getBytes(StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        return new Terminal(
                in, out, out, colour, false, 100, ZoneOffset.UTC, Path.of("").toAbsolutePath(), Map.of());
    }

    private static void answer(ServerSocketChannel server) {
        while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
                Optional<Frame> frame = Frames.read(channel, 1 << 20);
                while (frame.isPresent() && frame.get() instanceof Frame.Request request) {
                    Frames.write(
                            channel, new Frame.Data(answer(request.method()).toByteArray()));
                    Frames.write(channel, new Frame.End(FaultCode.OK, ""));
                    frame = Frames.read(channel, 1 << 20);
                }
            } catch (IOException _) {
                // The rehearsal is over.
                return;
            }
        }
    }

    private static MessageLite answer(String method) {
        Event event = Event.newBuilder()
                .setTime("2026-01-01T00:00:00Z")
                .setKind("commit")
                .setText("one\ntwo")
                .addWhy("text")
                .putAttributes("commit", "c0ffee")
                .build();
        return switch (method) {
            case "Search" ->
                SearchAnswer.newBuilder()
                        .setComplete(true)
                        .addAsOf(AsOf.newBuilder().setCommit("c0ffee"))
                        .addHits(Hit.newBuilder()
                                .setPath("A.java")
                                .setStartLine(1)
                                .setEndLine(2)
                                .setScore(0.5)
                                .addWhy("text")
                                .setSnippet("one\n\ttwo"))
                        .build();
            case "Recall" ->
                RecallAnswer.newBuilder()
                        .setComplete(true)
                        .addEvents(event.toBuilder()
                                .addFollowedBy(event)
                                .addCode(CodeThen.newBuilder()
                                        .setPath("A.java")
                                        .setText("one")
                                        .setChange("-a\n+b")))
                        .build();
            case "Related" ->
                RelatedAnswer.newBuilder()
                        .setComplete(true)
                        .addRelations(
                                Relation.newBuilder().setKind("touched-by").setKey("c0ffee"))
                        .build();
            case "Context" ->
                ContextAnswer.newBuilder()
                        .setComplete(true)
                        .addItems(ContextItem.newBuilder()
                                .setPath("A.java")
                                .setText("one\n\ttwo")
                                .addWhy("text"))
                        .addFacts(Relation.newBuilder().setKind("notes").setText("note"))
                        .build();
            case "Diff" ->
                DiffAnswer.newBuilder()
                        .setChange("modified")
                        .setDiff("@@ -1 +1 @@\n-a\n+b\n")
                        .build();
            case "Pin" -> PinAnswer.newBuilder().setEvent(event).build();
            case "Show" -> ShowAnswer.newBuilder().setText("one\ntwo\n").build();
            case "Timeline" ->
                TimelineAnswer.newBuilder().setComplete(true).addEvents(event).build();
            case "Remember" -> RememberAnswer.newBuilder().setSequence(1).build();
            default ->
                StatusAnswer.newBuilder()
                        .setNode(Node.newBuilder().setPid(1).addRoles("dragon"))
                        .addProjects(ProjectStatus.newBuilder().setName("a").setRoot("/a"))
                        .build();
        };
    }
}
