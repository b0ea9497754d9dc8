package ai.postdev.dragon.model.template;

import java.util.ArrayList;
import java.util.List;

/** Sums, products and the like, as Python counts them; also of texts and lists. */
final class Arithmetic {
    private Arithmetic() {}

    static Object of(String operator, Object left, Object right, Budget budget) throws TemplateException {
        if (operator.equals("~")) {
            return budget.text(Values.text(left, budget) + Values.text(right, budget));
        }
        if (left instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (right instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (operator.equals("%") && left instanceof String format) {
            return Formats.percent(format, right, budget);
        }
        if (operator.equals("+") && left instanceof String one && right instanceof String two) {
            budget.characters((long) one.length() + two.length());
            return one + two;
        }
        if (operator.equals("+") && left instanceof List<?> one && right instanceof List<?> two) {
            budget.items((long) one.size() + two.size());
            List<Object> all = new ArrayList<>(one);
            all.addAll(two);
            return all;
        }
        if (operator.equals("*") && number(right) instanceof Long times && !(number(left) instanceof Number)) {
            return repeated(left, times, budget);
        }
        if (operator.equals("*") && number(left) instanceof Long times && !(number(right) instanceof Number)) {
            return repeated(right, times, budget);
        }
        Object one = number(left);
        Object two = number(right);
        if (one == null || two == null) {
            throw new TemplateException(
                    "'" + operator + "' between " + Values.kind(left) + " and " + Values.kind(right));
        }
        return one instanceof Long a && two instanceof Long b && !operator.equals("/")
                ? whole(operator, a, b)
                : real(operator, ((Number) one).doubleValue(), ((Number) two).doubleValue());
    }

    private static Object repeated(Object what, long times, Budget budget) throws TemplateException {
        int count = Math.clamp(times, 0, Integer.MAX_VALUE);
        return switch (what) {
            case String text -> {
                budget.characters((long) count * text.length());
                yield text.isEmpty() ? "" : text.repeat(count);
            }
            case List<?> list -> {
                budget.items((long) count * list.size());
                List<Object> all = new ArrayList<>();
                for (int i = 0; i < count && !list.isEmpty(); i++) {
                    all.addAll(list);
                }
                yield all;
            }
            case null, default -> throw new TemplateException("'*' of " + Values.kind(what));
        };
    }

    private static Object number(Object value) {
        return switch (value) {
            case Long number -> number;
            case Double number -> number;
            case Boolean flag -> flag ? 1L : 0L;
            case null, default -> null;
        };
    }

    private static Object whole(String operator, long a, long b) throws TemplateException {
        try {
            return switch (operator) {
                case "+" -> Math.addExact(a, b);
                case "-" -> Math.subtractExact(a, b);
                case "*" -> Math.multiplyExact(a, b);
                case "//" -> Math.floorDiv(a, b);
                case "%" -> Math.floorMod(a, b);
                case "**" -> b < 0 ? (Object) Math.pow(a, b) : power(a, b);
                default -> throw new TemplateException("'" + operator + "' is no operator");
            };
        } catch (ArithmeticException e) {
            throw new TemplateException(a + " " + operator + " " + b + " cannot be computed: " + e.getMessage());
        }
    }

    private static long power(long a, long b) {
        if (a == 0 || a == 1 || a == -1) {
            return b == 0 || a == 1 || a == -1 && b % 2 == 0 ? 1 : a;
        }
        if (b >= Long.SIZE) {
            throw new ArithmeticException("long overflow");
        }
        long result = 1;
        for (long i = 0; i < b; i++) {
            result = Math.multiplyExact(result, a);
        }
        return result;
    }

    private static Object real(String operator, double a, double b) throws TemplateException {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new TemplateException("a division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> a - b * Math.floor(a / b);
            case "**" -> Math.pow(a, b);
            default -> throw new TemplateException("'" + operator + "' is no operator");
        };
    }
}
