package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.door.Frame;
import ai.postdev.actors.door.Frames;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The other end of the socket: answers each method with what a test laid out, and keeps what it was asked. */
final class Partner implements AutoCloseable {
    final List<Frame.Request> asked = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, List<Frame>> answers = new ConcurrentHashMap<>();
    private final ServerSocketChannel server;
    private final Thread accepting;

    /** Listens in the home {@code home}. */
    Partner(Path home) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(
                Files.createDirectories(home.resolve("run")).resolve("node.sock")));
        accepting = Thread.ofVirtual().start(this::serve);
    }

    void answers(String method, MessageLite... messages) {
        List<Frame> frames = new ArrayList<>();
        for (MessageLite message : messages) {
            frames.add(new Frame.Data(message.toByteArray()));
        }
        frames.add(new Frame.End(FaultCode.OK, ""));
        answers.put(method, frames);
    }

    void refuses(String method, FaultCode code, String message) {
        answers.put(method, List.of(new Frame.End(code, message)));
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                Thread.ofVirtual().start(() -> serve(channel));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                System.out.println("not accepted: " + e);
            }
        }
    }

    private void serve(SocketChannel accepted) {
        try (SocketChannel channel = accepted) {
            while (Frames.read(channel, 1 << 20).orElse(null) instanceof Frame.Request request) {
                asked.add(request);
                for (Frame frame : answers.getOrDefault(
                        request.method(), List.of(new Frame.End(FaultCode.UNIMPLEMENTED, "no " + request.method())))) {
                    Frames.write(channel, frame);
                }
            }
        } catch (IOException e) {
            System.out.println("the caller left: " + e);
        }
    }

    /** Returns when nobody can connect any more: the channel closes when the thread that accepts has left it. */
    @Override
    public void close() throws IOException {
        server.close();
        try {
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
