package ai.postdev.dragon.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Answers commands from a recorded conversation, and fails when another command comes than the one that is next in it. */
final class RecordedCommands implements HostCommands {
    private record Turn(String command, Result result) {}

    private final Deque<Turn> turns = new ArrayDeque<>();

    /** The conversation {@code name} of {@code resource}. */
    static RecordedCommands of(String resource, String name, String folder) throws IOException {
        try (InputStream file = RecordedCommands.class.getResourceAsStream(resource)) {
            String all = new String(file.readAllBytes(), StandardCharsets.UTF_8).replace("FOLDER", folder);
            int from = all.indexOf("\n## " + name + "\n");
            assertTrue(from >= 0, "there is a conversation '" + name + "' in " + resource);
            int to = all.indexOf("\n## ", from + 1);
            return new RecordedCommands(all.substring(from + 1, to < 0 ? all.length() : to));
        }
    }

    private RecordedCommands(String conversation) {
        String command = "";
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        for (String line : conversation.lines().skip(1).toList()) {
            if (line.startsWith("$ ")) {
                command = line.substring(2);
                out.setLength(0);
                err.setLength(0);
            } else if (line.startsWith("! ")) {
                err.append(line.substring(2)).append('\n');
            } else if (line.startsWith("= ")) {
                turns.add(new Turn(
                        command, new Result(Integer.parseInt(line.substring(2)), out.toString(), err.toString())));
            } else {
                out.append(line).append('\n');
            }
        }
    }

    @Override
    public Result run(List<String> command) {
        assertTrue(!turns.isEmpty(), () -> "nothing more is expected, found " + command);
        assertEquals(turns.peek().command(), String.join(" ", command));
        return turns.remove().result();
    }

    void allWereAsked() {
        assertTrue(turns.isEmpty(), () -> "not asked: " + turns);
    }
}
