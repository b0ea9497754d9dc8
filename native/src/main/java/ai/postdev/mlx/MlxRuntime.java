package ai.postdev.mlx;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native side of this process, shared by everybody who opened an engine, closed by the last. Device and threads are the
 * same for all; the limit of the cache and the self-check are those of the first.
 */
final class MlxRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(MlxRuntime.class);
    /** Below this a CPU computes with a reference BLAS, which makes every answer several times too slow. */
    private static final double SLOW_GFLOPS = 12;

    private static MlxRuntime current;

    private final MlxSettings settings;
    private final NativeThread thread = new NativeThread();
    private final boolean gpu;
    private final String device;
    private final double gflops;
    private int users;

    private MlxRuntime(MlxSettings settings, boolean gpu) {
        this.settings = settings;
        this.gpu = gpu;
        try {
            thread.run(() -> {
                Native.open(gpu, settings.threads());
                Native.trimMemory(settings.cacheBytes());
            });
            device = thread.call(Native::device).strip();
            gflops = settings.selfCheck() ? thread.call(() -> Native.gflops(gpu ? 2048 : 512, 3)) : 0;
        } catch (RuntimeException | Error e) {
            thread.close();
            throw e;
        }
        if (settings.selfCheck()) {
            LOG.info(
                    "MLX {} on the {}: {} GFLOP/s in a product of matrices",
                    MlxLibrary.MLX_VERSION,
                    gpu ? "GPU" : "CPU",
                    Math.round(gflops));
            if (gflops < SLOW_GFLOPS) {
                LOG.warn(
                        "MLX computes at {} GFLOP/s, where {} and more are usual: the machine is very busy, or"
                                + " OpenBLAS was not found and the reference BLAS computes",
                        Math.round(gflops),
                        50);
            }
        }
    }

    static synchronized MlxRuntime acquire(MlxSettings settings) {
        MlxLibrary.load();
        boolean gpu = settings.device() != MlxDevice.CPU && Native.hasGpu();
        if (settings.device() == MlxDevice.GPU && !gpu) {
            throw new MlxException("this build of MLX sees no GPU; ask for the device BEST or CPU");
        }
        if (current == null) {
            current = new MlxRuntime(settings, gpu);
        } else if (current.gpu != gpu || current.settings.threads() != settings.threads()) {
            throw new MlxException(
                    "MLX is open in this process with " + current.settings + "; it cannot be opened with " + settings
                            + " as well. Close it first or use the same device and threads");
        }
        current.users++;
        return current;
    }

    static void release(MlxRuntime runtime) {
        synchronized (MlxRuntime.class) {
            if (--runtime.users > 0) {
                return;
            }
            current = null;
            runtime.thread.run(Native::close);
            runtime.thread.close();
        }
    }

    MlxSettings settings() {
        return settings;
    }

    NativeThread thread() {
        return thread;
    }

    boolean gpu() {
        return gpu;
    }

    String device() {
        return device;
    }

    double gflops() {
        return gflops;
    }
}
