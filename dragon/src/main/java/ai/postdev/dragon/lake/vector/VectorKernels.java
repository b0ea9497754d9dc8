package ai.postdev.dragon.lake.vector;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the kernels once for the whole process and says in the log which they are and why. */
public final class VectorKernels {
    private static final Logger log = LoggerFactory.getLogger(VectorKernels.class);
    private static final String MODULE = "jdk.incubator.vector";
    private static final Kernels BEST = choose(isThere());

    private VectorKernels() {}

    /** The fastest kernels that run here. */
    public static Kernels best() {
        return BEST;
    }

    /** Plain Java, whatever the machine has. */
    public static Kernels plain() {
        return new Kernels(new ScalarKernel(), new ScalarCodeKernel());
    }

    /** Looks for a class and not for the module: a prepared distribution has the classes on the boot class path. */
    private static boolean isThere() {
        try {
            Class.forName(MODULE + ".ByteVector", false, VectorKernels.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException _) {
            return false;
        }
    }

    static Kernels choose(boolean moduleThere) {
        if (!moduleThere) {
            log.info("vectors run in plain Java: {} is not there, start Java with --add-modules={}", MODULE, MODULE);
            return plain();
        }
        try {
            Kernels wide = WideKernels.preferred();
            log.info(
                    "vectors run {}: {} is there and its preferred width is {} bit",
                    wide.name(),
                    MODULE,
                    WideKernels.preferredBits());
            return wide;
        } catch (LinkageError | UnsupportedOperationException e) {
            log.warn("vectors run in plain Java: {} is there but does not work: {}", MODULE, e.toString());
            return plain();
        }
    }
}
