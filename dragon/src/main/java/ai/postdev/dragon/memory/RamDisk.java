package ai.postdev.dragon.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory that bulk data lies in: files on a RAM file system, mapped. Each is unlinked as soon as it is mapped, so it goes
 * with the process however that ends, nobody else can open it, and its pages return to the system at once when it is
 * closed. Where there is no RAM file system, or no room on it, or it is lost, ordinary memory outside the heap takes its place,
 * and {@link Figures#note} says why; as soon as it can be used again it is. Any thread.
 */
public final class RamDisk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RamDisk.class);
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();
    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /**
     * What the disk is and holds.
     *
     * @param mode mount, shared, volume, directory or none
     * @param folder where its files are made; empty if it has none
     * @param capacity bytes of that file system
     * @param free bytes of it that are free
     * @param mappedBytes slabs on it
     * @param ordinaryBytes slabs in ordinary memory
     * @param note why some are, or would be; empty if all is well
     */
    public record Figures(
            String mode, String folder, long capacity, long free, long mappedBytes, long ordinaryBytes, String note) {}

    private final RamPlace place;
    private final String name;
    private final long freeMin;
    private final AtomicLong mapped = new AtomicLong();
    private final AtomicLong ordinary = new AtomicLong();
    private final AtomicLong numbers = new AtomicLong();
    /** What hinders now; empty: nothing. What the place itself is not is in its note. */
    private final AtomicReference<String> hindrance = new AtomicReference<>("");

    /**
     * A disk of files in {@code place}, which others may use too.
     *
     * @param name that the files' names begin with, the same each time for one home: what an earlier process left is removed
     * @param freeMin bytes that are left to others on that file system
     */
    static RamDisk open(RamPlace place, String name, long freeMin) {
        RamPlace usable = place;
        if (place.folder().isPresent()) {
            try {
                removeLeft(place.folder().get(), name);
            } catch (IOException e) {
                usable = RamPlace.none(place.shown() + " cannot be used: " + e.getMessage());
            }
        }
        if (!usable.note().isEmpty()) {
            LOG.warn(
                    "{}; bulk data lies {}",
                    usable.note(),
                    usable.folder().isPresent() ? "there" : "in ordinary memory");
        }
        return new RamDisk(usable, name, freeMin);
    }

    /** A process that is killed between making and unlinking a file leaves it behind. */
    private static void removeLeft(Path folder, String name) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, name + "-*")) {
            for (Path file : left) {
                Files.delete(file);
            }
        }
    }

    /** No files, as there is no use for them: slabs lie in ordinary memory. */
    static RamDisk ordinary() {
        return new RamDisk(RamPlace.none(""), "", 0);
    }

    private RamDisk(RamPlace place, String name, long freeMin) {
        this.place = place;
        this.name = name;
        this.freeMin = freeMin;
    }

    /** So many bytes of zeros. */
    public Slab slab(long bytes) {
        if (place.folder().isPresent()) {
            try {
                Slab slab = mapped(place.folder().get(), bytes);
                hindered("");
                return slab;
            } catch (IOException e) {
                hindered(e.getMessage());
            }
        }
        Arena arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(bytes, Long.BYTES);
        ordinary.addAndGet(bytes);
        return new Slab(arena, memory, () -> ordinary.addAndGet(-bytes));
    }

    /** One line in the log when it begins, and one when it ends, however often it happens in between. */
    private void hindered(String why) {
        String before = hindrance.getAndSet(why);
        if (before.isEmpty() && !why.isEmpty()) {
            LOG.warn("{}; what does not fit lies in ordinary memory", why);
        } else if (!before.isEmpty() && why.isEmpty()) {
            LOG.info("{} is used again", place.shown());
        }
    }

    private Slab mapped(Path in, long bytes) throws IOException {
        if (!Files.isDirectory(in)) {
            throw new IOException(place.shown() + " is gone");
        }
        // Not by its file store: a mount of this process's own is in no list of mounts.
        long free = in.toFile().getUsableSpace();
        if (free - bytes < freeMin) {
            throw new IOException(
                    place.shown() + " has no room: " + free + " bytes are free and " + freeMin + " are left to others");
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
            throw new IOException(place.shown() + " has no room, or cannot be written: " + e.getMessage(), e);
        }
    }

    private static void fill(FileChannel channel, long bytes) throws IOException {
        ByteBuffer zeros = ZEROS.duplicate();
        for (long at = 0; at < bytes; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
            at += channel.write(zeros, at);
        }
    }

    /** What the disk is and holds now. Also looks whether it is still there. */
    public Figures figures() {
        long capacity = 0;
        long free = 0;
        if (place.folder().isPresent()) {
            Path folder = place.folder().get();
            if (Files.isDirectory(folder)) {
                capacity = folder.toFile().getTotalSpace();
                free = folder.toFile().getUsableSpace();
            } else {
                hindered(place.shown() + " is gone");
            }
        }
        String hindering = hindrance.get();
        return new Figures(
                place.mode().id(),
                place.shown(),
                capacity,
                free,
                mapped.get(),
                ordinary.get(),
                hindering.isEmpty() ? place.note() : hindering);
    }

    /** Gives the place back to the system; the last thing that is done with it. What cannot be is left to the next process. */
    @Override
    public void close() {
        try {
            place.release().run();
        } catch (IOException e) {
            LOG.warn("{} was not given back, the next start of this node does it: {}", place.shown(), e.getMessage());
        }
    }
}
