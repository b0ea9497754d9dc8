package ai.postdev.dragon.lake.syntax;

import ai.postdev.dragon.lake.syntax.Syntax.Symbol;
import java.util.ArrayList;
import java.util.List;

/**
 * Headings of a Markdown text, after CommonMark 0.31: {@code #} headings, underlined headings, and nothing inside fenced
 * code. A heading reaches to the next one of its level or above.
 */
final class MarkdownOutline {
    private record Heading(int level, String title, String container, int row) {}

    private final Lines lines;
    private final int most;
    private final List<Heading> headings = new ArrayList<>();
    private final List<Heading> path = new ArrayList<>();
    private final Cuts cuts = new Cuts();

    private MarkdownOutline(Lines lines, int most) {
        this.lines = lines;
        this.most = most;
    }

    /** The outline, looking at no more than {@code most} headings. */
    static MarkdownOutline of(Lines lines, int most) {
        MarkdownOutline outline = new MarkdownOutline(lines, most);
        outline.scan();
        return outline;
    }

    Cuts cuts() {
        return cuts;
    }

    List<Symbol> symbols() {
        int[] ends = new int[headings.size()];
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < ends.length; i++) {
            while (!open.isEmpty()
                    && headings.get(open.getLast()).level() >= headings.get(i).level()) {
                ends[open.removeLast()] = headings.get(i).row();
            }
            open.add(i);
        }
        open.forEach(i -> ends[i] = lines.count());
        List<Symbol> symbols = new ArrayList<>();
        for (int i = 0; i < ends.length; i++) {
            Heading heading = headings.get(i);
            String signature = lines.signature(heading.row(), lines.start(heading.row()));
            symbols.add(
                    new Symbol(heading.title(), "heading", heading.container(), heading.row() + 1, ends[i], signature));
        }
        return symbols;
    }

    private void scan() {
        int fence = 0;
        int fenceLength = 0;
        boolean afterBlank = true;
        for (int row = 0; row < lines.count(); row++) {
            int start = lines.start(row);
            int end = lines.end(row);
            int indent = indent(start, end);
            int first = start + indent < end && indent < 4 ? lines.utf8()[start + indent] : 0;
            int run = first == 0 ? 0 : run(start + indent, end, first);
            if (fence != 0) {
                if (first == fence
                        && run >= fenceLength
                        && indent(start + indent + run, end) == end - start - indent - run) {
                    fence = 0;
                }
                continue;
            }
            if ((first == '`' || first == '~') && run >= 3) {
                fence = first;
                fenceLength = run;
                cuts.add(row, 8, false);
            } else if (first == '#' && run <= 6 && (start + run + indent == end || isSpace(start + indent + run))) {
                heading(row, run, title(start + indent + run, end));
            } else if (!afterBlank
                    && (first == '=' || first == '-')
                    && isUnderline(start + indent + run, end)
                    && paragraph(row - 1)) {
                heading(row - 1, first == '=' ? 1 : 2, title(lines.start(row - 1), lines.end(row - 1)));
            } else if (afterBlank && !lines.isBlank(row)) {
                cuts.add(row, 8, false);
            }
            afterBlank = lines.isBlank(row);
        }
    }

    private void heading(int row, int level, String title) {
        cuts.add(row, level, false);
        if (title.isEmpty() || headings.size() >= most) {
            return;
        }
        while (!path.isEmpty() && path.getLast().level() >= level) {
            path.removeLast();
        }
        String container = String.join(".", path.stream().map(Heading::title).toList());
        Heading heading = new Heading(level, title, container, row);
        headings.add(heading);
        path.add(heading);
    }

    /** A row that an underline makes a heading: text that is no heading, list item, quote or table itself. */
    private boolean paragraph(int row) {
        int start = lines.start(row);
        int indent = indent(start, lines.end(row));
        byte first = lines.utf8()[Math.min(start + indent, lines.utf8().length - 1)];
        return indent < 4 && "#>|-+*=`~".indexOf(first) < 0;
    }

    private boolean isUnderline(int from, int end) {
        return indent(from, end) == end - from;
    }

    private boolean isSpace(int at) {
        return lines.utf8()[at] == ' ' || lines.utf8()[at] == '\t';
    }

    private int indent(int from, int end) {
        int at = from;
        while (at < end && isSpace(at)) {
            at++;
        }
        return at - from;
    }

    private int run(int from, int end, int mark) {
        int at = from;
        while (at < end && lines.utf8()[at] == mark) {
            at++;
        }
        return at - from;
    }

    private String title(int from, int end) {
        String text = lines.text(from, lines.characterStart(Math.min(end, from + 800)))
                .strip();
        int to = text.length();
        while (to > 0 && text.charAt(to - 1) == '#') {
            to--;
        }
        boolean closing = to < text.length() && (to == 0 || text.charAt(to - 1) == ' ');
        String title = closing ? text.substring(0, to).strip() : text;
        return title.length() > 200
                ? title.substring(0, Character.isHighSurrogate(title.charAt(199)) ? 199 : 200)
                : title;
    }
}
