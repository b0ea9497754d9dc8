package ai.postdev.dragon.lake.vector;

/** Every vector is looked at. */
class ExactVectorIndexTest extends VectorIndexContractTest {
    @Override
    VectorIndex index(int dimensions) {
        return new ExactVectorIndex(dimensions, VectorKernels.best().vectors());
    }

    @Override
    double recallMin() {
        return 1;
    }
}
