package ai.postdev.app.cli;

import ai.postdev.v1.UpProgress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Shows how far each project is: one line for each, drawn over on a terminal; on anything else a line when the phase
 * changes and every few seconds.
 */
final class ProgressView {
    private static final long PLAIN_EVERY_NANOS = 3_000_000_000L;

    private final Terminal terminal;
    private final Map<String, UpProgress> rows = new LinkedHashMap<>();
    private final Map<String, Long> printed = new LinkedHashMap<>();
    private int drawn;

    ProgressView(Terminal terminal) {
        this.terminal = terminal;
    }

    void show(UpProgress progress) {
        UpProgress before = rows.put(progress.getRoot(), progress);
        if (terminal.live()) {
            draw();
            return;
        }
        long now = System.nanoTime();
        boolean news = before == null || !before.getPhase().equals(progress.getPhase());
        if (news || now - printed.get(progress.getRoot()) > PLAIN_EVERY_NANOS) {
            printed.put(progress.getRoot(), now);
            terminal.err().println(line(progress));
            terminal.err().flush();
        }
    }

    private void draw() {
        StringBuilder screen = new StringBuilder();
        if (drawn > 0) {
            screen.append("\u001b[").append(drawn).append('A');
        }
        for (UpProgress row : rows.values()) {
            screen.append("\r\u001b[K")
                    .append(Words.cut(line(row), terminal.width() - 1))
                    .append('\n');
        }
        drawn = rows.size();
        terminal.err().print(screen);
        terminal.err().flush();
    }

    void end() {
        terminal.err().flush();
    }

    /** One project on one line. */
    static String line(UpProgress progress) {
        StringBuilder line = new StringBuilder(Words.harmless(name(progress.getRoot())))
                .append("  ")
                .append(progress.getPhase());
        if (progress.getFilesDone() > 0 || progress.getFilesTotal() > 0) {
            line.append("  ").append(Words.number(progress.getFilesDone()));
            if (progress.getFilesTotal() > progress.getFilesDone()) {
                line.append(" of ").append(Words.number(progress.getFilesTotal()));
            }
            line.append(" files, ").append(Words.bytes(progress.getBytesDone()));
        }
        if (progress.getMegabytesPerSecond() > 0) {
            line.append(", ")
                    .append(Words.tenths(progress.getMegabytesPerSecond()))
                    .append(" MB/s");
        }
        if (progress.getCommits() > 0) {
            line.append(", ").append(Words.number(progress.getCommits())).append(" commits");
        }
        if (progress.getChunks() > 0) {
            line.append(", ")
                    .append(Words.number(progress.getEmbedded()))
                    .append(" of ")
                    .append(Words.number(progress.getChunks()))
                    .append(" chunks embedded");
        }
        if (progress.getSkipped() > 0) {
            line.append(", ").append(Words.number(progress.getSkipped())).append(" skipped");
        }
        if (progress.getSecondsLeft() > 0) {
            line.append(", ")
                    .append(Words.duration((long) (progress.getSecondsLeft() * 1000)))
                    .append(" left");
        }
        if (!progress.getMessage().isEmpty()) {
            line.append("  ").append(Words.harmless(progress.getMessage().replace('\n', ' ')));
        }
        return line.toString();
    }

    private static String name(String root) {
        Path name = Path.of(root).getFileName();
        return name == null ? root : name.toString();
    }
}
