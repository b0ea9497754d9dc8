package ai.postdev.dragon.lake.vector;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the kernel once for the whole process and says in the log which it is and why. */
public final class VectorKernels {
    private static final Logger log = LoggerFactory.getLogger(VectorKernels.class);
    private static final String MODULE = "jdk.incubator.vector";
    private static final VectorKernel BEST =
            choose(ModuleLayer.boot().findModule(MODULE).isPresent());

    private VectorKernels() {}

    /** The fastest kernel that runs here. */
    public static VectorKernel best() {
        return BEST;
    }

    static VectorKernel choose(boolean moduleThere) {
        if (!moduleThere) {
            log.info(
                    "vector scan runs scalar: module {} is not there, start Java with --add-modules={}",
                    MODULE,
                    MODULE);
            return new ScalarKernel();
        }
        try {
            VectorKernel simd = new SimdKernel();
            // One tiny scan: a platform without the instructions fails here and not in the first query.
            simd.scores(new float[64], 64, 0, 1, new float[64], new float[1]);
            log.info("vector scan runs {}: module {} is there", simd.name(), MODULE);
            return simd;
        } catch (LinkageError | UnsupportedOperationException e) {
            log.warn("vector scan runs scalar: the vector module is there but does not work: {}", e.toString());
            return new ScalarKernel();
        }
    }
}
