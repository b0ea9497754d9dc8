package ai.postdev.mlx.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.postdev.mlx.MlxDevice;
import ai.postdev.mlx.MlxEngine;
import ai.postdev.mlx.MlxLibrary;
import ai.postdev.mlx.MlxSettings;
import java.util.Locale;

/**
 * DJL's engine "MLX". It opens MLX once, on the GPU where there is one, and keeps it for the life of the process.
 * The system properties {@code ai.postdev.mlx.device} (best, cpu, gpu) and {@code ai.postdev.mlx.threads} choose.
 */
final class MlxDjlEngine extends Engine {
    private final MlxEngine engine = MlxEngine.open(settings());

    /** Made when it is asked for: DJL's constructors of such things ask for the engine, which must be there then. */
    private static final class Root {
        private static final MlxArrays ARRAYS = new MlxArrays(null, null);
    }

    private static MlxSettings settings() {
        MlxSettings standard = MlxSettings.standard();
        MlxDevice device = MlxDevice.valueOf(
                System.getProperty("ai.postdev.mlx.device", "best").toUpperCase(Locale.ROOT));
        int threads = Integer.getInteger("ai.postdev.mlx.threads", standard.threads());
        return new MlxSettings(device, threads, standard.cacheBytes(), standard.prefillChunk(), standard.selfCheck());
    }

    MlxEngine mlx() {
        return engine;
    }

    @Override
    public Engine getAlternativeEngine() {
        return null;
    }

    @Override
    public String getEngineName() {
        return MlxDjlProvider.NAME;
    }

    @Override
    public int getRank() {
        return MlxDjlProvider.RANK;
    }

    @Override
    public String getVersion() {
        return MlxLibrary.MLX_VERSION;
    }

    @Override
    public boolean hasCapability(String capability) {
        return false;
    }

    @Override
    public Device defaultDevice() {
        return engine.gpu() ? Device.gpu() : Device.cpu();
    }

    @Override
    public int getGpuCount() {
        return engine.gpu() ? 1 : 0;
    }

    @Override
    public Model newModel(String name, Device device) {
        return new MlxDjlModel(name, this, newBaseManager(device));
    }

    @Override
    public NDManager newBaseManager() {
        return newBaseManager(null);
    }

    @Override
    public NDManager newBaseManager(Device device) {
        return Root.ARRAYS.newSubManager(device == null ? defaultDevice() : device);
    }
}
