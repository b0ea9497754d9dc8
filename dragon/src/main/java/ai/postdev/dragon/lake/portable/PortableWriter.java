package ai.postdev.dragon.lake.portable;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

/** Writes a portable stream, line by line, in bounded memory. One thread; blocks as the stream below does. */
public final class PortableWriter implements AutoCloseable {
    private final ZstdOutputStream out;
    private final MessageDigest digest = sha256();
    private final Line.Header header;
    private final Map<Origin, Long> last = new HashMap<>();
    private Tally tally = Tally.NONE;
    private long bytes;

    /** Begins a stream with its header; {@code to} is closed with the writer. */
    public PortableWriter(OutputStream to, Line.Header header, PortableSettings settings) throws IOException {
        out = new ZstdOutputStream(to, settings.zstdLevel());
        out.setChecksum(true);
        this.header = header;
        put(header);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void put(Line line) throws IOException {
        byte[] written = LineWriting.bytes(line);
        digest.update(written);
        bytes += written.length;
        tally = tally.with(line);
        out.write(written);
    }

    /** Adds a line; header and end are written by the writer itself. */
    public void add(Line line) throws IOException {
        switch (line) {
            case Line.Change(Operation operation) -> last.put(operation.origin(), operation.sequence());
            case Line.Dropped dropped -> last.put(dropped.origin(), dropped.sequence());
            case Line.Lost lost -> last.put(lost.origin(), lost.sequence());
            case Line.Text _, Line.LostText _ -> {}
            case Line.Header _, Line.End _ ->
                throw new IllegalArgumentException("header and end are written by the writer itself");
        }
        put(line);
    }

    /** The operations before the stream and in it so far. */
    public VersionVector upTo() {
        return header.reached(last);
    }

    /** Bytes written so far, uncompressed. */
    public long bytes() {
        return bytes;
    }

    /** Ends the stream; nothing can be added any more. */
    public Tally finish() throws IOException {
        Line.End end = new Line.End(tally, upTo(), ContentHash.fromBytes(digest.digest()));
        out.write(LineWriting.bytes(end));
        out.close();
        return tally;
    }

    /** Closes the stream; without {@link #finish} it is one that no reader accepts. */
    @Override
    public void close() throws IOException {
        out.close();
    }
}
