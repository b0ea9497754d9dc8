package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.Embedder;
import ai.postdev.dragon.model.engine.EngineFault.Kind;
import ai.postdev.mlx.LoadOptions;
import ai.postdev.mlx.MlxDevice;
import ai.postdev.mlx.MlxEncoder;
import ai.postdev.mlx.MlxEngine;
import ai.postdev.mlx.MlxException;
import ai.postdev.mlx.MlxModel;
import ai.postdev.mlx.MlxSettings;
import ai.postdev.mlx.MlxUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * MLX: models of GGUF files and of folders with safetensors, encoders of the latter, on the GPU of Apple silicon, and on CPUs. All answers that
 * are being made share each step; beginnings of prompts that were read are kept.
 */
public final class MlxInference implements InferenceEngine {
    /** Its name. */
    public static final String NAME = "mlx";

    /** Freed memory that MLX keeps for its next step. */
    private static final long REUSE_BYTES = 64L << 20;

    private static final String WEIGHTS = ".safetensors";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.GENERATE, Capability.EMBED);
    }

    @Override
    public LanguageModel load(LoadRequest request) throws EngineFault {
        Path path = request.file();
        if (!Files.isRegularFile(path)) {
            throw new EngineFault(Kind.BAD_MODEL, path + " is not there; postdevai models verify tells more");
        }
        if (path.getFileName().toString().endsWith(WEIGHTS)) {
            path = path.toAbsolutePath().getParent();
        }
        MlxEngine engine = open(request.threads(), request.tuning().prefillAlone());
        try {
            MlxModel model =
                    engine.load(path, new LoadOptions(request.context(), LoadOptions.WeightPolicy.BY_DEVICE, _ -> {}));
            return new MlxLanguageModel(engine, model, request);
        } catch (IOException | MlxException e) {
            engine.close();
            throw new EngineFault(
                    Kind.BAD_MODEL,
                    "MLX cannot load " + request.file() + ": " + e.getMessage()
                            + "; postdevai models verify tells whether the file is whole",
                    e);
        }
    }

    @Override
    public Embedder embedder(EmbedderRequest request) throws EngineFault {
        Path file = request.weights()
                .filter(weights -> weights.getFileName().toString().endsWith(WEIGHTS))
                .orElseThrow(() -> new EngineFault(
                        Kind.BAD_MODEL,
                        "MLX embeds with encoders in safetensors, found "
                                + request.weights().map(Path::toString).orElse("the model that is built in")));
        if (!Files.isRegularFile(file)) {
            throw new EngineFault(Kind.BAD_MODEL, file + " is not there; postdevai models verify tells more");
        }
        MlxEngine engine = open(request.threads(), StepSettings.shipped().prefillAlone());
        try {
            long before = engine.memory().active();
            MlxEncoder encoder = engine.loadEncoder(file.toAbsolutePath().getParent(), LoadOptions.standard());
            return new MlxEmbedder(
                    engine,
                    encoder,
                    request.key(),
                    request.tokensMax(),
                    engine.memory().active() - before);
        } catch (IOException | MlxException e) {
            engine.close();
            throw new EngineFault(
                    Kind.BAD_MODEL,
                    "MLX cannot load " + file + ": " + e.getMessage()
                            + "; postdevai models verify tells whether the file is whole",
                    e);
        }
    }

    private static MlxEngine open(int threads, int prefill) throws EngineFault {
        try {
            return MlxEngine.open(new MlxSettings(MlxDevice.BEST, threads, REUSE_BYTES, prefill, false));
        } catch (MlxUnavailableException e) {
            throw new EngineFault(
                    Kind.FAILED, e.getMessage() + "; set postdevai.models.engine to llama.cpp or auto", e);
        } catch (MlxException e) {
            throw new EngineFault(Kind.FAILED, e.getMessage(), e);
        }
    }
}
