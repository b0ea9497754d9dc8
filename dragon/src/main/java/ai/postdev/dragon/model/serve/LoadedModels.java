package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.model.catalogue.ModelName;
import ai.postdev.dragon.model.catalogue.UsageProbe;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which models are loaded now, for those who would remove one. Any thread. */
public final class LoadedModels implements UsageProbe {
    private final Map<String, String> slots = new ConcurrentHashMap<>();

    void taken(String model, String slot) {
        slots.put(model, slot);
    }

    void left(String model, String slot) {
        slots.remove(model, slot);
    }

    @Override
    public Optional<String> userOf(ModelName name) {
        return Optional.ofNullable(slots.get(name.value())).map(slot -> "slot " + slot);
    }
}
