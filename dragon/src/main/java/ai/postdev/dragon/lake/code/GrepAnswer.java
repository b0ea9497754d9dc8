package ai.postdev.dragon.lake.code;

import java.util.List;

/**
 * The documents with at least one matching line, in the order of workspace and path.
 *
 * @param complete whether every document was looked into, or the wanted number found; otherwise {@code missing} says
 *     why not
 * @param documentsScanned how many documents were looked into
 * @param bytesScanned how many bytes of text were looked into
 */
public record GrepAnswer(
        List<GrepDocument> documents, boolean complete, List<String> missing, int documentsScanned, long bytesScanned) {
    public GrepAnswer {
        documents = List.copyOf(documents);
        missing = List.copyOf(missing);
    }

    /**
     * One document with matches.
     *
     * @param lines the first matching lines
     * @param lineCount how many lines match in all
     */
    public record GrepDocument(Document document, List<GrepLine> lines, int lineCount) {
        public GrepDocument {
            lines = List.copyOf(lines);
        }
    }

    /**
     * One matching line.
     *
     * @param line 1-based
     * @param startByte offset of its first byte in the UTF-8 text
     * @param endByte offset after its last byte, the line feed not counted
     */
    public record GrepLine(int line, int startByte, int endByte) {}
}
