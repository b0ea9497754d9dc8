package ai.postdev.app.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a measurement makes for itself and takes away again, and what the system says of the machine. */
final class Scratch {
    private static final int FILES = 200;

    private Scratch() {}

    /** A project of {@value #FILES} small files to save in. */
    static Path smallProject(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < FILES; i++) {
            Files.writeString(
                    folder.resolve("Part" + i + ".java"),
                    "class Part" + i + " {\n    int value() {\n        return " + i + ";\n    }\n}\n");
        }
        return folder;
    }

    static void remove(Path folder, PrintStream err) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            err.println("postdevai: " + folder + " was not removed: " + e.getMessage());
        }
    }

    /** Load of the machine over the last minute: what was measured beside other work should say so. */
    static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load);
    }

    /** Resident memory of a process, where the system tells it. */
    static String residentBytes(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        try {
            List<String> lines = Files.exists(status) ? Files.readAllLines(status) : List.of();
            return lines.stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB")
                    .findAny()
                    .orElse("not told by this system");
        } catch (IOException e) {
            return "not told by this system";
        }
    }
}
