package ai.postdev.mlx.djl;

import ai.djl.ndarray.NDManager;

/** Where arrays go that belong to nobody any more. */
final class MlxHome {
    private MlxHome() {}

    static NDManager root(NDManager arrays) {
        NDManager at = arrays;
        while (at.getParentManager() instanceof MlxArrays parent) {
            at = parent;
        }
        return at;
    }
}
