package ai.postdev.dragon.lake.vector;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the kernels once for the whole process and says in the log which they are and why. */
public final class VectorKernels {
    private static final Logger log = LoggerFactory.getLogger(VectorKernels.class);
    private static final String MODULE = "jdk.incubator.vector";
    private static final Kernels BEST =
            choose(ModuleLayer.boot().findModule(MODULE).isPresent());

    private VectorKernels() {}

    /** The fastest kernels that run here. */
    public static Kernels best() {
        return BEST;
    }

    /** Plain Java, whatever the machine has. */
    public static Kernels plain() {
        return new Kernels(new ScalarKernel(), new ScalarCodeKernel());
    }

    static Kernels choose(boolean moduleThere) {
        if (!moduleThere) {
            log.info(
                    "vectors run in plain Java: module {} is not there, start Java with --add-modules={}",
                    MODULE,
                    MODULE);
            return plain();
        }
        try {
            Kernels wide = WideKernels.preferred();
            log.info(
                    "vectors run {}: module {} is there and its preferred width is {} bit",
                    wide.name(),
                    MODULE,
                    WideKernels.preferredBits());
            return wide;
        } catch (LinkageError | UnsupportedOperationException e) {
            log.warn("vectors run in plain Java: module {} is there but does not work: {}", MODULE, e.toString());
            return plain();
        }
    }
}
