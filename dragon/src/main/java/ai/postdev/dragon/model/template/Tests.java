package ai.postdev.dragon.model.template;

import java.util.List;
import java.util.Map;

/** What follows {@code is}. */
final class Tests {
    private Tests() {}

    static boolean holds(String name, Object value, List<Object> given, Budget budget) throws TemplateException {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == null;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "number" -> value instanceof Number || value instanceof Boolean;
            case "mapping" -> value instanceof Map<?, ?>;
            case "sequence", "iterable" ->
                value instanceof List<?>
                        || value instanceof Map<?, ?>
                        || value instanceof String
                        || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "odd" -> Values.equal(rest(value, 2L, budget), 1L, budget);
            case "even" -> Values.equal(rest(value, 2L, budget), 0L, budget);
            case "divisibleby" -> Values.equal(rest(value, one(name, given), budget), 0L, budget);
            case "lower" -> value instanceof String text && text.equals(text.toLowerCase(java.util.Locale.ROOT));
            case "upper" -> value instanceof String text && text.equals(text.toUpperCase(java.util.Locale.ROOT));
            case "eq", "equalto" -> Values.equal(value, one(name, given), budget);
            case "sameas" -> {
                Object other = one(name, given);
                boolean alike = value == null ? other == null : other != null && value.getClass() == other.getClass();
                yield alike
                        && (value == null || value instanceof List<?> || value instanceof Map<?, ?>
                                ? value == other
                                : Values.equal(value, other, budget));
            }
            case "ne" -> !Values.equal(value, one(name, given), budget);
            case "lt", "lessthan" -> Values.order(value, one(name, given), budget) < 0;
            case "le" -> Values.order(value, one(name, given), budget) <= 0;
            case "gt", "greaterthan" -> Values.order(value, one(name, given), budget) > 0;
            case "ge" -> Values.order(value, one(name, given), budget) >= 0;
            case "in" -> Values.contains(one(name, given), value, budget);
            default -> throw new TemplateException("there is no test '" + name + "'");
        };
    }

    private static Object one(String name, List<Object> given) throws TemplateException {
        if (given.size() != 1) {
            throw new TemplateException("the test '" + name + "' needs one argument, found " + given.size());
        }
        return given.getFirst();
    }

    private static Object rest(Object value, Object by, Budget budget) throws TemplateException {
        return Arithmetic.of("%", value, by, budget);
    }
}
