package ai.postdev.dragon.model.catalogue;

import java.util.Optional;

/** Knows whether a model is in use, such as loaded in a slot. Any thread; must not block. */
@FunctionalInterface
public interface UsageProbe {
    /** No model is in use. */
    UsageProbe NONE = _ -> Optional.empty();

    /** Who uses the model, for people, such as {@code slot 2 (ready)}; empty: nobody. */
    Optional<String> userOf(ModelName name);
}
