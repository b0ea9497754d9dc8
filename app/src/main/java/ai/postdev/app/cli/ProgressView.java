package ai.postdev.app.cli;

import ai.postdev.v1.UpProgress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
        boolean said = before != null && before.getMessage().equals(progress.getMessage());
        boolean news = !said || !before.getPhase().equals(progress.getPhase());
        if (news || now - printed.get(progress.getRoot()) > PLAIN_EVERY_NANOS) {
            printed.put(progress.getRoot(), now);
            terminal.err().println(line(progress));
            if (!said && !progress.getMessage().isEmpty()) {
                terminal.err().println(message(progress));
            }
            terminal.err().flush();
        }
    }

    private void draw() {
        StringBuilder screen = new StringBuilder();
        if (drawn > 0) {
            screen.append("\u001b[").append(drawn).append('A');
        }
        List<String> lines = new ArrayList<>();
        for (UpProgress row : rows.values()) {
            lines.add(line(row));
            if (!row.getMessage().isEmpty()) {
                lines.addAll(Words.wrap(message(row), terminal.width() - 1));
            }
        }
        // Lines of a message that is gone are emptied where they stood.
        int high = Math.max(drawn, lines.size());
        for (int i = 0; i < high; i++) {
            screen.append("\r\u001b[K")
                    .append(i < lines.size() ? Words.cut(lines.get(i), terminal.width() - 1) : "")
                    .append('\n');
        }
        drawn = high;
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
        return line.toString();
    }

    /** What there is to say of a project besides, below its line. */
    static String message(UpProgress progress) {
        return "  " + Words.harmless(progress.getMessage().replace('\n', ' '));
    }

    private static String name(String root) {
        Path name = Path.of(root).getFileName();
        return name == null ? root : name.toString();
    }
}
