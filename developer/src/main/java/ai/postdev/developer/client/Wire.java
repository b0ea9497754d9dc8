package ai.postdev.developer.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A connection to a Unix-domain socket whose reads and writes end at a deadline. A selector does the waiting, because a
 * blocking channel has no time-outs and another thread would cost the command line its start time.
 */
final class Wire implements ByteChannel {
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private long deadlineNanos;

    private Wire(SocketChannel channel, Selector selector, SelectionKey key) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
    }

    static Wire connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            return new Wire(channel, selector, channel.register(selector, 0));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Everything from now on ends at this moment of {@link System#nanoTime()}. */
    void until(long nanos) {
        this.deadlineNanos = nanos;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        while (true) {
            int count = channel.read(target);
            if (count != 0 || !target.hasRemaining()) {
                return count;
            }
            await(SelectionKey.OP_READ);
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        while (true) {
            int count = channel.write(source);
            if (count != 0 || !source.hasRemaining()) {
                return count;
            }
            await(SelectionKey.OP_WRITE);
        }
    }

    private void await(int operation) throws IOException {
        long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("deadline passed");
        }
        key.interestOps(operation);
        selector.select(millis);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new SocketTimeoutException("interrupted while waiting for the node");
        }
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            selector.close();
        }
    }
}
