package ai.postdev.app.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows whose columns are as wide as their widest cell; columns of numbers are set to the right. */
final class Table {
    private final boolean[] right;
    private final List<String[]> rows = new ArrayList<>();

    /** A table whose first row is {@code headings}; one that begins with {@code >} stands over numbers. */
    Table(String... headings) {
        right = new boolean[headings.length];
        String[] first = new String[headings.length];
        for (int i = 0; i < headings.length; i++) {
            right[i] = headings[i].startsWith(">");
            first[i] = right[i] ? headings[i].substring(1) : headings[i];
        }
        rows.add(first);
    }

    void row(String... cells) {
        rows.add(cells);
    }

    void print(Terminal terminal, String indent) {
        int[] width = new int[right.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                width[i] = Math.max(width[i], row[i].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < row.length; i++) {
                line.append(i == 0 ? "" : "  ")
                        .append(right[i] ? Words.paddedLeft(row[i], width[i]) : Words.padded(row[i], width[i]));
            }
            String text = line.toString().stripTrailing();
            terminal.out().println(row == rows.getFirst() ? terminal.paint(Ink.FAINT, text) : text);
        }
    }
}
