package ai.postdev.dragon.model.template;

import ai.postdev.dragon.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads statements. */
final class TemplateParser {
    private final Tokens in;
    private final ExpressionParser expressions;

    private TemplateParser(Tokens in) {
        this.in = in;
        expressions = new ExpressionParser(in);
    }

    static List<Statement> parse(String source, TemplateBounds bounds) throws TemplateException {
        if (source.length() > bounds.sourceMax()) {
            throw new TemplateException(
                    "it has " + source.length() + " characters, at most " + bounds.sourceMax() + " are read");
        }
        TemplateParser parser = new TemplateParser(new Tokens(Lexer.tokens(source), bounds.nestingMax()));
        List<Statement> all = parser.statements(Set.of());
        if (parser.in.peek().kind() != Kind.END) {
            throw parser.in.wrong("found " + parser.in.peek(1).shown() + " without what it ends");
        }
        return all;
    }

    /** Up to a block that begins with one of the names, which is not read; or to the end. */
    private List<Statement> statements(Set<String> ends) throws TemplateException {
        in.enter();
        List<Statement> all = new ArrayList<>();
        while (in.peek().kind() != Kind.END) {
            Token token = in.peek();
            switch (token.kind()) {
                case DATA -> all.add(new Statement.Data(in.next().value()));
                case PRINT_BEGIN -> {
                    in.next();
                    all.add(new Statement.Print(expressions.list()));
                    in.expect(Kind.PRINT_END);
                }
                case BLOCK_BEGIN -> {
                    String name = in.peek(1).value();
                    if (ends.contains(name)) {
                        in.leave();
                        return all;
                    }
                    if (name.startsWith("end") || name.equals("else") || name.equals("elif")) {
                        throw in.wrong("found '" + name + "' without what it ends");
                    }
                    in.next();
                    block(all);
                }
                case BLOCK_END, PRINT_END, NAME, STRING, INTEGER, FLOAT, OPERATOR, END ->
                    throw in.wrong("found " + token.shown() + " outside of a tag");
            }
        }
        if (!ends.isEmpty()) {
            throw in.wrong("the template ends, expected one of " + ends);
        }
        in.leave();
        return all;
    }

    private void block(List<Statement> all) throws TemplateException {
        Token name = in.expect(Kind.NAME);
        switch (name.value()) {
            case "if" -> all.add(condition());
            case "for" -> all.add(loop());
            case "set" -> all.add(set());
            case "macro" -> all.add(macro());
            case "break" -> {
                in.expect(Kind.BLOCK_END);
                all.add(new Statement.Break());
            }
            case "continue" -> {
                in.expect(Kind.BLOCK_END);
                all.add(new Statement.Continue());
            }
            case "generation" -> {
                // Marks what the model says, for training; nothing changes.
                in.expect(Kind.BLOCK_END);
                all.addAll(statements(Set.of("endgeneration")));
                end("endgeneration");
            }
            default -> throw in.wrong("'" + name.value() + "' is not understood in templates of conversations");
        }
    }

    private void end(String name) throws TemplateException {
        in.expect(Kind.BLOCK_BEGIN);
        in.expectName(name);
        in.expect(Kind.BLOCK_END);
    }

    private Statement condition() throws TemplateException {
        Expression condition = expressions.expression();
        in.expect(Kind.BLOCK_END);
        List<Statement> then = statements(Set.of("elif", "else", "endif"));
        in.expect(Kind.BLOCK_BEGIN);
        String next = in.next().value();
        List<Statement> otherwise = List.of();
        if (next.equals("elif")) {
            in.enter();
            otherwise = List.of(condition());
            in.leave();
        } else {
            in.expect(Kind.BLOCK_END);
            if (next.equals("else")) {
                otherwise = statements(Set.of("endif"));
                end("endif");
            }
        }
        return new Statement.If(condition, then, otherwise);
    }

    private List<String> names() throws TemplateException {
        boolean bracket = in.skipOperator("(");
        List<String> names = new ArrayList<>();
        do {
            names.add(in.expect(Kind.NAME).value());
        } while (in.skipOperator(","));
        if (bracket) {
            in.expectOperator(")");
        }
        return names;
    }

    private Statement loop() throws TemplateException {
        List<String> names = names();
        in.expectName("in");
        Expression over = expressions.or();
        Optional<Expression> only = in.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        in.expect(Kind.BLOCK_END);
        List<Statement> body = statements(Set.of("else", "endfor"));
        in.expect(Kind.BLOCK_BEGIN);
        List<Statement> otherwise = List.of();
        boolean more = in.next().name("else");
        in.expect(Kind.BLOCK_END);
        if (more) {
            otherwise = statements(Set.of("endfor"));
            end("endfor");
        }
        return new Statement.For(names, over, only, body, otherwise);
    }

    private Statement set() throws TemplateException {
        if (in.peek(1).operator(".")) {
            String space = in.expect(Kind.NAME).value();
            in.next();
            String name = in.expect(Kind.NAME).value();
            in.expectOperator("=");
            Expression value = expressions.list();
            in.expect(Kind.BLOCK_END);
            return new Statement.SetAttribute(space, name, value);
        }
        List<String> names = names();
        if (in.skipOperator("=")) {
            Expression value = expressions.list();
            in.expect(Kind.BLOCK_END);
            return new Statement.Set(names, value);
        }
        in.expect(Kind.BLOCK_END);
        List<Statement> body = statements(Set.of("endset"));
        end("endset");
        return new Statement.SetBlock(names.getFirst(), body);
    }

    private Statement macro() throws TemplateException {
        String name = in.expect(Kind.NAME).value();
        in.expectOperator("(");
        List<String> names = new ArrayList<>();
        Map<String, Expression> defaults = new LinkedHashMap<>();
        while (!in.skipOperator(")")) {
            String argument = in.expect(Kind.NAME).value();
            names.add(argument);
            if (in.skipOperator("=")) {
                defaults.put(argument, expressions.expression());
            }
            if (!in.peek().operator(")")) {
                in.expectOperator(",");
            }
        }
        in.expect(Kind.BLOCK_END);
        List<Statement> body = statements(Set.of("endmacro"));
        end("endmacro");
        return new Statement.Macro(name, names, defaults, body);
    }
}
