package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.code.GrepAnswer.GrepLine;
import ai.postdev.dragon.lake.code.ngram.Candidates;
import ai.postdev.dragon.lake.code.pattern.LineMatcher;
import java.util.ArrayList;
import java.util.List;

/** Gathers the matching lines of one text, part by part. Single-threaded. */
final class MatchCollector implements Candidates.RangeVisitor {
    private final byte[] text;
    private final int length;
    private final LineMatcher matcher;
    private final int linesMax;
    private final List<GrepLine> lines = new ArrayList<>();
    private int count;
    private long bytes;

    /** @param linesMax lines kept; the others are counted */
    MatchCollector(TextBuffer text, LineMatcher matcher, int linesMax) {
        this.text = text.array();
        this.length = text.length();
        this.matcher = matcher;
        this.linesMax = linesMax;
    }

    List<GrepLine> lines() {
        return lines;
    }

    int count() {
        return count;
    }

    /** Bytes looked through. */
    long bytes() {
        return bytes;
    }

    @Override
    public boolean visit(int start, int end, int firstLine) {
        bytes += end - start;
        int line = firstLine;
        int counted = start;
        int at = start;
        while (matcher.find(text, length, at, end)) {
            if (count++ < linesMax) {
                for (; counted < matcher.lineStart(); counted++) {
                    line += text[counted] == '\n' ? 1 : 0;
                }
                lines.add(new GrepLine(line, matcher.lineStart(), matcher.lineEnd()));
            }
            at = matcher.lineEnd() + 1;
        }
        return !matcher.timedOut();
    }
}
