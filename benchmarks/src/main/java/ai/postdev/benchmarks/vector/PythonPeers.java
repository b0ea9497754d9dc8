package ai.postdev.benchmarks.vector;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Peers that are Python packages, run as a process of a Python that has them: hnswlib and FAISS. */
final class PythonPeers {
    private PythonPeers() {}

    /** Runs the peers one after the other; one that is missing is reported as absent and skipped. */
    static List<Row> measure(String python, Path folder, VectorData data, List<String> engines)
            throws IOException, InterruptedException {
        Path script = folder.resolve("peers.py");
        try (InputStream in = PythonPeers.class.getResourceAsStream("peers.py")) {
            Files.write(script, in.readAllBytes());
        }
        VectorData.write(folder.resolve("base.f32"), data.base());
        VectorData.write(folder.resolve("queries.f32"), data.queries());
        data.writeTruth(folder.resolve("truth.i32"));
        List<String> command = new ArrayList<>(
                List.of(python, script.toString(), folder.toString(), Integer.toString(data.dimensions())));
        command.addAll(engines);
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            System.out.println("SKIPPED " + engines + ": no Python at " + python + " (" + e.getMessage() + ")");
            return List.of();
        }
        List<Row> rows = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split("\t");
                if (parts.length < 7) {
                    System.out.println("SKIPPED " + line.replace('\t', ' '));
                    continue;
                }
                rows.add(new Row(
                        parts[0],
                        parts[1],
                        Double.parseDouble(parts[2]),
                        Double.parseDouble(parts[3]),
                        Double.parseDouble(parts[4]),
                        Double.parseDouble(parts[5]),
                        Double.parseDouble(parts[6])));
            }
        }
        int exit = process.waitFor();
        if (exit != 0) {
            System.out.println("SKIPPED the rest of " + engines + ": " + python + " ended with " + exit);
        }
        return rows;
    }
}
