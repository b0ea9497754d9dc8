package ai.postdev.dragon.lake.vector;

/** Partitioned, with what this machine has. */
class WidePartitionTest extends VectorIndexContractTest {
    private static final PartitionSettings SETTINGS = new PartitionSettings(1_000, 0.99);

    @Override
    VectorIndex index(int dimensions) {
        return new PartitionedVectorIndex(dimensions, VectorKernels.best(), SETTINGS, Runnable::run);
    }

    @Override
    double recallMin() {
        return 0.97;
    }
}
