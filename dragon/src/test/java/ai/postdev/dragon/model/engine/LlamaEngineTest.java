package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.TestModels;
import java.io.IOException;
import java.nio.file.Path;

class LlamaEngineTest extends InferenceEngineContract {
    @Override
    InferenceEngine engine() {
        return new LlamaEngine();
    }

    @Override
    Path file() throws IOException {
        return TestModels.smollm2();
    }
}
