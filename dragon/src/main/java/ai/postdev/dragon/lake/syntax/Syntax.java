package ai.postdev.dragon.lake.syntax;

import java.util.List;

/**
 * What the parser knows of one text. Derived from the content alone, so it is kept by content hash and shared by every
 * document with that content.
 *
 * @param symbols in order of their start
 * @param chunks in order, covering every line that is not blank
 * @param imports modules, packages or files that the text names as imported, as written
 * @param complete whether the parser understood the whole text; otherwise {@code symbols} may lack some
 */
public record Syntax(List<Symbol> symbols, List<Chunk> chunks, List<String> imports, boolean complete) {
    public Syntax {
        symbols = List.copyOf(symbols);
        chunks = List.copyOf(chunks);
        imports = List.copyOf(imports);
    }

    /**
     * A definition.
     *
     * @param name as written, for example {@code parseHeader}
     * @param kind {@code class}, {@code interface}, {@code enum}, {@code record}, {@code struct}, {@code trait},
     *     {@code function}, {@code method}, {@code constructor}, {@code field}, {@code constant}, {@code type},
     *     {@code module}, {@code macro}, {@code heading}
     * @param container names of the enclosing definitions joined by dots, empty at top level
     * @param startLine 1-based first line of the definition
     * @param endLine last line, inclusive
     * @param signature the first line of the definition, trimmed and cut to 200 characters
     */
    public record Symbol(String name, String kind, String container, int startLine, int endLine, String signature) {
        /** Container and name joined by a dot. */
        public String qualifiedName() {
            return container.isEmpty() ? name : container + "." + name;
        }
    }

    /**
     * A piece of text that is embedded and shown as one.
     *
     * @param startLine 1-based
     * @param endLine inclusive
     * @param startByte offset of the first byte in the UTF-8 text
     * @param endByte offset after the last byte
     * @param symbol qualified name of the definition it belongs to, empty if none
     */
    public record Chunk(int startLine, int endLine, int startByte, int endByte, String symbol) {}
}
