package ai.postdev.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A broken disk and a clock that steps, for one process: a few lines of C between the process and the C library. Needs
 * Linux and a C compiler, no rights.
 */
final class Faults {
    private static final int WRITES = 0;
    private static final int READS = 4;
    private static final int CLOCK = 8;
    private static final int BYTES = 16;
    private static final int EIO = 5;
    private static final int ENOSPC = 28;

    private final Path library;
    private final Path file;
    private final MappedByteBuffer shared;

    private Faults(Path library, Path file, MappedByteBuffer shared) {
        this.library = library;
        this.file = file;
        this.shared = shared;
    }

    /** Compiles the library; empty where that is not possible. */
    static Optional<Faults> in(Path dir) throws IOException, InterruptedException {
        Path source = dir.resolve("faults.c");
        try (InputStream in = Faults.class.getResourceAsStream("/faults.c")) {
            Files.write(source, in.readAllBytes());
        }
        Path library = dir.resolve("faults.so");
        if (!System.getProperty("os.name").equals("Linux") || !compiled(source, library)) {
            System.out.println("SKIPPED: faults of the machine need Linux and a C compiler (cc)");
            return Optional.empty();
        }
        Path file = Files.write(dir.resolve("faults"), new byte[BYTES]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer shared = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
            shared.order(ByteOrder.nativeOrder());
            return Optional.of(new Faults(library, file, shared));
        }
    }

    private static boolean compiled(Path source, Path library) throws IOException, InterruptedException {
        try {
            Process cc = new ProcessBuilder(
                            "cc", "-O1", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean done = cc.waitFor() == 0;
            if (!done) {
                System.out.println(said);
            }
            return done;
        } catch (IOException e) {
            System.out.println("cc: " + e.getMessage());
            return false;
        }
    }

    /** What a process needs in its environment to be hit; faults concern files with {@code place} in their path. */
    Map<String, String> environment(String place) {
        return Map.of("LD_PRELOAD", library.toString(), "FAULTS", file.toString(), "FAULTS_PATH", place);
    }

    /** Whether writes and syncs fail with an I/O error. */
    void failWrites(boolean fail) {
        shared.putInt(WRITES, fail ? EIO : 0);
    }

    /** Whether writes and syncs fail for want of space. */
    void fullDisk(boolean full) {
        shared.putInt(WRITES, full ? ENOSPC : 0);
    }

    /** Whether reads fail with an I/O error. */
    void failReads(boolean fail) {
        shared.putInt(READS, fail ? EIO : 0);
    }

    /** How far the wall clock is off. */
    void clock(Duration off) {
        shared.putLong(CLOCK, off.toMillis());
    }
}
