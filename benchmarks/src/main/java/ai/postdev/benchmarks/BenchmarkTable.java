package ai.postdev.benchmarks;

import ai.postdev.benchmarks.Measurement.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Runs the measurements one after the other, each in a Java of its own, and prints what they said and a table of how each ended.
 * Peers are installed by the clients of their registries into the folder of the results; one that cannot be had is named as
 * absent, and what needs it is skipped. {@code BenchmarkTable OUT}, with the system properties:
 *
 * <ul>
 *   <li>{@code benchmarks.only}: names of measurements, separated by commas; all without it
 *   <li>{@code benchmarks.code}: a folder of sources; the JDK's own without it
 *   <li>{@code benchmarks.python}: a Python that has hnswlib and faiss-cpu; one is made without it
 *   <li>{@code benchmarks.model}: a language model as a GGUF file; what needs one is skipped without it
 *   <li>{@code tree-sitter-lib}: a folder with the optimised parsers; the packaged ones without it
 * </ul>
 */
public final class BenchmarkTable {
    private static final Duration INSTALL_TIME = Duration.ofMinutes(10);
    private static final List<String> PEERS = List.of("numpy==2.4.6", "hnswlib==0.8.0", "faiss-cpu==1.15.1");

    private final Path out;
    private final List<String> table = new ArrayList<>();
    private Path code;
    private String python;

    private BenchmarkTable(Path out) {
        this.out = out;
    }

    /** Runs all that is asked for; ends with 1 if one of them failed. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 1) {
            System.err.println("usage: BenchmarkTable OUT");
            System.exit(2);
        }
        String names = System.getProperty("benchmarks.only", "").strip();
        Set<String> only = names.isEmpty() ? Set.of() : Set.copyOf(Arrays.asList(names.split("[, ]+")));
        List<String> known = Measurement.ALL.stream().map(Measurement::name).toList();
        if (!known.containsAll(only)) {
            System.err.println("benchmarks.only is '" + names + "'; known are " + String.join(", ", known));
            System.exit(2);
        }
        boolean done = new BenchmarkTable(
                        Files.createDirectories(Path.of(arguments[0]).toAbsolutePath()))
                .run(Measurement.ALL.stream()
                        .filter(each -> only.isEmpty() || only.contains(each.name()))
                        .toList());
        System.exit(done ? 0 : 1);
    }

    private boolean run(List<Measurement> measurements) throws IOException, InterruptedException {
        say("# Benchmarks");
        say("");
        say(Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", commit " + commit() + ", "
                + Runtime.getRuntime().availableProcessors() + " processors (" + processor() + "), JDK "
                + Runtime.version());
        table.add("| measurement | ended | minutes | load before and after |");
        table.add("|---|---|---|---|");
        boolean done = true;
        for (Measurement measurement : measurements) {
            say("");
            say("## " + measurement.name() + ": " + measurement.what());
            say("");
            Optional<String> absent = absent(measurement);
            if (absent.isPresent()) {
                say("SKIPPED: " + absent.get());
                table.add("| " + measurement.name() + " | SKIPPED: " + absent.get() + " | | |");
            } else {
                done &= run(measurement);
            }
        }
        say("");
        table.forEach(BenchmarkTable::say);
        Files.write(out.resolve("table.md"), table);
        say("");
        say("What each said is in " + out);
        return done;
    }

    private Optional<String> absent(Measurement measurement) throws IOException, InterruptedException {
        for (Needs need : measurement.needs()) {
            Optional<String> reason = switch (need) {
                case CODE -> prepareCode();
                case PYTHON -> preparePython();
                case MODEL ->
                    System.getProperty("benchmarks.model", "").isEmpty()
                            ? Optional.of("no language model; give one by -Dbenchmarks.model=FILE.gguf")
                            : Optional.empty();
            };
            if (reason.isPresent()) {
                return reason;
            }
        }
        return Optional.empty();
    }

    private boolean run(Measurement measurement) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-Xmx"))
                .forEach(command::add);
        command.add("-Xmx" + measurement.heap());
        command.addAll(measurement.flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), measurement.program()));
        measurement.arguments().forEach(argument -> command.add(filled(argument)));
        say("    " + measurement.program() + " "
                + measurement.arguments().stream().map(this::filled).collect(Collectors.joining(" ")));
        say("");
        Path said = out.resolve(measurement.name() + ".txt");
        double before = load();
        long began = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(measurement.limit().toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor();
        }
        double minutes = (System.nanoTime() - began) / 60e9;
        try (var lines = Files.lines(said)) {
            lines.forEach(BenchmarkTable::say);
        }
        boolean done = ended && process.exitValue() == 0;
        String how = done
                ? "done"
                : ended
                        ? "FAILED with " + process.exitValue()
                        : "STOPPED after its time, " + measurement.limit().toMinutes() + " minutes";
        table.add(String.format(
                Locale.ROOT, "| %s | %s | %.1f | %.1f, %.1f |", measurement.name(), how, minutes, before, load()));
        return done;
    }

    private String filled(String argument) {
        return argument.replace("{code}", String.valueOf(code))
                .replace("{python}", String.valueOf(python))
                .replace("{model}", System.getProperty("benchmarks.model", ""))
                .replace("{out}", out.toString());
    }

    // ---- what measurements need

    /** The folder that was given, or the sources of this JDK. */
    private Optional<String> prepareCode() throws IOException {
        if (code != null) {
            return Optional.empty();
        }
        String given = System.getProperty("benchmarks.code", "");
        if (!given.isEmpty()) {
            code = Path.of(given);
            return Files.isDirectory(code) ? Optional.empty() : Optional.of("no folder at " + given);
        }
        Path zip = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        if (!Files.exists(zip)) {
            return Optional.of(
                    "no sources: the JDK's are not at " + zip + "; give a folder by -Dbenchmarks.code=FOLDER");
        }
        Path folder = out.resolve("code");
        if (!Files.exists(folder)) {
            Path unfinished = Files.createTempDirectory(out, "code");
            unpack(zip, unfinished);
            Files.move(unfinished, folder);
        }
        code = folder;
        return Optional.empty();
    }

    private static void unpack(Path zip, Path folder) throws IOException {
        try (ZipFile sources = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) sources.stream().map(ZipEntry.class::cast)::iterator) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!entry.isDirectory() && file.startsWith(folder)) {
                    Files.createDirectories(file.getParent());
                    try (InputStream in = sources.getInputStream(entry)) {
                        Files.copy(in, file);
                    }
                }
            }
        }
    }

    /** The Python that was given, or one with the peers installed; without them measurements run, and name them as absent. */
    private Optional<String> preparePython() throws IOException, InterruptedException {
        if (python == null) {
            python = System.getProperty("benchmarks.python", "");
        }
        if (python.isEmpty()) {
            Path folder = out.resolve("python");
            python = folder.resolve("bin/python3").toString();
            List<String> install = new ArrayList<>(List.of(python, "-m", "pip", "install", "--quiet"));
            install.addAll(PEERS);
            if (!Files.exists(folder.resolve("bin/python3"))
                    && (!installed("python3", "-m", "venv", folder.toString())
                            || !installed(install.toArray(String[]::new)))) {
                say("NOT COMPARED: " + PEERS + " could not be installed; see " + out.resolve("install.txt"));
            }
        }
        return Optional.empty();
    }

    private boolean installed(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            out.resolve("install.txt").toFile()))
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(INSTALL_TIME.toSeconds(), TimeUnit.SECONDS)) {
                process.destroy();
            }
            return process.waitFor() == 0;
        } catch (IOException e) {
            say(command[0] + " does not run: " + e.getMessage());
            return false;
        }
    }

    // ---- this machine

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String processor() throws IOException {
        Path facts = Path.of("/proc/cpuinfo");
        if (!Files.exists(facts)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(facts).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    private static String commit() throws InterruptedException {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? said : "unknown";
        } catch (IOException _) {
            return "unknown";
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
