package ai.postdev.dragon.model.catalogue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer, taken piece by piece by one thread, which waits for the next byte no longer than it says. Only
 * one piece lies here at a time, so a fast server does not fill the memory.
 */
final class Body implements HttpResponse.BodySubscriber<Body>, AutoCloseable {
    /** What lies in the queue. */
    private sealed interface Item {}

    private record Piece(List<ByteBuffer> bytes) implements Item {}

    private record Broken(Throwable cause) implements Item {}

    private enum End implements Item {
        INSTANCE
    }

    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
    private volatile Flow.Subscription subscription;
    private volatile boolean closed;

    @Override
    public CompletionStage<Body> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        items.add(new Piece(bytes));
    }

    @Override
    public void onError(Throwable cause) {
        items.add(new Broken(cause));
    }

    @Override
    public void onComplete() {
        items.add(End.INSTANCE);
    }

    /**
     * The next bytes; empty at the end.
     *
     * @throws IOException if the connection broke, the body was closed, or no byte came for so long
     */
    Optional<List<ByteBuffer>> next(Duration idle) throws IOException {
        Item item;
        try {
            item = items.poll(idle.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return switch (item) {
            case null -> throw new HttpTimeoutException("no byte for " + idle.toMillis() + " ms");
            case Piece piece -> {
                subscription.request(1);
                yield Optional.of(piece.bytes());
            }
            case Broken broken ->
                throw new IOException(
                        broken.cause().getMessage() == null
                                ? broken.cause().toString()
                                : broken.cause().getMessage(),
                        broken.cause());
            case End _ -> Optional.empty();
        };
    }

    /** All of it, which must be at most {@code max} bytes. */
    byte[] all(int max, Duration idle) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Optional<List<ByteBuffer>> next = next(idle); next.isPresent(); next = next(idle)) {
            for (ByteBuffer bytes : next.get()) {
                if (all.size() + bytes.remaining() > max) {
                    throw new IOException("the answer has more than " + max + " bytes");
                }
                byte[] piece = new byte[bytes.remaining()];
                bytes.get(piece);
                all.writeBytes(piece);
            }
        }
        return all.toByteArray();
    }

    /** Ends the transfer; who waits in {@link #next} is woken up. Any thread. */
    @Override
    public void close() {
        closed = true;
        Flow.Subscription given = subscription;
        if (given != null) {
            given.cancel();
        }
        items.add(new Broken(new IOException("closed")));
    }
}
