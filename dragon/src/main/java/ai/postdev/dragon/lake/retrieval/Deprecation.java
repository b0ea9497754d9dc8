package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.text.Definitions;
import ai.postdev.dragon.lake.text.Definitions.Definition;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whether a file is deprecated as a whole: the definition that it is named after carries a mark of deprecation. */
final class Deprecation {
    private static final List<byte[]> MARKS = List.of(
            "@Deprecated".getBytes(StandardCharsets.US_ASCII),
            "@deprecated".getBytes(StandardCharsets.US_ASCII),
            "#[deprecated".getBytes(StandardCharsets.US_ASCII),
            "[Obsolete".getBytes(StandardCharsets.US_ASCII));

    /** Lines between a mark and the definition it belongs to: other annotations. */
    private static final int GAP_LINES_MAX = 8;

    private Deprecation() {}

    static boolean ofWholeFile(byte[] utf8, PathWords path) {
        for (byte[] mark : MARKS) {
            for (int at = DefinitionLookup.indexOf(utf8, mark, 0);
                    at >= 0;
                    at = DefinitionLookup.indexOf(utf8, mark, at + 1)) {
                boolean margin = at == 0 || utf8[at - 1] == '\n';
                if (margin && definesFileAfter(utf8, DefinitionLookup.lineEnd(utf8, at), path)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean definesFileAfter(byte[] utf8, int from, PathWords path) {
        int end = from;
        for (int line = 0; line < GAP_LINES_MAX && end < utf8.length; line++) {
            int start = end + 1;
            end = DefinitionLookup.lineEnd(utf8, Math.min(start, utf8.length));
            List<Definition> definitions = Definitions.in(utf8, Math.min(start, end), end, 0);
            if (!definitions.isEmpty()) {
                return path.isNamedAfter(definitions.getFirst().name());
            }
        }
        return false;
    }
}
