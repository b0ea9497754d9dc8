package ai.postdev.dragon.lake.retrieval;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Kinds of errors of many tools, read from the test resources {@code recall/*.txt}. A line {@code @tool NAME ext=E dir=D}
 * begins a tool, {@code @run} names its command, {@code @before} and {@code @after} lines that it prints around every
 * error, {@code = NAME} begins a kind and the lines after it are the error itself.
 */
final class ErrorKinds {
    private static final List<String> FILES = List.of("compilers.txt", "tests.txt", "tools.txt");

    private ErrorKinds() {}

    /** What a tool prints around its errors, and where the files lie that it speaks of. */
    record Tool(
            String name, String extension, String folder, String command, List<String> before, List<String> after) {}

    /** One kind of error: lines with placeholders, see {@link ErrorCase}. */
    record Kind(Tool tool, String name, List<String> lines) {
        @Override
        public String toString() {
            return tool.name() + "/" + name;
        }
    }

    static List<Kind> all() throws IOException {
        List<Kind> kinds = new ArrayList<>();
        for (String file : FILES) {
            try (InputStream in = ErrorKinds.class.getResourceAsStream("/recall/" + file)) {
                read(new String(in.readAllBytes(), StandardCharsets.UTF_8), kinds);
            }
        }
        return List.copyOf(kinds);
    }

    private static void read(String text, List<Kind> kinds) {
        Tool tool = null;
        for (String line : text.split("\n")) {
            if (line.startsWith("@tool ")) {
                String[] parts = line.split(" ");
                tool = new Tool(
                        parts[1],
                        parts[2].substring("ext=".length()),
                        parts[3].substring("dir=".length()),
                        "",
                        new ArrayList<>(),
                        new ArrayList<>());
            } else if (line.startsWith("@run ")) {
                tool = new Tool(
                        tool.name(), tool.extension(), tool.folder(), line.substring(5), tool.before(), tool.after());
            } else if (line.startsWith("@before ")) {
                tool.before().add(line.substring(8));
            } else if (line.startsWith("@after ")) {
                tool.after().add(line.substring(7));
            } else if (line.startsWith("= ")) {
                kinds.add(new Kind(tool, line.substring(2), new ArrayList<>()));
            } else {
                kinds.getLast().lines().add(line);
            }
        }
    }
}
