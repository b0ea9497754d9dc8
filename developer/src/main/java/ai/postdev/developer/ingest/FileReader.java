package ai.postdev.developer.ingest;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads one file as the lake stores it: decoded, redacted, hashed. Blocking; safe on any thread.
 */
public final class FileReader {
    private final WorkspaceId workspace;
    private final TextIntake intake;
    private final long fileBytesMax;

    /** What came of reading a path. */
    public sealed interface Outcome {}

    /**
     * A document.
     *
     * @param stat of the file just before it was read
     */
    public record Document(Body.PutDocument put, Blob blob, Stat stat) implements Outcome {}

    /**
     * The path stays out.
     *
     * @param stat of the file, if its content was the reason: as long as it matches, the file need not be opened again
     */
    public record Skipped(Skip reason, Optional<Stat> stat) implements Outcome {
        Skipped(Skip reason) {
            this(reason, Optional.empty());
        }
    }

    /** A folder is there. */
    public record Folder() implements Outcome {}

    /** Nothing is there. */
    public record Gone() implements Outcome {}

    /** Reads for {@code workspace}; files above {@code fileBytesMax} are left out. */
    public FileReader(WorkspaceId workspace, TextIntake intake, long fileBytesMax) {
        this.workspace = workspace;
        this.intake = intake;
        this.fileBytesMax = fileBytesMax;
    }

    /** Reads {@code file}, known in the project as {@code path}. */
    public Outcome read(String path, Path file) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
                return new Folder();
            }
            Optional<Skip> skip = unopened(path, attributes);
            return skip.isPresent() ? new Skipped(skip.get()) : open(path, file, Stat.of(attributes));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return new Gone();
        } catch (IOException e) {
            // "Not a directory" for a path through a file comes as a plain FileSystemException
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? new Skipped(Skip.UNREADABLE) : new Gone();
        }
    }

    /** Why a file is not even opened. */
    private Optional<Skip> unopened(String path, BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            return Optional.of(Skip.SYMLINK);
        }
        if (!attributes.isRegularFile()) {
            return Optional.of(Skip.SPECIAL);
        }
        if (intake.secret(path)) {
            return Optional.of(Skip.SECRET);
        }
        return attributes.size() > fileBytesMax ? Optional.of(Skip.TOO_LARGE) : Optional.empty();
    }

    private Outcome open(String path, Path file, Stat stat) throws IOException {
        byte[] bytes = bytes(file, stat.bytes());
        if (bytes.length > fileBytesMax) {
            return new Skipped(Skip.TOO_LARGE);
        }
        Optional<byte[]> decoded = intake.decode(bytes);
        if (decoded.isEmpty()) {
            return new Skipped(Skip.BINARY, Optional.of(stat));
        }
        byte[] stored = intake.redact(decoded.get());
        ContentHash hash = ContentHash.of(stored);
        Body.PutDocument put = new Body.PutDocument(
                workspace, path, hash, stored.length, Language.ofPath(path), stat.modifiedMillis(), bytes.length);
        return new Document(put, new Blob(hash, stored), stat);
    }

    /** The file's bytes; one more than the limit at most, if it grew while it was read. */
    private byte[] bytes(Path file, long expected) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(Math.min(expected, fileBytesMax) + 1));
            while (channel.read(buffer) >= 0) {
                if (!buffer.hasRemaining()) {
                    if (buffer.position() > fileBytesMax) {
                        break;
                    }
                    int larger = Math.toIntExact(Math.min(2L * buffer.capacity(), fileBytesMax + 1));
                    buffer = ByteBuffer.allocate(larger).put(buffer.flip());
                }
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        }
    }
}
