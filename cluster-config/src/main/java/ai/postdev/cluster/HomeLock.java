package ai.postdev.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The claim of one process on a home. The operating system drops it when the process dies, so a stale one cannot exist.
 */
public final class HomeLock implements AutoCloseable {
    private final Home home;
    private final FileChannel channel;
    private final FileLock lock;

    private HomeLock(Home home, FileChannel channel, FileLock lock) {
        this.home = home;
        this.channel = channel;
        this.lock = lock;
    }

    static HomeLock acquire(Home home) throws IOException {
        FileChannel channel = PrivateFiles.open(home.lockFile());
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null; // this very process holds it
        }
        if (lock == null) {
            channel.close();
            throw new HomeInUse(home.root(), pid(home.pidFile()));
        }
        // What a process that was killed left behind must not mislead clients while this one starts.
        Files.deleteIfExists(home.runFile());
        PrivateFiles.write(home.pidFile(), ProcessHandle.current().pid() + "\n");
        return new HomeLock(home, channel, lock);
    }

    /** Whether a live process holds the home. Asking takes the lock for a moment where nobody has it. */
    static boolean isHeld(Home home) {
        if (!Files.exists(home.lockFile())) {
            return false;
        }
        try (FileChannel channel = PrivateFiles.open(home.lockFile());
                FileLock probe = channel.tryLock()) {
            return probe == null;
        } catch (OverlappingFileLockException e) {
            return true; // this very process holds it
        } catch (IOException e) {
            throw home.cannotWrite(e);
        }
    }

    private static OptionalLong pid(Path file) {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty(); // held, but its holder is only just starting
        }
    }

    /** The home that is held. */
    public Home home() {
        return home;
    }

    /** Gives the home back and removes what pointed at this process. */
    @Override
    public void close() {
        try {
            if (lock.isValid()) {
                Files.deleteIfExists(home.runFile());
                Files.deleteIfExists(home.pidFile());
                lock.release();
            }
            channel.close();
        } catch (IOException e) {
            throw home.cannotWrite(e);
        }
    }
}
