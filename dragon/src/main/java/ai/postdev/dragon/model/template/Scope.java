package ai.postdev.dragon.model.template;

import java.util.HashMap;
import java.util.Map;

/** Names of one block; what is not here is looked for around it. */
final class Scope {
    private final Scope around;
    private final Map<String, Object> values = new HashMap<>();

    Scope(Scope around) {
        this.around = around;
    }

    void set(String name, Object value) {
        values.put(name, value);
    }

    Object get(String name) {
        for (Scope at = this; at != null; at = at.around) {
            if (at.values.containsKey(name)) {
                return at.values.get(name);
            }
        }
        return new Undefined(name);
    }
}
