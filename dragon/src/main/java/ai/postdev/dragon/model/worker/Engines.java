package ai.postdev.dragon.model.worker;

import ai.postdev.dragon.model.catalogue.Manifest;
import ai.postdev.dragon.model.engine.EngineChoice;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.EngineSetting;
import ai.postdev.dragon.model.engine.InferenceEngine;
import ai.postdev.dragon.model.engine.LlamaEngine;
import ai.postdev.dragon.model.engine.MlxInference;
import ai.postdev.dragon.model.engine.OnnxInference;
import ai.postdev.dragon.model.engine.Platform;
import java.util.List;

/** The engines that this build has. */
public final class Engines {
    private static final List<InferenceEngine> ALL =
            List.of(new LlamaEngine(), new MlxInference(), new OnnxInference());

    private Engines() {}

    /** The names of all. */
    public static List<String> names() {
        return ALL.stream().map(InferenceEngine::name).toList();
    }

    /** @throws EngineFault if there is none of this name */
    public static InferenceEngine named(String name) throws EngineFault {
        return ALL.stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new EngineFault(
                        EngineFault.Kind.BAD_REQUEST, "there is no engine '" + name + "', expected one of " + names()));
    }

    /** The engine that runs the model on this machine, and why; see {@link EngineChoice}. */
    public static EngineChoice of(Manifest model, EngineSetting setting) {
        return EngineChoice.of(setting, Platform.here(), model);
    }
}
