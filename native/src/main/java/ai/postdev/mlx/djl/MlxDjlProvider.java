package ai.postdev.mlx.djl;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.EngineProvider;
import ai.postdev.mlx.MlxException;

/** How DJL finds the engine "MLX". */
public final class MlxDjlProvider implements EngineProvider {
    static final String NAME = "MLX";
    /** Behind every engine with a choice of models: MLX is asked for by its name. */
    static final int RANK = 12;

    @Override
    public String getEngineName() {
        return NAME;
    }

    @Override
    public int getEngineRank() {
        return RANK;
    }

    @Override
    public Engine getEngine() {
        try {
            return Holder.ENGINE;
        } catch (ExceptionInInitializerError | NoClassDefFoundError | MlxException e) {
            Throwable reason = e instanceof ExceptionInInitializerError && e.getCause() != null ? e.getCause() : e;
            throw new EngineException("MLX cannot be used here: " + reason.getMessage(), e);
        }
    }

    private static final class Holder {
        private static final Engine ENGINE = new MlxDjlEngine();
    }
}
