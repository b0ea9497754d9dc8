package ai.postdev.dragon.lake.portable;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.cluster.PrivateFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * A file of mode 600 that gets its name only when it is whole and on the disk, and is hashed while it is written. One
 * thread.
 */
public final class WholeFile implements AutoCloseable {
    private final Path partial;
    private final FileChannel channel;
    private final MessageDigest digest = PortableWriter.sha256();
    private final OutputStream stream;
    private long bytes;
    private ContentHash sha256;

    private WholeFile(Path partial) throws IOException {
        this.partial = partial;
        this.channel = PrivateFiles.create(partial);
        this.stream = new BufferedOutputStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] from, int offset, int length) throws IOException {
                        ByteBuffer rest = ByteBuffer.wrap(from, offset, length);
                        while (rest.hasRemaining()) {
                            channel.write(rest);
                        }
                        digest.update(from, offset, length);
                        bytes += length;
                    }
                },
                1 << 16);
    }

    /** Begins to write under the name {@code partial}; what is there is replaced. */
    public static WholeFile begin(Path partial) throws IOException {
        return new WholeFile(partial);
    }

    /** Where the content goes. Closing it ends the content, not the file. */
    public OutputStream stream() {
        return stream;
    }

    /** Bytes written so far. */
    public long bytes() {
        return bytes;
    }

    /** The SHA-256 of the content, which ends with the first call. */
    public ContentHash sha256() throws IOException {
        if (sha256 == null) {
            stream.flush();
            sha256 = ContentHash.fromBytes(digest.digest());
        }
        return sha256;
    }

    /** Puts the content on the disk under its name, in one step. */
    public void keepAs(Path file) throws IOException {
        sha256();
        channel.force(true);
        channel.close();
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        sync(file.toAbsolutePath().getParent());
    }

    /** Has the disk keep the names in a folder. */
    public static void sync(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** Ends it; without {@link #keepAs} nothing is left behind. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(partial);
    }
}
