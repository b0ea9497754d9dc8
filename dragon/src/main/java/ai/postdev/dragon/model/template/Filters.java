package ai.postdev.dragon.model.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What follows {@code |}. */
final class Filters {
    private final Budget budget;
    private final Methods methods;

    Filters(Budget budget) {
        this.budget = budget;
        methods = new Methods(budget);
    }

    Object apply(String name, Object value, Arguments given) throws TemplateException {
        return switch (name) {
            case "default", "d" -> {
                boolean missing = value instanceof Undefined
                        || Values.truth(given.get(1, "boolean", false)) && !Values.truth(value);
                yield missing ? given.get(0, "default_value", "") : value;
            }
            case "tojson" -> JsonText.of(value, given, budget);
            case "trim" -> Texts.stripped(Values.text(value, budget), given, true, true, budget);
            case "string" -> Values.text(value, budget);
            case "safe" -> value;
            case "upper" -> budget.text(Values.text(value, budget).toUpperCase(Locale.ROOT));
            case "lower" -> budget.text(Values.text(value, budget).toLowerCase(Locale.ROOT));
            case "capitalize" -> budget.text(Texts.capitalised(Values.text(value, budget)));
            case "title" -> budget.text(Texts.headed(Values.text(value, budget)));
            case "replace" ->
                Texts.replaced(
                        Values.text(value, budget),
                        given.text(0, "old"),
                        given.text(1, "new"),
                        given.number(2, "count", -1),
                        budget);
            case "indent" -> {
                if (!(value instanceof String text)) {
                    throw new TemplateException(Values.kind(value) + " cannot be indented");
                }
                yield indented(text, given);
            }
            case "escape", "e" ->
                budget.text(Values.text(value, budget)
                        .replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("'", "&#39;")
                        .replace("\"", "&#34;"));
            case "format" -> Formats.percent(Values.text(value, budget), given.placed(), budget);
            case "length", "count" ->
                value instanceof String text
                        ? (long) text.codePointCount(0, text.length())
                        : (long) Values.items(value).size();
            case "int" -> whole(value, given.get(0, "default", 0L));
            case "float" -> real(value, given.get(0, "default", 0.0));
            case "abs" -> value instanceof Double number ? (Object) Math.abs(number) : (Object) Math.abs(number(value));
            case "round" -> {
                if (value instanceof Long || value instanceof Boolean) {
                    yield number(value);
                }
                if (!(value instanceof Double)) {
                    throw new TemplateException(Values.kind(value) + " cannot be rounded");
                }
                double scale = Math.pow(10, Math.clamp(given.number(0, "precision", 0), 0, 15));
                yield Math.rint(real(value, 0.0) * scale) / scale;
            }
            default -> list(name, value, given);
        };
    }

    /** Of these filters jinja2 looks at nothing that is false. */
    private static final Set<String> LENIENT = Set.of("map", "select", "reject", "selectattr", "rejectattr");

    private Object list(String name, Object value, Arguments given) throws TemplateException {
        List<?> items = LENIENT.contains(name) && !Values.truth(value) ? List.of() : Values.items(value);
        return switch (name) {
            case "list" -> budget.list(new ArrayList<Object>(items));
            case "first" -> items.isEmpty() ? new Undefined("the first of nothing") : items.getFirst();
            case "last" -> items.isEmpty() ? new Undefined("the last of nothing") : items.getLast();
            case "join" -> joined(items, given);
            case "items" -> {
                if (value instanceof Map<?, ?> map) {
                    yield Methods.entries(map, budget);
                }
                throw new TemplateException(Values.kind(value) + " has no items");
            }
            case "dictsort" -> {
                if (!(value instanceof Map<?, ?> map)) {
                    throw new TemplateException(Values.kind(value) + " is no dict");
                }
                List<Object> entries = Methods.entries(map, budget);
                entries.sort(Comparator.comparing(
                        entry -> String.valueOf(((List<?>) entry).getFirst()).toLowerCase(Locale.ROOT)));
                yield entries;
            }
            case "reverse" ->
                value instanceof String text
                        ? budget.text(new StringBuilder(text).reverse().toString())
                        : budget.list(new ArrayList<Object>(items.reversed()));
            case "sort" -> sorted(items, given);
            case "unique" -> unique(items);
            case "sum" -> {
                Object sum = 0L;
                for (Object one : attributes(items, given.named().get("attribute"))) {
                    sum = Arithmetic.of("+", sum, one, budget);
                }
                yield sum;
            }
            case "min", "max" -> {
                Object best = items.isEmpty() ? new Undefined("the " + name + " of nothing") : items.getFirst();
                for (Object one : items.subList(Math.min(1, items.size()), items.size())) {
                    int order = Values.order(key(one, null), key(best, null), budget);
                    best = (name.equals("min") ? order < 0 : order > 0) ? one : best;
                }
                yield best;
            }
            case "map" -> mapped(items, given);
            case "select", "reject" -> selected(items, given, false, name.equals("select"));
            case "selectattr", "rejectattr" -> selected(items, given, true, name.equals("selectattr"));
            default -> throw new TemplateException("there is no filter '" + name + "'");
        };
    }

    private String joined(List<?> items, Arguments given) throws TemplateException {
        return Texts.joined(
                attributes(items, given.get(1, "attribute", null)), Values.text(given.get(0, "d", ""), budget), budget);
    }

    private List<?> attributes(List<?> items, Object name) throws TemplateException {
        if (name == null) {
            return items;
        }
        List<Object> values = new ArrayList<>();
        for (Object one : items) {
            values.add(attribute(one, name));
        }
        return budget.list(values);
    }

    /** {@code "a.b"} goes into what {@code "a"} gives. */
    private Object attribute(Object of, Object path) throws TemplateException {
        Object value = of;
        for (String name : Values.text(path, budget).split("\\.")) {
            boolean number =
                    !name.isEmpty() && name.length() < 6 && name.chars().allMatch(c -> c >= '0' && c <= '9');
            value = methods.item(value, number ? (Object) Long.valueOf(name) : name);
        }
        return value;
    }

    private List<Object> mapped(List<?> items, Arguments given) throws TemplateException {
        Object attribute = given.named().get("attribute");
        List<Object> values = new ArrayList<>();
        for (Object one : items) {
            budget.step();
            if (attribute != null) {
                Object found = attribute(one, attribute);
                values.add(
                        found instanceof Undefined && given.named().containsKey("default")
                                ? given.named().get("default")
                                : found);
            } else {
                values.add(apply(
                        given.text(0, "filter"),
                        one,
                        new Arguments(given.placed().subList(1, given.placed().size()), given.named())));
            }
        }
        return budget.list(values);
    }

    private List<Object> selected(List<?> items, Arguments given, boolean attribute, boolean wanted)
            throws TemplateException {
        int skip = attribute ? 1 : 0;
        List<Object> placed = given.placed();
        List<Object> kept = new ArrayList<>();
        for (Object one : items) {
            budget.step();
            Object value = attribute ? attribute(one, given.need(0, "attribute")) : one;
            boolean holds = placed.size() <= skip
                    ? Values.truth(value)
                    : Tests.holds(test(placed.get(skip)), value, placed.subList(skip + 1, placed.size()), budget);
            if (holds == wanted) {
                kept.add(one);
            }
        }
        return budget.list(kept);
    }

    /** Tests of comparison can be named by their sign here. */
    private static String test(Object name) throws TemplateException {
        if (!(name instanceof String text)) {
            throw new TemplateException("a test is named by a text, found " + Values.kind(name));
        }
        return switch (text) {
            case "==" -> "eq";
            case "!=" -> "ne";
            case "<" -> "lt";
            case "<=" -> "le";
            case ">" -> "gt";
            case ">=" -> "ge";
            default -> text;
        };
    }

    private List<Object> sorted(List<?> items, Arguments given) throws TemplateException {
        Object attribute = given.named().get("attribute");
        boolean backwards = Values.truth(given.get(0, "reverse", false));
        // By insertion, because an order may not exist, which a comparator cannot say; lists are short.
        List<Object> sorted = new ArrayList<>();
        for (Object one : items) {
            Object key = key(one, attribute);
            int at = sorted.size();
            while (at > 0) {
                int order = Values.order(key, key(sorted.get(at - 1), attribute), budget);
                if (backwards ? order <= 0 : order >= 0) {
                    break;
                }
                at--;
            }
            sorted.add(at, one);
        }
        return budget.list(sorted);
    }

    private Object key(Object of, Object attribute) throws TemplateException {
        Object key = attribute == null ? of : attribute(of, attribute);
        return key instanceof String text ? text.toLowerCase(Locale.ROOT) : key;
    }

    private List<Object> unique(List<?> items) throws TemplateException {
        List<Object> kept = new ArrayList<>();
        List<Object> keys = new ArrayList<>();
        for (Object one : items) {
            if (!Values.contains(keys, key(one, null), budget)) {
                keys.add(key(one, null));
                kept.add(one);
            }
        }
        return kept;
    }

    private String indented(String text, Arguments given) throws TemplateException {
        Object width = given.get(0, "width", 4L);
        String by = width instanceof String blanks ? blanks : " ".repeat(Math.clamp(number(width), 0, 64));
        boolean first = Values.truth(given.get(1, "first", false));
        boolean blank = Values.truth(given.get(2, "blank", false));
        StringBuilder out = new StringBuilder();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            budget.step();
            out.append(i > 0 ? "\n" : "");
            out.append((i > 0 || first) && (blank || !lines[i].isBlank()) ? by : "");
            out.append(lines[i]);
            if (out.length() > budget.bounds().charactersMax()) {
                budget.characters(out.length());
            }
        }
        return budget.text(out.toString());
    }

    private static long number(Object value) throws TemplateException {
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        throw new TemplateException("a whole number is needed, found " + Values.kind(value));
    }

    private static Object whole(Object value, Object otherwise) {
        return switch (value) {
            case Long number -> number;
            case Double number -> (long) (double) number;
            case Boolean flag -> flag ? 1L : 0L;
            case String text -> {
                try {
                    yield Long.parseLong(text.strip());
                } catch (NumberFormatException _) {
                    yield otherwise;
                }
            }
            case null, default -> otherwise;
        };
    }

    private static double real(Object value, Object otherwise) throws TemplateException {
        try {
            return switch (value) {
                case Number number -> number.doubleValue();
                case String text -> Double.parseDouble(text.strip());
                case null, default -> {
                    if (otherwise instanceof Number number) {
                        yield number.doubleValue();
                    }
                    throw new TemplateException("a number is needed, found " + Values.kind(value));
                }
            };
        } catch (NumberFormatException _) {
            return otherwise instanceof Number number ? number.doubleValue() : 0;
        }
    }
}
