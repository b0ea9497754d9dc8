package ai.postdev.dragon.lake.portable;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a portable stream, line by line, in bounded memory, and checks all that it says of itself: the order and number
 * of its operations, the hash of each text and the checksum of the whole. What was handed out is known to be right only
 * when the end has been read. One thread; blocks as the stream below does.
 */
public final class PortableReader implements AutoCloseable {
    private final InputStream in;
    private final PortableSettings settings;
    private final MessageDigest digest = PortableWriter.sha256();
    private final Line.Header header;
    private final Map<Origin, Long> next = new HashMap<>();
    private Tally tally = Tally.NONE;
    private long lines;
    private boolean ended;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int limit;

    /**
     * Reads the header; {@code from} is closed with the reader.
     *
     * @throws PortableRefused if this is no such stream, or one of a newer version
     */
    public PortableReader(InputStream from, PortableSettings settings) throws IOException {
        this.settings = settings;
        this.in = new ZstdInputStream(from);
        byte[] first = line();
        header = LineReading.header(new String(first, StandardCharsets.UTF_8));
        digest.update(first);
        header.spans().forEach(span -> next.put(span.origin(), span.after() + 1));
    }

    /** What the stream says it holds. */
    public Line.Header header() {
        return header;
    }

    /** What was read so far; after the end, what the stream holds. */
    public Tally tally() {
        return tally;
    }

    /**
     * The next line; empty after the last, when everything was found right.
     *
     * @throws PortableRefused if anything is not as it must be: the message says what and in which line
     */
    public Optional<Line> next() throws IOException {
        if (ended) {
            return Optional.empty();
        }
        byte[] bytes = line();
        Line read = LineReading.line(new String(bytes, StandardCharsets.UTF_8), header.project(), where());
        if (read instanceof Line.End end) {
            end(end);
            return Optional.empty();
        }
        digest.update(bytes);
        tally = tally.with(read);
        switch (read) {
            case Line.Change change ->
                inOrder(change.operation().origin(), change.operation().sequence());
            case Line.Dropped dropped -> inOrder(dropped.origin(), dropped.sequence());
            case Line.Lost lost -> inOrder(lost.origin(), lost.sequence());
            case Line.Text _, Line.LostText _, Line.Header _, Line.End _ -> {}
        }
        return Optional.of(read);
    }

    /** The operations before the stream and in it as far as it was read. */
    public VersionVector upTo() {
        Map<Origin, Long> last = new HashMap<>();
        next.forEach((origin, sequence) -> last.put(origin, sequence - 1));
        return header.reached(last);
    }

    private String where() {
        return "line " + lines;
    }

    private void inOrder(Origin origin, long sequence) throws PortableRefused {
        Long expected = next.get(origin);
        if (expected == null) {
            throw new PortableRefused(where() + " is of origin " + origin + ", which the header does not name");
        }
        if (sequence != expected) {
            throw new PortableRefused(
                    where() + " is operation " + sequence + " of origin " + origin + ", expected " + expected);
        }
        next.put(origin, sequence + 1);
    }

    private void end(Line.End end) throws IOException {
        if (!end.upTo().equals(upTo())) {
            throw new PortableRefused("the stream holds operations up to " + upTo().sequences() + ", its end says "
                    + end.upTo().sequences());
        }
        if (!end.tally().equals(tally)) {
            throw new PortableRefused("the stream holds " + tally + ", its end says " + end.tally());
        }
        ContentHash found = ContentHash.fromBytes(digest.digest());
        if (!found.equals(end.sha256())) {
            throw new PortableRefused("the stream has the SHA-256 " + found + ", its end says " + end.sha256());
        }
        if (at < limit || fill()) {
            throw new PortableRefused("more follows after the end (" + where() + ")");
        }
        ended = true;
    }

    /** The next line with its end. */
    private byte[] line() throws IOException {
        lines++;
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        while (true) {
            if (at == limit && !fill()) {
                throw new PortableRefused("the stream is cut off in " + where() + ", after " + tally.operations()
                        + " operations; get a whole copy");
            }
            int end = at;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            boolean whole = end < limit;
            int next = whole ? end + 1 : end;
            line.write(buffer, at, next - at);
            at = next;
            if (line.size() > settings.lineBytesMax()) {
                throw new PortableRefused(where() + " is longer than " + settings.lineBytesMax()
                        + " bytes (postdevai.portable.line-bytes-max)");
            }
            if (whole) {
                return line.toByteArray();
            }
        }
    }

    /** Reads on; false at the end of the stream. */
    private boolean fill() throws IOException {
        try {
            at = 0;
            limit = Math.max(0, in.read(buffer));
            return limit > 0;
        } catch (IOException e) {
            limit = 0;
            throw new PortableRefused(
                    "the stream cannot be read any further in " + where() + ", after " + tally.operations()
                            + " operations: " + e.getMessage() + "; it is cut off, damaged, or no export",
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
