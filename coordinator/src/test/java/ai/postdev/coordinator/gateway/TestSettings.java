package ai.postdev.coordinator.gateway;

import com.typesafe.config.ConfigFactory;

/** Settings of the doors with some lines changed. */
final class TestSettings {
    private TestSettings() {}

    static GatewaySettings with(String config) {
        return GatewaySettings.from(ConfigFactory.parseString(config)
                .withFallback(ConfigFactory.load())
                .resolve());
    }
}
