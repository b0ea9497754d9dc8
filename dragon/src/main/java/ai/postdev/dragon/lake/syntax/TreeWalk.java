package ai.postdev.dragon.lake.syntax;

import ai.postdev.dragon.lake.syntax.Rule.Special;
import ai.postdev.dragon.lake.syntax.Syntax.Symbol;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * One pass over a tree that finds definitions, imports and the places to cut. It goes only where rules lead it or where a
 * node is too big for one chunk, so most nodes are never visited; it never recurses, so deep nesting cannot end the
 * stack.
 */
final class TreeWalk {
    private static final Set<String> TYPE_KINDS =
            Set.of("class", "interface", "enum", "record", "struct", "trait", "impl");
    private static final Set<String> FUNCTION_KINDS = Set.of("function", "method", "constructor");
    private static final Set<String> JS_FUNCTIONS =
            Set.of("arrow_function", "function_expression", "generator_function", "function");
    private static final int MOST_NAME_BYTES = 400;

    /** What encloses a node: names joined by dots, the kind of the innermost, and whether any is a function. */
    private record Scope(String path, String name, String kind, boolean inFunction) {
        Scope anonymous() {
            return inFunction ? this : new Scope(path, name, kind, true);
        }

        Scope inside(String name, String kind) {
            String longer = path.isEmpty() ? name : path + "." + name;
            return new Scope(longer, name, kind, inFunction || FUNCTION_KINDS.contains(kind));
        }
    }

    /** The children of one node. */
    private record Level(Scope scope, boolean symbols, boolean splitting, int wrapRow, int wrapEnd) {}

    private final Grammar grammar;
    private final Lines lines;
    private final SyntaxSettings settings;
    private final NodeNames names;
    private final TreeSitter.Node node;
    private final TreeSitter.Node inner;
    private final TreeParser parser;
    private final List<Symbol> symbols = new ArrayList<>();
    private final List<String> imports = new ArrayList<>();
    private final Cuts cuts = new Cuts();

    TreeWalk(TreeParser parser, Grammar grammar, Lines lines, SyntaxSettings settings) {
        this.parser = parser;
        this.grammar = grammar;
        this.lines = lines;
        this.settings = settings;
        node = parser.node(0);
        inner = parser.node(1);
        names = new NodeNames(grammar, lines, parser.node(2), parser.node(3));
    }

    /** Walks; answers whether the parser understood the whole text and nothing was left out. */
    boolean run(MemorySegment tree) {
        node.root(tree);
        boolean complete = !node.hasError();
        List<Level> levels = new ArrayList<>();
        levels.add(new Level(new Scope("", "", "", false), true, true, -1, -1));
        try (TreeSitter.Cursor cursor = new TreeSitter.Cursor(parser.arena(), node)) {
            while (!levels.isEmpty()) {
                cursor.node(node);
                Level below = visit(levels.getLast(), levels.size());
                if (below != null && levels.size() < settings.depth() && cursor.firstChild()) {
                    levels.add(below);
                    continue;
                }
                while (!levels.isEmpty() && !cursor.nextSibling()) {
                    levels.removeLast();
                    if (!cursor.parent()) {
                        levels.clear();
                    }
                }
            }
        }
        symbols.sort(Comparator.comparingInt(Symbol::startLine));
        return complete && symbols.size() < settings.symbols() && imports.size() < settings.imports();
    }

    List<Symbol> symbols() {
        return symbols;
    }

    List<String> imports() {
        return imports;
    }

    Cuts cuts() {
        return cuts;
    }

    /** Takes in the current node; answers how to go on below it, null for not at all. */
    private Level visit(Level level, int depth) {
        int symbol = node.symbol();
        Rule rule = level.symbols() ? grammar.rule(symbol) : null;
        boolean unit = level.splitting() && grammar.isNamed(symbol);
        if (rule == null && !unit) {
            // An error in the text hides what follows it on one level: look inside.
            return level.symbols() && symbol == 0xffff
                    ? new Level(level.scope(), true, level.splitting(), -1, -1)
                    : null;
        }
        int row = node.row();
        int start = node.startByte();
        int end = node.endByte();
        if (unit) {
            cuts.add(row, depth, grammar.isLead(symbol));
        }
        Scope scope = rule == null ? level.scope() : taken(rule, level, row, end);
        boolean split = unit && (end - start > settings.chunkBytes() || lines.start(row + settings.chunkLines()) < end);
        boolean enter = rule != null && rule.enter() || level.symbols() && symbol == 0xffff;
        if (!enter && !split) {
            return null;
        }
        boolean wrap = rule != null && rule.wrap();
        int wrapRow = !wrap ? -1 : level.wrapRow() >= 0 ? level.wrapRow() : row;
        return new Level(scope, enter, split, wrapRow, end);
    }

    /** Adds what a rule finds at the current node; answers the scope for what is inside it. */
    private Scope taken(Rule rule, Level level, int row, int end) {
        Scope scope = level.scope();
        if (rule.imports()
                || rule.special() == Special.JS_CALL
                || rule.special() == Special.JS_EXPORT
                || rule.special() == Special.BASH_COMMAND) {
            addImport(rule);
            return scope;
        }
        if (rule.special() == Special.JS_FUNCTION) {
            return scope.anonymous();
        }
        if (rule.special() == Special.CONTAINER) {
            return inner.childOf(node, grammar.field("type")) ? scope.inside(names.plain(inner), "impl") : scope;
        }
        if (rule.kind() == null && rule.special() == Special.NONE
                || !rule.local() && scope.inFunction() && rule.special() != Special.JS_VALUE
                || rule.requires() != null && !inner.childOf(node, grammar.field(rule.requires()))) {
            return scope;
        }
        String kind = kind(rule, scope);
        if (kind == null || symbols.size() >= settings.symbols()) {
            return scope;
        }
        if (rule.special() == Special.GO_NAMES) {
            int endRow = lines.rowOf(Math.max(end - 1, 0));
            for (NodeNames.Name name : names.several(node)) {
                symbols.add(new Symbol(
                        name.text(), kind, scope.path(), row + 1, endRow + 1, lines.signature(row, node.startByte())));
            }
            return scope;
        }
        NodeNames.Name name = names.of(node, rule.special());
        if (name == null) {
            return scope;
        }
        Scope around = scope;
        if (!name.qualifier().isEmpty()) {
            around = scope.inside(name.qualifier(), "class");
        }
        if (kind.equals("function") && TYPE_KINDS.contains(around.kind())) {
            kind = "method";
        }
        if (kind.equals("method") && isConstructor(name.text(), around)) {
            kind = "constructor";
        }
        int startRow = level.wrapRow() >= 0 ? level.wrapRow() : row;
        int endRow = Math.max(lines.rowOf(Math.max(end - 1, 0)), startRow);
        symbols.add(new Symbol(
                name.text(),
                kind,
                around.path(),
                startRow + 1,
                endRow + 1,
                lines.signature(name.row(), node.startByte())));
        boolean namedInside = rule.special() == Special.C_TYPEDEF
                && inner.childOf(node, grammar.field("type"))
                && names.of(inner, Special.NONE) != null;
        return namedInside ? around : around.inside(name.text(), kind);
    }

    private static boolean isConstructor(String name, Scope around) {
        return name.equals(around.name()) || name.equals("constructor") || name.equals("__init__");
    }

    /** The kind of the current node; null if it is no definition after all. */
    private String kind(Rule rule, Scope scope) {
        return switch (rule.special()) {
            case NONE, CONTAINER, GO_NAMES, GO_RECEIVER, JS_FUNCTION, JS_EXPORT, JS_CALL, C_TYPEDEF, BASH_COMMAND ->
                rule.kind();
            case TS_ENUM_MEMBER -> scope.kind().equals("enum") ? rule.kind() : null;
            case GO_TYPE ->
                switch (fieldType("type")) {
                    case "struct_type" -> "struct";
                    case "interface_type" -> "interface";
                    default -> rule.kind();
                };
            case JS_VALUE -> {
                String value = fieldType("value");
                yield JS_FUNCTIONS.contains(value)
                        ? rule.kind() == null ? "method" : "function"
                        : value.equals("class") ? "class" : !rule.local() && scope.inFunction() ? null : rule.kind();
            }
            case JS_ASSIGN -> JS_FUNCTIONS.contains(fieldType("right")) ? "function" : null;
            case C_DECLARATION -> {
                String how = names.declarator(node);
                yield how == null ? null : how.equals("function") ? "function" : rule.kind();
            }
            case KOTLIN_CLASS -> kotlinKind();
            case PYTHON_ASSIGN ->
                fieldType("left").equals("identifier") ? scope.kind().equals("class") ? "field" : "constant" : null;
        };
    }

    private String fieldType(String field) {
        return inner.childOf(node, grammar.field(field)) ? grammar.type(inner.symbol()) : "";
    }

    private String kotlinKind() {
        for (int i = 0; i < Math.min(node.childCount(), 4); i++) {
            inner.child(node, i);
            switch (grammar.type(inner.symbol())) {
                case "interface" -> {
                    return "interface";
                }
                case "enum" -> {
                    return "enum";
                }
                default -> {}
            }
        }
        return "class";
    }

    private void addImport(Rule rule) {
        if (imports.size() >= settings.imports()) {
            return;
        }
        for (String name : names.imports(node, rule.special())) {
            if (!name.isEmpty() && name.length() <= MOST_NAME_BYTES) {
                imports.add(name);
            }
        }
    }
}
