package ai.postdev.dragon.model.template;

import java.util.HashMap;
import java.util.Map;

/** What {@code namespace()} makes: names that can be set from any block. */
final class Space {
    final Map<String, Object> values = new HashMap<>();
}
