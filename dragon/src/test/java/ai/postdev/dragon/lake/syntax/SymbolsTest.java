package ai.postdev.dragon.lake.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.dragon.lake.syntax.Syntax.Symbol;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden symbols of one small source per language; {@code sample.X.symbols} beside it says what must be found. */
class SymbolsTest {
    private static final TreeSitterSyntax SYNTAX = new TreeSitterSyntax(SyntaxSettings.defaults());

    @AfterAll
    static void close() {
        SYNTAX.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "py", "go", "rs", "ts", "js", "c", "cpp", "kt", "sh", "md"})
    void findsTheDefinitionsAndImportsOfALanguage(String extension) throws IOException {
        String file = "sample." + extension;
        Syntax syntax = SYNTAX.parse(Language.ofPath(file), resource(file));
        StringBuilder found = new StringBuilder("imports " + syntax.imports() + "\n");
        for (Symbol symbol : syntax.symbols()) {
            found.append("%s %s %d-%d | %s%n"
                    .formatted(
                            symbol.kind(),
                            symbol.qualifiedName(),
                            symbol.startLine(),
                            symbol.endLine(),
                            symbol.signature()));
        }
        assertEquals(new String(resource(file + ".symbols"), StandardCharsets.UTF_8), found.toString());
        assertTrue(syntax.complete());
    }

    @Test
    void everyLanguageWithRulesIsCoveredAndNoOther() {
        for (Language language : Language.values()) {
            assertEquals(GrammarRules.of(language).isPresent(), GrammarRules.cover(language), language.id());
        }
    }

    @Test
    void readsAHeaderOfCppAsCppThoughItIsNamedLikeC() {
        Syntax syntax = parse(
                Language.C,
                "#pragma once\n"
                        + "namespace geo {\n"
                        + "template <typename T>\n"
                        + "class Shape : Base<T> {\n"
                        + " public:\n"
                        + "  int area() const;\n"
                        + "};\n"
                        + "}\n");
        assertTrue(syntax.complete());
        assertEquals(List.of("geo", "Shape", "area"), names(syntax));
    }

    @Test
    void findsMostOfATextWithErrorsAndSaysThatItIsNotComplete() {
        Syntax syntax = parse(Language.JAVA, "class A {\n  void one() {}\n  void two( { ]\n  void three() {}\n}\n");
        assertFalse(syntax.complete());
        assertTrue(names(syntax).contains("one"), names(syntax)::toString);
    }

    @Test
    void findsComponentsInTsx() {
        Syntax syntax = parse(Language.TSX, """
            import React from "react";
            export function App(props: Props) {
              return <div className="app"><List items={props.items}/></div>;
            }
            """);
        assertTrue(names(syntax).containsAll(List.of("App")), names(syntax)::toString);
    }

    @Test
    void givesATextWithoutAGrammarNoSymbolsButIsComplete() {
        Syntax syntax = parse(Language.RUBY, "def a\nend\n");
        assertEquals(List.of(), syntax.symbols());
        assertTrue(syntax.complete());
        assertEquals(1, syntax.chunks().size());
    }

    @Test
    void keepsUnicodeNamesAndCountsLinesNotCharacters() {
        Syntax syntax = parse(Language.PYTHON, "x = '😀€'\n\n\ndef größe(ü):\n    return 'é'\n");
        Symbol size = syntax.symbols().get(1);
        assertEquals("größe", size.name());
        assertEquals(4, size.startLine());
        assertEquals("def größe(ü):", size.signature());
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in = SymbolsTest.class.getResourceAsStream("/syntax/" + name)) {
            return in.readAllBytes();
        }
    }

    private static Syntax parse(Language language, String text) {
        return SYNTAX.parse(language, text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> names(Syntax syntax) {
        return syntax.symbols().stream().map(Symbol::name).toList();
    }
}
