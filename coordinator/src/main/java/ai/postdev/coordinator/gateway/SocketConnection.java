package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.door.Frame;
import ai.postdev.actors.door.Frames;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller at the socket door: requests one after another, until either side closes. Runs on its own thread, and always listens on
 * another: only who reads a connection hears that it was closed, and a call whose caller has gone is work for nobody.
 */
final class SocketConnection implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SocketConnection.class);

    private final SocketChannel channel;
    private final SocketCalls calls;
    private final int requestBytesMax;
    private final Consumer<SocketConnection> ended;
    private final AtomicBoolean busy = new AtomicBoolean();
    /** What came and is not looked at yet; a caller that sends more waits. */
    private final BlockingQueue<Heard> heard = new ArrayBlockingQueue<>(1);

    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private volatile boolean ending;
    private volatile long lastActive = System.nanoTime();

    SocketConnection(SocketChannel channel, SocketCalls calls, int requestBytesMax, Consumer<SocketConnection> ended) {
        this.channel = channel;
        this.calls = calls;
        this.requestBytesMax = requestBytesMax;
        this.ended = ended;
    }

    /** What was read, nothing at the caller's orderly end, or why nothing can be. */
    private sealed interface Heard {}

    private record Came(Optional<Frame> frame) implements Heard {}

    private record Lost(IOException reason) implements Heard {}

    @Override
    public void run() {
        Thread listener = Thread.ofVirtual().name("socket-listener").start(this::listen);
        try (channel) {
            serve();
        } catch (Frames.BadFrame e) {
            LOG.debug("A caller sent what is no frame: {}", e.getMessage());
        } catch (EOFException | ClosedChannelException e) {
            LOG.debug("A caller went away: {}", e.getMessage());
        } catch (IOException e) {
            LOG.debug("A caller was lost", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            listener.interrupt();
            ended.accept(this);
        }
    }

    private void listen() {
        try {
            boolean more = true;
            while (more) {
                Heard one = hear();
                more = one instanceof Came came && came.frame().isPresent();
                if (!more) {
                    gone.complete(null);
                }
                heard.put(one);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // nobody takes it any more
        }
    }

    private Heard hear() {
        try {
            return new Came(Frames.read(channel, requestBytesMax));
        } catch (IOException e) {
            return new Lost(e);
        }
    }

    private Optional<Frame> next() throws IOException, InterruptedException {
        return switch (heard.take()) {
            case Came(Optional<Frame> frame) -> frame;
            case Lost(IOException reason) -> throw reason;
        };
    }

    private void serve() throws IOException, InterruptedException {
        while (true) {
            Optional<Frame> frame;
            try {
                frame = next();
            } catch (Frames.BadFrame e) {
                send(new Frame.End(FaultCode.INVALID_ARGUMENT, e.getMessage()));
                throw e;
            }
            touch();
            switch (frame.orElse(null)) {
                case null -> {
                    return;
                }
                case Frame.Request request -> {
                    busy.set(true);
                    try {
                        calls.run(request, this::send, gone);
                    } finally {
                        busy.set(false);
                    }
                    if (ending) {
                        return;
                    }
                }
                case Frame.Data _ -> {
                    send(new Frame.End(FaultCode.INVALID_ARGUMENT, "found a data frame, expected a request"));
                    return;
                }
                case Frame.End _ -> {
                    return;
                }
            }
        }
    }

    private void send(Frame frame) throws IOException {
        Frames.write(channel, frame);
        touch();
    }

    private void touch() {
        lastActive = System.nanoTime();
    }

    /** When something last went in or out, in the clock of {@link System#nanoTime()}. */
    long lastActive() {
        return lastActive;
    }

    /** Takes no further request: a call under way is answered first, an idle connection is closed at once. */
    void end() {
        ending = true;
        if (!busy.get()) {
            close();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("A connection did not close cleanly", e);
        }
    }
}
