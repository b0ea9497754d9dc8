package ai.postdev.dragon.model.template;

import java.util.List;
import java.util.Map;

/** What something is called with: some by their place, some by their name. */
record Arguments(List<Object> placed, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** The one with this place or name; {@code otherwise} if there is none. */
    Object get(int place, String name, Object otherwise) {
        if (place < placed.size()) {
            return placed.get(place);
        }
        return named.containsKey(name) ? named.get(name) : otherwise;
    }

    /** The same, which must be there. */
    Object need(int place, String name) throws TemplateException {
        if (place >= placed.size() && !named.containsKey(name)) {
            throw new TemplateException("the argument '" + name + "' is missing");
        }
        return get(place, name, null);
    }

    String text(int place, String name) throws TemplateException {
        if (need(place, name) instanceof String text) {
            return text;
        }
        throw new TemplateException("the argument '" + name + "' must be a text");
    }

    int number(int place, String name, int otherwise) throws TemplateException {
        Object value = get(place, name, (long) otherwise);
        if (value instanceof Long number) {
            return Math.clamp(number, Integer.MIN_VALUE + 1, Integer.MAX_VALUE);
        }
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        throw new TemplateException("the argument '" + name + "' must be a whole number");
    }
}
