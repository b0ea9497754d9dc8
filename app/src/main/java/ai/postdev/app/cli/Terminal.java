package ai.postdev.app.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;

/**
 * Where the command line reads and writes.
 *
 * @param colour whether {@code out} may be coloured
 * @param live whether {@code err} is a terminal, so that lines can be drawn over
 * @param width columns
 * @param zone for times shown to people
 * @param cwd relative paths start here
 */
record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean colour,
        boolean live,
        int width,
        ZoneId zone,
        Path cwd,
        Map<String, String> environment) {
    /** Set by the launcher, which can ask the system in no time: {@code 1} in {@code out} or {@code err} if a terminal. */
    private static final String OUT_IS_TERMINAL = "POSTDEVAI_TTY_OUT";

    private static final String ERR_IS_TERMINAL = "POSTDEVAI_TTY_ERR";
    private static final String COLUMNS = "POSTDEVAI_COLUMNS";
    private static final int WIDTH_DEFAULT = 100;

    /** The terminal of this process. */
    static Terminal ofProcess() {
        Map<String, String> environment = System.getenv();
        String cwd = environment.getOrDefault("POSTDEVAI_CWD", "");
        return new Terminal(
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                "1".equals(environment.get(OUT_IS_TERMINAL))
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(environment.get("TERM")),
                "1".equals(environment.get(ERR_IS_TERMINAL)) && !"dumb".equals(environment.get("TERM")),
                width(environment.get(COLUMNS)),
                ZoneId.systemDefault(),
                Path.of(cwd).toAbsolutePath(),
                environment);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 1 << 13), false, StandardCharsets.UTF_8);
    }

    private static int width(String columns) {
        try {
            int width = columns == null ? 0 : Integer.parseInt(columns.strip());
            return width >= 40 ? width : WIDTH_DEFAULT;
        } catch (NumberFormatException _) {
            return WIDTH_DEFAULT;
        }
    }

    void flush() {
        out.flush();
        err.flush();
    }

    /** {@code text} in a colour of ANSI, if this terminal shows colours. */
    String paint(Ink ink, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + ink.code() + "m" + text + "\u001b[0m" : text;
    }
}
