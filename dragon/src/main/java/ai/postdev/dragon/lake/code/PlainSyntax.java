package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.syntax.Syntax;
import java.util.ArrayList;
import java.util.List;

/** The syntax of a text whose parsing failed: chunks by windows of lines, no symbols, marked as not complete. */
final class PlainSyntax {
    private static final int WINDOW_LINES = 60;
    private static final int WINDOW_BYTES = 4_000;

    private PlainSyntax() {}

    static Syntax of(byte[] utf8) {
        List<Syntax.Chunk> chunks = new ArrayList<>();
        int start = 0;
        int startLine = 1;
        int line = 1;
        boolean blank = true;
        for (int at = 0; at < utf8.length; at++) {
            blank &= utf8[at] <= ' ' && utf8[at] >= 0;
            boolean lineEnds = utf8[at] == '\n' || at == utf8.length - 1;
            if (lineEnds) {
                boolean full = line - startLine + 1 >= WINDOW_LINES || at + 1 - start >= WINDOW_BYTES;
                if (full || at == utf8.length - 1) {
                    if (!blank) {
                        chunks.add(new Syntax.Chunk(startLine, line, start, at + 1, ""));
                    }
                    start = at + 1;
                    startLine = line + 1;
                    blank = true;
                }
                line++;
            }
        }
        return new Syntax(List.of(), chunks, List.of(), false);
    }
}
