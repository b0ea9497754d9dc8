package ai.postdev.developer.ingest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the {@code git} program on one folder, read-only: no locks, no prompts, no pager, and none of the programs that
 * a repository's own configuration could name. Blocking: call it on the watch dispatcher only.
 */
public final class GitCommand {
    private static final int ERROR_BYTES_MAX = 4_096;
    private static final long SECONDS_TO_END = 10;

    private final Path folder;

    /** Runs in {@code folder}. */
    public GitCommand(Path folder) {
        this.folder = folder;
    }

    /** Reads what git prints. */
    @FunctionalInterface
    public interface Output<T> {
        /** Reads to the end of the stream, or stops early. */
        T read(InputStream printed) throws IOException;
    }

    /** Whether a git program can be started on this machine. */
    public static boolean installed() {
        try {
            Process process = new ProcessBuilder("git", "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What git prints, without the last line end. */
    public String text(String... arguments) throws IOException {
        String text = new String(run(new byte[0], InputStream::readAllBytes, arguments), StandardCharsets.UTF_8);
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    /**
     * Runs git and reads what it prints.
     *
     * @param input written to git's standard input
     * @throws IOException if git ends with an error; the message is git's own
     */
    public <T> T run(byte[] input, Output<T> output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git", "--no-pager", "-c", "core.fsmonitor=false"));
        command.addAll(List.of("-c", "log.showSignature=false", "-c", "core.quotePath=false"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("GIT_") && !name.startsWith("GIT_CONFIG"));
        environment.put("GIT_OPTIONAL_LOCKS", "0");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_NO_LAZY_FETCH", "1");
        environment.put("LC_ALL", "C");
        Process process = builder.start();
        try {
            Thread writer = Thread.ofVirtual().start(() -> write(process, input));
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            Thread errorReader = Thread.ofVirtual().start(() -> readErrors(process, errors));
            T result;
            try (InputStream printed = new BufferedInputStream(process.getInputStream(), 1 << 16)) {
                result = output.read(printed);
            }
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                throw new IOException("git " + arguments[0] + " in " + folder + " did not end");
            }
            writer.join();
            errorReader.join();
            if (process.exitValue() != 0) {
                throw new IOException("git " + arguments[0] + " in " + folder + " ended with " + process.exitValue()
                        + ": " + errors.toString(StandardCharsets.UTF_8).strip());
            }
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while git " + arguments[0] + " ran in " + folder, e);
        } finally {
            process.destroy();
        }
    }

    private static void write(Process process, byte[] input) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException e) {
            // git ended before it read everything; its exit status says why
            return;
        }
    }

    private static void readErrors(Process process, ByteArrayOutputStream errors) {
        byte[] buffer = new byte[ERROR_BYTES_MAX];
        try (InputStream in = process.getErrorStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                errors.write(buffer, 0, Math.min(read, ERROR_BYTES_MAX - errors.size()));
            }
        } catch (IOException e) {
            // git was ended early because reading its output failed; that failure is the one that is told
            return;
        }
    }
}
