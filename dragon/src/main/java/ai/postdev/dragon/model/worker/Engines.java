package ai.postdev.dragon.model.worker;

import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.InferenceEngine;
import ai.postdev.dragon.model.engine.LlamaEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The engines that this build has, the preferred one first. */
public final class Engines {
    private static final List<InferenceEngine> ALL = List.of(new LlamaEngine());

    private Engines() {}

    /** The names of all. */
    public static List<String> names() {
        return ALL.stream().map(InferenceEngine::name).toList();
    }

    /** @throws EngineFault if there is none of this name */
    static InferenceEngine named(String name) throws EngineFault {
        return ALL.stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new EngineFault(
                        EngineFault.Kind.BAD_REQUEST, "there is no engine '" + name + "', expected one of " + names()));
    }

    /**
     * The engine that runs {@code file}.
     *
     * @throws EngineFault with the reason of each if none does
     */
    public static InferenceEngine of(Path file) throws EngineFault {
        List<String> reasons = new ArrayList<>();
        for (InferenceEngine engine : ALL) {
            Optional<String> refusal = engine.refusal(file);
            if (refusal.isEmpty()) {
                return engine;
            }
            reasons.add(refusal.get());
        }
        throw new EngineFault(EngineFault.Kind.BAD_MODEL, String.join("; ", reasons));
    }
}
