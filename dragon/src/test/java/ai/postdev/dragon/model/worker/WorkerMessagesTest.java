package ai.postdev.dragon.model.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.dragon.model.constrain.SchemaSettings;
import ai.postdev.dragon.model.engine.LoadRequest;
import ai.postdev.dragon.model.engine.PartSettings;
import ai.postdev.dragon.model.engine.StepSettings;
import ai.postdev.dragon.model.prefix.PrefixSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a worker is told of a load is all of it. */
class WorkerMessagesTest {
    @Test
    void everySettingOfALoadReachesTheWorker() {
        LoadRequest request = new LoadRequest(
                Path.of("/models/m.gguf"),
                1,
                2,
                3,
                new StepSettings(
                        40,
                        5,
                        6,
                        7,
                        new PartSettings(Duration.ofMillis(8), 9, 10),
                        new PrefixSettings(11, 12, 13, Duration.ofMillis(14)),
                        new SchemaSettings(150, 16, 17, 18)));
        assertEquals(request, WorkerMessages.load(WorkerMessages.load("mlx", request)));
    }
}
