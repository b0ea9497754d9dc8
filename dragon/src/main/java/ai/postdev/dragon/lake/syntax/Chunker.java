package ai.postdev.dragon.lake.syntax;

import ai.postdev.dragon.lake.syntax.Syntax.Chunk;
import ai.postdev.dragon.lake.syntax.Syntax.Symbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a text into chunks at the places where its structure allows: split what is too big, then merge small neighbours,
 * as cAST does (Zhang et al., "cAST: Enhancing Code Retrieval-Augmented Generation with Structural Chunking via Abstract
 * Syntax Tree", 2025). Every line that is not blank is in exactly one chunk.
 */
final class Chunker {
    private final Lines lines;
    private final List<Symbol> symbols;
    private final SyntaxSettings settings;
    private final List<Chunk> chunks = new ArrayList<>();

    /** Definitions that began at or before the row last asked for and have not ended before it, innermost on top. */
    private final Deque<Symbol> open = new ArrayDeque<>();

    private int nextSymbol;

    private Chunker(Lines lines, List<Symbol> symbols, SyntaxSettings settings) {
        this.lines = lines;
        this.symbols = symbols;
        this.settings = settings;
    }

    /**
     * Cuts a text.
     *
     * @param symbols in order of their start
     */
    static List<Chunk> chunks(Lines lines, Cuts cuts, List<Symbol> symbols, SyntaxSettings settings) {
        Chunker chunker = new Chunker(lines, symbols, settings);
        chunker.run(cuts);
        return chunker.chunks;
    }

    private void run(Cuts cuts) {
        int from = 0;
        int depth = Integer.MAX_VALUE;
        int at = 0;
        if (cuts.size() > 0 && cuts.row(0) == 0) {
            depth = cuts.depth(0);
            at = 1;
        }
        int unitStart = 0;
        int unitDepth = depth;
        int pending = -1;
        // [from, unitStart) is the chunk being filled, [unitStart, end) the next unit that may join it.
        while (true) {
            boolean last = at >= cuts.size();
            int end = last ? lines.count() : cuts.row(at);
            boolean leads = at > 0 && cuts.lead(at - 1) && !last && !lines.isBlank(end - 1);
            if (leads) {
                // A comment right above what it speaks of: one unit, as deep as the deeper of the two is shallow.
                unitDepth = Math.min(unitDepth, cuts.depth(at));
                at++;
                continue;
            }
            if (pending >= 0 && !joins(from, unitStart, end, depth, unitDepth)) {
                emit(from, unitStart);
                from = unitStart;
                depth = unitDepth;
            } else {
                depth = Math.min(depth, unitDepth);
            }
            pending = unitStart;
            if (last) {
                break;
            }
            unitStart = end;
            unitDepth = cuts.depth(at);
            at++;
        }
        emit(from, lines.count());
    }

    private boolean joins(int from, int unit, int end, int depth, int unitDepth) {
        int bytes = lines.start(end) - lines.start(from);
        if (bytes > settings.chunkBytes() || end - from > settings.chunkLines()) {
            return false;
        }
        int before = lines.start(unit) - lines.start(from);
        int after = lines.start(end) - lines.start(unit);
        if (unitDepth < depth && after >= settings.smallBytes()) {
            return before < settings.smallBytes() / 4;
        }
        return before < settings.smallBytes() || after < settings.smallBytes();
    }

    /** Makes chunks of the rows from {@code from} to {@code to}, which is exclusive. */
    private void emit(int from, int to) {
        int start = from;
        while (start < to) {
            if (lines.isBlank(start)) {
                start++;
                continue;
            }
            int end = windowEnd(start, to);
            int last = end - 1;
            while (lines.isBlank(last)) {
                last--;
            }
            int startByte = lines.start(start);
            int endByte = lines.end(last);
            if (endByte - startByte > settings.overlongBytes()) {
                endByte = lines.characterStart(startByte + settings.overlongBytes());
            }
            chunks.add(new Chunk(start + 1, last + 1, startByte, endByte, symbolOf(start + 1, last + 1)));
            start = end;
        }
    }

    /** Where a window that begins at {@code start} ends, exclusive: at the last blank row of its second half if any. */
    private int windowEnd(int start, int to) {
        int end = start + 1;
        int blank = -1;
        while (end < to
                && end - start < settings.chunkLines()
                && lines.start(end + 1) - lines.start(start) <= settings.chunkBytes()) {
            if (lines.isBlank(end)) {
                blank = end;
            }
            end++;
        }
        boolean rest = end < to;
        return rest && blank - start > (end - start) / 2 ? blank + 1 : end;
    }

    private String symbolOf(int startLine, int endLine) {
        while (!open.isEmpty() && open.peek().endLine() < startLine) {
            open.pop();
        }
        while (nextSymbol < symbols.size() && symbols.get(nextSymbol).startLine() < startLine) {
            push(symbols.get(nextSymbol++), startLine);
        }
        Symbol best = null;
        Symbol around = null;
        for (Symbol symbol : open.reversed()) {
            around = symbol.endLine() >= endLine ? symbol : around;
            best = covers(symbol, startLine, endLine) ? symbol : best;
        }
        while (nextSymbol < symbols.size() && symbols.get(nextSymbol).startLine() <= endLine) {
            Symbol symbol = symbols.get(nextSymbol++);
            push(symbol, startLine);
            best = covers(symbol, startLine, endLine) ? symbol : best;
        }
        // The innermost definition that most of the lines belong to, else the innermost around all of them.
        Symbol chosen = best == null ? around : best;
        return chosen == null ? "" : chosen.qualifiedName();
    }

    private void push(Symbol symbol, int startLine) {
        if (symbol.endLine() >= startLine) {
            while (!open.isEmpty() && open.peek().endLine() < symbol.startLine()) {
                open.pop();
            }
            open.push(symbol);
        }
    }

    private static boolean covers(Symbol symbol, int startLine, int endLine) {
        int lines = Math.min(symbol.endLine(), endLine) - Math.max(symbol.startLine(), startLine) + 1;
        return 2 * lines >= endLine - startLine + 1;
    }
}
