package ai.postdev.dragon.model.template;

import ai.postdev.actors.text.JsonString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Values as JSON, spaced as Python's {@code json.dumps(value, ensure_ascii=False)} does it. */
final class JsonText {
    private final Budget budget;
    private final int indent;
    private final String comma;
    private final String colon;
    private final boolean sorted;
    private final StringBuilder out = new StringBuilder();

    /** @param indent blanks of each level; below 0: all on one line */
    private JsonText(Budget budget, int indent, String comma, String colon, boolean sorted) {
        this.budget = budget;
        this.indent = indent;
        this.comma = comma;
        this.colon = colon;
        this.sorted = sorted;
    }

    static String of(Object value, Arguments how, Budget budget) throws TemplateException {
        Object level = how.named().get("indent");
        int indent = level instanceof Long number ? Math.clamp(number, 0, 64) : -1;
        String comma = indent < 0 ? ", " : ",";
        String colon = ": ";
        if (how.named().get("separators") instanceof List<?> pair
                && pair.size() == 2
                && pair.get(0) instanceof String first
                && pair.get(1) instanceof String second) {
            comma = first;
            colon = second;
        }
        JsonText text = new JsonText(
                budget, indent, comma, colon, Values.truth(how.named().get("sort_keys")));
        text.write(value, 0);
        return budget.text(text.out.toString());
    }

    private void write(Object value, int depth) throws TemplateException {
        budget.enter();
        budget.step();
        if (out.length() > budget.bounds().charactersMax()) {
            budget.characters(out.length());
        }
        switch (value) {
            case null -> out.append("null");
            case Boolean flag -> out.append(flag.booleanValue());
            case Long number -> out.append(number);
            case Double number -> {
                String text = Values.real(number);
                out.append(
                        switch (text) {
                            case "inf" -> "Infinity";
                            case "-inf" -> "-Infinity";
                            case "nan" -> "NaN";
                            default -> text;
                        });
            }
            case String text -> quoted(text);
            case List<?> list -> {
                out.append('[');
                for (int i = 0; i < list.size(); i++) {
                    line(i, depth + 1);
                    write(list.get(i), depth + 1);
                }
                close(list.isEmpty(), depth, ']');
            }
            case Map<?, ?> map -> map(map, depth);
            case Undefined undefined -> throw undefined.used();
            default -> throw new TemplateException(Values.kind(value) + " cannot be written as JSON");
        }
        budget.leave();
    }

    private void map(Map<?, ?> map, int depth) throws TemplateException {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (sorted) {
            entries.sort(Comparator.comparing(entry -> String.valueOf(entry.getKey())));
        }
        out.append('{');
        for (int i = 0; i < entries.size(); i++) {
            line(i, depth + 1);
            Object key = entries.get(i).getKey();
            quoted(key instanceof String text ? text : key == null ? "null" : key.toString());
            out.append(colon);
            write(entries.get(i).getValue(), depth + 1);
        }
        close(entries.isEmpty(), depth, '}');
    }

    private void line(int i, int depth) {
        if (i > 0) {
            out.append(comma);
        }
        if (indent >= 0) {
            out.append('\n').append(" ".repeat(indent * depth));
        }
    }

    private void close(boolean empty, int depth, char bracket) {
        if (!empty && indent >= 0) {
            out.append('\n').append(" ".repeat(indent * depth));
        }
        out.append(bracket);
    }

    private void quoted(String text) throws TemplateException {
        budget.work(text.length());
        JsonString.append(text, _ -> false, out);
    }
}
