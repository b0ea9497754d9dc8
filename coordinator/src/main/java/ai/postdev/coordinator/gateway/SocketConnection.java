package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.door.Frame;
import ai.postdev.actors.door.Frames;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One caller at the socket door: requests one after another, until either side closes. Runs on its own thread. */
final class SocketConnection implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SocketConnection.class);

    private final SocketChannel channel;
    private final SocketCalls calls;
    private final int requestBytesMax;
    private final Consumer<SocketConnection> ended;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean ending;
    private volatile long lastActive = System.nanoTime();

    SocketConnection(SocketChannel channel, SocketCalls calls, int requestBytesMax, Consumer<SocketConnection> ended) {
        this.channel = channel;
        this.calls = calls;
        this.requestBytesMax = requestBytesMax;
        this.ended = ended;
    }

    @Override
    public void run() {
        try (channel) {
            serve();
        } catch (Frames.BadFrame e) {
            LOG.debug("A caller sent what is no frame: {}", e.getMessage());
        } catch (EOFException | ClosedChannelException e) {
            LOG.debug("A caller went away: {}", e.getMessage());
        } catch (IOException e) {
            LOG.debug("A caller was lost", e);
        } finally {
            ended.accept(this);
        }
    }

    private void serve() throws IOException {
        while (true) {
            Optional<Frame> frame;
            try {
                frame = Frames.read(channel, requestBytesMax);
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
                        calls.run(request, this::send);
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
