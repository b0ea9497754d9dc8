package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.code.SymbolHit;
import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import ai.postdev.dragon.lake.syntax.Syntax.Symbol;
import ai.postdev.dragon.lake.text.Definitions;
import ai.postdev.dragon.lake.text.Definitions.Definition;
import ai.postdev.dragon.lake.text.TextView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds where names are defined: by the parser's symbols, and by the look of the lines where it has none. */
final class DefinitionLookup {
    /** Definitions of one name that are looked at; a name with more is too common to point anywhere. */
    private static final int SYMBOLS_MAX = 200;

    /** Documents without a parsed symbol that are read for the name. */
    private static final int TEXTS_MAX = 40;

    static final double TYPE_WORTH = 1;
    static final double CALLABLE_WORTH = 0.7;
    static final double OTHER_WORTH = 0.3;

    private static final Set<String> TYPE_KINDS =
            Set.of("class", "interface", "enum", "record", "struct", "trait", "type");

    private static final Set<String> CALLABLE_KINDS = Set.of("function", "method", "constructor", "macro");

    private final CodeView code;
    private final TextView text;
    private final Scope scope;

    DefinitionLookup(CodeView code, TextView text, Scope scope) {
        this.code = code;
        this.text = text;
        this.scope = scope;
    }

    /**
     * A document that defines a wanted name.
     *
     * @param name as defined
     * @param worth 1 for a type, which people mean more often than a member of the same name, and least for fields and
     *     for modules, whose definition is a file
     * @param words for people
     */
    record Found(Document document, String name, double worth, Place place, String words) {}

    /** The documents that define one of {@code names}, each with its best definition. */
    List<Found> of(Set<String> names) {
        Map<Document, Found> best = new LinkedHashMap<>();
        for (String name : names) {
            for (SymbolHit hit : code.symbolsNamed(name, SYMBOLS_MAX)) {
                keep(best, ofSymbol(hit));
            }
            Map<String, Float> term = Map.of(name.toLowerCase(Locale.ROOT), 1f);
            for (TextView.FileHit hit : text.defining(term, scope.textFilter(), TEXTS_MAX)) {
                code.document(hit.workspace(), hit.path())
                        .filter(document -> !best.containsKey(document))
                        .flatMap(document -> code.text(document.hash()).flatMap(utf8 -> ofText(document, utf8, name)))
                        .ifPresent(found -> keep(best, found));
            }
        }
        return new ArrayList<>(best.values());
    }

    private void keep(Map<Document, Found> best, Found found) {
        if (scope.holds(found.document())) {
            best.merge(found.document(), found, (a, b) -> b.worth() > a.worth() ? b : a);
        }
    }

    static Found ofSymbol(SymbolHit hit) {
        Symbol symbol = hit.symbol();
        return new Found(
                hit.document(),
                symbol.name(),
                worth(symbol.kind()),
                new Place(symbol.startLine(), symbol.endLine()),
                "defines " + symbol.kind() + " " + symbol.name());
    }

    private static double worth(String kind) {
        return TYPE_KINDS.contains(kind) ? TYPE_WORTH : CALLABLE_KINDS.contains(kind) ? CALLABLE_WORTH : OTHER_WORTH;
    }

    private static Optional<Found> ofText(Document document, byte[] utf8, String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        Found best = null;
        for (int at = indexOf(utf8, wanted, 0); at >= 0; at = indexOf(utf8, wanted, at + wanted.length)) {
            int start = lineStart(utf8, at);
            int end = lineEnd(utf8, at);
            for (Definition definition : Definitions.in(utf8, start, end, 0)) {
                double worth = definition.type() ? TYPE_WORTH : CALLABLE_WORTH;
                if (definition.name().equals(name) && (best == null || worth > best.worth())) {
                    int line = lineOf(utf8, start);
                    best = new Found(document, name, worth, new Place(line, line), "defines " + name);
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** Where a document hands on {@code name} without defining it: {@code pub use a::{Name}}, {@code export {Name}}. */
    static Optional<Place> reexport(byte[] utf8, String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        for (int at = indexOf(utf8, wanted, 0); at >= 0; at = indexOf(utf8, wanted, at + wanted.length)) {
            boolean whole = !isWord(utf8, at - 1) && !isWord(utf8, at + wanted.length);
            int statement = whole ? statementStart(utf8, at) : -1;
            if (statement >= 0) {
                return Optional.of(new Place(lineOf(utf8, statement), lineOf(utf8, at)));
            }
        }
        return Optional.empty();
    }

    /** The start of the statement around {@code at} if it begins with {@code pub use} or {@code export}, else -1. */
    private static int statementStart(byte[] utf8, int at) {
        int linesMax = 60;
        int start = lineStart(utf8, at);
        for (int lines = 0; lines < linesMax; lines++) {
            if (startsWith(utf8, start, "pub use ")
                    || startsWith(utf8, start, "export {")
                    || startsWith(utf8, start, "export *")) {
                return start;
            }
            boolean first = lines == 0;
            boolean ends = start == 0 || !first && lineEndsStatement(utf8, start);
            if (ends) {
                return -1;
            }
            start = lineStart(utf8, start - 1);
            if (lineEndsStatement(utf8, start)) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean lineEndsStatement(byte[] utf8, int start) {
        int end = lineEnd(utf8, start);
        while (end > start && utf8[end - 1] <= ' ') {
            end--;
        }
        return end == start || utf8[end - 1] == ';';
    }

    private static boolean startsWith(byte[] utf8, int from, String words) {
        int at = from;
        while (at < utf8.length && (utf8[at] == ' ' || utf8[at] == '\t')) {
            at++;
        }
        for (int i = 0; i < words.length(); i++) {
            if (at + i >= utf8.length || utf8[at + i] != words.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWord(byte[] utf8, int at) {
        return at >= 0 && at < utf8.length && (utf8[at] < 0 || Character.isJavaIdentifierPart(utf8[at]));
    }

    static int indexOf(byte[] utf8, byte[] wanted, int from) {
        for (int i = from; i <= utf8.length - wanted.length; i++) {
            if (utf8[i] == wanted[0] && matches(utf8, i, wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] utf8, int at, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (utf8[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    static int lineStart(byte[] utf8, int at) {
        int start = at;
        while (start > 0 && utf8[start - 1] != '\n') {
            start--;
        }
        return start;
    }

    static int lineEnd(byte[] utf8, int at) {
        int end = at;
        while (end < utf8.length && utf8[end] != '\n') {
            end++;
        }
        return end;
    }

    private static int lineOf(byte[] utf8, int at) {
        int line = 1;
        for (int i = 0; i < at; i++) {
            line += utf8[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
