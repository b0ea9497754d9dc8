package ai.postdev.dragon.model.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What values are, as Python sees them: true or false, equal, in order, written down. */
final class Values {
    private static final double WHOLE_MAX = 1e16;

    private Values() {}

    static boolean truth(Object value) {
        return switch (value) {
            case null -> false;
            case Undefined _ -> false;
            case Boolean flag -> flag;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    /** For people. */
    static String kind(Object value) {
        return switch (value) {
            case null -> "none";
            case Undefined undefined -> "'" + undefined.name() + "', which is undefined";
            case Boolean _ -> "a truth value";
            case Long _ -> "a whole number";
            case Double _ -> "a number";
            case String _ -> "a text";
            case List<?> _ -> "a list";
            case Map<?, ?> _ -> "a dict";
            case Space _ -> "a namespace";
            default -> "something to call";
        };
    }

    /** @throws TemplateException if it cannot be the key of a dict */
    static Object key(Object value) throws TemplateException {
        if (isKey(value)) {
            return value;
        }
        throw new TemplateException(kind(value) + " is no key of a dict");
    }

    private static boolean isKey(Object value) {
        return value == null || value instanceof String || value instanceof Long || value instanceof Boolean;
    }

    static boolean has(Map<?, ?> map, Object key) {
        return isKey(key) && map.containsKey(key);
    }

    /** What a loop goes through. */
    static List<?> items(Object value) throws TemplateException {
        return switch (value) {
            case List<?> list -> list;
            case Map<?, ?> map -> new ArrayList<>(map.keySet());
            case String text -> text.codePoints().mapToObj(Character::toString).toList();
            case Undefined _ -> List.of();
            case null, default -> throw new TemplateException(kind(value) + " cannot be gone through");
        };
    }

    static boolean equal(Object left, Object right, Budget budget) throws TemplateException {
        budget.step();
        Object one = left instanceof Boolean flag ? (Object) (flag ? 1L : 0L) : left;
        Object two = right instanceof Boolean flag ? (Object) (flag ? 1L : 0L) : right;
        if (one instanceof Number a && two instanceof Number b) {
            return one instanceof Long && two instanceof Long
                    ? a.longValue() == b.longValue()
                    : a.doubleValue() == b.doubleValue();
        }
        if (one instanceof List<?> a && two instanceof List<?> b) {
            if (a.size() != b.size()) {
                return false;
            }
            budget.enter();
            for (int i = 0; i < a.size(); i++) {
                if (!equal(a.get(i), b.get(i), budget)) {
                    budget.leave();
                    return false;
                }
            }
            budget.leave();
            return true;
        }
        if (one instanceof Map<?, ?> a && two instanceof Map<?, ?> b) {
            if (!a.keySet().equals(b.keySet())) {
                return false;
            }
            budget.enter();
            for (Map.Entry<?, ?> entry : a.entrySet()) {
                if (!equal(entry.getValue(), b.get(entry.getKey()), budget)) {
                    budget.leave();
                    return false;
                }
            }
            budget.leave();
            return true;
        }
        if (one instanceof String a && two instanceof String b) {
            budget.work(Math.min(a.length(), b.length()));
            return a.equals(b);
        }
        return one == null ? two == null : one == two || one instanceof Undefined && two instanceof Undefined;
    }

    static int order(Object left, Object right, Budget budget) throws TemplateException {
        budget.step();
        Object one = left instanceof Boolean flag ? (Object) (flag ? 1L : 0L) : left;
        Object two = right instanceof Boolean flag ? (Object) (flag ? 1L : 0L) : right;
        if (one instanceof Long a && two instanceof Long b) {
            return Long.compare(a, b);
        }
        if (one instanceof Number a && two instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        }
        if (one instanceof String a && two instanceof String b) {
            budget.work(Math.min(a.length(), b.length()));
            return a.compareTo(b);
        }
        if (one instanceof List<?> a && two instanceof List<?> b) {
            budget.enter();
            int found = 0;
            for (int i = 0; found == 0 && i < Math.min(a.size(), b.size()); i++) {
                found = order(a.get(i), b.get(i), budget);
            }
            budget.leave();
            return found != 0 ? found : Integer.compare(a.size(), b.size());
        }
        throw new TemplateException(kind(left) + " and " + kind(right) + " have no order");
    }

    static boolean compares(String operator, Object left, Object right, Budget budget) throws TemplateException {
        return switch (operator) {
            case "==" -> equal(left, right, budget);
            case "!=" -> !equal(left, right, budget);
            case "<" -> order(left, right, budget) < 0;
            case "<=" -> order(left, right, budget) <= 0;
            case ">" -> order(left, right, budget) > 0;
            case ">=" -> order(left, right, budget) >= 0;
            case "in" -> contains(right, left, budget);
            case "not in" -> !contains(right, left, budget);
            default -> throw new TemplateException("'" + operator + "' is no comparison");
        };
    }

    static boolean contains(Object whole, Object part, Budget budget) throws TemplateException {
        switch (whole) {
            case String text -> {
                if (!(part instanceof String piece)) {
                    throw new TemplateException(kind(part) + " is looked for in a text");
                }
                budget.work(text.length());
                return text.contains(piece);
            }
            case Map<?, ?> map -> {
                return has(map, part);
            }
            case Space space -> {
                return has(space.values, part);
            }
            case null, default -> {
                for (Object one : items(whole)) {
                    if (equal(one, part, budget)) {
                        return true;
                    }
                }
                return false;
            }
        }
    }

    /** As it is printed. */
    static String text(Object value, Budget budget) throws TemplateException {
        return switch (value) {
            case String text -> text;
            case Undefined _ -> "";
            case null, default -> {
                StringBuilder out = new StringBuilder();
                write(value, out, budget);
                yield out.toString();
            }
        };
    }

    /** As Python writes it within something else. */
    private static void write(Object value, StringBuilder out, Budget budget) throws TemplateException {
        budget.enter();
        budget.characters(out.length());
        switch (value) {
            case null -> out.append("None");
            case Boolean flag -> out.append(flag ? "True" : "False");
            case Long number -> out.append(number);
            case Double number -> out.append(real(number));
            case String text -> quoted(text, out);
            case Undefined _ -> out.append("Undefined");
            case List<?> list -> {
                out.append('[');
                for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
                    write(items.next(), out, budget);
                    out.append(items.hasNext() ? ", " : "");
                }
                out.append(']');
            }
            case Map<?, ?> map -> {
                out.append('{');
                for (Iterator<? extends Map.Entry<?, ?>> entries =
                                map.entrySet().iterator();
                        entries.hasNext(); ) {
                    Map.Entry<?, ?> entry = entries.next();
                    write(entry.getKey(), out, budget);
                    out.append(": ");
                    write(entry.getValue(), out, budget);
                    out.append(entries.hasNext() ? ", " : "");
                }
                out.append('}');
            }
            default -> throw new TemplateException(kind(value) + " cannot be written down");
        }
        budget.leave();
    }

    static String real(double number) {
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (number == Math.rint(number) && Math.abs(number) < WHOLE_MAX) {
            return (long) number + ".0";
        }
        return Double.toString(number).replace("E-", "e-").replace("E", "e+");
    }

    private static void quoted(String text, StringBuilder out) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (c < ' ' || c == 0x7f) {
                        out.append(String.format("\\x%02x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        out.append(quote);
    }
}
