package ai.postdev.dragon.model.template;

import ai.postdev.dragon.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads expressions, with Jinja's precedence. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Tokens in;

    ExpressionParser(Tokens in) {
        this.in = in;
    }

    /** An expression, or several with commas between them, which are a list. */
    Expression list() throws TemplateException {
        Expression first = expression();
        if (!in.peek().operator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (in.skipOperator(",")) {
            if (in.peek().kind() == Kind.BLOCK_END || in.peek().kind() == Kind.PRINT_END) {
                break;
            }
            items.add(expression());
        }
        return new Expression.Items(items);
    }

    Expression expression() throws TemplateException {
        in.enter();
        Expression value = or();
        while (in.skipName("if")) {
            Expression condition = or();
            Optional<Expression> otherwise = in.skipName("else") ? Optional.of(expression()) : Optional.empty();
            value = new Expression.Conditional(condition, value, otherwise);
        }
        in.leave();
        return value;
    }

    /** Without a condition behind it: what a loop goes through. */
    Expression or() throws TemplateException {
        Expression left = and();
        while (in.skipName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() throws TemplateException {
        Expression left = not();
        while (in.skipName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() throws TemplateException {
        if (in.skipName("not")) {
            in.enter();
            Expression value = new Expression.Unary("not", not());
            in.leave();
            return value;
        }
        return comparison();
    }

    private Expression comparison() throws TemplateException {
        Expression first = sum();
        List<Map.Entry<String, Expression>> rest = new ArrayList<>();
        while (true) {
            Token token = in.peek();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.value())) {
                in.next();
                rest.add(Map.entry(token.value(), sum()));
            } else if (in.skipName("in")) {
                rest.add(Map.entry("in", sum()));
            } else if (token.name("not") && in.peek(1).name("in")) {
                in.next();
                in.next();
                rest.add(Map.entry("not in", sum()));
            } else {
                return rest.isEmpty() ? first : new Expression.Comparison(first, rest);
            }
        }
    }

    private Expression sum() throws TemplateException {
        Expression left = concatenation();
        while (in.peek().operator("+") || in.peek().operator("-")) {
            left = new Expression.Binary(in.next().value(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() throws TemplateException {
        Expression left = product();
        while (in.skipOperator("~")) {
            left = new Expression.Binary("~", left, product());
        }
        return left;
    }

    private Expression product() throws TemplateException {
        Expression left = power();
        while (in.peek().operator("*")
                || in.peek().operator("/")
                || in.peek().operator("//")
                || in.peek().operator("%")) {
            left = new Expression.Binary(in.next().value(), left, power());
        }
        return left;
    }

    private Expression power() throws TemplateException {
        Expression left = unary(true);
        while (in.skipOperator("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean filters) throws TemplateException {
        Expression value;
        if (in.peek().operator("-") || in.peek().operator("+")) {
            String sign = in.next().value();
            in.enter();
            value = new Expression.Unary(sign, unary(false));
            in.leave();
        } else {
            value = postfix(primary());
        }
        return filters ? filters(value) : value;
    }

    private Expression primary() throws TemplateException {
        Token token = in.next();
        return switch (token.kind()) {
            case NAME ->
                switch (token.value()) {
                    case "true", "True" -> new Expression.Constant(true);
                    case "false", "False" -> new Expression.Constant(false);
                    case "none", "None" -> new Expression.Constant(null);
                    default -> new Expression.Name(token.value());
                };
            case STRING -> {
                StringBuilder text = new StringBuilder(token.value());
                while (in.peek().kind() == Kind.STRING) {
                    text.append(in.next().value());
                }
                yield new Expression.Constant(text.toString());
            }
            case INTEGER -> new Expression.Constant(Long.valueOf(token.value()));
            case FLOAT -> new Expression.Constant(Double.valueOf(token.value()));
            case OPERATOR ->
                switch (token.value()) {
                    case "(" -> bracket();
                    case "[" -> new Expression.Items(items("]"));
                    case "{" -> dict();
                    default -> throw in.wrong("found " + token.shown() + ", expected a value");
                };
            case DATA, BLOCK_BEGIN, BLOCK_END, PRINT_BEGIN, PRINT_END, END ->
                throw in.wrong("found " + token.shown() + ", expected a value");
        };
    }

    private Expression bracket() throws TemplateException {
        if (in.skipOperator(")")) {
            return new Expression.Items(List.of());
        }
        Expression first = expression();
        if (in.skipOperator(")")) {
            return first;
        }
        in.expectOperator(",");
        List<Expression> items = new ArrayList<>(List.of(first));
        items.addAll(items(")"));
        return new Expression.Items(items);
    }

    private List<Expression> items(String end) throws TemplateException {
        List<Expression> items = new ArrayList<>();
        while (!in.skipOperator(end)) {
            items.add(expression());
            if (!in.peek().operator(end)) {
                in.expectOperator(",");
            }
        }
        return items;
    }

    private Expression dict() throws TemplateException {
        List<Map.Entry<Expression, Expression>> entries = new ArrayList<>();
        while (!in.skipOperator("}")) {
            Expression key = expression();
            in.expectOperator(":");
            entries.add(Map.entry(key, expression()));
            if (!in.peek().operator("}")) {
                in.expectOperator(",");
            }
        }
        return new Expression.Dict(entries);
    }

    private Expression postfix(Expression first) throws TemplateException {
        Expression value = first;
        while (true) {
            if (in.skipOperator(".")) {
                Token name = in.next();
                if (name.kind() != Kind.NAME && name.kind() != Kind.INTEGER) {
                    throw in.wrong("found " + name.shown() + ", expected a name after '.'");
                }
                value = name.kind() == Kind.NAME
                        ? new Expression.Attribute(value, name.value())
                        : new Expression.Item(value, new Expression.Constant(Long.valueOf(name.value())));
            } else if (in.skipOperator("[")) {
                value = subscript(value);
            } else if (in.skipOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression of) throws TemplateException {
        Optional<Expression> from = in.peek().operator(":") ? Optional.empty() : Optional.of(expression());
        if (in.skipOperator("]")) {
            return new Expression.Item(of, from.orElseThrow());
        }
        in.expectOperator(":");
        Optional<Expression> to = ends() ? Optional.empty() : Optional.of(expression());
        Optional<Expression> by = in.skipOperator(":") && !ends() ? Optional.of(expression()) : Optional.empty();
        in.expectOperator("]");
        return new Expression.Slice(of, from, to, by);
    }

    private boolean ends() {
        return in.peek().operator(":") || in.peek().operator("]");
    }

    private Expression call(Expression what) throws TemplateException {
        List<Expression> arguments = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        arguments(arguments, named);
        return new Expression.Call(what, arguments, named);
    }

    private void arguments(List<Expression> arguments, Map<String, Expression> named) throws TemplateException {
        while (!in.skipOperator(")")) {
            if (in.peek().kind() == Kind.NAME && in.peek(1).operator("=")) {
                String name = in.next().value();
                in.next();
                named.put(name, expression());
            } else {
                arguments.add(expression());
            }
            if (!in.peek().operator(")")) {
                in.expectOperator(",");
            }
        }
    }

    private Expression filters(Expression first) throws TemplateException {
        Expression value = first;
        while (true) {
            if (in.skipOperator("|")) {
                String name = in.expect(Kind.NAME).value();
                List<Expression> arguments = new ArrayList<>();
                Map<String, Expression> named = new LinkedHashMap<>();
                if (in.skipOperator("(")) {
                    arguments(arguments, named);
                }
                value = new Expression.Filter(value, name, arguments, named);
            } else if (in.skipName("is")) {
                value = test(value);
            } else if (in.skipOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Expression test(Expression of) throws TemplateException {
        boolean negated = in.skipName("not");
        String name = in.expect(Kind.NAME).value();
        List<Expression> arguments = new ArrayList<>();
        Token next = in.peek();
        if (in.skipOperator("(")) {
            arguments(arguments, new LinkedHashMap<>());
        } else if (next.kind() == Kind.STRING
                || next.kind() == Kind.INTEGER
                || next.kind() == Kind.FLOAT
                || next.operator("[")
                || next.operator("{")
                || next.kind() == Kind.NAME
                        && !Set.of("else", "or", "and", "is", "if", "not", "in").contains(next.value())) {
            arguments.add(postfix(primary()));
        }
        return new Expression.Test(of, name, arguments, negated);
    }
}
