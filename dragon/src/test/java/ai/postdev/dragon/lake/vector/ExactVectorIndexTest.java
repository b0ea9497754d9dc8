package ai.postdev.dragon.lake.vector;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every vector is looked at. */
@Execution(ExecutionMode.CONCURRENT)
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
