package ai.postdev.dragon.lake.code.pattern;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The real program, one process for each pattern. */
final class Ripgrep {
    private Ripgrep() {}

    static boolean installed() {
        try {
            return new ProcessBuilder("rg", "--version")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, TreeSet<Integer>> lines(Path folder, String pattern, boolean literal, boolean ignoreCase)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("rg", "--no-config", "-uu", "-n", "--no-heading", "--color", "never", "-0"));
        command.add(ignoreCase ? "-i" : "-s");
        if (literal) {
            command.add("-F");
        }
        command.addAll(List.of("-e", pattern, "."));
        Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() > 1) {
            throw new IllegalStateException("rg refused '" + pattern + "': " + error);
        }
        Map<String, TreeSet<Integer>> lines = new HashMap<>();
        for (String line : out.split("\n")) {
            int zero = line.indexOf(0);
            if (zero > 0) {
                String file = line.substring(line.lastIndexOf('/', zero) + 1, zero);
                int number = Integer.parseInt(line.substring(zero + 1, line.indexOf(':', zero)));
                lines.computeIfAbsent(file, _ -> new TreeSet<>()).add(number);
            }
        }
        return lines;
    }
}
