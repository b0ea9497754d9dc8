package ai.postdev.dragon.lake.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

class SyntaxSettingsTest {
    @Test
    void referenceConfHasTheDefaults() {
        assertEquals(SyntaxSettings.defaults(), SyntaxSettings.from(ConfigFactory.load()));
    }

    @Test
    void refusesBoundsThatCannotHold() {
        var config =
                ConfigFactory.parseString("postdevai.syntax.chunk-bytes = 10 B").withFallback(ConfigFactory.load());
        assertThrows(IllegalArgumentException.class, () -> SyntaxSettings.from(config));
    }
}
