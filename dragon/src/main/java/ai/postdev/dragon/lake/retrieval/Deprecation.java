package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.text.Definitions;
import ai.postdev.dragon.lake.text.Definitions.Definition;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Whether a file is deprecated as a whole: the definition that it is named after carries a mark of deprecation. */
final class Deprecation {
    private static final List<byte[]> MARKS = List.of(
            "@Deprecated".getBytes(StandardCharsets.US_ASCII),
            "@deprecated".getBytes(StandardCharsets.US_ASCII),
            "#[deprecated".getBytes(StandardCharsets.US_ASCII),
            "[Obsolete".getBytes(StandardCharsets.US_ASCII));

    /** Lines between a mark and the definition it belongs to: other annotations. */
    private static final int GAP_LINES_MAX = 8;

    /** The same good files are looked at for many queries; at this many the memory of them starts anew. */
    private static final int KNOWN_MAX = 50_000;

    private static final Map<Asked, Boolean> KNOWN = new ConcurrentHashMap<>();

    private record Asked(ContentHash hash, String path) {}

    private Deprecation() {}

    /** Of the text with this hash at this path. Reads the text only if this was not asked before. */
    static boolean ofWholeFile(ContentHash hash, String path, Function<ContentHash, Optional<byte[]>> texts) {
        Asked asked = new Asked(hash, path);
        Boolean known = KNOWN.get(asked);
        if (known == null) {
            Optional<byte[]> utf8 = texts.apply(hash);
            if (utf8.isEmpty()) {
                return false;
            }
            known = ofWholeFile(utf8.get(), PathWords.of(path));
            if (KNOWN.size() >= KNOWN_MAX) {
                KNOWN.clear();
            }
            KNOWN.put(asked, known);
        }
        return known;
    }

    private static boolean ofWholeFile(byte[] utf8, PathWords path) {
        for (int at = 0; at < utf8.length; ) {
            int end = DefinitionLookup.lineEnd(utf8, at);
            boolean mayMark = utf8[at] == '@' || utf8[at] == '#' || utf8[at] == '[';
            if (mayMark && isMark(utf8, at) && definesFileAfter(utf8, end, path)) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }

    private static boolean isMark(byte[] utf8, int at) {
        for (byte[] mark : MARKS) {
            if (at + mark.length <= utf8.length && Arrays.equals(utf8, at, at + mark.length, mark, 0, mark.length)) {
                return true;
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
