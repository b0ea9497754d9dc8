package ai.postdev.app.bench;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Embeddings of chunks in a file, so that a benchmark that is run again embeds only what is new. The file begins with a line
 * that names the model and its dimensions; a hash and its numbers follow, as often as there are some, big-endian. What a run
 * that was ended left half written at the end is cut off. One thread.
 */
final class KeptEmbeddings implements AutoCloseable {
    private static final String FORMAT = "postdevai embeddings 1";

    private final FileChannel file;
    private final int dimensions;
    private final Map<ContentHash, float[]> known = new HashMap<>();

    private KeptEmbeddings(FileChannel file, int dimensions) {
        this.file = file;
        this.dimensions = dimensions;
    }

    /**
     * Opens a file, or makes it.
     *
     * @throws IOException if it cannot be read or written, or holds something else
     */
    static KeptEmbeddings open(Path path, String model, int dimensions) throws IOException {
        byte[] head = (FORMAT + " " + model + " " + dimensions + "\n").getBytes(StandardCharsets.US_ASCII);
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            KeptEmbeddings kept = new KeptEmbeddings(file, dimensions);
            if (file.size() == 0) {
                kept.write(ByteBuffer.wrap(head));
            } else {
                kept.read(ByteBuffer.wrap(Files.readAllBytes(path)), head, path);
            }
            return kept;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private void read(ByteBuffer bytes, byte[] head, Path path) throws IOException {
        byte[] found = new byte[Math.min(head.length, bytes.remaining())];
        bytes.get(found);
        if (!Arrays.equals(found, head)) {
            throw new IOException(path + " does not begin with '"
                    + new String(head, StandardCharsets.US_ASCII).strip()
                    + "'; name a file that is not there yet, or one that this benchmark has made");
        }
        while (bytes.remaining() >= recordBytes()) {
            byte[] hash = new byte[ContentHash.BYTES];
            bytes.get(hash);
            float[] vector = new float[dimensions];
            for (int i = 0; i < dimensions; i++) {
                vector[i] = bytes.getFloat();
            }
            known.put(ContentHash.fromBytes(hash), vector);
        }
        file.truncate(bytes.position());
        file.position(bytes.position());
    }

    private int recordBytes() {
        return ContentHash.BYTES + dimensions * Float.BYTES;
    }

    /** The embedding of a chunk, if it is here; not to be changed. */
    Optional<float[]> of(ContentHash hash) {
        return Optional.ofNullable(known.get(hash));
    }

    /** Keeps more. @throws IOException if they cannot be written */
    void add(List<Body.PutEmbedding> more) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(more.size() * recordBytes());
        for (Body.PutEmbedding one : more) {
            bytes.put(one.hash().toBytes());
            for (float number : one.vector()) {
                bytes.putFloat(number);
            }
            known.put(one.hash(), one.vector());
        }
        write(bytes.flip());
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the kept embeddings cannot be closed", e);
        }
    }
}
