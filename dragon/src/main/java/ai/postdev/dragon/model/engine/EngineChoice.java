package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.catalogue.Manifest;
import ai.postdev.dragon.model.catalogue.Manifest.Format;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which engine runs a model here, and why.
 *
 * @param engine its name; empty: none does
 * @param reason a sentence for people; if there is no engine, what to do
 */
public record EngineChoice(Optional<String> engine, String reason) {
    /** What MLX's decoder knows, as GGUF files and as config.json name it. */
    private static final Set<String> MLX_FAMILIES =
            Set.of("llama", "mistral", "qwen2", "qwen3", "gemma3", "gemma3_text", "phi3");

    /** What MLX's encoder knows. */
    private static final List<String> MLX_ENCODERS = List.of("bert", "nomic_bert");

    /** Kinds of blocks that our reader for MLX does not read. */
    private static final List<String> FOREIGN_TO_MLX = List.of("Q2_", "Q3_", "IQ", "TQ", "MXFP", "Q8_1", "Q8_K");

    /** The choice for a model; depends on nothing but its arguments. */
    public static EngineChoice of(EngineSetting setting, Platform platform, Manifest model) {
        if (model.kind() == Manifest.Kind.EMBEDDING) {
            return embedder(platform, model);
        }
        return of(
                setting,
                platform,
                model.format(),
                model.facts().architecture(),
                model.facts().quantisation());
    }

    /**
     * The choice for weights of this kind.
     *
     * @param architecture empty: unknown
     * @param quantisation empty: unknown
     */
    static EngineChoice of(
            EngineSetting setting, Platform platform, Format format, String architecture, String quantisation) {
        Optional<String> notMlx = notMlx(platform, format, architecture, quantisation);
        Optional<String> notLlama = notLlama(platform, format);
        return switch (setting) {
            case MLX -> asked(MlxInference.NAME, notMlx, notLlama.isEmpty() ? LlamaEngine.NAME : "");
            case LLAMA -> asked(LlamaEngine.NAME, notLlama, notMlx.isEmpty() ? MlxInference.NAME : "");
            case AUTO -> best(platform, notMlx, notLlama);
        };
    }

    /** For a model that embeds; the setting is about those that write. */
    private static EngineChoice embedder(Platform platform, Manifest model) {
        if (model.builtIn()) {
            return new EngineChoice(
                    Optional.of(OnnxInference.NAME),
                    "it is built in, for ONNX Runtime, which runs it on the CPU of any machine");
        }
        String architecture = model.facts().architecture();
        if (model.format() != Format.SAFETENSORS || !MLX_ENCODERS.contains(architecture)) {
            return new EngineChoice(
                    Optional.empty(),
                    "no engine here embeds with " + architecture + " in "
                            + model.format().name().toLowerCase(Locale.ROOT) + "; MLX does with "
                            + String.join(" and ", MLX_ENCODERS) + " in safetensors");
        }
        return platform.noMlx()
                .map(reason ->
                        new EngineChoice(Optional.empty(), "only MLX embeds with it, and is not here: " + reason))
                .orElseGet(() -> new EngineChoice(
                        Optional.of(MlxInference.NAME), "MLX reads encoders in safetensors, and no other engine does"));
    }

    private static EngineChoice asked(String engine, Optional<String> refusal, String other) {
        return refusal.map(reason -> new EngineChoice(
                        Optional.empty(),
                        "postdevai.models.engine asks for " + engine + ", but " + reason
                                + (other.isEmpty() ? "" : "; " + other + " can run it, set auto or " + other)))
                .orElseGet(() -> new EngineChoice(Optional.of(engine), "postdevai.models.engine asks for " + engine));
    }

    private static EngineChoice best(Platform platform, Optional<String> notMlx, Optional<String> notLlama) {
        if (notMlx.isPresent() && notLlama.isPresent()) {
            return new EngineChoice(
                    Optional.empty(),
                    notLlama.get() + ", and " + notMlx.get() + "; pull a GGUF file of a model that one of them reads");
        }
        if (notMlx.isPresent()) {
            return new EngineChoice(Optional.of(LlamaEngine.NAME), "llama.cpp reads it, and " + notMlx.get());
        }
        if (notLlama.isPresent()) {
            return new EngineChoice(Optional.of(MlxInference.NAME), "MLX reads it, and " + notLlama.get());
        }
        return platform.appleSilicon()
                ? new EngineChoice(Optional.of(MlxInference.NAME), "MLX computes on the GPU of Apple silicon")
                : new EngineChoice(
                        Optional.of(LlamaEngine.NAME),
                        "on a CPU llama.cpp computes with the quantised weights, which takes less memory and time"
                                + " than MLX with floats");
    }

    private static Optional<String> notMlx(Platform platform, Format format, String architecture, String quantisation) {
        if (platform.noMlx().isPresent()) {
            return Optional.of("MLX is not here: " + platform.noMlx().get());
        }
        String blocks = quantisation.toUpperCase(Locale.ROOT);
        if (format == Format.ONNX) {
            return Optional.of("MLX does not read ONNX");
        }
        if (!architecture.isEmpty() && !MLX_FAMILIES.contains(architecture)) {
            return Optional.of("MLX here does not know the architecture " + architecture);
        }
        if (format == Format.GGUF && FOREIGN_TO_MLX.stream().anyMatch(blocks::startsWith)) {
            return Optional.of("MLX here does not read weights in " + quantisation);
        }
        return Optional.empty();
    }

    private static Optional<String> notLlama(Platform platform, Format format) {
        boolean built = Set.of("linux", "macos").contains(platform.system())
                && Set.of("x86_64", "aarch64").contains(platform.processor());
        if (!built) {
            return Optional.of("llama.cpp is not built for " + platform);
        }
        return format == Format.GGUF
                ? Optional.empty()
                : Optional.of("llama.cpp reads GGUF files, not " + format.name().toLowerCase(Locale.ROOT));
    }

    /**
     * The engine's name.
     *
     * @throws EngineFault with the reason if none runs the model
     */
    public String orFault() throws EngineFault {
        return engine.orElseThrow(() -> new EngineFault(EngineFault.Kind.BAD_MODEL, reason));
    }
}
