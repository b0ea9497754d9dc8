package ai.postdev.dragon.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory that bulk data lies in: files on a RAM file system, mapped. Each is unlinked as soon as it is mapped, so it goes
 * with the process however that ends, nobody else can open it, and its pages return to the system at once when it is
 * closed. Where there is no RAM file system, or no room on it, ordinary memory outside the heap takes its place, and
 * {@link Figures#note} says why. Any thread.
 */
public final class RamDisk {
    private static final Logger LOG = LoggerFactory.getLogger(RamDisk.class);
    private static final String RAM_FILE_SYSTEM = "tmpfs";
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();
    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /**
     * What the disk is and holds.
     *
     * @param folder where its files are made; empty if it has none
     * @param capacity bytes of that file system
     * @param free bytes of it that are free
     * @param mappedBytes slabs on it
     * @param ordinaryBytes slabs in ordinary memory
     * @param note why some are, or would be; empty if all is well
     */
    public record Figures(String folder, long capacity, long free, long mappedBytes, long ordinaryBytes, String note) {}

    private final Optional<Path> folder;
    private final String name;
    private final long freeMin;
    private final AtomicLong mapped = new AtomicLong();
    private final AtomicLong ordinary = new AtomicLong();
    private final AtomicLong numbers = new AtomicLong();
    private volatile String note;

    /**
     * A disk of files in {@code folder}, which others may use too.
     *
     * @param name that the files' names begin with, the same each time for one home: what an earlier process left is removed
     * @param freeMin bytes that are left to others on that file system
     */
    public static RamDisk open(Path folder, String name, long freeMin) {
        try {
            String type = Files.getFileStore(folder).type();
            if (!type.equals(RAM_FILE_SYSTEM)) {
                return without(folder + " is no RAM file system but " + type);
            }
            // A process that is killed between making and unlinking a file leaves it behind.
            try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, name + "-*")) {
                for (Path file : left) {
                    Files.delete(file);
                }
            }
            return new RamDisk(Optional.of(folder), name, freeMin, "");
        } catch (NoSuchFileException _) {
            return without("there is no " + folder);
        } catch (IOException | UnsupportedOperationException e) {
            return without(folder + " cannot be used: " + e.getMessage());
        }
    }

    /** No files, as there is no use for them: slabs lie in ordinary memory. */
    static RamDisk ordinary() {
        return new RamDisk(Optional.empty(), "", 0, "");
    }

    /** No files: slabs lie in ordinary memory. */
    public static RamDisk without(String why) {
        return new RamDisk(Optional.empty(), "", 0, why);
    }

    private RamDisk(Optional<Path> folder, String name, long freeMin, String note) {
        this.folder = folder;
        this.name = name;
        this.freeMin = freeMin;
        this.note = note;
        if (!note.isEmpty()) {
            LOG.warn("no RAM disk: {}; bulk data lies in ordinary memory", note);
        }
    }

    /** So many bytes of zeros. */
    public Slab slab(long bytes) {
        if (folder.isPresent()) {
            try {
                return mapped(folder.get(), bytes);
            } catch (IOException e) {
                note(folder.get() + " has no room: " + e.getMessage());
            }
        }
        Arena arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(bytes, Long.BYTES);
        ordinary.addAndGet(bytes);
        return new Slab(arena, memory, () -> ordinary.addAndGet(-bytes));
    }

    private void note(String why) {
        if (note.isEmpty()) {
            LOG.warn("{}; what does not fit lies in ordinary memory", why);
        }
        note = why;
    }

    private Slab mapped(Path in, long bytes) throws IOException {
        long free = Files.getFileStore(in).getUsableSpace();
        if (free - bytes < freeMin) {
            throw new IOException(free + " bytes are free and " + freeMin + " are left to others");
        }
        Path file = in.resolve(name + "-" + numbers.getAndIncrement());
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE), FILE)) {
            try {
                // Written, not only mapped: a page that is not there when the disk is full would end the process.
                fill(channel, bytes);
                MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
                mapped.addAndGet(bytes);
                return new Slab(arena, memory, () -> mapped.addAndGet(-bytes));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            arena.close();
            throw e;
        }
    }

    private static void fill(FileChannel channel, long bytes) throws IOException {
        ByteBuffer zeros = ZEROS.duplicate();
        for (long at = 0; at < bytes; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
            at += channel.write(zeros, at);
        }
    }

    /** What the disk is and holds now. */
    public Figures figures() {
        long capacity = 0;
        long free = 0;
        if (folder.isPresent()) {
            try {
                FileStore store = Files.getFileStore(folder.get());
                capacity = store.getTotalSpace();
                free = store.getUsableSpace();
            } catch (IOException e) {
                note(folder.get() + " is gone: " + e.getMessage());
            }
        }
        return new Figures(folder.map(Path::toString).orElse(""), capacity, free, mapped.get(), ordinary.get(), note);
    }
}
