package ai.postdev.benchmarks.vector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A row as it is kept in a file of comma-separated values.
 *
 * @param set the data set's letter
 * @param vectors in the index
 */
record Measured(String set, int vectors, Row row) {
    private static final String HEAD =
            "set,vectors,engine,settings,recall,questions_per_second_of_cpu,p99_us_of_cpu,build_cpu_s,bytes_per_vector";
    private static final int FIELDS = HEAD.split(",").length;

    /** Adds rows to a file, which is begun if it is not there. */
    static void append(Path file, VectorData data, List<Row> rows) throws IOException {
        List<String> lines = new ArrayList<>();
        if (Files.notExists(file)) {
            lines.add(HEAD);
        }
        for (Row row : rows) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%s,%d,%s,%s,%.4f,%.0f,%.1f,%.2f,%.0f",
                    data.name(),
                    data.base().length,
                    plain(row.engine()),
                    plain(row.settings()),
                    row.recall(),
                    row.rate(),
                    row.p99Micros(),
                    row.buildCpuSeconds(),
                    row.bytes()));
        }
        Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String plain(String text) {
        return text.replace(',', ';');
    }

    /** Reads what was written. */
    static List<Measured> read(Path file) throws IOException {
        List<Measured> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split(",");
            if (line.equals(HEAD)) {
                continue;
            }
            if (parts.length != FIELDS) {
                throw new IOException(
                        file + " has a line of " + parts.length + " fields, expected " + FIELDS + ": " + line);
            }
            Row row = new Row(
                    parts[2],
                    parts[3],
                    Double.parseDouble(parts[4]),
                    Double.parseDouble(parts[5]),
                    Double.parseDouble(parts[6]),
                    Double.parseDouble(parts[7]),
                    Double.parseDouble(parts[8]));
            all.add(new Measured(parts[0], Integer.parseInt(parts[1]), row));
        }
        return all;
    }
}
