package ai.postdev.app.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands of the command line against a node that a test speaks for. */
abstract class CommandFixture {
    @TempDir
    Path folder;

    /** The node that commands talk to. */
    Partner node;

    /** What the last command printed. */
    String out;

    /** What it said to people. */
    String err;

    @BeforeEach
    void open() throws IOException {
        System.setProperty("postdevai.home", folder.resolve("home").toString());
        node = new Partner(folder.resolve("home"));
    }

    @AfterEach
    void close() throws IOException {
        node.close();
        System.clearProperty("postdevai.home");
    }

    /** Runs a command; the answer is its exit code. */
    final int run(String... args) {
        return run("", false, args);
    }

    /** The same with something on its standard input, and perhaps in colour. */
    final int run(String in, boolean colour, String... args) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        Terminal terminal = terminal(in, colour, outBytes, errBytes);
        int code = Main.run(args, terminal);
        terminal.flush();
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return code;
    }

    /** What a view prints by itself. */
    final String shown(Consumer<Terminal> view) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Terminal terminal = terminal("", false, bytes, bytes);
        view.accept(terminal);
        terminal.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private Terminal terminal(
            String in, boolean colour, ByteArrayOutputStream outBytes, ByteArrayOutputStream errBytes) {
        return new Terminal(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                new PrintStream(errBytes, true, StandardCharsets.UTF_8),
                colour,
                false,
                60,
                ZoneOffset.UTC,
                folder,
                Map.of());
    }
}
