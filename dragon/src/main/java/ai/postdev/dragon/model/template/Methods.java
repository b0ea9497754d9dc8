package ai.postdev.dragon.model.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is inside of values: entries of dicts, and those methods of Python's texts, lists and dicts that change nothing. */
final class Methods {
    private final Budget budget;

    Methods(Budget budget) {
        this.budget = budget;
    }

    /** {@code value.name} */
    Object attribute(Object value, String name) throws TemplateException {
        return switch (value) {
            case Undefined undefined -> throw undefined.used();
            case Space space -> space.values.getOrDefault(name, new Undefined(name));
            case Map<?, ?> map -> {
                Callable method = dict(map, name);
                yield method != null ? method : map.containsKey(name) ? map.get(name) : new Undefined(name);
            }
            case String text -> or(text(text, name), name);
            case List<?> list -> or(list(list, name), name);
            case null, default -> new Undefined(name);
        };
    }

    private static Object or(Callable method, String name) {
        return method == null ? new Undefined(name) : method;
    }

    /** {@code value[key]} */
    Object item(Object value, Object key) throws TemplateException {
        return switch (value) {
            case Undefined undefined -> throw undefined.used();
            case Map<?, ?> map when Values.has(map, key) -> map.get(key);
            case List<?> list
            when key instanceof Long index -> {
                long at = index < 0 ? index + list.size() : index;
                yield at >= 0 && at < list.size() ? list.get((int) at) : new Undefined("item " + index);
            }
            case String text
            when key instanceof Long index -> {
                int[] points = text.codePoints().toArray();
                budget.work(points.length);
                long at = index < 0 ? index + points.length : index;
                yield at >= 0 && at < points.length
                        ? Character.toString(points[(int) at])
                        : new Undefined("item " + index);
            }
            case null, default -> key instanceof String name ? attribute(value, name) : new Undefined("an item");
        };
    }

    private Callable dict(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" -> _ -> entries(map, budget);
            case "keys" -> _ -> budget.list(new ArrayList<Object>(map.keySet()));
            case "values" -> _ -> budget.list(new ArrayList<Object>(map.values()));
            case "get" ->
                given -> {
                    Object key = given.need(0, "key");
                    return Values.has(map, key) ? map.get(key) : given.get(1, "default", null);
                };
            default -> null;
        };
    }

    static List<Object> entries(Map<?, ?> map, Budget budget) throws TemplateException {
        List<Object> all = new ArrayList<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            all.add(Arrays.asList(entry.getKey(), entry.getValue()));
        }
        return budget.list(all);
    }

    private Callable list(List<?> list, String name) {
        return switch (name) {
            case "index" ->
                given -> {
                    for (int i = 0; i < list.size(); i++) {
                        if (Values.equal(list.get(i), given.need(0, "value"), budget)) {
                            return (long) i;
                        }
                    }
                    throw new TemplateException("the list does not have what its place was asked for");
                };
            case "count" ->
                given -> {
                    long count = 0;
                    for (Object one : list) {
                        count += Values.equal(one, given.need(0, "value"), budget) ? 1 : 0;
                    }
                    return count;
                };
            default -> null;
        };
    }

    private Callable text(String text, String name) {
        return switch (name) {
            case "strip" -> given -> Texts.stripped(text, given, true, true, budget);
            case "lstrip" -> given -> Texts.stripped(text, given, true, false, budget);
            case "rstrip" -> given -> Texts.stripped(text, given, false, true, budget);
            case "upper" -> _ -> budget.text(text.toUpperCase(Locale.ROOT));
            case "lower" -> _ -> budget.text(text.toLowerCase(Locale.ROOT));
            case "title" -> _ -> budget.text(Texts.title(text));
            case "capitalize" -> _ -> budget.text(Texts.capitalised(text));
            case "startswith" -> given -> Texts.any(given.need(0, "prefix"), text::startsWith);
            case "endswith" -> given -> Texts.any(given.need(0, "suffix"), text::endsWith);
            case "split" -> given -> Texts.split(text, given, budget);
            case "rsplit" -> given -> Texts.splitFromEnd(text, given, budget);
            case "splitlines" ->
                _ -> budget.list(text.lines().map(Object.class::cast).toList());
            case "replace" ->
                given -> Texts.replaced(
                        text, given.text(0, "old"), given.text(1, "new"), given.number(2, "count", -1), budget);
            case "find" -> given -> (long) text.indexOf(given.text(0, "sub"));
            case "rfind" -> given -> (long) text.lastIndexOf(given.text(0, "sub"));
            case "index" ->
                given -> {
                    int at = text.indexOf(given.text(0, "sub"));
                    if (at < 0) {
                        throw new TemplateException("the text does not have what its place was asked for");
                    }
                    return (long) at;
                };
            case "count" -> given -> Texts.count(text, given.text(0, "sub"), budget);
            case "join" -> given -> Texts.joined(Values.items(given.need(0, "items")), text, budget);
            case "removeprefix" ->
                given -> text.startsWith(given.text(0, "prefix"))
                        ? text.substring(given.text(0, "prefix").length())
                        : text;
            case "removesuffix" ->
                given -> text.endsWith(given.text(0, "suffix"))
                        ? text.substring(
                                0, text.length() - given.text(0, "suffix").length())
                        : text;
            case "isdigit", "isdecimal", "isnumeric" ->
                _ -> !text.isEmpty() && text.codePoints().allMatch(Character::isDigit);
            case "isalpha" -> _ -> !text.isEmpty() && text.codePoints().allMatch(Character::isLetter);
            case "isalnum" -> _ -> !text.isEmpty() && text.codePoints().allMatch(Character::isLetterOrDigit);
            case "isspace" -> _ -> !text.isEmpty() && text.codePoints().allMatch(Character::isWhitespace);
            case "format" -> given -> Formats.braces(text, given, budget);
            default -> null;
        };
    }
}
