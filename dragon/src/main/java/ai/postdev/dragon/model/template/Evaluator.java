package ai.postdev.dragon.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What expressions are worth. Values are texts, {@code Long}, {@code Double}, {@code Boolean}, null for none, lists, maps. */
final class Evaluator {
    private final Budget budget;
    private final Filters filters;
    private final Methods methods;

    Evaluator(Budget budget) {
        this.budget = budget;
        filters = new Filters(budget);
        methods = new Methods(budget);
    }

    Object value(Expression expression, Scope scope) throws TemplateException {
        budget.dig();
        Object found = found(expression, scope);
        budget.up();
        return found;
    }

    private Object found(Expression expression, Scope scope) throws TemplateException {
        return switch (expression) {
            case Expression.Constant(Object value) -> value;
            case Expression.Name(String name) -> scope.get(name);
            case Expression.Items(List<Expression> items) -> values(items, scope);
            case Expression.Dict(List<Map.Entry<Expression, Expression>> entries) -> {
                Map<Object, Object> made = new LinkedHashMap<>();
                for (Map.Entry<Expression, Expression> entry : entries) {
                    made.put(Values.key(value(entry.getKey(), scope)), value(entry.getValue(), scope));
                }
                yield made;
            }
            case Expression.Attribute(Expression of, String name) -> methods.attribute(value(of, scope), name);
            case Expression.Item(Expression of, Expression key) -> methods.item(value(of, scope), value(key, scope));
            case Expression.Slice slice -> slice(slice, scope);
            case Expression.Call call -> call(call, scope);
            case Expression.Filter(Expression of, String name, List<Expression> given, Map<String, Expression> named) ->
                filters.apply(name, value(of, scope), arguments(given, named, scope));
            case Expression.Test(Expression of, String name, List<Expression> given, boolean negated) ->
                Tests.holds(name, value(of, scope), values(given, scope), budget) != negated;
            case Expression.Unary(String operator, Expression of) -> unary(operator, value(of, scope));
            case Expression.Binary(String operator, Expression left, Expression right) ->
                Arithmetic.of(operator, value(left, scope), value(right, scope), budget);
            case Expression.Comparison comparison -> comparison(comparison, scope);
            case Expression.And(Expression left, Expression right) -> {
                Object first = value(left, scope);
                yield Values.truth(first) ? value(right, scope) : first;
            }
            case Expression.Or(Expression left, Expression right) -> {
                Object first = value(left, scope);
                yield Values.truth(first) ? first : value(right, scope);
            }
            case Expression.Conditional(Expression condition, Expression then, Optional<Expression> otherwise) ->
                Values.truth(value(condition, scope))
                        ? value(then, scope)
                        : otherwise.isPresent() ? value(otherwise.get(), scope) : new Undefined("the value of an if");
        };
    }

    private List<Object> values(List<Expression> expressions, Scope scope) throws TemplateException {
        List<Object> values = new ArrayList<>();
        for (Expression one : expressions) {
            values.add(value(one, scope));
        }
        return values;
    }

    private Arguments arguments(List<Expression> placed, Map<String, Expression> named, Scope scope)
            throws TemplateException {
        Map<String, Object> byName = new LinkedHashMap<>();
        for (Map.Entry<String, Expression> one : named.entrySet()) {
            byName.put(one.getKey(), value(one.getValue(), scope));
        }
        return new Arguments(values(placed, scope), byName);
    }

    private Object call(Expression.Call call, Scope scope) throws TemplateException {
        Object what = value(call.what(), scope);
        if (what instanceof Callable callable) {
            return callable.call(arguments(call.arguments(), call.named(), scope));
        }
        if (what instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (call.what() instanceof Expression.Name(String name)) {
            throw new TemplateException("'" + name + "' cannot be called");
        }
        throw new TemplateException(Values.kind(what) + " cannot be called");
    }

    private Object slice(Expression.Slice slice, Scope scope) throws TemplateException {
        Object of = value(slice.of(), scope);
        Object from = slice.from().isPresent() ? value(slice.from().get(), scope) : null;
        Object to = slice.to().isPresent() ? value(slice.to().get(), scope) : null;
        Object by = slice.by().isPresent() ? value(slice.by().get(), scope) : null;
        return Slices.of(of, from, to, by, budget);
    }

    private static Object unary(String operator, Object of) throws TemplateException {
        if (operator.equals("not")) {
            return !Values.truth(of);
        }
        boolean minus = operator.equals("-");
        return switch (of) {
            case Long number -> minus ? -number : number;
            case Double number -> minus ? -number : number;
            case Boolean flag -> (minus ? -1L : 1L) * (flag ? 1 : 0);
            case Undefined undefined -> throw undefined.used();
            case null, default -> throw new TemplateException("'" + operator + "' before " + Values.kind(of));
        };
    }

    private Object comparison(Expression.Comparison comparison, Scope scope) throws TemplateException {
        Object left = value(comparison.first(), scope);
        for (Map.Entry<String, Expression> one : comparison.rest()) {
            Object right = value(one.getValue(), scope);
            if (!Values.compares(one.getKey(), left, right, budget)) {
                return false;
            }
            left = right;
        }
        return true;
    }
}
