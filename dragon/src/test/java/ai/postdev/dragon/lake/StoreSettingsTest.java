package ai.postdev.dragon.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.vector.VectorSettings;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

class StoreSettingsTest {
    private final Config config = ConfigFactory.load();

    @Test
    void theDefaultsAreThoseOfTheReferenceFile() {
        assertEquals(new VectorSettings(1_000_000, 8), VectorSettings.from(config));
        assertEquals(new HistorySettings(5_000_000, 65_536), HistorySettings.from(config));
        assertEquals(new MetadataSettings(10_000_000, 5_000_000, 64, 50), MetadataSettings.from(config));
    }

    @Test
    void aBoundOfNothingIsRefused() {
        Config zero = ConfigFactory.parseString("postdevai.lake.history.events-max = 0")
                .withFallback(config);
        assertThrows(IllegalArgumentException.class, () -> HistorySettings.from(zero));
    }
}
