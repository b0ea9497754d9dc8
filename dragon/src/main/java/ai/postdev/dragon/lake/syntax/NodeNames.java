package ai.postdev.dragon.lake.syntax;

import ai.postdev.dragon.lake.syntax.Rule.Special;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the names of definitions and imports from nodes. For one thread. */
final class NodeNames {
    /**
     * A definition's name.
     *
     * @param qualifier names before it that say where it belongs, such as a C++ class or a Go receiver; often empty
     * @param row where the name stands
     */
    record Name(String text, String qualifier, int row) {}

    private static final int MOST_STEPS = 24;
    private static final int MOST_BYTES = 200;

    private final Grammar grammar;
    private final Lines lines;
    private final TreeSitter.Node at;
    private final TreeSitter.Node next;

    NodeNames(Grammar grammar, Lines lines, TreeSitter.Node at, TreeSitter.Node next) {
        this.grammar = grammar;
        this.lines = lines;
        this.at = at;
        this.next = next;
    }

    /** The name of a definition; null if it has none. */
    Name of(TreeSitter.Node definition, Special special) {
        at.copy(definition);
        String qualifier = "";
        if (special == Special.GO_RECEIVER && next.childOf(at, grammar.field("receiver"))) {
            qualifier = receiver(text(next));
        } else if (special == Special.JS_ASSIGN) {
            return assigned();
        }
        boolean moved = false;
        for (int step = 0; step < MOST_STEPS; step++) {
            if (next.childOf(at, grammar.field("scope"))) {
                String scope = plain(next);
                qualifier = qualifier.isEmpty() ? scope : qualifier + "." + scope;
            }
            if (!down()) {
                break;
            }
            moved = true;
        }
        if (!moved && !grammar.isName(at.symbol()) || at.endByte() - at.startByte() > MOST_BYTES) {
            return null;
        }
        String text = unquoted(text(at));
        return text.isEmpty() || text.indexOf('\n') >= 0 ? null : new Name(text, qualifier, at.row());
    }

    /** The names that a declaration begins with, separated by commas. */
    List<Name> several(TreeSitter.Node declaration) {
        List<Name> found = new ArrayList<>();
        int children = Math.min(declaration.childCount(), 64);
        for (int i = 0; i < children; i++) {
            next.child(declaration, i);
            int symbol = next.symbol();
            boolean comma = i % 2 == 1;
            if (comma ? !grammar.type(symbol).equals(",") : !grammar.isName(symbol)) {
                break;
            }
            if (!comma && next.endByte() - next.startByte() <= MOST_BYTES) {
                found.add(new Name(text(next), "", next.row()));
            }
        }
        return found;
    }

    /** How a C declaration declares: {@code function}, {@code plain}, or null if it names nothing (a struct alone). */
    String declarator(TreeSitter.Node declaration) {
        if (!next.childOf(declaration, grammar.field("declarator"))) {
            return null;
        }
        for (int step = 0; step < MOST_STEPS; step++) {
            String type = grammar.type(next.symbol());
            if (type.equals("function_declarator")) {
                return "function";
            }
            at.copy(next);
            if (!next.childOf(at, grammar.field("declarator"))) {
                return "plain";
            }
        }
        return "plain";
    }

    /** A type's or scope's name without its arguments and what it lies in. */
    String plain(TreeSitter.Node node) {
        String text = text(node);
        int arguments = text.indexOf('<');
        String bare = arguments > 0 ? text.substring(0, arguments) : text;
        return bare.substring(Math.max(bare.lastIndexOf(':'), bare.lastIndexOf(' ')) + 1);
    }

    /** What an import node names, as written; empty if it imports nothing. */
    List<String> imports(TreeSitter.Node node, Special special) {
        if (special == Special.JS_CALL || special == Special.BASH_COMMAND) {
            return called(node, special);
        }
        if (special == Special.JS_EXPORT) {
            return next.childOf(node, grammar.field("source")) ? List.of(unquoted(text(next))) : List.of();
        }
        if (grammar.type(node.symbol()).equals("future_import_statement")) {
            return List.of("__future__");
        }
        if (next.childOf(node, grammar.field("module_name"))) {
            return from(text(next), text(node));
        }
        if (grammar.type(node.symbol()).equals("import_statement")
                && text(node).startsWith("import ")
                && !next.childOf(node, grammar.field("source"))) {
            return modules(text(node).substring("import ".length()));
        }
        for (String field : List.of("source", "path", "name")) {
            if (next.childOf(node, grammar.field(field))) {
                return List.of(unquoted(text(next)));
            }
        }
        String text = text(node).strip();
        for (String word : List.of("import static ", "import ", "pub use ", "use ", "extern crate ", "#include ")) {
            if (text.startsWith(word)) {
                text = text.substring(word.length());
                break;
            }
        }
        return List.of(unquoted(text.endsWith(";") ? text.substring(0, text.length() - 1) : text));
    }

    /** Python's {@code from . import a, b} names the modules .a and .b; {@code from a import b} names a. */
    private static List<String> from(String module, String statement) {
        int names = statement.indexOf(" import ");
        boolean near = module.chars().allMatch(c -> c == '.');
        if (!near || names < 0) {
            return List.of(module);
        }
        String list = statement
                .substring(names + " import ".length())
                .replace("(", "")
                .replace(")", "");
        return modules(list).stream().map(name -> module + name).toList();
    }

    private static List<String> modules(String list) {
        return Arrays.stream(list.split(","))
                .map(part -> part.strip().split("\\s+", 2)[0])
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private List<String> called(TreeSitter.Node node, Special special) {
        boolean script = special == Special.JS_CALL;
        if (!next.childOf(node, grammar.field(script ? "function" : "name")) || next.endByte() - next.startByte() > 8) {
            return List.of();
        }
        String name = text(next);
        boolean imports =
                script ? name.equals("require") || name.equals("import") : name.equals("source") || name.equals(".");
        if (!imports || !next.childOf(node, grammar.field(script ? "arguments" : "argument"))) {
            return List.of();
        }
        String argument = text(next);
        return List.of(
                unquoted(script ? argument.substring(1, argument.length() - 1).strip() : argument));
    }

    /** {@code Foo.prototype.bar = function}: bar in Foo; {@code exports.bar = function}: bar. */
    private Name assigned() {
        if (!next.childOf(at, grammar.field("left")) || next.endByte() - next.startByte() > MOST_BYTES) {
            return null;
        }
        String left = text(next);
        int row = next.row();
        if (left.indexOf('\n') >= 0 || left.indexOf('(') >= 0 || left.indexOf('[') >= 0) {
            return null;
        }
        int dot = left.lastIndexOf('.');
        String owner = dot < 0 ? "" : left.substring(0, dot);
        if (owner.endsWith(".prototype")) {
            owner = owner.substring(0, owner.length() - ".prototype".length());
        }
        String name = left.substring(dot + 1);
        if (left.equals("module.exports")) {
            return null;
        }
        boolean module = owner.equals("exports") || owner.equals("module.exports") || owner.equals("this");
        return new Name(name, module ? "" : owner, row);
    }

    private boolean down() {
        if (grammar.isName(at.symbol())) {
            return false;
        }
        for (String field : List.of("name", "declarator", "key", "property", "left")) {
            // A function's own name ends the search: what follows in "key" or "left" is a default or a value.
            if (next.childOf(at, grammar.field(field))) {
                at.copy(next);
                return true;
            }
        }
        int children = Math.min(at.childCount(), 12);
        for (int i = 0; i < children; i++) {
            next.child(at, i);
            int symbol = next.symbol();
            if (grammar.isName(symbol)
                    || grammar.isDeclarator(symbol)
                    || grammar.type(symbol).equals("variable_declaration")) {
                at.copy(next);
                return true;
            }
        }
        return false;
    }

    private String text(TreeSitter.Node node) {
        int from = node.startByte();
        return lines.text(from, Math.min(node.endByte(), lines.characterStart(from + 1000)));
    }

    private static String unquoted(String text) {
        int last = text.length() - 1;
        if (last > 0 && "\"'`<".indexOf(text.charAt(0)) >= 0 && "\"'`>".indexOf(text.charAt(last)) >= 0) {
            return text.substring(1, last);
        }
        return text;
    }

    private static String receiver(String text) {
        String bare = text.substring(1, Math.max(1, text.length() - 1)).strip();
        String type = bare.substring(bare.lastIndexOf(' ') + 1);
        int from = type.startsWith("*") ? 1 : 0;
        int arguments = type.indexOf('[');
        return type.substring(from, arguments > from ? arguments : type.length());
    }
}
