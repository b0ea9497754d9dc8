package ai.postdev.dragon.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a process under {@code diskrecorder.c} and reads what it did to a folder. Linux, with a C compiler at hand. */
public final class DiskRecorder {
    private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");
    private static final int MINUTES_MAX = 5;

    private final Path library;

    private DiskRecorder(Path library) {
        this.library = library;
    }

    /** Compiles the recorder into {@code folder}; empty, and said so aloud, where that cannot be done. */
    public static Optional<DiskRecorder> in(Path folder) throws IOException, InterruptedException {
        if (!System.getProperty("os.name").equals("Linux")) {
            return missing("it needs Linux, this is " + System.getProperty("os.name"));
        }
        Optional<Path> compiler = compiler();
        if (compiler.isEmpty()) {
            return missing("no C compiler on the PATH, looked for " + COMPILERS);
        }
        Path source = folder.resolve("diskrecorder.c");
        Path library = folder.resolve("diskrecorder.so");
        Path errors = folder.resolve("diskrecorder.errors");
        try (InputStream in = DiskRecorder.class.getResourceAsStream("diskrecorder.c")) {
            Files.copy(in, source);
        }
        Process process = new ProcessBuilder(
                        compiler.get().toString(),
                        "-O1",
                        "-shared",
                        "-fPIC",
                        "-o",
                        library.toString(),
                        source.toString(),
                        "-ldl",
                        "-lpthread")
                .redirectErrorStream(true)
                .redirectOutput(errors.toFile())
                .start();
        if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(compiler.get() + " does not compile " + source + ":\n" + Files.readString(errors));
        }
        return Optional.of(new DiskRecorder(library));
    }

    private static Optional<Path> compiler() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            for (String name : COMPILERS) {
                Path candidate = Path.of(folder, name);
                if (Files.isExecutable(candidate)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<DiskRecorder> missing(String why) {
        System.err.println("POWER CUTS ARE NOT TESTED HERE: " + why);
        return Optional.empty();
    }

    /**
     * Runs {@code process}, whose last arguments this adds: the folder, and the file that its marks go to.
     *
     * @param root folder that is watched; what is in it when the process starts counts as safely on the disk
     * @param exclude folder below it that is not watched
     * @param work folder for the record
     * @param expected exit status of the process
     */
    public Recording record(ProcessBuilder process, Path root, Path exclude, Path work, int expected)
            throws IOException, InterruptedException {
        Path trace = work.resolve("trace");
        Path marks = work.resolve("marks");
        Path errors = work.resolve("errors");
        Files.deleteIfExists(trace);
        DiskImage before = DiskImage.read(root, exclude);
        process.command().addAll(List.of(root.toString(), marks.toString()));
        process.environment()
                .putAll(Map.of(
                        "LD_PRELOAD", library.toString(),
                        "DISKRECORDER_ROOT", root.toString(),
                        "DISKRECORDER_EXCLUDE", exclude.toString(),
                        "DISKRECORDER_TRACE", trace.toString(),
                        "DISKRECORDER_MARKS", marks.toString()));
        Process running = process.redirectErrorStream(true)
                .redirectOutput(errors.toFile())
                .start();
        if (!running.waitFor(MINUTES_MAX, TimeUnit.MINUTES) || running.exitValue() != expected) {
            running.destroyForcibly().waitFor();
            throw new IOException("the recorded process ended with " + running.exitValue() + ", expected " + expected
                    + ":\n" + Files.readString(errors));
        }
        Recording recording = new Recording(root, before, DiskTrace.read(trace));
        Files.delete(trace);
        recording.requireComplete(DiskImage.read(root, exclude));
        return recording;
    }
}
